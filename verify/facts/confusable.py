"""Pairs of atoms whose coherence reaches a threshold, decided exactly: found with floats, settled in integers."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from ..dictionaries.dictionary import Dictionary
from ..dictionaries.unit_atoms import UnitAtoms, unit_atoms
from ..errors import LimitError
from ..progress import Progress, silent

MOST_PAIRS = 2_000_000
_TILE = 1024
_PAIRS_AT_ONCE = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfusablePairs:
    """All pairs i < j of atoms with |<d^_i, d^_j>|^2 >= `threshold_squared`, shape (pairs, 2), in order."""

    threshold_squared: Fraction
    pairs: NDArray[np.intp]


def threshold_of_level(level: int) -> Fraction:
    """Return 1 / (2k - 1)^2: level k is guaranteed by coherence iff no pair has a squared coherence from it on."""
    return Fraction(1, (2 * level - 1) ** 2)


def confusable_pairs(
    dictionary: Dictionary, threshold_squared: Fraction, progress: Progress = silent
) -> ConfusablePairs:
    """Return the pairs of atoms whose squared coherence is at least a threshold above 0.

    Guarantee: exact. Floats only tell which pairs are clearly above or below, by a proved rounding bound; the others
    are compared in integers. Cost: half the Gram matrix in tiles, and exact inner products of the pairs within rounding
    of the threshold. Raises LimitError for more than MOST_PAIRS pairs.
    """
    n = dictionary.shape[1]
    atoms = unit_atoms(dictionary)
    found: list[NDArray[np.intp]] = []
    count = 0
    for row in range(0, n, _TILE):
        for column in range(row, n, _TILE):
            near, sure = _tile(atoms, (slice(row, row + _TILE), slice(column, column + _TILE)), threshold_squared)
            kept = [pair for pair in _parts(near) for pair in [_settled(dictionary, pair, threshold_squared)]]
            found += [sure, *kept]
            count += len(sure) + sum(map(len, kept))
            if count > MOST_PAIRS:
                raise LimitError(f"more than {MOST_PAIRS} pairs of atoms reach the threshold: ask for a lower level")
        progress("pairs of atoms", min(row + _TILE, n), n)
    pairs = np.concatenate([np.empty((0, 2), dtype=np.intp), *found])
    order = np.lexsort((pairs[:, 1], pairs[:, 0]))
    return ConfusablePairs(threshold_squared=threshold_squared, pairs=pairs[order])


def _tile(
    atoms: UnitAtoms, tile: tuple[slice, slice], threshold_squared: Fraction
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the pairs of a tile that floats leave open, and those that are surely at the threshold or above."""
    moduli = atoms.moduli(*tile)
    rows = np.arange(tile[0].start, tile[0].start + moduli.shape[0])[:, None]
    columns = np.arange(tile[1].start, tile[1].start + moduli.shape[1])
    moduli[rows >= columns] = -1
    # the computed modulus is off by at most `error`, the float root of the threshold by 2^-50 of it
    middle, error = math.sqrt(threshold_squared), float(atoms.error) * 1.001
    low, high = middle * (1 - 2.0**-50) - error, middle * (1 + 2.0**-50) + error
    start = np.array([tile[0].start, tile[1].start])
    sure = np.argwhere(moduli > high) + start
    return np.argwhere((moduli >= low) & (moduli <= high)) + start, sure


def _parts(pairs: NDArray[np.intp]) -> Iterator[NDArray[np.intp]]:
    for at in range(0, len(pairs), _PAIRS_AT_ONCE):
        yield pairs[at : at + _PAIRS_AT_ONCE]


def _settled(dictionary: Dictionary, pairs: NDArray[np.intp], threshold_squared: Fraction) -> NDArray[np.intp]:
    """Return those of some pairs that reach the threshold, in integers."""
    names, at = np.unique(pairs, return_inverse=True)
    atoms = dictionary.integer_atoms(names.tolist())
    norms = atoms.squared_norms
    p, q = threshold_squared.as_integer_ratio()
    kept = [
        q * atoms.inner_product_squared(i, atoms, j) >= p * norms[i] * norms[j] for i, j in at.reshape(-1, 2).tolist()
    ]
    return pairs[np.array(kept, dtype=bool)]
