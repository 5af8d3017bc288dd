"""The greatest eigenvalue over all sets of atoms, in floats, and a proved upper bound of it."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from ..dictionaries.dictionary import Dictionary
from ..dictionaries.unit_atoms import unit_atoms
from ..progress import Progress
from ..rounding import BINARY64, dyadic_upper, gamma

_ENTRIES_AT_ONCE = 1 << 18
_BITS = 40
_NAME = "restricted isometry"


@dataclass(frozen=True, slots=True)
class Gram:
    """The computed <d^_i, d^_j>, Hermitian with diagonal 0, each within `error` of the exact number."""

    matrix: NDArray[np.inexact]
    error: Fraction

    def submatrices(self, level: int) -> Iterator[tuple[NDArray[np.intp], NDArray[np.inexact]]]:
        """Yield all sets of `level` atoms as rows, and their matrices, some at a time."""
        combinations = itertools.combinations(range(len(self.matrix)), level)
        while chunk := list(itertools.islice(combinations, max(1, _ENTRIES_AT_ONCE // level**2))):
            sets = np.array(chunk, dtype=np.intp)
            yield sets, self.matrix[sets[:, :, None], sets[:, None, :]]


def unit_gram(dictionary: Dictionary) -> Gram:
    """Return the Gram matrix of the unit atoms without its diagonal.

    `UnitAtoms.error` bounds the error of both parts together: each atom is off by one factor near 1, and each part of a
    product by its own rounding.
    """
    atoms = unit_atoms(dictionary)
    gram: NDArray[np.inexact] = atoms.rows @ atoms.rows.T
    if atoms.turned is not None:
        # A turned atom is i times the atom, so this product is Re <x_i, i x_j> = - Im <x_i, x_j>.
        gram = gram - 1j * (atoms.rows @ atoms.turned.T)
    gram = np.triu(gram, 1)
    return Gram(gram + gram.conj().T, atoms.error)


def greatest_modulus(gram: Gram, level: int, progress: Progress) -> tuple[float, tuple[int, ...]]:
    """Return the greatest modulus of an eigenvalue over all sets of `level` atoms, and its set.

    Guarantee: none, these are floats. Cost: the eigenvalues of C(n, k) matrices.
    """
    total, done = math.comb(len(gram.matrix), level), 0
    greatest, support = -1.0, ()
    for sets, matrices in gram.submatrices(level):
        values = np.linalg.eigvalsh(matrices)
        moduli = np.maximum(-values[:, 0], values[:, -1])
        at = int(moduli.argmax())
        if moduli[at] > greatest:
            greatest, support = float(moduli[at]), tuple(sets[at].tolist())
        done += len(sets)
        progress(_NAME, done, 2 * total)
    return greatest, support


def proved_upper(gram: Gram, level: int, greatest: float, progress: Progress) -> Fraction:
    """Return an upper bound of delta_k close to a guess `greatest` of it, k = `level`.

    Guarantee: proved. If the computed Cholesky factor R of a Hermitian M = c I -+ A exists, then R* R = M + E with
    |E|_2 <= g/(1-g) trace M, g = gamma_{k+1}, for any order of summation (four times as many operations are taken, for
    complex arithmetic). So no eigenvalue of M is below - g/(1-g) k c, and A is within (k-1) `error` of the exact
    matrix. Cost: two factorisations of C(n, k) matrices, more if the guess is below delta_k. Source: Rump 2006,
    Verification of positive definiteness; Higham 2002, section 10.1.
    """
    g = gamma(4 * (level + 2), BINARY64.unit_roundoff)
    growth = 2.0**-40
    bound = greatest * (1 + growth) + 2.0**-46
    while not _all_definite(gram, level, bound, progress):
        growth *= 16
        bound *= 1 + growth
    slack = (level - 1) * gram.error + level**2 * BINARY64.underflow
    return dyadic_upper(Fraction(bound) * (1 + level * g / (1 - g)) + slack, _BITS)


def _all_definite(gram: Gram, level: int, bound: float, progress: Progress) -> bool:
    """Say whether the Cholesky factorisation of bound I -+ A succeeds for all sets."""
    total, done = math.comb(len(gram.matrix), level), 0
    diagonal = np.arange(level)
    for sets, matrices in gram.submatrices(level):
        for signed in (matrices, -matrices):
            signed[:, diagonal, diagonal] = bound
            try:
                np.linalg.cholesky(signed)
            except np.linalg.LinAlgError:
                return False
        done += len(sets)
        progress(_NAME, total + done, 2 * total)
    return True
