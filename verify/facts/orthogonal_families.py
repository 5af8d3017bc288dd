"""Whether the atoms split into two orthogonal families, as the union of two orthonormal bases does."""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import NDArray

from ..dictionaries.dictionary import Dictionary
from ..dictionaries.unit_atoms import unit_atoms
from ..exact import gram_matrix

_MOST_ATOMS = 4096


def orthogonal_family(dictionary: Dictionary) -> tuple[int, ...] | None:
    """Return the indices of one orthogonal family whose complement is orthogonal too, or None.

    The atoms split so if and only if the graph of non-orthogonal pairs is bipartite. Guarantee: a returned family and
    its complement are exactly orthogonal, and neither is empty. None: there is no such split, n > 4096, or products so
    small that floats cannot tell them from zero are needed to find it. Cost: one Gram matrix, and exact products within
    the two families.
    """
    n = dictionary.shape[1]
    if n > _MOST_ATOMS or n > 2 * dictionary.shape[0]:
        return None
    atoms = unit_atoms(dictionary)
    certain = atoms.moduli(slice(0, n), slice(0, n)) > float(atoms.error) * 2
    np.fill_diagonal(certain, val=False)
    colour = two_colours(certain)
    if colour is None:
        return None
    families = [np.flatnonzero(colour == c).tolist() for c in (0, 1)]
    if not all(families) or not all(_orthogonal(dictionary, family) for family in families):
        return None
    return tuple(families[0])


def two_colours(adjacent: NDArray[np.bool_]) -> NDArray[np.int8] | None:
    """Return a colouring with 0 and 1 in which neighbours differ, or None if there is none."""
    colour = np.full(len(adjacent), -1, dtype=np.int8)
    for start in range(len(adjacent)):
        if colour[start] >= 0:
            continue
        colour[start] = 0
        queue = deque([start])
        while queue:
            node = queue.popleft()
            neighbours = np.flatnonzero(adjacent[node])
            if (colour[neighbours] == colour[node]).any():
                return None
            fresh = neighbours[colour[neighbours] < 0]
            colour[fresh] = 1 - colour[node]
            queue.extend(fresh.tolist())
    return colour


def _orthogonal(dictionary: Dictionary, family: list[int]) -> bool:
    atoms = dictionary.integer_atoms(family)
    grams = [gram_matrix(atoms.real, atoms.real)]
    if atoms.imaginary is not None:
        same, mixed = gram_matrix(atoms.imaginary, atoms.imaginary), gram_matrix(atoms.real, atoms.imaginary)
        size = range(len(family))
        grams = [
            [[grams[0][i][j] + same[i][j] for j in size] for i in size],
            [[mixed[i][j] - mixed[j][i] for j in size] for i in size],
        ]
    return not any(gram[i][j] for gram in grams for i in range(len(family)) for j in range(i))
