"""Singular values of exact matrices, bounded rigorously: floats find the factors, rationals prove what they leave."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from ..dictionaries.dictionary import Dictionary
from ..errors import InputError
from ..exact import gram_matrix, root_enclosure

Exact = list[list[Fraction]]

_BITS = 40
_MOST_SETS = 2000


def gram(dictionary: Dictionary) -> Exact:
    """Return the exact Gram matrix D^T D of a real dictionary; cost n^2 m exact multiplications."""
    atoms = dictionary.integer_atoms(range(dictionary.shape[1]))
    products = gram_matrix(atoms.real, atoms.real)
    return [
        [a * b * p for b, p in zip(atoms.scale, row, strict=True)] for a, row in zip(atoms.scale, products, strict=True)
    ]


def norm_upper(dictionary: Dictionary) -> Fraction:
    """Return an upper bound of the spectral norm |D|_2 of a real dictionary, about 1e-6 above it.

    Guarantee: proved. Cost: that of the Gram matrix and of one exact product of n x n matrices.
    """
    g = gram(dictionary)
    return root_enclosure(-least_eigenvalue_lower([[-x for x in row] for row in g]), 64).upper


def least_eigenvalue_lower(matrix: Exact) -> Fraction:
    """Return a lower bound of the least eigenvalue of a symmetric matrix with exact entries.

    With a factor L of the matrix H - t I found in floats and rounded, H = t I + L L^T + R, so the bound is t less the
    greatest absolute row sum of R, which is computed exactly. Guarantee: proved, whatever the floats are.
    """
    n = len(matrix)
    h = np.array([[float(x) for x in row] for row in matrix])
    scale = float(np.abs(h).max()) or 1.0
    try:
        t = Fraction(float(np.linalg.eigvalsh(h)[0]) - 1e-9 * scale * n)
        factor = np.linalg.cholesky(h - float(t) * np.eye(n))
    except np.linalg.LinAlgError:
        t, factor = Fraction(0), np.zeros((n, n))
    unit = Fraction(2) ** (math.frexp(math.sqrt(scale))[1] - _BITS)
    rows = [[round(Fraction(x) / unit) for x in row] for row in factor.tolist()]
    product, square = gram_matrix(rows, rows), unit * unit
    rest = (
        sum(abs(x - square * p - (t if i == j else 0)) for j, (x, p) in enumerate(zip(row, line, strict=True)))
        for i, (row, line) in enumerate(zip(matrix, product, strict=True))
    )
    return t - max(rest)


def sparse_singular_value_lower(dictionary: Dictionary, level: int) -> Fraction:
    """Return a lower bound of the singular values of any `level` atoms of a real dictionary; 0 if none is found.

    By all sets of atoms where there are at most 2000, else by Gershgorin: N_i^2 less the `level` - 1 largest |<d_i,
    d_j>|. Guarantee: proved. Raises InputError for a level outside 1 .. n.
    """
    n = dictionary.shape[1]
    if not 1 <= level <= n:
        raise InputError(f"expected a sparsity level from 1 to {n}, the number of atoms, got {level}")
    g = gram(dictionary)
    discs = [
        g[i][i] - sum(sorted((abs(x) for j, x in enumerate(row) if j != i), reverse=True)[: level - 1])
        for i, row in enumerate(g)
    ]
    found = min(discs)
    if math.comb(n, level) <= _MOST_SETS:
        found = max(found, min(least_eigenvalue_lower(_part(g, s)) for s in itertools.combinations(range(n), level)))
    return root_enclosure(found, 64).lower if found > 0 else Fraction(0)


def _part(matrix: Exact, atoms: Sequence[int]) -> Exact:
    return [[matrix[i][j] for j in atoms] for i in atoms]
