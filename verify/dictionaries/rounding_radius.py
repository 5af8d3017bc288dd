"""How far a signal of floats may be from the numbers that were rounded to it."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np

from ..errors import InputError
from .signals import Signals

_BITS = 32
_LEAST = Fraction(1, 2**990)


def rounding_radius(signals: Signals, at: int) -> Fraction:
    """Return a bound of |y - y'|_2 over all y' whose entries, rounded to the nearest float of y's type, give y.

    With u_i half the distance from |y_i| to the next larger float, the radius is at least (sum of u_i^2)^(1/2), and at
    most 2^-31 of itself above that unless that is below 2^-990; of a complex signal both parts count. It is *not* a
    bound of the error of a floating-point product D x, which rounds every sum. Raises InputError for signals that are
    not floats: integers and fractions are exact.
    """
    squares = Fraction(0)
    for part in signals[at].parts:
        if part.dtype.kind != "f":
            raise InputError(
                f"expected signals of floats for a rounding radius, got exact ones ({_kind(part.dtype)}): give epsilon"
            )
        # np.spacing of a number goes away from zero, so it is the larger one at a power of two.
        spacings = np.spacing(np.abs(part)).tolist()
        squares += sum((Fraction(value) / 2) ** 2 for value in spacings)
    return max(_root_above(squares), _LEAST)


def _kind(dtype: np.dtype[np.generic]) -> str:
    return "fractions" if dtype.kind == "O" else dtype.name


def _root_above(square: Fraction) -> Fraction:
    """Return a short multiple of a power of two that is at least the root, and little more."""
    p, q = square.as_integer_ratio()
    shift = 2 * _BITS + q.bit_length() - p.bit_length()
    shift += shift % 2
    scaled = (p << shift) // q if shift >= 0 else p // (q << -shift)
    return Fraction(math.isqrt(scaled) + 1) / Fraction(2) ** (shift // 2)
