"""The moduli of the normalised Gram matrix of few atoms, for a picture: observed, not proved."""

from __future__ import annotations

import numpy as np

from ..dictionaries.dictionary import Dictionary
from ..dictionaries.unit_atoms import unit_atoms

MOST_IN_GRAM_PICTURE = 128


def gram_picture(dictionary: Dictionary) -> list[list[float]] | None:
    """Return |<d^_i, d^_j>| in floats, shape (n, n); None above 128 atoms, where cells are too small to be seen.

    Guarantee: none, for pictures only. Cost: one Gram matrix.
    """
    n = dictionary.shape[1]
    if n > MOST_IN_GRAM_PICTURE:
        return None
    every = slice(0, n)
    return np.minimum(unit_atoms(dictionary, np.float32).moduli(every, every), 1.0).tolist()
