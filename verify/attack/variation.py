"""Neighbours of arrays: some entries moved a little, zeros kept, and some arrays left as they are."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def moved(random: np.random.Generator, array: NDArray[Any], scale: float, *, keep_zeros: bool = True) -> Floats:
    """Return each instance with one entry or all changed by about `scale` times its size; a third are left alone."""
    count = len(array)
    flat = np.asarray(array, dtype=np.float64).reshape(count, -1)
    if not flat.shape[1]:
        return flat.reshape(array.shape)
    size = np.abs(flat).max(axis=1, keepdims=True)
    size = np.where(size > 0, size, 0.0 if keep_zeros else 1.0)
    change = scale * size * random.standard_normal(flat.shape)
    weights = random.random(flat.shape) * (flat != 0 if keep_zeros else 1.0)
    one = weights == weights.max(axis=1, keepdims=True)
    kind = random.integers(3, size=(count, 1))
    change = np.where((kind == 2) | ((kind == 1) & one), change, 0.0)
    if keep_zeros:
        change = np.where(flat != 0, change, 0.0)
    return (flat + change).reshape(array.shape)


def resigned(random: np.random.Generator, array: Floats, share: float = 0.1) -> Floats:
    """Return each instance with the signs of its entries drawn anew in this share of them."""
    shape = (len(array),) + (1,) * (array.ndim - 1)
    signs = np.where(random.random(shape) < share, random.choice((-1.0, 1.0), array.shape), 1.0)
    return array * signs


def supports(random: np.random.Generator, count: int, n: int, sizes: NDArray[np.int_]) -> NDArray[np.bool_]:
    """Return random supports of n atoms, one of every size that is given."""
    ranks = np.argsort(np.argsort(random.random((count, n)), axis=1), axis=1)
    return ranks < sizes[:, None]


def values(random: np.random.Generator, shape: tuple[int, ...]) -> Floats:
    """Return entries of one kind per instance: signs, signs with a range of sizes, Gaussian, or all 1."""
    signs = random.choice((-1.0, 1.0), shape)
    kind = random.integers(4, size=(shape[0],) + (1,) * (len(shape) - 1))
    found = np.where(kind == 1, signs * np.exp(random.uniform(-3, 0, shape)), signs)
    found = np.where(kind == 2, random.standard_normal(shape), found)
    return np.where(kind == 3, 1.0, found)


def sizes(random: np.random.Generator, count: int) -> Floats:
    """Return a size for each instance, from 0 over tiny to 1, as a column."""
    return np.where(random.random((count, 1)) < 0.2, 0.0, 10.0 ** random.uniform(-4, 0, (count, 1)))
