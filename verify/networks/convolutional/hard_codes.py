"""Codes with at most s nonzeros in every stripe that are hard for a network: crowded, coherent, and moved uphill."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...dictionaries.convolutional import Boundary, ConvolutionalDictionary, Lengths
from ...rounding import float_lower
from ..code_class import CodeClass
from .matrices import FilterMatrices
from .unrolled import ConvolutionalNetwork

Floats = NDArray[np.float64]

_PROPOSALS = 4
_SHRINK = 1 - 1e-6


class Stripes:
    """How many nonzeros of a code stand in every stripe, and whether one more fits."""

    def __init__(self, dictionary: ConvolutionalDictionary, sparsity: int, lengths: Lengths) -> None:
        self._reach, self._lengths, self._sparsity = dictionary.reach, lengths, sparsity
        self._wraps = dictionary.boundary is Boundary.circular
        self.counts = np.zeros(lengths, dtype=int)

    def take(self, position: tuple[int, ...]) -> bool:
        """Count a nonzero at a position if every stripe that holds it has room; return whether it was."""
        near = self._near(position)
        if self.counts[near].max() >= self._sparsity:
            return False
        self.counts[near] += 1
        return True

    def _near(self, position: tuple[int, ...]) -> tuple[slice | NDArray[np.intp], ...]:
        around = list(zip(position, self._reach, self._lengths, strict=True))
        if not self._wraps or all(r <= p < n - r for p, r, n in around):
            return tuple(slice(max(0, p - r), p + r + 1) for p, r, _ in around)
        return np.ix_(*(np.unique(np.arange(p - r, p + r + 1) % n) for p, r, n in around))


class HardCodes:
    """Draws codes of a class for one size, and keeps them in it."""

    def __init__(
        self,
        network: ConvolutionalNetwork,
        dictionary: ConvolutionalDictionary,
        codes: CodeClass,
        lengths: Lengths,
        random: np.random.Generator,
    ) -> None:
        self._dictionary, self._sparsity, self.lengths, self._random = dictionary, codes.sparsity, lengths, random
        self.bound, self.signed = float_lower(codes.bound), network.code.value == "signed"
        self._wraps = dictionary.boundary is Boundary.circular
        matrices = FilterMatrices(network, dictionary)
        rows = np.asarray(network.layers[-1].analysis, dtype=np.float64).reshape(network.shape[0], -1)
        self._products: Floats = rows @ matrices.columns()
        self._products[np.arange(len(rows)), matrices.own] = 0.0
        self._own = matrices.own
        tops = np.sort(np.abs(self._products), axis=1)[:, -codes.sparsity :].sum(axis=1)
        self._hardest = np.argsort(-tops)
        self._shifts = list(product(*(range(-r, r + 1) for r in dictionary.reach)))

    def start(self, count: int) -> tuple[Floats, list[tuple[int, ...]]]:
        """Return codes (count, C, l..), and of each an atom (c, p) that it is hard for.

        Every other one has its nonzeros where that atom's products are largest, with the worst signs, on the atom or
        off it; others are random. All are then filled up with nonzeros +-B in random order, but every fourth.
        """
        C = self._dictionary.channels[0]
        found, aims = np.zeros((count, C, *self.lengths)), []
        for at, code in enumerate(found):
            stripes = Stripes(self._dictionary, self._sparsity, self.lengths)
            c = int(self._hardest[(at // 2) % C])
            place = tuple(
                int(self._random.integers(min(r, n - 1), max(n - r, min(r, n - 1) + 1)))
                for r, n in zip(self._dictionary.reach, self.lengths, strict=True)
            )
            aims.append((c, *place))
            if at % 2:
                self._coherent(code, stripes, c, place, inside=at % 4 == 3)
            if at % 8 != 5:
                self._fill(code, stripes)
        return found, aims

    def _coherent(self, code: Floats, stripes: Stripes, c: int, place: tuple[int, ...], *, inside: bool) -> None:
        if inside:
            stripes.take(place)
            code[(c, *place)] = self.bound
        wanted = -1.0 if inside else 1.0
        for j in np.argsort(-np.abs(self._products[c])):
            value = self._products[c, j]
            if not value or stripes.counts[place] >= self._sparsity:
                break
            sign = wanted * np.sign(value)
            if not self.signed and sign < 0:
                continue
            other, at = divmod(int(j), len(self._shifts))
            there = tuple(p + d for p, d in zip(place, self._shifts[at], strict=True))
            if self._wraps:
                there = tuple(p % n for p, n in zip(there, self.lengths, strict=True))
            elif not all(0 <= p < n for p, n in zip(there, self.lengths, strict=True)):
                continue
            if not code[(other, *there)] and stripes.take(there):
                code[(other, *there)] = sign * self.bound

    def _fill(self, code: Floats, stripes: Stripes) -> None:
        places = int(np.prod(self.lengths))
        for place in self._random.integers(0, code.size, size=_PROPOSALS * places):
            where = tuple(int(x) for x in np.unravel_index(place, code.shape))
            if not code[where] and stripes.take(where[1:]):
                code[where] = self.bound * (self._random.choice([-1.0, 1.0]) if self.signed else 1.0)

    def moved(self, code: Floats, gradient: Floats) -> Floats:
        """Return a code with its nonzeros where the gradient is largest, then those that were, where they fit.

        Largest first, each if every stripe has room for it.
        """
        score = np.where(np.logical_or(self.signed, gradient > 0), np.abs(gradient), 0.0)
        most = 4 * max(int(np.count_nonzero(code)), self._sparsity) + 16
        order = np.argpartition(-score.ravel(), min(most, score.size - 1))[:most]
        order = order[np.argsort(-score.ravel()[order], kind="stable")]
        found, stripes = np.zeros_like(code), Stripes(self._dictionary, self._sparsity, self.lengths)
        for flat in order[score.ravel()[order] > 0]:
            where = tuple(int(x) for x in np.unravel_index(flat, code.shape))
            if stripes.take(where[1:]):
                found[where] = self.bound * (np.sign(gradient[where]) if self.signed else 1.0)
        for where in zip(*np.nonzero(code), strict=True):
            if not found[where] and not score[where] and stripes.take(tuple(int(x) for x in where[1:])):
                found[where] = code[where]
        return found


def crowded_code(
    dictionary: ConvolutionalDictionary,
    codes: CodeClass,
    lengths: Lengths,
    random: np.random.Generator,
    *,
    nonnegative: bool = False,
) -> Floats:
    """Return a code with entries +-B and as many nonzeros as fit in a random order, at most s in every stripe."""
    code, stripes = np.zeros((dictionary.channels[0], *lengths)), Stripes(dictionary, codes.sparsity, lengths)
    for place in random.integers(0, code.size, size=_PROPOSALS * int(np.prod(lengths))):
        where = tuple(int(x) for x in np.unravel_index(place, code.shape))
        if not code[where] and stripes.take(where[1:]):
            code[where] = float_lower(codes.bound) * (1.0 if nonnegative else random.choice([-1.0, 1.0]))
    return code


def white_noise(taps: Lengths, shape: tuple[int, ...], size: float, random: np.random.Generator) -> Floats:
    """Return white noise of norm at most `size` on every box of these taps, and about that on one."""
    noise = random.standard_normal(shape)
    squares: Any = (noise**2).sum(axis=0)
    for axis, t in enumerate(taps):
        pad = [(0, 0)] * squares.ndim
        pad[axis] = (t - 1, t - 1)
        squares = np.lib.stride_tricks.sliding_window_view(np.pad(squares, pad, mode="wrap"), t, axis=axis).sum(-1)
    return noise / np.sqrt(squares.max()) * (size * _SHRINK)
