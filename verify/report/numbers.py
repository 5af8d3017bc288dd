"""Rational numbers and their square roots as floats and as decimals, always rounded in a stated direction."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction

from ..errors import InputError

_RATIONAL = re.compile(r"(-?[0-9]{1,4000})(?:/([0-9]{1,4000}))?", re.ASCII)
_SHORT = 40
_SHORT_BITS = 34


def rational(text: object) -> Fraction:
    """Return the number that `p` or `p/q` spells (certificates/SPEC.md section 2.1); raise InputError otherwise."""
    found = _RATIONAL.fullmatch(text) if isinstance(text, str) else None
    if found is None or (found[2] is not None and not int(found[2])):
        raise InputError(f"{str(text)[:40]!r} is not a rational number p or p/q")
    return Fraction(int(found[1]), int(found[2] or 1))


def below(value: Fraction) -> float:
    """Return the largest float that is at most `value` (minus infinity if it lies below all finite floats)."""
    try:
        near = value.numerator / value.denominator
    except OverflowError:
        return math.nextafter(math.inf, 0) if value > 0 else -math.inf
    return math.nextafter(near, -math.inf) if Fraction(near) > value else near


def above(value: Fraction) -> float:
    """Return the smallest float that is at least `value` (infinity if it lies above all finite floats)."""
    return 0.0 - below(-value)  # not -below(...): that would be -0.0 at zero


def root_below(square: Fraction) -> float:
    """Return the largest float that is at most the square root of `square`; raise InputError if it is negative."""
    # 2^shift times the root, rounded down, has more bits than a float; then one step of correction is enough.
    shift = max(0, 70 - (_not_negative(square).numerator.bit_length() - square.denominator.bit_length()) // 2)
    scaled = math.isqrt((square.numerator << 2 * shift) // square.denominator)
    found = below(Fraction(scaled, 1 << shift))
    higher = math.nextafter(found, math.inf)
    return higher if math.isfinite(higher) and Fraction(higher) ** 2 <= square else found


def root_above(square: Fraction) -> float:
    """Return the smallest float that is at least the square root of `square`; raise InputError if it is negative."""
    found = root_below(square)
    return found if Fraction(found) ** 2 == square else math.nextafter(found, math.inf)


def exact_root(square: Fraction) -> Fraction | None:
    """Return the square root of `square` if it is rational, else None; raise InputError if `square` is negative."""
    p, q = math.isqrt(_not_negative(square).numerator), math.isqrt(square.denominator)
    return Fraction(p, q) if p * p == square.numerator and q * q == square.denominator else None


def root_expression(square: Fraction) -> str | None:
    """Return the square root exactly, as `1/8` or `sqrt(1/7)`, or None where that would be long."""
    root = exact_root(square)
    text = f"sqrt({square})" if root is None else str(root)
    return text if len(text) <= _SHORT else None


@dataclass(frozen=True, slots=True)
class Decimals:
    """Two decimal numbers that enclose a number; the same text twice if it is exact."""

    lower: str
    upper: str

    def __str__(self) -> str:
        return f"= {self.lower}" if self.lower == self.upper else f"between {self.lower} and {self.upper}"


def decimals(value: Fraction, digits: int = 6) -> Decimals:
    """Enclose a number >= 0 between two decimals with this many significant digits; InputError if it is negative."""
    return _enclose(_not_negative(value), value.numerator, value.denominator, digits, root=False)


def root_decimals(square: Fraction, digits: int = 6) -> Decimals:
    """Enclose the square root of `square` between two decimals with this many significant digits."""
    return _enclose(_not_negative(square), square.numerator, square.denominator, digits, root=True)


def _enclose(value: Fraction, p: int, q: int, digits: int, *, root: bool) -> Decimals:
    if value == 0:
        return Decimals("0", "0")
    magnitude = (p.bit_length() - q.bit_length()) * math.log10(2) / (2 if root else 1)
    places = digits + 1 - math.floor(magnitude)
    while True:
        tens = places * (2 if root else 1)
        scaled, rest = divmod(p * 10 ** max(tens, 0), q * 10 ** max(-tens, 0))
        floor = math.isqrt(scaled) if root else scaled
        if floor < 10**digits:
            break
        places -= 1
    exact = rest == 0 and (not root or floor * floor == scaled)
    return Decimals(_decimal(floor, places, trim=exact), _decimal(floor if exact else floor + 1, places, trim=exact))


def _decimal(value: int, places: int, *, trim: bool) -> str:
    number = Decimal(value).scaleb(-places, Context(prec=30, Emin=-20000, Emax=20000))
    if -5 <= number.adjusted() <= 14:
        text = format(number, "f")
        return text.rstrip("0").rstrip(".") if trim and "." in text else text
    return format(number, "e")


def is_short(value: Fraction) -> bool:
    """Return whether all digits of `value` fit into a line of many such numbers."""
    return value.numerator.bit_length() + value.denominator.bit_length() <= _SHORT_BITS


def approximate(value: Fraction, digits: int = 6) -> str:
    """Return a decimal near `value`, for pictures and examples only: write it with "about"."""
    context = Context(prec=digits, Emin=-20000, Emax=20000)
    number = context.divide(Decimal(value.numerator), Decimal(value.denominator)).normalize(context)
    return format(number, "f" if -5 <= number.adjusted() <= 14 else "e")


def _not_negative(value: Fraction) -> Fraction:
    if value < 0:
        raise InputError("a number that cannot be negative is negative")
    return value
