"""Dictionaries of one or two orthogonal families, in integers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Random = np.random.Generator
_LARGEST = 2.0**18


def reflection(random: Random, m: int) -> Floats:
    """Return |v|^2 I - 2 v v^T for a small integer vector v: orthogonal columns, without common divisors."""
    v = random.integers(-2, 3, m) * (random.random(m) < 0.7)
    v[random.integers(0, m)] = 1
    return reduced((v @ v * np.eye(m) - 2 * np.outer(v, v)).astype(float))


def reduced(columns: Floats) -> Floats:
    """Return integer columns divided by the greatest common divisors of their entries."""
    return columns / np.maximum(np.gcd.reduce(columns.astype(np.int64), axis=0), 1)


def hadamard(size: int) -> Floats:
    """Return columns of a Hadamard matrix if the size is a power of two, else unit vectors."""
    found = np.ones((1, 1))
    while len(found) < size:
        found = np.block([[found, found], [found, -found]])
    return found if len(found) == size else np.eye(size)


def family(random: Random, m: int, n: int) -> Floats:
    """Return n <= m orthogonal atoms: unit vectors, Hadamard columns, or a reflection of them."""
    base = hadamard(m) if random.random() < 0.5 else np.eye(m)
    if random.random() < 0.5:
        base = reduced(reflection(random, m) @ base)
    return base[:, random.permutation(m)[:n]]


def drawn_basis(random: Random, count: int, m: int, n: int) -> Floats:
    """Return dictionaries of n <= m orthogonal atoms, some of them scaled."""
    found = np.stack([family(random, m, n) for _ in range(count)])
    return found * np.where(random.random((count, 1, n)) < 0.3, 2.0 ** random.integers(-3, 4, (count, 1, n)), 1.0)


def drawn_two(random: Random, count: int, m: int, n: int) -> Floats:
    """Return dictionaries of two orthogonal families, half of the atoms in each."""
    first = n - n // 2
    return np.stack([np.hstack([family(random, m, first), family(random, m, n - first)]) for _ in range(count)])


def varied_bases(random: Random, dictionaries: Floats, scale: float) -> Floats:
    """Return neighbours: the second half of the atoms (or, where it is one family, all) reflected in small integers."""
    del scale
    found = np.array(dictionaries)
    _, m, n = found.shape
    part = slice(n - n // 2, n) if n > m else slice(0, n)
    for at in range(len(found)):
        mantissa = found[at, :, part] * 8  # scaled atoms are integers again
        moved = reflection(random, m) @ mantissa
        if np.abs(moved).max() < _LARGEST:
            found[at, :, part] = reduced(moved)
    return found
