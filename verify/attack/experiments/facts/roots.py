"""Sums and largest of square roots: exact where all of them are rational multiples of one, else enclosed."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from ....exact import Enclosure, rational_root, root_enclosure
from ....theorems.language.values import Root, Value, root

_BITS = 160


def relative_root(square: Fraction) -> Enclosure:
    """Return the square root of a number >= 0: a point if it is rational, else a narrow interval."""
    exact = rational_root(square)
    if exact is not None:
        return Enclosure(exact, exact)
    return root_enclosure(square, _BITS + max(0, square.denominator.bit_length() - square.numerator.bit_length()))


def sum_of_roots(squares: Iterable[Fraction]) -> Value:
    """Return the sum of square roots: a Fraction, one Root, or an interval where they have irrational ratios."""
    known = [square for square in squares if square]
    if not known:
        return Fraction(0)
    factors = [rational_root(square / known[0]) for square in known]
    if None not in factors:
        return root(known[0] * sum(factor for factor in factors if factor is not None) ** 2)
    ends = [relative_root(square) for square in known]
    return Enclosure(sum((end.lower for end in ends), Fraction(0)), sum((end.upper for end in ends), Fraction(0)))


def as_enclosure(value: Value) -> Enclosure:
    """Return a value as an interval, a point where it is rational."""
    if isinstance(value, Root):
        return relative_root(value.square)
    return value if isinstance(value, Enclosure) else Enclosure(value, value)


def largest(values: Iterable[Value]) -> Value:
    """Return the largest of some numbers >= 0, 0 of none: exactly, unless one of them is an interval."""
    known = list(values)
    if any(isinstance(value, Enclosure) for value in known):
        ends = [as_enclosure(value) for value in known]
        lower, upper = max(end.lower for end in ends), max(end.upper for end in ends)
        return lower if lower == upper else Enclosure(lower, upper)
    return root(max((as_square(value) for value in known), default=Fraction(0)))


def as_square(value: Value) -> Fraction:
    """Return the square of an exact number."""
    assert not isinstance(value, Enclosure)
    return value.square if isinstance(value, Root) else value**2
