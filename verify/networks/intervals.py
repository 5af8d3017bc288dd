"""Intervals in binary64, by midpoint and radius: what a forward pass needs of them, rounded outward."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError
from ..exact import Enclosure
from ..rounding import BINARY64, gamma

Floats = NDArray[np.float64]

_TINY = 2.0**-1000
_UP = 1 + 2.0**-40


@dataclass(frozen=True, slots=True, eq=False)
class IntervalMatrix:
    """All matrices A with |A - `middle`| <= `radius`, entry by entry."""

    middle: Floats
    radius: Floats

    @staticmethod
    def of(entries: NDArray[Any]) -> IntervalMatrix:
        """Return intervals that hold these rational numbers, half a unit in the last place wide at most."""
        middle = np.array([[_nearest(value) for value in row] for row in entries.tolist()], dtype=np.float64)
        exact = all(
            Fraction(m) == value
            for floats, row in zip(middle.tolist(), entries.tolist(), strict=True)
            for m, value in zip(floats, row, strict=True)
        )
        return IntervalMatrix(middle, np.zeros_like(middle) if exact else np.abs(middle) * 2.0**-53 + _TINY)


@dataclass(frozen=True, slots=True, eq=False)
class IntervalVector:
    """All vectors v with |v - `middle`| <= `radius`, entry by entry."""

    middle: Floats
    radius: Floats

    @staticmethod
    def of(values: Sequence[float | Fraction | Enclosure]) -> IntervalVector:
        """Return intervals that hold these numbers and intervals."""
        middle: list[float] = []
        radius: list[float] = []
        for value in values:
            ends = (value.lower, value.upper) if isinstance(value, Enclosure) else (Fraction(value),) * 2
            middle.append(_nearest((ends[0] + ends[1]) / 2))
            reach = max(ends[1] - Fraction(middle[-1]), Fraction(middle[-1]) - ends[0])
            radius.append(_nearest(reach) * _UP + (_TINY if reach else 0.0))
        return IntervalVector(np.array(middle), np.array(radius))

    @property
    def enclosures(self) -> list[Enclosure]:
        """The intervals with their exact ends; raise InputError if they are not finite."""
        if not np.isfinite(self.middle + self.radius).all():
            raise InputError("the intervals grew beyond all numbers: the weights or signals are too large")
        return [
            Enclosure(Fraction(m) - Fraction(r), Fraction(m) + Fraction(r))
            for m, r in zip(self.middle.tolist(), self.radius.tolist(), strict=True)
        ]


class Midpoints:
    """Products, sums and ReLUs of intervals (`Arithmetic`).

    A product's radius is |A| r + R (|v| + r) + the rounding of A v, g_k |A| |v| with k terms; computed radii are
    enlarged by more than their own rounding. Source: Rump, Verification methods (2010), section 9.
    """

    def matrix(self, entries: NDArray[Any]) -> IntervalMatrix:
        """Return the matrix in intervals."""
        return IntervalMatrix.of(entries)

    def times(self, matrix: IntervalMatrix, vector: IntervalVector) -> IntervalVector:
        """Return intervals that hold every product."""
        terms = len(vector.middle)
        sizes, moduli = np.abs(matrix.middle), np.abs(vector.middle)
        rounding = float(gamma(terms + 2, BINARY64.unit_roundoff)) * _UP
        radius = sizes @ vector.radius + matrix.radius @ (moduli + vector.radius) + rounding * (sizes @ moduli)
        return IntervalVector(matrix.middle @ vector.middle, radius * _UP + terms * _TINY)

    def add(self, first: IntervalVector, second: IntervalVector) -> IntervalVector:
        """Return intervals that hold every sum."""
        middle = first.middle + second.middle
        return IntervalVector(middle, (first.radius + second.radius + np.abs(middle) * 2.0**-52) * _UP + _TINY)

    def shift(self, vector: IntervalVector, bias: NDArray[Any]) -> IntervalVector:
        """Return intervals that hold the vector plus the bias."""
        return self.add(vector, IntervalVector.of(bias.tolist()))

    def relu(self, vector: IntervalVector) -> IntervalVector:
        """Return intervals that hold max(v, 0): relu does not increase distances, and what is negative becomes 0."""
        zero = vector.middle + vector.radius * _UP < 0
        return IntervalVector(np.maximum(vector.middle, 0.0), np.where(zero, 0.0, vector.radius))


def _nearest(value: float | Fraction) -> float:
    try:
        return float(value)
    except OverflowError:
        raise InputError("intervals: expected numbers within the range of binary64") from None
