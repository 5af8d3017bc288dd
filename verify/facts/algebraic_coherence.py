"""The mutual coherence of an algebraic dictionary: which pair attains it is proved, equal pairs exactly."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from ..dictionaries.algebraic.numbers import Algebraic, work_limit
from ..dictionaries.algebraic.operations import reduced
from ..dictionaries.algebraic.signs import balls, is_real, is_zero, sign
from ..errors import LimitError
from ..exact import Enclosure, ball_enclosure, ball_precision
from .algebraic_gram import MOST_WORK, PRECISIONS, AlgebraicGram

_LONGEST_DENOMINATOR = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class AlgebraicCoherence:
    """mu^2 in `squared`, a point where mu^2 is proved rational; |<d_i, d_j>|/(N_i N_j) of `pair` attains mu.

    `product` is <d_i, d_j> and `squared_norms` are N_i^2 and N_j^2, exactly; `sign` is that of a real product, None for
    a complex one. `attained` is False where it stayed undecided which of several pairs is the largest: then mu is only
    enclosed.
    """

    squared: Enclosure
    pair: tuple[int, int]
    attained: bool
    product: Algebraic
    squared_norms: tuple[Algebraic, Algebraic]
    sign: int | None

    @property
    def rational(self) -> Fraction | None:
        """mu^2 where it is proved to be this rational number."""
        return self.squared.lower if self.squared.lower == self.squared.upper else None


def algebraic_coherence(gram: AlgebraicGram) -> AlgebraicCoherence:
    """Return mu(D)^2 = max |<d_i, d_j>|^2 / (N_i^2 N_j^2) with a pair that attains it.

    Guarantee: the enclosure holds mu^2; with `attained` the pair is proved to be a largest one, by enclosures, and
    where these overlap by the sign of the difference of exact numbers. Cost: exact products for the pairs whose
    enclosures reach the largest lower bound.
    """
    lower = max(gram.squared[i][j].lower for i, j in gram.pairs())
    upper = max(gram.squared[i][j].upper for i, j in gram.pairs())
    candidates = [(i, j) for i, j in gram.pairs() if gram.squared[i][j].upper >= lower]
    squared = Enclosure(lower, upper)
    best, attained = candidates[0], True
    if not all(pair in gram.zero for pair in candidates):
        try:
            with work_limit(MOST_WORK):
                best, attained = _largest(gram, candidates)
                if attained:
                    squared = _decided(gram, best, squared)
        except LimitError:
            attained = False
    i, j = best
    product = gram.product(i, j)
    return AlgebraicCoherence(
        squared=squared,
        pair=best,
        attained=attained,
        product=product,
        squared_norms=(gram.exact_norms[i], gram.exact_norms[j]),
        sign=sign(product) if is_real(product) else None,
    )


def _largest(gram: AlgebraicGram, candidates: list[tuple[int, int]]) -> tuple[tuple[int, int], bool]:
    """Return a pair with the largest cosine among some, and whether that is proved."""
    if len(candidates) == 1:
        return candidates[0], True
    best, top = candidates[0], _quotient(gram, candidates[0])
    equal = {_spelling(*top)}
    for pair in candidates[1:]:
        found = _quotient(gram, pair)
        if _spelling(*found) in equal:
            continue
        difference = sign(found[0] * top[1] - top[0] * found[1])
        if difference is None:
            return best, False
        if difference > 0:
            best, top, equal = pair, found, set()
        if difference >= 0:
            equal.add(_spelling(*found))
    return best, True


def _quotient(gram: AlgebraicGram, pair: tuple[int, int]) -> tuple[Algebraic, Algebraic]:
    """Return |<d_i, d_j>|^2 and N_i^2 N_j^2, exactly."""
    i, j = pair
    product = gram.product(i, j)
    return reduced(product * product.conjugate()), reduced(gram.exact_norms[i] * gram.exact_norms[j])


def _spelling(*numbers: Algebraic) -> tuple[object, ...]:
    return tuple((number.order, frozenset(number.terms.items()), number.divisor) for number in numbers)


def _decided(gram: AlgebraicGram, pair: tuple[int, int], squared: Enclosure) -> Enclosure:
    """Return mu^2 as a point if it is proved to be the simplest rational number of its enclosure; else without that.

    So a comparison with a simple number, such as 1 or 1/(2k-1)^2, is decided either way.
    """
    value = simplest(squared)
    if value.denominator.bit_length() > _LONGEST_DENOMINATOR:
        return squared
    above, below = _quotient(gram, pair)
    equal = is_zero(above.scaled(Fraction(value.denominator)) - below.scaled(Fraction(value.numerator)))
    if equal:
        return Enclosure(value, value)
    for bits in PRECISIONS if equal is False else ():
        with ball_precision(bits):
            found = ball_enclosure(balls(above, bits)[0] / balls(below, bits)[0])
        if found is not None and not found.lower <= value <= found.upper:
            return Enclosure(max(squared.lower, found.lower), min(squared.upper, found.upper))
    return squared


def simplest(enclosure: Enclosure) -> Fraction:
    """Return the number with the smallest denominator in an enclosure of numbers >= 0."""
    lower, upper = enclosure.lower, enclosure.upper
    quotients: list[int] = []
    while True:
        whole = math.ceil(lower)
        if whole <= upper:
            found = Fraction(whole)
            break
        quotients.append(whole - 1)
        lower, upper = 1 / (upper - quotients[-1]), 1 / (lower - quotients[-1])
    for quotient in reversed(quotients):
        found = quotient + 1 / found
    return found
