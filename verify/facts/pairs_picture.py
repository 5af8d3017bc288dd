"""The coherences of all pairs of atoms, counted, and the worst pairs, for pictures: observed, not proved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..dictionaries.dictionary import Dictionary
from ..dictionaries.unit_atoms import UnitAtoms, unit_atoms

MOST_IN_PAIRS_PICTURE = 16384
WORST_SHOWN = 8
_TILE = 1024
_FINE = 1000  # bins of the unit interval, of which a picture joins some
_BINS = 50
_TIED = 2e-6  # what binary32 may cost, and more
_MOST_TIED = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenPair:
    """Two atoms i < j and a float near their coherence; `opposite` says that their real inner product is negative."""

    first: int
    second: int
    coherence: float
    opposite: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PairsPicture:
    """How many of all pairs i < j have their coherence in [edges[b], edges[b + 1]), and the worst pairs in order.

    Pairs that are equally coherent to nine decimals stand in the order of their atoms.
    """

    edges: tuple[float, ...]
    counts: tuple[int, ...]
    worst: tuple[SeenPair, ...]


def pairs_picture(dictionary: Dictionary) -> PairsPicture | None:
    """Return the histogram of |<d^_i, d^_j>| over all pairs, and at most 8 worst pairs, in floats.

    None above 16384 atoms. Guarantee: none, for pictures only. Cost: half the Gram matrix, a tile of
    1024 x 1024 at a time.
    """
    n = dictionary.shape[1]
    if n > MOST_IN_PAIRS_PICTURE:
        return None
    atoms = unit_atoms(dictionary, np.float32)
    fine = np.zeros(_FINE, dtype=np.int64)
    near, pairs = np.empty(0), np.empty((0, 2), dtype=np.intp)
    for start, moduli, kept in _tiles(atoms, n):
        values = moduli[kept]
        # A little more than a coherence, so that one at an edge, such as 1/8, falls on the same side everywhere.
        bins = np.minimum((values * _FINE + 1e-3).astype(np.intp), _FINE - 1)
        fine += np.bincount(bins, minlength=_FINE)
        found = np.flatnonzero(kept.ravel() & (moduli.ravel() >= max(_least(values), _least(near)) - _TIED))
        found = found[:_MOST_TIED]
        near = np.concatenate([near, moduli.ravel()[found]])
        pairs = np.concatenate([pairs, np.stack(np.divmod(found, moduli.shape[1]), axis=1) + start])
        best = near >= _least(near) - _TIED
        near, pairs = near[best][:_MOST_TIED], pairs[best][:_MOST_TIED]
    edges, counts = _joined(fine)
    return PairsPicture(edges=edges, counts=counts, worst=_settled(dictionary, pairs))


def _tiles(atoms: UnitAtoms, n: int) -> Iterator[tuple[NDArray[np.intp], NDArray[np.floating], NDArray[np.bool_]]]:
    """Yield where each tile of the upper triangle starts, its moduli, and which of them belong to pairs i < j."""
    for row in range(0, n, _TILE):
        for column in range(row, n, _TILE):
            moduli = atoms.moduli(slice(row, row + _TILE), slice(column, column + _TILE))
            kept = np.ones(moduli.shape, dtype=bool) if column > row else np.triu(np.ones(moduli.shape, dtype=bool), 1)
            if kept.any():
                yield np.array([row, column]), moduli, kept


def _least(values: NDArray[np.floating]) -> float:
    """Return the least of the 8 largest values; below everything if there are not so many."""
    return float(np.partition(values, -WORST_SHOWN)[-WORST_SHOWN]) if len(values) >= WORST_SHOWN else -1.0


def _joined(fine: NDArray[np.int64]) -> tuple[tuple[float, ...], tuple[int, ...]]:
    """Return 50 bins from 0 to a multiple of 1/20 above the largest value."""
    width = int(np.flatnonzero(fine)[-1]) // _BINS + 1
    counts = fine[: width * _BINS].reshape(_BINS, width).sum(axis=1)
    return tuple(b * width / _FINE for b in range(_BINS + 1)), tuple(counts.tolist())


def _settled(dictionary: Dictionary, pairs: NDArray[np.intp]) -> tuple[SeenPair, ...]:
    """Return the worst of some pairs, with their inner products in binary64."""
    names, at = np.unique(pairs, return_inverse=True)
    first, second = at.reshape(-1, 2).T
    atoms = unit_atoms(columns(dictionary, names))
    products = np.einsum("il,il->i", atoms.rows[first], atoms.rows[second])
    moduli = np.abs(products)
    if atoms.turned is not None:
        moduli = np.hypot(products, np.einsum("il,il->i", atoms.rows[first], atoms.turned[second]))
    order = np.lexsort((pairs[:, 1], pairs[:, 0], -np.round(moduli, 9)))[:WORST_SHOWN]
    return tuple(
        SeenPair(
            first=int(pairs[at, 0]),
            second=int(pairs[at, 1]),
            coherence=min(float(moduli[at]), 1.0),
            opposite=atoms.turned is None and bool(products[at] < 0),
        )
        for at in order.tolist()
    )


def columns(dictionary: Dictionary, atoms: NDArray[np.intp]) -> Dictionary:
    """Return some atoms of a dictionary, two at least, as a dictionary."""
    imaginary = dictionary.imaginary
    return Dictionary.from_parts(dictionary.real[:, atoms], None if imaginary is None else imaginary[:, atoms])
