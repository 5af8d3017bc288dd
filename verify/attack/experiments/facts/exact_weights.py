"""Generalized coherence and what belongs to it, exactly: weights of mu~, Juditsky and Nemirovski's alpha_1."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from ....exact import Enclosure, rational_root, solve
from ....theorems.language.values import Value
from ...experiment import NotAnInstance
from .exact_dictionary import ExactDictionary
from .exact_least_l1 import least_l1
from .roots import as_enclosure, largest, sum_of_roots

Vector = list[Fraction]


def relative_norms(dictionary: ExactDictionary) -> list[Fraction] | None:
    """Return N_i / N_1 if all of them are rational, else None."""
    found = [rational_root(Fraction(square, dictionary.squares[0])) for square in dictionary.squares]
    return None if None in found else [x for x in found if x is not None]


def unit_columns(dictionary: ExactDictionary) -> list[Vector]:
    """Return the unit atoms up to one common factor; raise NotAnInstance if the norms have irrational ratios."""
    norms = relative_norms(dictionary)
    if norms is None:
        raise NotAnInstance("the norms of the atoms have rational ratios")
    return [[x / norm for x in column] for column, norm in zip(dictionary.columns, norms, strict=True)]


def generalized_coherences(dictionary: ExactDictionary) -> tuple[Value, ...]:
    """Return mu~_i of every atom: by a linear program for rational ratios of norms, else over the circuits.

    Over the circuits mu~_i is the largest |h_i| / (|h|_1 - |h_i|), by duality: a vertex of the dual is a circuit.
    """
    if relative_norms(dictionary) is None:
        shares = [as_enclosure(dictionary.share([i], unit=True)) for i in range(dictionary.n)]
        return tuple(Enclosure(x.lower / (1 - x.lower), x.upper / (1 - x.upper)) for x in shares)
    return tuple(_largest_product(w, i, columns) for i, w, columns in _solutions(dictionary))


def generalized_coherence(dictionary: ExactDictionary) -> Value:
    """Return mu~, the largest mu~_i."""
    return largest(generalized_coherences(dictionary))


def coherence_of_last(dictionary: ExactDictionary) -> Value:
    """Return mu~_i of the last atom: 0 if weights are orthogonal to all others and not to it, whatever the norms."""
    if least_l1(dictionary.columns[:-1], dictionary.columns[-1]).optimum is None:
        return Fraction(0)
    return generalized_coherences(dictionary)[-1]


def generalized_babel(dictionary: ExactDictionary, k: int) -> Value:
    """Return the largest P_i(k) of the weights of mu~_i."""
    sums = []
    for i, w, columns in _solutions(dictionary):
        products = sorted((abs(_dot(w, column)) for j, column in enumerate(columns) if j != i), reverse=True)
        sums.append(sum(products[:k], Fraction(0)))
    return max(sums)


def alpha_one(dictionary: ExactDictionary) -> Value:
    """Return min over Y of the largest entry of |I - Y^T D^|: above by a Y, below by null vectors.

    For a null vector h: |h_i| = |sum_j (I - Y^T D^)_ij h_j| <= (largest entry) |h|_1.
    """
    columns = unit_columns(dictionary)
    upper, lower = Fraction(0), Fraction(0)
    for i in range(dictionary.n):
        others = [column for j, column in enumerate(columns) if j != i]
        found = least_l1(others, columns[i])
        if found.optimum is None:
            continue  # y = w is orthogonal to the others and leaves no row at all
        y = [x / (1 + found.optimum) for x in found.y]
        upper = max(upper, *(abs(Fraction(int(j == i)) - _dot(y, column)) for j, column in enumerate(columns)))
        lower = max(lower, 1 / (1 + found.optimum))
    return lower if lower == upper else Enclosure(lower, upper)


def frobenius_coherence(dictionary: ExactDictionary) -> Value:
    """Return the largest |w_i^T d^_j| of the weights with w_i^T d^_i = 1 and the least |W^T D^|_F.

    They are multiples of (D^ D^^T)^-1 d^_i, which is rational up to a factor.
    """
    m, n = dictionary.m, dictionary.n
    if dictionary.rank < m:
        raise NotAnInstance("the rank is m")
    atoms = list(zip(dictionary.columns, dictionary.squares, strict=True))
    outer = [[sum((Fraction(c[i] * c[k], s) for c, s in atoms), Fraction(0)) for k in range(m)] for i in range(m)]
    found: list[Value] = []
    for i in range(n):
        w = _solved(outer, dictionary.columns[i])
        own = _dot(w, dictionary.columns[i]) ** 2 / dictionary.squares[i]
        products = [_dot(w, column) ** 2 / square / own for j, (column, square) in enumerate(atoms) if j != i]
        found.append(sum_of_roots([max(products)]))
    return largest(found)


def _solutions(dictionary: ExactDictionary) -> list[tuple[int, Vector, list[Vector]]]:
    """Return (i, w_i, unit atoms up to a factor) for every i."""
    columns = unit_columns(dictionary)
    found = []
    for i in range(dictionary.n):
        least = least_l1([column for j, column in enumerate(columns) if j != i], columns[i])
        own = _dot(least.y, columns[i])
        found.append((i, [x / own for x in least.y], columns))
    return found


def _largest_product(w: Vector, i: int, columns: list[Vector]) -> Fraction:
    return max(abs(_dot(w, column)) for j, column in enumerate(columns) if j != i)


def _solved(matrix: list[Vector], right: Sequence[int]) -> Vector:
    scale = math.lcm(*(x.denominator for row in matrix for x in row))
    found = solve([[int(x * scale) for x in row] for row in matrix], list(right))
    if found is None:
        raise NotAnInstance("the rank is m")
    return found


def _dot(a: Sequence[Fraction | int], b: Sequence[Fraction | int]) -> Fraction:
    return sum((Fraction(x * y) for x, y in zip(a, b, strict=True)), Fraction(0))
