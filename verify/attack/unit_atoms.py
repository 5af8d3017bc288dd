"""Dictionaries of rational unit atoms, from points p by stereographic projection: (2p, 1 - |p|^2)/(1 + |p|^2).

Every atom with rational entries and norm 1 except (0, .., 0, -1) is of this form, and atoms are given up to sign, so
points in the unit ball are drawn. An array of points is (m - 1) x n, the dictionary m x n. Inner products are rational.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..arrays import on_device, torch_module
from .exact_matrices import Matrix, columns, matrix
from .variation import Floats, moved

_KINDS = 6


def unit_atoms(points: NDArray[Any], device: str) -> Any:
    """Return the dictionaries of a batch of points as a tensor, count x m x n."""
    torch = torch_module()
    at = on_device(points, device)
    squared = (at * at).sum(dim=1, keepdim=True)
    return torch.cat([2 * at, 1 - squared], dim=1) / (1 + squared)


def exact_unit_atoms(points: NDArray[Any], rows: int | None = None) -> Matrix:
    """Return the rows of the dictionary of one array of points, exactly; zero rows follow until there are `rows`."""
    found: Matrix = []
    for point in columns(matrix(points)) if len(points) else [[] for _ in range(points.shape[1])]:
        squared = sum((x * x for x in point), Fraction(0))
        found.append([*(2 * x / (1 + squared) for x in point), (1 - squared) / (1 + squared)])
    filled = columns(found)
    return filled + [[Fraction(0)] * points.shape[1] for _ in range((rows or 0) - len(filled))]


def float_unit_atoms(points: NDArray[Any]) -> Floats:
    """Return the dictionaries of a batch of points as an array of floats."""
    squared = (points * points).sum(axis=1, keepdims=True)
    return np.concatenate([2 * points, 1 - squared], axis=1) / (1 + squared)


def points_of(atoms: Floats) -> Floats:
    """Return the points of dictionaries, up to rounding and the signs of atoms: the last entry becomes at least 0."""
    atoms = atoms / np.linalg.norm(atoms, axis=1, keepdims=True)
    atoms = np.where(atoms[:, -1:] < 0, -atoms, atoms)
    return atoms[:, :-1] / (1 + atoms[:, -1:])


def drawn(random: np.random.Generator, count: int, m: int, n: int) -> Floats:
    """Draw points of dictionaries: Gaussian, equal angles, bases and more, near those, or all near one direction.

    Equal angles need n <= m, or n = m + 1 for the simplex.
    """
    atoms = random.standard_normal((count, m, n))
    kind = random.integers(_KINDS, size=count)
    noise = np.where(random.random((count, 1, 1)) < 0.5, 0.0, 10.0 ** random.uniform(-3, -0.5, (count, 1, 1)))
    special = np.zeros((count, m, n))
    if n <= m:
        signs = np.triu(random.choice((-1.0, 1.0), (count, n, n)), 1)
        signs = np.where((kind == 1)[:, None, None], np.triu(-np.ones((n, n)), 1), signs)
        signs = np.where((kind == 2)[:, None, None], np.triu(np.ones((n, n)), 1), signs)
        level = random.uniform(0, 1, (count, 1, 1)) ** 0.5 / max(1, n - 1)
        special[:, :n] = np.linalg.cholesky(
            np.eye(n) * (1 + 1e-12) + level * (signs + signs.transpose(0, 2, 1))
        ).transpose(0, 2, 1)
    elif n == m + 1:
        flat = np.linalg.eigh(np.eye(n) - np.ones((n, n)) / n)[1][:, 1:].T
        special[:] = flat
    else:
        special[:, :, :m] = np.eye(m)
        special[:, :, m:] = atoms[:, :, m:]
    special = np.where((kind == 4)[:, None, None], _bases(random, count, m, n), special)
    turned = random.random(count) < 0.3
    rotation = np.linalg.qr(random.standard_normal((count, m, m)))[0]
    special = np.where(turned[:, None, None], rotation @ special, special)
    shaken = special / np.linalg.norm(special, axis=1, keepdims=True) + noise * atoms
    cluster = 10.0 ** random.uniform(-2, 0, (count, 1, 1)) * atoms
    cluster[:, -1] = 1.0
    shaken = np.where((kind == 5)[:, None, None], cluster, shaken)
    return points_of(np.where((kind == 0)[:, None, None], atoms, shaken))


def varied(points: Floats, random: np.random.Generator, scale: float) -> Floats:
    """Return points moved a little; zeros stay zeros half of the time."""
    return moved(random, points, 0.5 * scale, keep_zeros=bool(random.random() < 0.5))


def _bases(random: np.random.Generator, count: int, m: int, n: int) -> Floats:
    """Return the identity, continued by atoms with a few equal entries."""
    found = np.zeros((count, m, n))
    for j in range(n):
        if j < m:
            found[:, j, j] = 1.0
        else:
            found[:, :, j] = random.integers(-1, 2, (count, m))
            found[:, 0, j] += ~found[:, :, j].any(axis=1)
    return found
