"""All facts of an algebraic dictionary that the classical theorems need."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ..dictionaries.algebraic import AlgebraicDictionary
from ..dictionaries.algebraic.numbers import work_limit
from ..dictionaries.algebraic.signs import is_zero
from ..errors import LimitError
from ..exact import Enclosure, rational_root
from .algebraic_coherence import AlgebraicCoherence, algebraic_coherence
from .algebraic_gram import MOST_WORK, AlgebraicGram, algebraic_gram, root_bounds
from .babel import Babel
from .orthogonal_families import two_colours
from .welch import welch_bound_squared

_BITS = 100
_SHORTEST = 8
_LONGEST = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class AlgebraicFacts:
    """What was measured of an algebraic dictionary.

    `norms_equal` is None where that stayed undecided; `norms_squared` encloses the squared norms of all atoms, a point
    where they are one rational number. `welch_attained` says whether mu is exactly the Welch bound, None if undecided.
    """

    m: int
    n: int
    is_real: bool
    coherence: AlgebraicCoherence
    welch_squared: Fraction
    welch_attained: bool | None
    norms_equal: bool | None
    norms_squared: Enclosure
    babel: Babel
    orthogonal_family: tuple[int, ...] | None
    orthogonal_pairs: int
    undecided_pairs: int


def measure_algebraic(dictionary: AlgebraicDictionary) -> AlgebraicFacts:
    """Measure an algebraic dictionary: norms, coherence, Welch bound, Babel function, orthogonal families.

    Guarantee: every fact is exact or enclosed, and no float takes part; what would need more than 20000 bits or two
    million products of terms stays undecided.
    """
    m, n = dictionary.shape
    gram = algebraic_gram(dictionary)
    coherence = algebraic_coherence(gram)
    equal = _equal_norms(gram)
    return AlgebraicFacts(
        m=m,
        n=n,
        is_real=dictionary.field == "real",
        coherence=coherence,
        welch_squared=welch_bound_squared(m, n),
        welch_attained=_welch_attained(coherence, welch_bound_squared(m, n)),
        norms_equal=equal,
        norms_squared=_norms(gram, equal),
        babel=algebraic_babel(gram, coherence),
        orthogonal_family=_orthogonal_family(gram),
        orthogonal_pairs=len(gram.zero),
        undecided_pairs=gram.undecided,
    )


def _equal_norms(gram: AlgebraicGram) -> bool | None:
    lowest, highest = max(norm.lower for norm in gram.norms), min(norm.upper for norm in gram.norms)
    if lowest > highest:
        return False
    first, *others = gram.exact_norms
    try:
        with work_limit(MOST_WORK):
            answers = [is_zero(norm - first) for norm in others]
    except LimitError:
        return None
    return False if False in answers else None if None in answers else True


def _norms(gram: AlgebraicGram, equal: bool | None) -> Enclosure:
    value = gram.exact_norms[0].rational
    if equal and value is not None:
        return Enclosure(value, value)
    return Enclosure(min(norm.lower for norm in gram.norms), max(norm.upper for norm in gram.norms))


def _welch_attained(coherence: AlgebraicCoherence, welch_squared: Fraction) -> bool | None:
    if coherence.rational is not None:
        return coherence.rational == welch_squared
    return False if coherence.squared.lower > welch_squared else None


def algebraic_babel(gram: AlgebraicGram, coherence: AlgebraicCoherence) -> Babel:
    """Enclose mu_1(k) for k = 1 .. K, K where it has passed 1, at least 8, or n - 1.

    Guarantee: enclosed, by sums of enclosures in integers; where mu is rational also mu_1(k) <= k mu.
    """
    n = len(gram.norms)
    order = min(n - 1, _LONGEST)
    bounds = {pair: root_bounds(gram.squared[pair[0]][pair[1]], _BITS) for pair in gram.pairs()}
    lower, upper = [0] * order, [0] * order
    for i in range(n):
        row = [bounds[min(i, j), max(i, j)] for j in range(n) if j != i]
        for at, best in ((0, lower), (1, upper)):
            value = 0
            for k, bound in enumerate(sorted((pair[at] for pair in row), reverse=True)[:order]):
                value += bound
                best[k] = max(best[k], value)
    mu = None if coherence.rational is None else rational_root(coherence.rational)
    found: list[tuple[Fraction, Fraction]] = []
    for k, (low, high) in enumerate(zip(lower, upper, strict=True), 1):
        bound = Fraction(high, 2**_BITS)
        found.append((Fraction(low, 2**_BITS), bound if mu is None else min(bound, k * mu)))
        if k >= _SHORTEST and found[-1][0] >= 1:
            break
    return Babel(lower=tuple(low for low, _ in found), upper=tuple(high for _, high in found))


def _orthogonal_family(gram: AlgebraicGram) -> tuple[int, ...] | None:
    """Return one of two families of atoms, each proved orthogonal, or None."""
    m, n = len(gram.columns[0]), len(gram.columns)
    if n > 2 * m:
        return None
    adjacent = np.zeros((n, n), dtype=bool)
    for i, j in gram.pairs():
        adjacent[i, j] = adjacent[j, i] = (i, j) not in gram.zero
    colour = two_colours(adjacent)
    if colour is None or not colour.any():
        return None
    return tuple(np.flatnonzero(colour == 0).tolist())
