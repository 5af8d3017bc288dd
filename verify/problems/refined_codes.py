"""Exact codes near proposed ones: iterative refinement with exact residuals, then rational reconstruction."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from .exact_columns import ExactColumns, Vector
from .image import Image

Floats = NDArray[np.float64]

_ROUNDS = 8
_LARGEST_DENOMINATOR = 2**100
_CHANCE = 2**24
"""A fraction this many times simpler than a random number of the same precision is no chance."""
_LEAST_GAIN = Fraction(1, 16)


def refined(
    image: Image, columns: ExactColumns, signal: Sequence[Fraction], inverse: Floats, *, rounds: int = _ROUNDS
) -> tuple[Vector, bool]:
    """Return values x on the support with D_S x near y, to many more digits than a float has, and whether D_S x = y.

    `inverse` is near the left inverse of the image's columns. Each round solves for the exact residual in floats and
    tries the simplest fractions near the values. Cost: an exact product with D_S for each round.
    """
    unit = Fraction(2) ** -image.atoms.exponents[0]
    values = [Fraction(0)] * len(inverse)
    residual = list(signal)
    last = max((abs(r) for r in residual), default=Fraction(0))
    for _ in range(rounds):
        if not last:
            return values, True
        step = inverse @ np.array([float(r / last) for r in residual])
        if not np.isfinite(step).all():
            return values, False
        values = [x + Fraction(h) * last * unit for x, h in zip(values, step.tolist(), strict=True)]
        error = max((abs(h) for h in step.tolist()), default=0.0)
        simple = _simple(values, Fraction(error) * last * unit / 2**30)
        if simple is not None and not any(columns.residual(signal, simple)):
            return simple, True
        values = [_dyadic(x, Fraction(error) * last * unit / 2**80) for x in values]
        residual = columns.residual(signal, values)
        size = max((abs(r) for r in residual), default=Fraction(0))
        if size and size > last * _LEAST_GAIN:
            return values, False
        last = size
    return values, False


def rounded(values: Sequence[Fraction], tolerance: Fraction) -> Vector:
    """Return the values on the coarsest power-of-two grid that moves none by more than the tolerance."""
    return [_dyadic(value, tolerance) for value in values]


def _dyadic(value: Fraction, tolerance: Fraction) -> Fraction:
    if not tolerance:
        return value
    places = tolerance.denominator.bit_length() - tolerance.numerator.bit_length() + 1
    unit = Fraction(2) ** places
    return Fraction(round(value * unit)) / unit


def _simple(values: Sequence[Fraction], tolerance: Fraction) -> Vector | None:
    """Return fractions with short denominators within `tolerance` of all values, or None."""
    result: Vector = []
    for value in values:
        near = _simplest_within(value, tolerance)
        if near.denominator > _LARGEST_DENOMINATOR or near.denominator**2 * tolerance * _CHANCE > 1:
            return None
        result.append(near)
    return result


def _simplest_within(value: Fraction, tolerance: Fraction) -> Fraction:
    """Return the fraction of least denominator within `tolerance` of a value (Stern, Brocot)."""
    lower, upper = value - tolerance, value + tolerance
    if lower <= 0 <= upper:
        return Fraction(0)
    if upper < 0:
        return -_between(-upper, -lower)
    return _between(lower, upper)


def _between(lower: Fraction, upper: Fraction) -> Fraction:
    """Return the simplest fraction in [lower, upper], 0 < lower."""
    terms: list[int] = []
    while True:
        whole = lower.numerator // lower.denominator
        if whole == lower:
            terms.append(whole)
            break
        if whole + 1 <= upper:
            terms.append(whole + 1)
            break
        terms.append(whole)
        lower, upper = 1 / (upper - whole), 1 / (lower - whole)
    result = Fraction(terms[-1])
    for term in reversed(terms[:-1]):
        result = term + 1 / result
    return result
