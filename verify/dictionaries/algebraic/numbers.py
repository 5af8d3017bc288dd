"""Algebraic numbers: rational combinations of roots of unity and of square roots of positive numbers of this kind."""

from __future__ import annotations

import math
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache

from ...errors import LimitError

MOST_ORDER = 10_000
MOST_TERMS = 512
MOST_BITS = 10_000

_work: ContextVar[list[int] | None] = ContextVar("work", default=None)


@contextmanager
def work_limit(most: int) -> Generator[None, None, None]:
    """Let products of terms and bits of balls inside the block be counted; beyond `most` they raise LimitError."""
    token = _work.set([most])
    try:
        yield
    finally:
        _work.reset(token)


def count(work: int) -> None:
    """Count some work; raise LimitError if it is more than is left."""
    left = _work.get()
    if left is not None:
        left[0] -= work
        if left[0] < 0:
            raise LimitError("the expressions are too much work: simplify them, or take fewer atoms")


@dataclass(frozen=True, slots=True, order=True)
class Radical:
    """The positive square root g of `square`, a positive number with integer coefficients; equal by `name`.

    `rank` counts how deep roots are nested: those in `square` have a smaller one.
    """

    rank: int
    name: str
    square: Algebraic = field(compare=False, repr=False)

    def __hash__(self) -> int:
        return hash(self.name)


Roots = frozenset[Radical]
Key = tuple[int, Roots]
NO_ROOTS: Roots = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Algebraic:
    """The number (1/`divisor`) sum of c z^k g_1 .. g_r over `terms`, with z = exp(2 pi i / `order`), `order` even.

    `terms` maps (k, {g_1, .., g_r}) to an integer c != 0, 0 <= k < `order`/2; z^k and g are algebraic integers. Two
    different spellings may be the same number: `signs.is_zero` decides. Raises LimitError for more than 512 terms,
    orders above 10000, and numbers of more than 10000 bits.
    """

    order: int
    terms: Mapping[Key, int]
    divisor: int

    @staticmethod
    def of(value: int | Fraction) -> Algebraic:
        """Return a rational number."""
        return made(2, {(0, NO_ROOTS): value.numerator} if value else {}, value.denominator)

    @staticmethod
    def root_of_unity(turn: Fraction) -> Algebraic:
        """Return exp(2 pi i turn)."""
        q = turn.denominator
        k, order = (turn.numerator, q) if q % 2 == 0 else (2 * turn.numerator, 2 * q)
        _refuse_order(order)
        return made(order, _add({}, k, order, NO_ROOTS, 1), 1)

    @staticmethod
    def of_radical(radical: Radical) -> Algebraic:
        """Return the root itself."""
        return made(2, {(0, frozenset({radical})): 1}, 1)

    @property
    def rational(self) -> Fraction | None:
        """The number as a fraction, where it is written as one."""
        if not self.terms:
            return Fraction(0)
        if len(self.terms) == 1 and (0, NO_ROOTS) in self.terms:
            return Fraction(self.terms[0, NO_ROOTS], self.divisor)
        return None

    @property
    def radicals(self) -> tuple[Radical, ...]:
        """All roots that are written in it, also inside other roots, in order."""
        return tuple(sorted(_radicals(self)))

    def conjugate(self) -> Algebraic:
        """Return the complex conjugate: roots are of positive numbers, and stay."""
        terms: dict[Key, int] = {}
        for (k, roots), c in self.terms.items():
            _add(terms, -k, self.order, roots, c)
        return made(self.order, terms, self.divisor)

    def scaled(self, factor: Fraction) -> Algebraic:
        """Return a rational multiple."""
        if factor == 1:
            return self
        terms = {key: c * factor.numerator for key, c in self.terms.items()} if factor else {}
        return made(self.order, terms, self.divisor * factor.denominator)

    def lifted(self, order: int) -> Algebraic:
        """Return the same number written with a multiple of its order."""
        by = order // self.order
        terms = {(k * by, roots): c for (k, roots), c in self.terms.items()}
        return Algebraic(order=order, terms=terms, divisor=self.divisor)

    def __neg__(self) -> Algebraic:
        return self.scaled(Fraction(-1))

    def __add__(self, other: Algebraic) -> Algebraic:
        return total((self, other))

    def __sub__(self, other: Algebraic) -> Algebraic:
        return total((self, -other))

    def __mul__(self, other: Algebraic) -> Algebraic:
        left, right = common(self, other)
        count(len(left.terms) * len(right.terms) * (1 + len(left.radicals)))
        terms: dict[Key, int] = {}
        pieces: list[Algebraic] = []
        for (k, roots), c in left.terms.items():
            for (j, others), d in right.terms.items():
                shared, rest = roots & others, roots ^ others
                factor, squares = _squares(shared) if shared else (1, ())
                if not squares:
                    _add(terms, k + j, left.order, rest, c * d * factor)
                    continue
                pieces.append(_piece(left.order, k + j, rest, c * d * factor, squares))
        whole = made(left.order, terms, 1)
        if pieces:
            whole = total((whole, *pieces))
        return whole.scaled(Fraction(1, left.divisor * right.divisor))


def common(*numbers: Algebraic) -> tuple[Algebraic, ...]:
    """Return the same numbers, written with one order; raise LimitError if it would be too large."""
    order = math.lcm(*(number.order for number in numbers))
    _refuse_order(order)
    return tuple(number if number.order == order else number.lifted(order) for number in numbers)


def total(numbers: Iterable[Algebraic]) -> Algebraic:
    """Return the sum."""
    parts = common(Algebraic.of(0), *numbers)
    divisor = math.lcm(*(part.divisor for part in parts))
    terms: dict[Key, int] = {}
    for part in parts:
        factor = divisor // part.divisor
        for (k, roots), c in part.terms.items():
            _add(terms, k, part.order, roots, c * factor)
    return made(parts[0].order, terms, divisor)


def inner_product(left: Sequence[Algebraic], right: Sequence[Algebraic]) -> Algebraic:
    """Return the sum of conj(a) b over two vectors whose numbers are all written with one order."""
    pairs = [(a, b) for a, b in zip(left, right, strict=True) if a.terms and b.terms]
    divisor = math.lcm(*(a.divisor * b.divisor for a, b in pairs))
    terms: dict[Key, int] = {}
    pieces: list[Algebraic] = []
    for a, b in pairs:
        count(len(a.terms) * len(b.terms))
        factor = divisor // (a.divisor * b.divisor)
        for (k, roots), c in a.terms.items():
            for (j, others), d in b.terms.items():
                if (roots or others) and (shared := roots & others):
                    integer, squares = _squares(shared)
                    if squares:
                        pieces.append(_piece(a.order, j - k, roots ^ others, c * d * factor * integer, squares))
                        continue
                    _add(terms, j - k, a.order, roots ^ others, c * d * factor * integer)
                else:
                    _add(terms, j - k, a.order, roots | others, c * d * factor)
    order = pairs[0][0].order if pairs else 2
    whole = made(order, terms, 1)
    return (total((whole, *pieces)) if pieces else whole).scaled(Fraction(1, divisor))


def _add(terms: dict[Key, int], k: int, order: int, roots: Roots, c: int) -> dict[Key, int]:
    """Add c z^k g_1 .. g_r to some terms, in place."""
    half = order // 2
    k %= order
    if k >= half:
        k, c = k - half, -c
    key = (k, roots)
    value = terms.get(key, 0) + c
    if value:
        terms[key] = value
    else:
        terms.pop(key, None)
    return terms


def _piece(order: int, k: int, roots: Roots, c: int, squares: tuple[Algebraic, ...]) -> Algebraic:
    """Return c z^k times roots times other numbers."""
    piece = made(order, _add({}, k, order, roots, c), 1)
    for square in squares:
        piece = piece * square
    return piece


@lru_cache(maxsize=4096)
def _squares(shared: Roots) -> tuple[int, tuple[Algebraic, ...]]:
    """Return the product of the squares of some roots: an integer, and numbers that are none."""
    factor, squares = 1, ()
    for root in sorted(shared):
        square = root.square.rational
        if square is None:
            squares = (*squares, root.square)
        else:
            factor *= square.numerator
    return factor, squares


def made(order: int, terms: Mapping[Key, int], divisor: int) -> Algebraic:
    """Return the number in lowest terms, if it is within the limits."""
    if len(terms) > MOST_TERMS:
        raise LimitError(f"a number that is a sum of more than {MOST_TERMS} terms: simplify the expressions")
    if not terms:
        return Algebraic(order=2, terms={}, divisor=1)
    shared = math.gcd(divisor, *terms.values())
    if shared > 1:
        terms, divisor = {key: c // shared for key, c in terms.items()}, divisor // shared
    if max(divisor.bit_length(), *(c.bit_length() for c in terms.values())) > MOST_BITS:
        raise LimitError(f"a number with more than {MOST_BITS} bits: use smaller integers and exponents")
    return Algebraic(order=order, terms=terms, divisor=divisor)


def _refuse_order(order: int) -> None:
    if order > MOST_ORDER:
        raise LimitError(
            f"angles whose common denominator is {order if order < 10**20 else 'of more than 20 digits'}, "
            f"in units of a turn: the limit is {MOST_ORDER}"
        )


def _radicals(number: Algebraic) -> set[Radical]:
    found = {root for _, roots in number.terms for root in roots}
    for root in tuple(found):
        found |= _radicals(root.square)
    return found
