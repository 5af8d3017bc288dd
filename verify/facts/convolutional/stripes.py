"""Stripes and patches: how many nonzeros of a code meet one atom, and of a signal one filter's box."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ...dictionaries.convolutional import Boundary, ConvolutionalDictionary, Lengths
from ...errors import InputError


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalSparsity:
    """The most nonzeros in one stripe (or patch), at which `position` of the grid, and how many there are in all.

    `counts` are the nonzeros of every stripe (or patch), an array over the positions.
    """

    largest: int
    position: Lengths
    total: int
    counts: NDArray[np.int64]


def stripe_sparsity(dictionary: ConvolutionalDictionary, code: ArrayLike) -> LocalSparsity:
    """Return |x|^S_{0,inf}, the most nonzeros of a code (C, l_1[, l_2]) in the stripe of one atom.

    The stripe of an atom is it and every atom whose box of taps meets its own: all channels at positions that differ by
    at most (t-1)//stride on each axis, counted modulo the lengths for 'circular'. Guarantee: exact. Cost: one pass over
    the code. Raises InputError for a code of another shape or with entries that are not finite. Source: Papyan, Sulam,
    Elad 2017.
    """
    nonzero = _nonzero(code, dictionary.channels[0], dictionary.grid_axes, "a code")
    counts = nonzero.sum(axis=0)
    for axis, reach in enumerate(dictionary.reach):
        counts = _windowed(counts, axis, (reach, reach), dictionary.boundary is Boundary.circular)
    return _local(counts, int(nonzero.sum()))


def patch_sparsity(dictionary: ConvolutionalDictionary, signal: ArrayLike) -> LocalSparsity:
    """Return the most nonzeros of a signal (M, n_1[, n_2]) in one patch, a box of a filter's length at any place.

    A patch is all channels of the t_1 [x t_2] entries from a position on, what is outside the signal left out, or
    counted modulo the lengths for 'circular'. A signal may be the code of a layer before. Guarantee, cost, errors: as
    `stripe_sparsity`. Source: Papyan, Romano, Elad 2017, the norm |.|^P_{0,inf}.
    """
    nonzero = _nonzero(signal, dictionary.channels[1], dictionary.grid_axes, "a signal")
    counts = nonzero.sum(axis=0)
    for axis, t in enumerate(dictionary.support):
        counts = _windowed(counts, axis, (0, t - 1), dictionary.boundary is Boundary.circular)
    return _local(counts, int(nonzero.sum()))


def _nonzero(entries: ArrayLike, channels: int, axes: int, what: str) -> NDArray[np.bool_]:
    array = np.asarray(entries)
    if array.ndim != axes + 1 or array.shape[0] != channels or array.size == 0:
        lengths = "length" if axes == 1 else "rows, columns"
        raise InputError(f"expected {what} of shape ({channels}, {lengths}), got shape {array.shape}")
    if array.dtype.kind not in "fciuO" or (array.dtype.kind in "fc" and not np.isfinite(array).all()):
        raise InputError(f"expected finite numbers in {what}, got entries of type {array.dtype} that are not")
    return np.asarray(array != 0, dtype=bool)


def _windowed(counts: NDArray[np.int64], axis: int, sides: tuple[int, int], wraps: bool) -> NDArray[np.int64]:
    """Return the sums over `sides[0]` entries before, each entry, and `sides[1]` after it, along one axis."""
    n = counts.shape[axis]
    before, after = sides
    if wraps and before + after + 1 >= n:
        return np.broadcast_to(counts.sum(axis=axis, keepdims=True), counts.shape).copy()
    edges = [(0, 0)] * counts.ndim
    edges[axis] = sides
    padded = np.pad(counts, edges, mode="wrap" if wraps else "constant")
    edges[axis] = (1, 0)
    sums = np.cumsum(np.pad(padded, edges), axis=axis)
    width = before + after + 1
    return np.take(sums, range(width, width + n), axis=axis) - np.take(sums, range(n), axis=axis)


def _local(counts: NDArray[np.int64], total: int) -> LocalSparsity:
    place = np.unravel_index(int(np.argmax(counts)), counts.shape)
    return LocalSparsity(
        largest=int(counts.max()), position=tuple(int(x) for x in place), total=total, counts=counts.astype(np.int64)
    )
