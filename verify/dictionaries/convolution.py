"""Synthesis, analysis and matrix of filters on a grid, with the taps counted as torch's convolutions count them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .dictionary import exact_fractions

Lengths = tuple[int, ...]
Array = NDArray[Any]


def per_axis(values: object, axes: int, least: int) -> Lengths | None:
    """Return whole numbers of at least `least`, one an axis; one number stands for all axes; None for anything else."""
    found = (values,) * axes if isinstance(values, int | np.integer) else values
    if not isinstance(found, Sequence) or isinstance(found, str) or len(found) != axes:
        return None
    if not all(isinstance(x, int | np.integer) and not isinstance(x, bool) and x >= least for x in found):
        return None
    return tuple(int(x) for x in found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Geometry:
    """Where taps stand: tap u of the atom at p at q = p s + u - o on each axis, o the offset.

    What falls outside the signal is cut, or counted modulo its length if it `wraps`.
    """

    support: Lengths
    stride: Lengths
    offset: Lengths
    wraps: bool
    code: Lengths
    signal: Lengths

    @property
    def extended(self) -> Lengths:
        """The length that all taps of all atoms reach over."""
        return tuple((n - 1) * s + t for n, s, t in zip(self.code, self.stride, self.support, strict=True))

    def taps(self) -> Iterator[tuple[Lengths, tuple[slice, ...]]]:
        """Yield every tap, and where it stands in the extended signal for all positions."""
        for tap in product(*map(range, self.support)):
            yield (
                tap,
                tuple(slice(u, u + (n - 1) * s + 1, s) for u, n, s in zip(tap, self.code, self.stride, strict=True)),
            )


def synthesis(geometry: Geometry, filters: Array, codes: Array) -> Array:
    """Return sum of filters[c, m, u] codes[..., c, p] at q = p s + u - o, of shape (..., M, *signal)."""
    filters, codes = _together(filters, codes)
    axes = len(geometry.code)
    batch = codes.shape[: codes.ndim - axes - 1]
    result = _zeros((*batch, filters.shape[1], *geometry.extended), np.result_type(filters, codes))
    last = np.moveaxis(codes, codes.ndim - axes - 1, -1)
    for tap, where in geometry.taps():
        result[(..., slice(None), *where)] += np.moveaxis(last @ filters[(..., *tap)], -1, len(batch))
    return _folded(geometry, result, len(batch) + 1)


def analysis(geometry: Geometry, filters: Array, signals: Array) -> Array:
    """Return sum over m, u of filters[c, m, u] signals[..., m, p s + u - o], of shape (..., C, *code)."""
    filters, signals = _together(filters, signals)
    axes = len(geometry.code)
    batch = signals.ndim - axes - 1
    extended = _unfolded(geometry, signals, batch + 1)
    result = _zeros((*signals.shape[:batch], len(filters), *geometry.code), np.result_type(filters, signals))
    for tap, where in geometry.taps():
        last = np.moveaxis(extended[(..., slice(None), *where)], batch, -1)
        result += np.moveaxis(last @ filters[(..., *tap)].T, -1, batch)
    return result


def matrix(geometry: Geometry, filters: Array) -> Array:
    """Return all atoms, as an array of shape (M, *signal, C, *code) of the filters' type."""
    C, M = filters.shape[:2]
    if filters.dtype.kind in "iu":
        filters = filters.astype(np.int64) if filters.dtype.itemsize < 8 else exact_fractions(filters)
    result = _zeros((M, *geometry.extended, C, *geometry.code), filters.dtype)
    for position in product(*map(range, geometry.code)):
        starts = [p * s for p, s in zip(position, geometry.stride, strict=True)]
        box = tuple(slice(at, at + t) for at, t in zip(starts, geometry.support, strict=True))
        result[(slice(None), *box, slice(None), *position)] = np.moveaxis(filters, 0, -1)
    return _folded(geometry, result, 1)


def _folded(geometry: Geometry, extended: Array, first: int) -> Array:
    """Cut or wrap the axes from `first` on, from the extended lengths to the signal's."""
    for axis, (n, o) in enumerate(zip(geometry.signal, geometry.offset, strict=True), first):
        if not geometry.wraps:
            extended = np.take(extended, range(o, o + n), axis=axis)
            continue
        shape = list(extended.shape)
        whole = -(-shape[axis] // n)
        shape[axis] = whole * n - shape[axis]
        padded = np.concatenate([extended, _zeros(tuple(shape), extended.dtype)], axis=axis)
        extended = sum(np.split(padded, whole, axis=axis)[1:], np.split(padded, whole, axis=axis)[0])
    return extended


def _unfolded(geometry: Geometry, signals: Array, first: int) -> Array:
    """Return signals over the extended lengths: with zeros, or again from their beginning."""
    for axis, (n, o, wide) in enumerate(zip(geometry.signal, geometry.offset, geometry.extended, strict=True), first):
        if geometry.wraps:
            signals = np.take(signals, np.arange(wide) % n, axis=axis)
            continue
        shapes = [list(signals.shape) for _ in range(2)]
        shapes[0][axis], shapes[1][axis] = o, wide - n - o
        before, after = (_zeros(tuple(shape), signals.dtype) for shape in shapes)
        signals = np.concatenate([before, signals, after], axis=axis)
    return signals


def _together(first: Array, second: Array) -> tuple[Array, Array]:
    """Return both as `Fraction` objects if one is, both as Python's integers if both are integers, else as floats."""
    if object in (first.dtype, second.dtype):
        return exact_fractions(first), exact_fractions(second)
    if first.dtype.kind in "iu" and second.dtype.kind in "iu":
        return first.astype(object), second.astype(object)
    floats = [part.astype(np.float64) if part.dtype.kind in "iu" else part for part in (first, second)]
    return floats[0], floats[1]


def _zeros(shape: Lengths, kind: np.dtype[Any]) -> Array:
    return np.full(shape, 0, dtype=kind)
