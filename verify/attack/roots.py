"""Sums of square roots of rationals, compared exactly: equalities that no enclosure can tell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ..exact import Enclosure, rational_root, sign_of_root_sum
from ..theorems.language.expressions import Algebra, evaluated, parsed
from ..theorems.language.statements import Each, Statement
from ..theorems.language.values import Root, Value

_MOST_TERMS = 16
_MOST_POWER = 4096
_MOST_BITS = 1_000_000


class UnresolvedError(ArithmeticError):
    """A number is no sum of a few square roots of rationals, or too long a one."""


@dataclass(frozen=True, slots=True)
class RootSum:
    """The sum of c sqrt(b) over its terms (c, b), b > 0; no two of the roots have a rational ratio."""

    terms: tuple[tuple[Fraction, Fraction], ...]

    @staticmethod
    def of(terms: Iterable[tuple[Fraction, Fraction]]) -> RootSum:
        """Return the sum, with roots of rational ratio put together."""
        groups: dict[Fraction, Fraction] = {}
        for factor, square in terms:
            for base in groups:
                if (ratio := rational_root(square / base)) is not None:
                    groups[base] += factor * ratio
                    break
            else:
                groups[square] = factor
        kept = tuple((factor, base) for base, factor in groups.items() if factor)
        size = sum(n.bit_length() for term in kept for part in term for n in (part.numerator, part.denominator))
        if len(kept) > _MOST_TERMS or size > _MOST_BITS:
            raise UnresolvedError
        return RootSum(kept)

    @property
    def sign(self) -> int:
        """The sign, proved."""
        found = sign_of_root_sum(self.terms)
        if found is None:
            raise UnresolvedError
        return found

    def __neg__(self) -> RootSum:
        return RootSum(tuple((-factor, base) for factor, base in self.terms))

    def __add__(self, other: RootSum) -> RootSum:
        return RootSum.of((*self.terms, *other.terms))

    def __sub__(self, other: RootSum) -> RootSum:
        return self + -other

    def __mul__(self, other: RootSum) -> RootSum:
        return RootSum.of((c * d, a * b) for c, a in self.terms for d, b in other.terms)

    def __truediv__(self, other: RootSum) -> RootSum:
        if not other.terms:
            raise ZeroDivisionError
        if len(other.terms) > 1:
            raise UnresolvedError
        return self * RootSum(tuple((1 / (factor * base), base) for factor, base in other.terms))


def number(value: Value) -> RootSum:
    """Return a rational number or a root as a sum of roots."""
    if isinstance(value, Enclosure):
        raise UnresolvedError
    if isinstance(value, Root):
        return RootSum.of([(Fraction(1), value.square)])
    return RootSum.of([(value, Fraction(1))])


def bounds(statement: Statement, text: str, values: Mapping[str, Value | tuple[Value, ...]]) -> list[RootSum]:
    """Return a formula of a statement exactly: one value, or with layers one for each.

    Raises UnresolvedError if it is no sum of roots, ZeroDivisionError if it divides by zero.
    """
    length = max((len(value) for value in values.values() if isinstance(value, tuple)), default=1)
    found: list[RootSum] = []
    carried = dict.fromkeys(statement.carried, number(Fraction(0)))
    for at in range(length):
        row = {name: value[at] if isinstance(value, tuple) else value for name, value in values.items()}
        named = _named(statement, row, carried)
        found.append(evaluated(parsed(text), ROOTS, named))
        carried = {name: named(of) for name, of in statement.carried.items()}
    return [_extreme(1)(*found)] if statement.each is Each.atom else found


def _named(statement: Statement, row: Mapping[str, Value], carried: Mapping[str, RootSum]) -> Callable[[str], RootSum]:
    def named(name: str) -> RootSum:
        if name in carried:
            return carried[name]
        if name in statement.constants:
            return evaluated(statement.formula(name), ROOTS, named)
        return number(row[name])

    return named


def _rational(value: RootSum) -> Fraction:
    if not value.terms:
        return Fraction(0)
    root = rational_root(value.terms[0][1]) if len(value.terms) == 1 else None
    if root is None:
        raise UnresolvedError
    return value.terms[0][0] * root


def _root(value: RootSum) -> RootSum:
    inside = _rational(value)
    if inside < 0:
        raise UnresolvedError
    return RootSum.of([(Fraction(1), inside)] if inside else [])


def _power(base: RootSum, exponent: RootSum) -> RootSum:
    power = _rational(exponent)
    if power == Fraction(1, 2):
        return _root(base)
    if power.denominator != 1 or abs(power) > _MOST_POWER:
        raise UnresolvedError
    result, square, left = number(Fraction(1)), base, abs(int(power))
    while left:
        if left % 2:
            result = result * square
        left //= 2
        square = square * square if left else square
    return number(Fraction(1)) / result if power < 0 else result


def _extreme(direction: int) -> Callable[..., RootSum]:
    def extreme(first: RootSum, *others: RootSum) -> RootSum:
        for other in others:
            if (other - first).sign == direction:
                first = other
        return first

    return extreme


def _unresolved(*_: Any) -> RootSum:
    raise UnresolvedError


ROOTS = Algebra(
    integer=lambda value: number(Fraction(value)),
    binary=lambda operation, first, second: operation(first, second),
    power=_power,
    functions={
        "sqrt": _root,
        "exp": _unresolved,
        "log": _unresolved,
        "Max": _extreme(1),
        "Min": _extreme(-1),
        "Abs": lambda value: -value if value.sign < 0 else value,
    },
)
