"""A chain of filters, where the codes of each are the signals of the next, and its exact products (SPEC.md 3.4)."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from .dictionary import SubjectError
from .filters import Filters, flat_indices
from .values import Reject


@dataclass(frozen=True)
class FilterChain:
    """Two or more arrays of filters that fit. Build one with `of`, which checks that they do."""

    filters: tuple[Filters, ...]
    _products: dict[tuple[int, int], Filters] = field(
        default_factory=dict[tuple[int, int], Filters], compare=False, repr=False
    )

    @staticmethod
    def of(filters: Sequence[Filters]) -> FilterChain:
        """Return the chain; raise SubjectError if the filters do not make one."""
        if len(filters) < 2:
            raise SubjectError(f"a chain has at least two arrays of filters, not {len(filters)}")
        for j, (before, after) in enumerate(itertools.pairwise(filters), 1):
            if after.axes != before.axes:
                raise SubjectError(f"filters {j} have {after.axes} axes of taps, and the ones before {before.axes}")
            if after.channels != before.count:
                raise SubjectError(f"filters {j} have {after.channels} channels, and there are {before.count} before")
        return FilterChain(tuple(filters))

    @property
    def depth(self) -> int:
        """J."""
        return len(self.filters)

    def product(self, start: int, end: int, most_work: int) -> tuple[Filters, int]:
        """Return the product of filters `start` .. `end` - 1, and the work that was spent on it here.

        Raises Reject if there is no such product, if it has a zero filter, or if it needs more work than allowed.
        """
        if not 0 <= start < end <= self.depth:
            raise Reject(f"about is not [i, j] with i < j <= {self.depth}")
        found, spent = self.filters[start], 0
        for at in range(start + 1, end):
            if (start, at + 1) not in self._products:
                after = self.filters[at]
                boundary = _boundary(found, after, f"{start} to {at}")
                spent += _product_work(found, after)
                if spent > most_work:
                    raise Reject(f"the product of filters {start} to {at} is over the work limit; raise --work-limit")
                self._products[start, at + 1] = _product(found, after, boundary, f"{start} to {at}")
            found = self._products[start, at + 1]
        return found, spent


def _boundary(first: Filters, second: Filters, which: str) -> str:
    for pointwise, other in ((first, second), (second, first)):
        if set(pointwise.taps) == {1} == set(pointwise.stride):
            return other.boundary
    if first.boundary != second.boundary or first.boundary == "same":
        raise Reject(f"the product of filters {which} is no array of filters, for their boundaries")
    return first.boundary


def _product_work(first: Filters, second: Filters) -> int:
    """Return the work of `_product`, from shapes and lengths alone."""
    digits, scale = first.bits // 30 + 1, (_common(first).bit_length() + first.longest_scale) // 30 + 1
    coefficient = second.bits // 30 + scale + 1
    whole = digits + coefficient + scale + second.longest_scale // 30 + 2
    outputs = second.count * first.channels * math.prod(_taps(first, second))
    factors = second.count * second.length
    work = factors * (second.bits // 30 + 1) * scale + factors * first.length * (450 + 2 * digits * coefficient)
    return work + outputs * (22000 + 20 * whole * whole)


def _common(filters: Filters) -> int:
    return math.lcm(*(scale.denominator for scale in filters.scale))


def _taps(first: Filters, second: Filters) -> tuple[int, ...]:
    return tuple((u - 1) * s + t for t, s, u in zip(first.taps, first.stride, second.taps, strict=True))


def _product(first: Filters, second: Filters, boundary: str, which: str) -> Filters:
    """Return F[c, m, w] = sum over b, v of second[c, b, v] first[b, m, w - v s], s the stride of the first."""
    taps, channels, common = _taps(first, second), first.channels, _common(first)
    weights = [int(scale * common) for scale in first.scale]
    places = [
        flat_indices(
            channels, taps, [range(v * s, v * s + t) for v, s, t in zip(at, first.stride, first.taps, strict=True)]
        )
        for at in itertools.product(*map(range, second.taps))
    ]
    values: list[Fraction] = []
    for scale, vector in zip(second.scale, second.vectors, strict=True):
        sums = [0] * (channels * math.prod(taps))
        for at, entry in enumerate(vector):
            b, place = divmod(at, len(places))
            factor = entry * weights[b]
            if factor:
                for here, value in zip(places[place], first.vectors[b], strict=True):
                    sums[here] += factor * value
        values += [value * scale / common for value in sums]
    stride = [s * r for s, r in zip(first.stride, second.stride, strict=True)]
    try:
        return Filters.of(values, (second.count, channels, *taps), stride, boundary)
    except SubjectError as error:
        raise Reject(f"the product of filters {which} is no array of filters: {error}") from None
