"""The cosines of all pairs of algebraic atoms: enclosed, and zero only where that is proved."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from ..dictionaries.algebraic import AlgebraicDictionary
from ..dictionaries.algebraic.numbers import Algebraic, inner_product, work_limit
from ..dictionaries.algebraic.signs import balls, is_zero
from ..errors import LimitError
from ..exact import Enclosure, ball_enclosure, ball_gram, ball_precision

PRECISIONS = (256, 1024, 4096)
MOST_WORK = 2_000_000
"""Products of terms that exact tests of one kind may take; what is left then stays undecided."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlgebraicGram:
    """|<d^_i, d^_j>|^2 in `squared`[i][j] for i < j, and N_i^2 in `norms`[i], enclosed.

    `zero` holds the pairs that are proved orthogonal; `undecided` counts those for which that stayed open. `columns`
    are the atoms, and `exact_norms` their N_i^2.
    """

    columns: tuple[tuple[Algebraic, ...], ...]
    exact_norms: tuple[Algebraic, ...]
    norms: tuple[Enclosure, ...]
    squared: tuple[tuple[Enclosure, ...], ...]
    zero: frozenset[tuple[int, int]]
    undecided: int

    def product(self, i: int, j: int) -> Algebraic:
        """Return <d_i, d_j>, exactly."""
        return inner_product(self.columns[i], self.columns[j])

    def pairs(self) -> list[tuple[int, int]]:
        """Return all pairs i < j."""
        n = len(self.norms)
        return [(i, j) for i in range(n) for j in range(i + 1, n)]


def algebraic_gram(dictionary: AlgebraicDictionary) -> AlgebraicGram:
    """Return the cosines of all pairs of atoms.

    Guarantee: enclosed, by ball arithmetic with 256 bits, and more where norms need it; a pair is in `zero` if its
    inner product is proved to be 0. Cost: a Gram matrix of balls, and an exact inner product for each pair whose ball
    touches 0. Raises LimitError for atoms whose norms 4096 bits do not separate from 0, or beyond 2^4096.
    """
    n = dictionary.shape[1]
    for bits in PRECISIONS:
        found = _enclosures(dictionary, bits)
        if found is not None:
            break
    else:
        raise LimitError("atoms that are too short, too long or too close to zero to be compared")
    norms, squared = found
    open_pairs = [(i, j) for i in range(n) for j in range(i + 1, n) if squared[i][j].lower <= 0]
    zero: set[tuple[int, int]] = set()
    undecided = 0
    columns = dictionary.columns
    try:
        with work_limit(MOST_WORK):
            for i, j in open_pairs:
                answer = is_zero(inner_product(columns[i], columns[j]))
                undecided += answer is None
                if answer:
                    zero.add((i, j))
                    squared[i][j] = Enclosure(Fraction(0), Fraction(0))
    except LimitError:
        undecided = len(open_pairs) - len(zero)
    return AlgebraicGram(
        columns=columns,
        exact_norms=tuple(inner_product(column, column) for column in columns),
        norms=norms,
        squared=tuple(map(tuple, squared)),
        zero=frozenset(zero),
        undecided=undecided,
    )


def _enclosures(
    dictionary: AlgebraicDictionary, bits: int
) -> tuple[tuple[Enclosure, ...], list[list[Enclosure]]] | None:
    """Enclose squared norms and squared cosines, those for i >= j by [0, 0]; None if this precision is too low."""
    n = dictionary.shape[1]
    nothing = Enclosure(Fraction(0), Fraction(0))
    with ball_precision(bits):
        known = {id(entry): balls(entry, bits) for row in dictionary.rows for entry in row}
        gram = ball_gram([[known[id(entry)] for entry in column] for column in dictionary.columns])
        norms = [ball_enclosure(gram[i][i][0]) for i in range(n)]
        sure = [norm for norm in norms if norm is not None and norm.lower > 0]
        if len(sure) < n:
            return None
        squared = [[nothing] * n for _ in range(n)]
        for i in range(n):
            for j in range(i + 1, n):
                real, imaginary = gram[i][j]
                value = ball_enclosure((real * real + imaginary * imaginary) / (gram[i][i][0] * gram[j][j][0]))
                if value is None:
                    return None
                squared[i][j] = Enclosure(max(value.lower, Fraction(0)), min(value.upper, Fraction(1)))
    return tuple(sure), squared


def root_bounds(value: Enclosure, bits: int) -> tuple[int, int]:
    """Return integers a <= 2^bits sqrt(v) <= b for all v >= 0 of an enclosure."""
    lower = math.floor(value.lower * 4**bits)
    upper = math.ceil(value.upper * 4**bits)
    high = math.isqrt(upper)
    return math.isqrt(lower), high if high * high == upper else high + 1
