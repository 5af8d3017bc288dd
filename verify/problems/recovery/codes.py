"""Codes drawn at random: one stream of bits for every trial, whatever the order in which trials are run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .kinds import Magnitudes

Floats = NDArray[np.float64]
Supports = NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True)
class Codes:
    """Codes with k nonzeros each: row by row the supports (count, k), increasing, and the values there, none zero."""

    supports: Supports
    values: Floats

    @property
    def signs(self) -> Floats:
        """The signs of the values."""
        return np.sign(self.values)

    def spread(self, atoms: int) -> Floats:
        """Return the signs as vectors of length `atoms`, zero off the support."""
        whole = np.zeros((len(self.supports), atoms))
        np.put_along_axis(whole, self.supports, self.signs, axis=1)
        return whole

    def __len__(self) -> int:
        return len(self.supports)

    def __getitem__(self, some: slice | NDArray[np.bool_] | NDArray[np.intp]) -> Codes:
        """Return some of the codes."""
        return Codes(supports=self.supports[some], values=self.values[some])


def drawn_with(magnitudes: Magnitudes) -> str:
    """Return what the numbers drawn depend on besides the seed."""
    bits = "PCG64, SeedSequence"
    return f"{bits}, logarithm and cosine of numpy {np.__version__}" if magnitudes is Magnitudes.gaussian else bits


def draw(seed: int, streams: Sequence[tuple[int, ...]], atoms: int, level: int, magnitudes: Magnitudes) -> Codes:
    """Return one code with `level` of `atoms` nonzeros for each stream: uniform supports and signs.

    The bits of a stream are those of PCG64 from SeedSequence(seed, spawn_key=stream), which numpy keeps for ever. The
    first n words of 64 bits rank the atoms, the next words are signs and magnitudes.
    """
    words = np.array([_words(seed, stream, atoms + 3 * level) for stream in streams], dtype=np.uint64)
    supports = np.sort(np.argsort(words[:, :atoms], axis=1, kind="stable")[:, :level], axis=1)
    negative, first, second = (words[:, atoms + i * level : atoms + (i + 1) * level] for i in range(3))
    values = _sizes(magnitudes, first, second)
    values[(negative & np.uint64(1)).astype(bool)] *= -1
    return Codes(supports=supports, values=values)


def _words(seed: int, stream: tuple[int, ...], count: int) -> NDArray[np.uint64]:
    return np.random.PCG64(np.random.SeedSequence(seed, spawn_key=stream)).random_raw(count)


def _sizes(magnitudes: Magnitudes, first: NDArray[np.uint64], second: NDArray[np.uint64]) -> Floats:
    if magnitudes is Magnitudes.sign:
        return np.ones(first.shape)
    uniform = _unit(first)
    if magnitudes is Magnitudes.uniform:
        return uniform
    # Box, Muller 1958; the floor keeps a value that would be 0 a nonzero of the code
    return np.maximum(np.abs(np.sqrt(-2 * np.log(uniform)) * np.cos(2 * np.pi * _unit(second))), 2.0**-60)


def _unit(words: NDArray[np.uint64]) -> Floats:
    """Return numbers in (0, 1], multiples of 2^-53."""
    return ((words >> np.uint64(11)) + np.uint64(1)).astype(np.float64) * 2.0**-53
