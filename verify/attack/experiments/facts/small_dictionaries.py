"""Small real dictionaries: random, structured and extreme ones, and their neighbours."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import orthogonal_families

Floats = NDArray[np.float64]
Random = np.random.Generator
SHAPES = (
    *((2, 3), (2, 4), (3, 4), (3, 5), (3, 6), (4, 5), (4, 6), (4, 8), (5, 6), (5, 8), (6, 7), (7, 8)),
    *((2, 2), (3, 3), (4, 3), (4, 4), (6, 6)),
)
"""Dimensions and numbers of atoms."""
MORE_ATOMS = tuple((m, n) for m, n in SHAPES if n > m)
FEW_ATOMS = tuple((m, n) for m, n in SHAPES if n <= m)


def integers(random: Random, m: int, n: int) -> Floats:
    """Integers up to 3 in modulus."""
    return random.integers(-3, 4, (m, n)).astype(float)


def signs(random: Random, m: int, n: int) -> Floats:
    """Entries of 1 and -1: equal norms."""
    return random.choice([-1.0, 1.0], (m, n))


def sparse(random: Random, m: int, n: int) -> Floats:
    """Entries -1, 0, 1, mostly 0."""
    return random.integers(-1, 2, (m, n)).astype(float) * (random.random((m, n)) < 0.6)


def gaussian(random: Random, m: int, n: int) -> Floats:
    """Independent normal numbers."""
    return random.standard_normal((m, n))


def alike(random: Random, m: int, n: int) -> Floats:
    """Atoms close to one of two."""
    base = random.standard_normal((m, 2))[:, random.integers(0, 2, n)]
    return base + 10.0 ** -random.integers(0, 5) * random.standard_normal((m, n))


def repeated(random: Random, m: int, n: int) -> Floats:
    """Some atoms are multiples of others."""
    base = integers(random, m, n)
    other = random.integers(0, n, n)
    return np.where(random.random(n) < 0.4, base[:, other] * random.choice([1.0, -1.0, 2.0], n), base)


def simplex(random: Random, m: int, n: int) -> Floats:
    """n atoms with sum zero and all cosines -1/(n-1) if m >= n, else m of these and signs."""
    size = min(m, n)
    base = np.zeros((m, n))
    base[:size, :size] = size * np.eye(size) - 1
    if n > size:
        base[:, size:] = signs(random, m, n - size)
    return base


def incoherent(random: Random, m: int, n: int) -> Floats:
    """Nearly equiangular atoms, rounded: projections on Gram matrices of small entries, and of rank m."""
    unit = random.standard_normal((m, n))
    least = np.sqrt(max(n - m, 0) / (m * (n - 1)))
    for _ in range(random.integers(1, 12)):
        unit = unit / np.linalg.norm(unit, axis=0)
        gram = np.clip(unit.T @ unit, -least, least)
        np.fill_diagonal(gram, 1.0)
        values, vectors = np.linalg.eigh(gram)
        unit = (vectors[:, -m:] * np.sqrt(np.maximum(values[-m:], 1e-3))).T
        unit = np.vstack([unit, np.zeros((m - len(unit), n))])
    return np.round(unit * 256) / 256


def tetrahedron(random: Random, m: int, n: int) -> Floats:
    """Four atoms of signs with all cosines 1/3 in three dimensions, copies of them, unit vectors below."""
    base = np.array([[1, 1, -1, -1], [1, -1, 1, -1], [1, -1, -1, 1]])
    found = np.zeros((m, n))
    found[:3] = base[:m, np.arange(n) % 4] * random.choice([-1.0, 1.0], n)
    found[3:] = np.eye(m)[3:, random.integers(0, m, n)] if m > 3 else 0.0
    return found


def basis_and_hadamard(random: Random, m: int, n: int) -> Floats:
    """The unit vectors, then columns of a Hadamard matrix cut to m rows."""
    hadamard = np.ones((1, 1))
    while len(hadamard) < max(m, n - m):
        hadamard = np.block([[hadamard, hadamard], [hadamard, -hadamard]])
    base = np.hstack([np.eye(m), hadamard[:m, random.permutation(len(hadamard))]])
    return base[:, :n] if n > m else base[:, random.permutation(base.shape[1])[:n]]


def low_rank(random: Random, m: int, n: int) -> Floats:
    """A product over one dimension less."""
    inner = max(1, min(m, n) - 1)
    return (random.integers(-2, 3, (m, inner)) @ random.integers(-2, 3, (inner, n))).astype(float)


def basis_and_sums(random: Random, m: int, n: int) -> Floats:
    """The unit vectors, then scaled sums of some of them, perhaps a little out of their span."""
    base = np.hstack([np.eye(m), random.choice([0.0, 1.0, -1.0], (m, n))])[:, :n]
    if n > m:
        base[:, m:] *= random.choice([1.0, 0.125, 0.5, 4.0], n - m)
    else:
        base[:, -1] = 1.0
        base[-1, -1] = random.choice([0.125, 0.0625, 0.25])
    return base


KINDS: tuple[Callable[[Random, int, int], Floats], ...] = (
    integers, signs, sparse, gaussian, alike, repeated, simplex, incoherent, incoherent, tetrahedron,
    basis_and_hadamard, low_rank, basis_and_sums,
)  # fmt: skip


def drawn(random: Random, count: int, m: int, n: int) -> Floats:
    """Return `count` dictionaries of all kinds, some with atoms scaled by powers of two."""
    found = np.stack([KINDS[int(random.integers(len(KINDS)))](random, m, n) for _ in range(count)])
    scales = 2.0 ** random.integers(-3, 4, (count, 1, n))
    return without_zero_atoms(np.where(random.random((count, 1, 1)) < 0.2, found * scales, found))


def varied(random: Random, dictionaries: Floats, scale: float) -> Floats:
    """Return a neighbour of each: all entries, one atom or one entry moved, an integer step, an atom scaled."""
    count, m, n = dictionaries.shape
    size = np.abs(dictionaries).max(axis=(1, 2), keepdims=True)
    moves = scale * size * random.standard_normal((count, m, n))
    atom = np.arange(n) == random.integers(0, n, (count, 1, 1))
    entry = atom & (np.arange(m)[:, None] == random.integers(0, m, (count, 1, 1)))
    way = random.integers(0, 5, (count, 1, 1))
    found = dictionaries + np.where(way == 0, moves, 0) + np.where((way == 1) & atom, moves, 0)
    found = found + np.where((way == 2) & entry, moves, 0)
    found = found + np.where((way == 3) & entry, random.choice([-1.0, 1.0], (count, 1, 1)), 0)
    found = found * np.where((way == 4) & atom, random.choice([0.5, 2.0, -1.0], (count, 1, 1)), 1.0)
    return without_zero_atoms(found)


def without_zero_atoms(dictionaries: Floats) -> Floats:
    """Return dictionaries with a first entry of 1 in every atom that was zero."""
    found = np.array(dictionaries)
    found[:, 0, :] = np.where((found != 0).any(axis=1), found[:, 0, :], 1.0)
    return found


def drawn_of_equal_norms(random: Random, count: int, m: int, n: int) -> Floats:
    """Return dictionaries of integers whose atoms have one norm: signs, or one vector permuted and signed."""
    found = np.empty((count, m, n))
    for at in range(count):
        kind = random.integers(5)
        if kind == 0:
            found[at] = signs(random, m, n)
            continue
        if kind == 1:
            found[at] = (m * np.eye(m) - 1)[:, np.arange(n) % m]
            continue
        vector = random.integers(0, 4, m) * (random.random(m) < random.choice([0.2, 0.5, 1.0]))
        vector[0] = 1
        found[at] = vector[np.argsort(random.random((m, n)), axis=0)] * random.choice([-1.0, 1.0], (m, n))
    return found


def varied_of_equal_norms(random: Random, dictionaries: Floats, scale: float) -> Floats:
    """Return neighbours of equal norms: two entries of one atom swapped, one or two signs changed."""
    del scale
    count, m, n = dictionaries.shape
    found = np.array(dictionaries)
    rows = np.arange(count)
    for turn in range(2):
        first, second = random.integers(0, m, (2, count))
        atom = random.integers(0, n, count)
        one, other = found[rows, first, atom], found[rows, second, atom]
        swap = random.random(count) < 0.5
        stay = (turn == 1) & (random.random(count) < 0.5)
        sign = np.where(swap | stay, 1.0, -1.0)
        swap &= ~stay
        found[rows, first, atom] = np.where(swap, other, one) * sign
        found[rows, second, atom] = np.where(swap, one, found[rows, second, atom])
    return found


def drawn_with_last_apart(random: Random, count: int, m: int, n: int) -> Floats:
    """Return dictionaries whose last atom alone has a last entry: it is not in the span of the others."""
    found = drawn(random, count, m + 1, n)
    found[:, -1, :-1] = 0.0
    found[:, -1, -1] = 2.0 ** random.integers(-8, 3, count)
    return without_zero_atoms(found)


def varied_with_last_apart(random: Random, dictionaries: Floats, scale: float) -> Floats:
    """Return neighbours whose last atom is not in the span of the others."""
    found = varied(random, dictionaries, scale)
    found[:, -1, :-1] = 0.0
    found[:, -1, -1] = np.where(found[:, -1, -1] == 0, 1.0, found[:, -1, -1])
    return without_zero_atoms(found)


def fewer_atoms(dictionary: Floats) -> list[NDArray[Any]]:
    """Return a dictionary without each of its atoms, and without each of its rows."""
    m, n = dictionary.shape
    found = [np.delete(dictionary, j, axis=1) for j in range(n)] if n > 2 else []
    return found + ([np.delete(dictionary, i, axis=0) for i in range(m)] if m > 1 else [])


Draw = Callable[[Random, int, int, int], Floats]
Vary = Callable[[Random, Floats, float], Floats]
Shapes = Sequence[tuple[int, int]]
FAMILIES: Mapping[str, tuple[Draw, Vary]] = {
    "all": (drawn, varied),
    "orthogonal": (orthogonal_families.drawn_basis, orthogonal_families.varied_bases),
    "two-orthogonal": (orthogonal_families.drawn_two, orthogonal_families.varied_bases),
    "last-apart": (drawn_with_last_apart, varied_with_last_apart),
    "equal-norms": (drawn_of_equal_norms, varied_of_equal_norms),
}
