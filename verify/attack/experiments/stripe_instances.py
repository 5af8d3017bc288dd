"""Filters and codes with sparse stripes, to draw instances from."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .stripe_geometry import Floats, Geometry


def drawn_filters(random: np.random.Generator, count: int, shape: tuple[int, int, int]) -> Floats:
    """Return filters: Gaussian, small integers, signs, corners of a simplex at one tap, shifts of each other."""
    C, M, taps = shape
    kind = random.integers(5, size=(count, 1, 1, 1))
    F = random.standard_normal((count, C, M, taps))
    F = np.where(kind == 1, random.integers(-2, 3, F.shape), F)
    F = np.where(kind == 2, random.choice((-1.0, 1.0), F.shape), F)
    corners = np.resize(np.eye(M) * max(2, min(C, M)) - 1, (C, M))
    lone = np.zeros((count, C, M, taps))
    lone[np.arange(count)[:, None], np.arange(C), :, random.integers(taps, size=(count, C))] = corners
    lone += (random.random((count, 1, 1, 1)) < 0.5) * 0.2 * F
    F = np.where(kind == 3, lone, F)
    F = np.where(kind == 4, np.roll(F[:, :1], 1, axis=3) * random.choice((-1.0, 1.0), (count, C, 1, 1)), F)
    return without_zeros(np.where(random.random((count, 1, 1, 1)) < 0.3, np.round(F * 8) / 8, F))


def without_zeros(filters: Floats) -> Floats:
    """Return filters with a first entry of 1 in every one that was zero."""
    found = np.array(filters)
    found[..., 0, 0] = np.where((found != 0).any(axis=(-1, -2)), found[..., 0, 0], 1.0)
    return found


def drawn_supports(random: np.random.Generator, geometry: Geometry, C: int, levels: NDArray[np.int_]) -> Floats:
    """Return codes of ones with stripe sparsity at most the levels, as many nonzeros as a random order lets in."""
    n = C * geometry.size
    found = np.zeros((len(levels), n))
    rows = np.arange(len(levels))
    order = np.argsort(random.random((len(levels), n)), axis=1)
    order[: len(order) // 2] = np.argsort(order[: len(order) // 2] % geometry.size, axis=1, kind="stable")
    for at in range(n):
        found[rows, order[:, at]] = 1.0
        found[rows, order[:, at]] = geometry.sparsity(found != 0, C) <= levels
    return found
