"""The values of variables and constants: rational, the root of a rational, or enclosed; never a float."""

from __future__ import annotations

import decimal
import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ...errors import InputError
from ...exact import Enclosure, ball, ball_enclosure, ball_precision, rational_root
from .expressions import Algebra

if TYPE_CHECKING:
    from ...exact import Ball

PRECISIONS = (128, 512, 2048)
_MOST_BITS = 8000
_SHORT = 40
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,60}(?:\.[0-9]{0,60})?|\.[0-9]{1,60})(?:[eE][+-]?[0-9]{1,3})?", re.ASCII)
_RATIO = re.compile(r"[+-]?[0-9]{1,60}/[0-9]{1,60}", re.ASCII)
_ROOT = re.compile(r"sqrt\((.+)\)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Root:
    """The square root of a positive rational number that is the square of none."""

    square: Fraction


Value = Fraction | Root | Enclosure


def root(square: Fraction) -> Fraction | Root:
    """Return the square root of a rational number >= 0, as a Fraction if it is one."""
    found = rational_root(square)
    return Root(square) if found is None else found


def read_value(text: str) -> Fraction | Root:
    """Return the number that an exact decimal, a fraction p/q, or sqrt() of either spells; raise InputError else."""
    if _NUMBER.fullmatch(text):
        return Fraction(text)
    if _RATIO.fullmatch(text) and int(text.split("/")[1]):
        return Fraction(text)
    if found := _ROOT.fullmatch(text):
        inside = read_value(found[1])
        if isinstance(inside, Fraction) and inside >= 0:
            return root(inside)
    raise InputError(f"expected a decimal number, a fraction p/q or sqrt(p/q), got {text[:40]!r}")


def number(value: Value) -> Fraction | Ball:
    """Return a value for arithmetic: a Fraction, or a ball at the present precision."""
    if isinstance(value, Root):
        return ball(value.square).sqrt()
    return value if isinstance(value, Fraction) else ball(value)


def enclosed(compute: Callable[[], Fraction | Ball]) -> Fraction | Enclosure | None:
    """Return what `compute` gives: a Fraction, or an interval that holds it, 100 bits narrow if its inputs are exact.

    None stands for a number that is not finite: `compute` divides by zero, or takes the logarithm of zero.
    """
    found = None
    for bits in PRECISIONS:
        with ball_precision(bits):
            try:
                result = compute()
            except ZeroDivisionError:
                return None
            if isinstance(result, Fraction):
                return result
            found = ball_enclosure(result)
        if found is not None and (found.upper - found.lower) * 2**100 <= abs(found.lower):
            break
    return found


def sign(compute: Callable[[], Fraction | Ball]) -> int | None:
    """Return the proved sign of what `compute` gives, or None if no precision tried tells it."""
    for bits in PRECISIONS:
        with ball_precision(bits):
            try:
                result = compute()
            except ZeroDivisionError:
                return None
            if isinstance(result, Fraction):
                return (result > 0) - (result < 0)
            if result > 0:
                return 1
            if result < 0:
                return -1
    return None


def compared(value: Value, other: Fraction) -> int | None:
    """Return the proved sign of value - other, or None."""
    return sign(lambda: _binary(operator.sub, number(value), other))


def _power(base: Fraction | Ball, exponent: Fraction | Ball) -> Fraction | Ball:
    if isinstance(base, Fraction) and isinstance(exponent, Fraction):
        if exponent.denominator == 1:
            size = max(base.numerator.bit_length(), base.denominator.bit_length()) * abs(exponent.numerator)
            if size <= _MOST_BITS or base in (-1, 0, 1):
                return base**exponent.numerator
        elif exponent == Fraction(1, 2):
            return _root(base)
    return _ball(base) ** _ball(exponent)


def _root(value: Fraction | Ball) -> Fraction | Ball:
    if isinstance(value, Fraction):
        exact = rational_root(value) if value >= 0 else None
        return ball(value).sqrt() if exact is None else exact
    return value.sqrt()


def _exact_at(
    point: int, value: int, otherwise: Callable[[Ball], Ball]
) -> Callable[[Fraction | Ball], Fraction | Ball]:
    return lambda x: Fraction(value) if isinstance(x, Fraction) and x == point else otherwise(_ball(x))


def _extreme(exact: Callable[..., Fraction], name: str) -> Callable[..., Fraction | Ball]:
    def extreme(first: Fraction | Ball, *others: Fraction | Ball) -> Fraction | Ball:
        for other in others:
            if isinstance(first, Fraction) and isinstance(other, Fraction):
                first = exact(first, other)
            else:
                first = getattr(_ball(first), name)(_ball(other))
        return first

    return extreme


def _ball(value: Fraction | Ball) -> Ball:
    return ball(value) if isinstance(value, Fraction) else value


def _binary(operation: Callable[[Any, Any], Any], first: Fraction | Ball, second: Fraction | Ball) -> Fraction | Ball:
    if isinstance(first, Fraction) and isinstance(second, Fraction):
        return operation(first, second)
    return operation(_ball(first), _ball(second))


EXACT = Algebra(
    integer=Fraction,
    binary=_binary,
    power=_power,
    functions={
        "sqrt": _root,
        "exp": _exact_at(0, 1, lambda x: x.exp()),
        "log": _exact_at(1, 0, lambda x: x.log()),
        "Max": _extreme(max, "max"),
        "Min": _extreme(min, "min"),
        "Abs": abs,
    },
)


def shown_value(value: Value | None) -> str:
    """Return a value as a short text: exact if that is short, else a decimal, marked as rounded."""
    if value is None:
        return "infinite"
    if isinstance(value, Root):
        return f"sqrt({shown_value(value.square)})"
    if isinstance(value, Enclosure):
        if rounded(value.lower) == rounded(value.upper):
            return f"about {rounded(value.lower)}"
        return f"between {rounded(value.lower, up=False)} and {rounded(value.upper, up=True)}"
    return str(value) if _is_short(value) else f"about {rounded(value)}"


def shown_difference(value: Value, other: Fraction) -> str:
    """Return |value - other| as a short text."""
    found = enclosed(lambda: abs(_binary(operator.sub, number(value), other)))
    if isinstance(found, Enclosure):
        return f"about {rounded((found.lower + found.upper) / 2, 6)}"
    return shown_value(found)


def rounded(value: Fraction, digits: int = 12, *, up: bool | None = None) -> str:
    """Return a decimal with so many significant digits: rounded up, down, or to the nearest."""
    modes = {True: decimal.ROUND_CEILING, False: decimal.ROUND_FLOOR, None: decimal.ROUND_HALF_EVEN}
    context = decimal.Context(prec=digits, rounding=modes[up], Emin=-20000, Emax=20000)
    found = context.divide(decimal.Decimal(value.numerator), decimal.Decimal(value.denominator)).normalize(context)
    return format(found, "f" if -6 <= found.adjusted() <= 14 else "e")


def is_decimal(value: Fraction, digits: int = 12) -> bool:
    """Return whether `rounded` shows this number exactly."""
    return _is_short(value) and Fraction(rounded(value, digits)) == value


def _is_short(value: Fraction) -> bool:
    bits = value.numerator.bit_length() + value.denominator.bit_length()
    return bits < 10_000 and len(str(value)) <= _SHORT
