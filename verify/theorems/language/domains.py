"""Where a variable of a statement may lie."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from .values import Value, compared, shown_difference, shown_value


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """The integers or the real numbers between two rational ends; an end that is None is no bound."""

    integer: bool = False
    lower: Fraction | None = None
    upper: Fraction | None = None
    lower_open: bool = False
    upper_open: bool = False

    def text(self, symbol: str) -> str:
        """Return the domain in words, as `0 <= mu < 1` or `integer k >= 1`."""
        kind = "integer " if self.integer else ""
        if self.lower is not None and self.upper is not None:
            first, second = ("<" if is_open else "<=" for is_open in (self.lower_open, self.upper_open))
            return f"{kind}{self.lower} {first} {symbol} {second} {self.upper}"
        if self.lower is not None:
            return f"{kind}{symbol} {'>' if self.lower_open else '>='} {self.lower}"
        if self.upper is not None:
            return f"{kind}{symbol} {'<' if self.upper_open else '<='} {self.upper}"
        return f"{'integer' if self.integer else 'real'} {symbol}"

    def complaint(self, value: Value) -> str | None:
        """Return why a value is outside (by how much, or that it is no integer), or None if it is proved inside."""
        if self.integer and not (isinstance(value, Fraction) and value.denominator == 1):
            return f"{shown_value(value)} is no integer"
        for bound, is_open, low in ((self.lower, self.lower_open, True), (self.upper, self.upper_open, False)):
            if bound is None:
                continue
            sign = compared(value, bound)
            if sign is None:
                return f"{shown_value(value)} is not proved to lie inside"
            if sign == (-1 if low else 1):
                return f"{shown_value(value)} is {shown_difference(value, bound)} too {'small' if low else 'large'}"
            if sign == 0 and is_open:
                return f"{shown_value(value)} is the end that is left out"
        return None


def reals(lower: int | None = None, upper: int | None = None, *, above: bool = False, below: bool = False) -> Domain:
    """Return the real numbers from `lower` to `upper`, without an end where `above` (or `below`) is true."""
    ends = [None if end is None else Fraction(end) for end in (lower, upper)]
    return Domain(lower=ends[0], upper=ends[1], lower_open=above, upper_open=below)


def integers(lower: int) -> Domain:
    """Return the integers from `lower` on."""
    return Domain(integer=True, lower=Fraction(lower))
