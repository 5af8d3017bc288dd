"""Rounding errors: unit roundoffs, the classical gamma bounds, and floats rounded in a known direction.

Source: Higham, Accuracy and Stability of Numerical Algorithms (2002), section 3.1.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Precision:
    """A binary floating-point format as used by a matrix product.

    `unit_roundoff` is half a unit in the last place of 1; `underflow` is the least normal number, which bounds the
    error of one operation that underflows, gradually or flushed to zero.
    """

    name: str
    unit_roundoff: Fraction
    underflow: Fraction


BINARY64 = Precision(name="float64", unit_roundoff=Fraction(1, 2**53), underflow=Fraction(1, 2**1022))
BINARY32 = Precision(name="float32", unit_roundoff=Fraction(1, 2**24), underflow=Fraction(1, 2**126))


def gamma(operations: int, unit_roundoff: Fraction) -> Fraction:
    """Return g_m = m u / (1 - m u), the bound of m accumulated relative errors; raise ValueError unless m u < 1."""
    total = operations * unit_roundoff
    if total >= 1:
        raise ValueError(f"{operations} operations at unit roundoff {float(unit_roundoff):.1e} have no error bound")
    return total / (1 - total)


def inner_product_error_upper(length: int, roundings: int, precision: Precision) -> Fraction:
    """Return a bound of |fl(<x, y>) - <x', y'>| / (|x'|_2 |y'|_2).

    x' and y' are vectors of `length` numbers, x and y what `roundings` roundings of each entry made of them; the
    sum may be taken in any order, with or without fused multiply-add, but not by a Strassen-like algorithm. At
    least one of any two entries that meet may be taken to be at most 1 in modulus, and the norms to be at least 1/2, so
    that underflow adds at most 8 `length` times the least normal number.
    """
    relative = gamma(length + 2 * roundings, precision.unit_roundoff)
    return relative + 8 * length * precision.underflow


def float_lower(value: Fraction) -> float:
    """Return the largest binary64 number that is at most `value`."""
    nearest = _nearest(value)
    return nearest if nearest <= value else math.nextafter(nearest, -math.inf)


def float_upper(value: Fraction) -> float:
    """Return the least binary64 number that is at least `value`."""
    return -float_lower(-value)


def _nearest(value: Fraction) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def dyadic_lower(value: Fraction, bits: int) -> Fraction:
    """Return the largest multiple of 2^-bits that is at most `value`."""
    return Fraction(math.floor(value * (1 << bits)), 1 << bits)


def dyadic_upper(value: Fraction, bits: int) -> Fraction:
    """Return the least multiple of 2^-bits that is at least `value`."""
    return -dyadic_lower(-value, bits)


def rounded_up(value: Fraction, significant: int = 40) -> Fraction:
    """Return a number of so many significant bits that is at least `value` >= 0."""
    if not value:
        return value
    places = significant + value.denominator.bit_length() - value.numerator.bit_length()
    unit = Fraction(2) ** places
    return Fraction(math.ceil(value * unit)) / unit
