"""The moduli of the normalised Gram matrix, for a picture: observed, not proved."""

from __future__ import annotations

import numpy as np

from ..dictionaries.dictionary import Dictionary
from ..dictionaries.unit_atoms import unit_atoms

_MOST_ATOMS = 8192
_LARGEST_PICTURE = 256


def gram_picture(dictionary: Dictionary) -> list[list[float]] | None:
    """Return |<d^_i, d^_j>| in floats, each cell the maximum over a block of pairs i != j; None above 8192 atoms.

    At most 256 cells a side. Guarantee: none, for pictures only. Cost: one Gram matrix, a strip of it at a time.
    """
    n = dictionary.shape[1]
    if n > _MOST_ATOMS:
        return None
    atoms = unit_atoms(dictionary, np.float32)
    edges = np.linspace(0, n, min(n, _LARGEST_PICTURE) + 1).astype(int)
    picture: list[list[float]] = []
    for start, stop in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        moduli = atoms.moduli(slice(start, stop), slice(0, n))
        if n > _LARGEST_PICTURE:  # a cell of several atoms shows pairs only; single atoms show their own square, 1
            moduli[np.arange(stop - start), np.arange(start, stop)] = 0
        picture.append(np.minimum(np.maximum.reduceat(moduli.max(axis=0), edges[:-1]), 1.0).tolist())
    return picture
