"""Small convolutional dictionaries as matrices: rows, stripes, and what of its neighbours an atom sees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ..experiment import NotAnInstance

Floats = NDArray[np.float64]
Counted = Literal["stripe", "half", "patch"]
"""Nonzeros in a stripe; in one of half the width; or whose atoms hold one entry of the signal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Geometry:
    """Filters of `taps` taps at `size` positions, `stride` apart, on one axis; the shape of filters is (C, M, taps).

    Boundary 'full', or 'circular' with a period of at least 2 taps - 1 (raises NotAnInstance). Atom (c, p) has number
    c * size + p, entry q of channel m the row m * length + q. Arrays may have more axes in front.
    """

    taps: int
    size: int
    stride: int
    circular: bool

    def __post_init__(self) -> None:
        if min(self.taps, self.size, self.stride) < 1:
            raise NotAnInstance("taps, positions and stride are at least 1")
        if self.circular and self.size * self.stride < 2 * self.taps - 1:
            raise NotAnInstance("a period is at least 2 taps - 1")

    @staticmethod
    def of(batch: Mapping[str, NDArray[Any]]) -> Geometry:
        """Return what all instances of a batch (or one instance) share."""
        size, stride, circular = (np.ravel(batch[name])[0] for name in ("size", "stride", "circular"))
        return Geometry(taps=batch["filters"].shape[-1], size=int(size), stride=int(stride), circular=bool(circular))

    @property
    def reach(self) -> int:
        """The greatest difference of the positions of two atoms whose taps meet."""
        return (self.taps - 1) // self.stride

    @property
    def length(self) -> int:
        """The length of a channel of the signal."""
        return self.size * self.stride if self.circular else (self.size - 1) * self.stride + self.taps

    def matrix(self, filters: Floats) -> Floats:
        """Return the dictionary, an atom a column; entries are copied, so they are exact."""
        *front, C, M, taps = filters.shape
        found = np.zeros((*front, M, self.length, C, self.size))
        for p in range(self.size):
            for u in range(taps):
                found[..., (p * self.stride + u) % self.length, :, p] = np.swapaxes(filters[..., u], -1, -2)
        return found.reshape(*front, M * self.length, C * self.size)

    def stripes(self, filters: Floats) -> Floats:
        """Return the atoms (c', delta), |delta| <= reach, of a stripe, each a column, cut to the taps of its own atom.

        The columns of one filter stand together; that of delta = 0 is in their middle.
        """
        *front, C, M, taps = filters.shape
        width = 2 * self.reach + 1
        found = np.zeros((*front, M, taps, C, width))
        for at in range(width):
            by = (at - self.reach) * self.stride
            for q in range(max(0, by), min(taps, taps + by)):
                found[..., q, :, at] = np.swapaxes(filters[..., q - by], -1, -2)
        return found.reshape(*front, M * taps, C * width)

    def own(self, C: int) -> NDArray[np.int_]:
        """Return, for every filter, the number of its own column of `stripes`."""
        return np.arange(C) * (2 * self.reach + 1) + self.reach

    def sparsity(self, nonzero: NDArray[np.bool_], C: int, counted: Counted = "stripe") -> NDArray[np.int_]:
        """Return the most nonzeros of codes, n entries along the last axis, in one stripe (or what is `counted`)."""
        places = np.arange(self.size)
        if counted == "patch":
            entries = np.arange(self.length)[:, None] - places * self.stride
            inside = (entries % self.length if self.circular else entries) < self.taps
            inside &= entries >= (-self.length if self.circular else 0)
        else:
            apart = np.abs(places[:, None] - places)
            apart = np.minimum(apart, self.size - apart) if self.circular else apart
            inside = apart <= (self.reach // 2 if counted == "half" else self.reach)
        windows = np.tile(inside, (1, C)).astype(np.int64)
        return (np.asarray(nonzero).astype(np.int64) @ windows.T).max(axis=-1)

    def splits(self, C: int, s: int) -> NDArray[np.bool_]:
        """Return, for every set of atoms as a binary number, whether two sets of stripe sparsity <= s make it up."""
        n = C * self.size
        sets = np.arange(2**n)
        sparse = sets[self.sparsity((sets[:, None] >> np.arange(n)) & 1 != 0, C) <= s]
        found = np.zeros(2**n, dtype=bool)
        for one in sparse.tolist():
            found[(sparse | one)[sparse & one == 0]] = True
        return found
