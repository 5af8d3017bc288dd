"""The truth about tiny chains without noise and with the identity between, by enumeration in exact arithmetic."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from fractions import Fraction

Rows = Sequence[Sequence[int]]


def rank(vectors: Sequence[Sequence[Fraction | int]]) -> int:
    """The rank of some vectors."""
    rows = [[Fraction(x) for x in vector] for vector in vectors]
    found = 0
    for column in range(len(rows[0]) if rows else 0):
        at = next((i for i in range(found, len(rows)) if rows[i][column]), None)
        if at is None:
            continue
        rows[found], rows[at] = rows[at], rows[found]
        for i in range(found + 1, len(rows)):
            factor = rows[i][column] / rows[found][column]
            rows[i] = [a - factor * b for a, b in zip(rows[i], rows[found], strict=True)]
        found += 1
    return found


def null_basis(rows: Sequence[Sequence[Fraction | int]], n: int) -> list[list[Fraction]]:
    """A basis of the vectors that all rows are orthogonal to."""
    reduced = [[Fraction(x) for x in row] for row in rows]
    pivots: list[int] = []
    for column in range(n):
        at = next((i for i in range(len(pivots), len(reduced)) if reduced[i][column]), None)
        if at is None:
            continue
        top = len(pivots)
        reduced[top], reduced[at] = reduced[at], reduced[top]
        pivot = reduced[top][column]
        reduced[top] = [x / pivot for x in reduced[top]]
        for i, row in enumerate(reduced):
            if i != top and row[column]:
                factor = row[column]
                reduced[i] = [a - factor * b for a, b in zip(row, reduced[top], strict=True)]
        pivots.append(column)
    basis = []
    for free in (j for j in range(n) if j not in pivots):
        vector = [Fraction(0)] * n
        vector[free] = Fraction(1)
        for row, pivot in zip(reduced, pivots, strict=False):
            vector[pivot] = -row[free]
        basis.append(vector)
    return basis


def times(rows: Rows, vector: Sequence[Fraction | int]) -> list[Fraction]:
    return [sum((Fraction(a) * Fraction(x) for a, x in zip(row, vector, strict=True)), Fraction(0)) for row in rows]


def spaces_of_deep_codes(first: Rows, second: Rows, levels: tuple[int, int]) -> list[list[list[Fraction]]]:
    """Bases of the spaces whose union are the codes x_2 with |x_2|_0 <= levels[1] and |D_2 x_2|_0 <= levels[0]."""
    middle, last = len(second), len(second[0])
    found = []
    for support in itertools.combinations(range(last), levels[1]):
        for kept in itertools.combinations(range(middle), levels[0]):
            conditions = [second[i] for i in range(middle) if i not in kept]
            conditions += [[int(j == i) for j in range(last)] for i in range(last) if i not in support]
            basis = null_basis(conditions, last)
            if basis and basis not in found:
                found.append(basis)
    return found


def deep_codes_are_unique(first: Rows, second: Rows, levels: tuple[int, int]) -> bool:
    """Whether two different deep codes always have two signals: no v - v' of two of the spaces has D_1 D_2 (v - v') = 0."""
    spaces = spaces_of_deep_codes(first, second, levels)
    for a, b in itertools.combinations_with_replacement(spaces, 2):
        both = [*a, *b]
        signals = [times(first, times(second, v)) for v in both]
        if rank(signals) < rank(both):
            return False
    return True
