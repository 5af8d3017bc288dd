"""A chain of dictionaries D_1 .. D_J, where the codes of each are signals of the next, and its exact products."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from fractions import Fraction

from .dictionary import Dictionary, SubjectError
from .signals import combined_atoms
from .values import Reject


@dataclass(frozen=True)
class Chain:
    """Two or more dictionaries that fit. Build one with `of`, which checks that they do."""

    dictionaries: tuple[Dictionary, ...]
    _products: dict[tuple[int, int], Dictionary] = field(
        default_factory=dict[tuple[int, int], Dictionary], compare=False, repr=False
    )

    @staticmethod
    def of(dictionaries: tuple[Dictionary, ...]) -> Chain:
        """Return the chain; raise SubjectError if the dictionaries do not make one."""
        if len(dictionaries) < 2:
            raise SubjectError(f"a chain has at least two dictionaries, not {len(dictionaries)}")
        for j, (before, after) in enumerate(itertools.pairwise(dictionaries), 1):
            if after.m != before.n:
                raise SubjectError(f"dictionary {j} has {after.m} rows, and the one before has {before.n} atoms")
            if after.field != before.field:
                raise SubjectError(f"dictionary {j} is {after.field}, and the one before is {before.field}")
        return Chain(dictionaries)

    @property
    def depth(self) -> int:
        """J."""
        return len(self.dictionaries)

    def product(self, start: int, end: int, most_work: int) -> tuple[Dictionary, int]:
        """Return the product of dictionaries `start` .. `end` - 1, and the work that was spent on it here.

        Raises Reject if there is no such product, if it has a zero column, or if it needs more work than allowed.
        """
        if not start < end <= self.depth:
            raise Reject(f"about is not [i, j] with i < j <= {self.depth}")
        found, spent = self.dictionaries[start], 0
        for at in range(start + 1, end):
            if (start, at + 1) not in self._products:
                spent += _product_work(found, self.dictionaries[at])
                if spent > most_work:
                    raise Reject(
                        f"the product of dictionaries {start} to {at} is over the work limit; raise --work-limit"
                    )
                self._products[start, at + 1] = _product(found, self.dictionaries[at], f"{start} to {at}")
            found = self._products[start, at + 1]
        return found, spent


def _product_work(left: Dictionary, right: Dictionary) -> int:
    """Return the work of `_product`, from shapes and lengths alone."""
    digits, scale = left.bits // 30 + 1, left.scale_bits // 30 + 1
    coefficient = right.bits // 30 + scale + 1
    whole = digits + coefficient + scale + right.longest_scale // 30 + 2
    each = left.parts**2 * left.n * (100 + digits * coefficient)
    return right.n * (
        left.m * (each + left.parts * (4000 + 20 * whole * whole)) + left.n * (500 + 4 * scale * coefficient)
    )


def _product(left: Dictionary, right: Dictionary, which: str) -> Dictionary:
    everything = list(range(left.n))
    parts: list[list[list[Fraction]]] = [[] for _ in range(left.parts)]
    for j in range(right.n):
        values = [part[j] for part in (right.real, right.imaginary) if part]
        vector = combined_atoms(left, everything, values, 1)
        scale = right.scale[j] / vector.denominator
        for part, column in zip(parts, vector.parts, strict=True):
            part.append([scale * value for value in column])
    rows = [list(zip(*part, strict=True)) for part in parts]
    try:
        return Dictionary.from_rows(rows[0], rows[1] if len(rows) == 2 else None)
    except SubjectError as error:
        raise Reject(f"the product of dictionaries {which} is no dictionary: {error}") from None
