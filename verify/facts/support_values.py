"""Values of supports: |h_S|_1 <= v_S |h|_1 on the null space, proved by dual vectors of short integers."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import comb

import numpy as np
from numpy.typing import NDArray

from ..dictionaries.working_space import WorkingSpace

Floats = NDArray[np.float64]
Supports = NDArray[np.intp]

LARGEST_ORDER = 3
_TOLERANCE = 1e-3
_FINE_TOLERANCE = 1e-7
_AT_ONCE = 4096
_ITERATIONS = 10
_EXTRA_BITS = 42
_SLACK = 1.0 + 2.0**-48
_WIDTHS = (2, 4)
_LOSS = 1e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportValues:
    """For every row S of `supports` (size l): |h_S|_1 <= `upper` |h|_1 whenever D'h = 0.

    `duals` holds 2^(l-1) integer vectors per support, for the signs of `itertools.product((1, -1), repeat=l-1)` after
    a first +; times 2^`exponent` they bound |e - D'^T y|_inf + |y|_1 2^-`bits` by `upper`. `width` is the bytes of an
    entry.
    """

    supports: Supports
    duals: NDArray[np.integer]
    exponent: int
    bits: int
    width: int
    upper: Floats

    @property
    def order(self) -> int:
        """The size of the supports."""
        return self.supports.shape[1]

    def taken(self, chosen: NDArray[np.bool_]) -> SupportValues:
        """Return the values of some of the supports."""
        patterns = 1 << (self.order - 1)
        return replace(
            self,
            supports=self.supports[chosen],
            duals=self.duals[np.repeat(chosen, patterns)],
            upper=self.upper[chosen],
        )


def approximation_work(shape: tuple[int, int], targets: float) -> float:
    """Return the floating-point operations of approximating so many targets from the row space of an m x n matrix."""
    m, n = shape
    size = max(1, min(n - m, m)) if n > m else n
    return targets * _ITERATIONS * (2.0 * n * size * (size + 12.0) + 2.0 * size**3)


def table_work(space: WorkingSpace, order: int) -> float:
    """Return the floating-point operations of the values of all supports of this size."""
    return approximation_work(space.shape, float(comb(len(space.rows), order)) * 2 ** (order - 1))


def all_supports(n: int, order: int) -> Supports:
    """Return all sets of `order` of n atoms, in lexicographic order."""
    flat = itertools.chain.from_iterable(itertools.combinations(range(n), order))
    return np.fromiter(flat, dtype=np.intp, count=comb(n, order) * order).reshape(-1, order)


def sign_patterns(order: int) -> Floats:
    """Return the signs of a support, the first +, in the order of certificates/SPEC.md."""
    return np.array([(1, *signs) for signs in itertools.product((1, -1), repeat=order - 1)], dtype=np.float64)


def targets(supports: Supports, n: int) -> Floats:
    """Return all sign patterns on all supports as vectors of length n."""
    patterns = sign_patterns(supports.shape[1])
    result = np.zeros((len(supports), len(patterns), n))
    for at, signs in enumerate(patterns):
        np.put_along_axis(result[:, at], supports, np.broadcast_to(signs, supports.shape), axis=1)
    return result.reshape(-1, n)


def support_values(
    space: WorkingSpace, supports: Supports, *, fine: bool = False
) -> Iterator[SupportValues | tuple[int, int]]:
    """Yield (done, total) supports after every few thousand targets; at the end the values of the supports.

    Guarantee: `upper` is proved, whatever the approximation returned. Cost: `approximation_work`, one
    target for each sign pattern of each support.
    """
    n, m = space.rows.shape
    count = len(supports) << (supports.shape[1] - 1)
    duals = np.empty((count, m))
    per = _AT_ONCE >> (supports.shape[1] - 1) or 1
    for start in range(0, len(supports), per):
        chunk = slice(start << (supports.shape[1] - 1), min(start + per, len(supports)) << (supports.shape[1] - 1))
        wanted = targets(supports[start : start + per], n)
        found = space.row_space.approximate(wanted, tolerance=_FINE_TOLERANCE if fine else _TOLERANCE)
        with np.errstate(over="ignore", invalid="ignore"):
            useful = np.abs(wanted - found.dual @ space.rows.T).max(axis=1) <= 1.0
        duals[chunk] = np.where(useful[:, None], found.dual, 0.0)  # zero is no worse, and scales no other away
        yield start, len(supports)
    yield rounded_values(space, supports, duals, fine=fine)


def rounded_values(space: WorkingSpace, supports: Supports, duals: Floats, *, fine: bool = False) -> SupportValues:
    """Return the values that duals in floats prove, rounded to the shortest integers that lose little."""
    best = _rounded(space, supports, duals, 4)
    if fine:
        return best
    short = _rounded(space, supports, duals, _WIDTHS[0])
    return short if float(np.max(short.upper - best.upper)) <= _LOSS else best


def _rounded(space: WorkingSpace, supports: Supports, duals: Floats, width: int) -> SupportValues:
    largest = float(np.abs(duals).max(initial=0.0)) or 1.0
    exponent = math.frexp(largest)[1] - (8 * width - 2)
    integers = np.rint(np.ldexp(duals, -exponent)).astype({2: np.int16, 4: np.int32}[width])
    weight = float(np.abs(integers).sum(axis=1, dtype=np.float64).max(initial=1.0))
    # |y|_1 2^-bits is at most 2^-42, and the checker sees it twice; the rows are 2^space.exponent times D'.
    bits = max(0, _EXTRA_BITS + math.frexp(weight)[1] + exponent + space.exponent)
    upper = _upper(space, supports, integers, exponent) + 2.0 ** (2 - _EXTRA_BITS)
    return SupportValues(
        supports=supports,
        duals=integers,
        exponent=exponent + space.exponent,
        bits=bits,
        width=width,
        upper=upper * _SLACK,
    )


def _upper(space: WorkingSpace, supports: Supports, integers: NDArray[np.integer], exponent: int) -> Floats:
    """Bound max over the signs of |e - D'^T y|_inf for every support."""
    order = supports.shape[1]
    patterns = 1 << (order - 1)
    result = np.empty(len(supports))
    per = max(1, _AT_ONCE // patterns)
    for start in range(0, len(supports), per):
        some = supports[start : start + per]
        block = integers[start * patterns : (start + len(some)) * patterns].astype(np.float64)
        products, errors = space.products(block)
        scaled, slack = np.ldexp(products, exponent), np.ldexp(errors, exponent)
        distance = np.abs(targets(some, len(space.rows)) - scaled) + slack
        result[start : start + len(some)] = distance.max(axis=1).reshape(-1, patterns).max(axis=1)
    return result * _SLACK
