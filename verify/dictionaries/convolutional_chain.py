"""A chain of convolutional dictionaries D_1 .. D_J: the codes of each are the signals of the next."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..errors import InputError, LimitError
from .composed import composed
from .convolutional import Boundary, ConvolutionalDictionary, Lengths

Number = Fraction | int | float


@dataclass(frozen=True, kw_only=True, eq=False)
class ConvolutionalChain:
    """D_1 .. D_J with x_(j-1) = D_j x_j + f_j, x_0 = y: a code x_j (C_j, l..) is a signal of D_(j+1), M_(j+1) = C_j.

    `tolerances` are the eps_j >= 0: |f_j|_2 <= eps_j under the taps of every atom of D_j. Sizes are free. Build one
    with `of`, which checks everything. Source: Papyan, Romano, Elad 2017; Li, Feng, Zhou 2024.
    """

    dictionaries: tuple[ConvolutionalDictionary, ...]
    tolerances: tuple[Fraction, ...]
    _products: dict[tuple[int, int], ConvolutionalDictionary] = field(
        default_factory=dict[tuple[int, int], ConvolutionalDictionary], repr=False
    )

    @staticmethod
    def of(
        dictionaries: Sequence[ConvolutionalDictionary], *, tolerances: Sequence[Number] | None = None
    ) -> ConvolutionalChain:
        """Return the chain; tolerances are 0 where nothing is said, and one serves for every dictionary.

        Raises InputError for fewer than two dictionaries, for grids or channels that do not fit (which dictionary, and
        both counts), for another number of tolerances, and for one below 0.
        """
        depth = len(dictionaries)
        if depth < 2:
            raise InputError(f"expected at least two dictionaries for a chain, got {depth}")
        for j, (before, after) in enumerate(pairwise(dictionaries), 2):
            if after.grid_axes != before.grid_axes:
                raise InputError(
                    f"expected dictionary {j} to have filters with {before.grid_axes} ax"
                    f"{'i' if before.grid_axes == 1 else 'e'}s of taps, as the one before, got {after.grid_axes}"
                )
            if after.channels[1] != before.channels[0]:
                raise InputError(
                    f"expected dictionary {j} to have {before.channels[0]} signal channels, one for each filter of "
                    f"dictionary {j - 1}, got {after.channels[1]}"
                )
        return ConvolutionalChain(dictionaries=tuple(dictionaries), tolerances=_tolerances(tolerances, depth))

    @property
    def depth(self) -> int:
        """J."""
        return len(self.dictionaries)

    def product(self, start: int, end: int) -> ConvolutionalDictionary:
        """Return D[start:end] = D_(start+1) ... D_end as a convolutional dictionary, exactly, where it is one.

        Raises InputError, which says which and why, where it is none (see `composed`), LimitError if the exact product
        is too much work.
        """
        if not 0 <= start < end <= self.depth:
            raise InputError(f"expected 0 <= start < end <= {self.depth} for a product, got {start} and {end}")
        if end == start + 1:
            return self.dictionaries[start]
        if (start, end) not in self._products:
            before = self.product(start, end - 1)
            try:
                self._products[start, end] = composed(before, self.dictionaries[end - 1])
            except InputError as error:
                raise type(error)(f"the product of dictionaries {start + 1} to {end}: {error}") from None
        return self._products[start, end]

    def no_product(self, start: int, end: int) -> str | None:
        """Return why D[start:end] is no convolutional dictionary (or too much work); None if it is one."""
        try:
            self.product(start, end)
        except (InputError, LimitError) as error:
            return str(error)
        return None

    def code_lengths(self, signal: Sequence[int]) -> list[Lengths]:
        """Return the lengths of the codes x_1 .. x_J of signals of these lengths.

        Raises InputError, which says which dictionary it is, where none fits.
        """
        found: list[Lengths] = []
        lengths = tuple(signal)
        for j, dictionary in enumerate(self.dictionaries, 1):
            try:
                lengths = dictionary.code_lengths(lengths)
            except InputError as error:
                raise InputError(f"dictionary {j}: {error}") from None
            found.append(lengths)
        return found

    def signal_lengths(self, last: Sequence[int]) -> list[Lengths]:
        """Return the lengths of x_0 = y, x_1 .. x_J, those of x_J given."""
        found = [tuple(last)]
        for dictionary in self.dictionaries[::-1]:
            found.append(dictionary.signal_lengths(found[-1]))
        return found[::-1]

    def layers_of(self, last: ArrayLike) -> list[NDArray[Any]]:
        """Return the codes x_0 = y, x_1 .. x_J without noise, from x_J of shape (..., C_J, l..).

        Guarantee, errors: as `ConvolutionalDictionary.synthesis`.
        """
        found: list[NDArray[Any]] = [np.asarray(last)]
        for dictionary in self.dictionaries[::-1]:
            found.append(dictionary.synthesis(found[-1]))
        return found[::-1]

    def patch_level(self, at: int, level: int) -> int:
        """Return how many nonzeros a code of dictionary `at` can have under the taps of an atom of the next one.

        It has at most `level` in each stripe. A box of t positions, the taps of an atom of the next dictionary, is
        covered by ceil(t / (2 K + 1)) stripes on each axis, K the reach of this one (and one more where the taps go
        round a circle and the stripes do not), and has M t_1 [t_2] entries.
        """
        before, following = self.dictionaries[at], self.dictionaries[at + 1]
        around = following.boundary is Boundary.circular and before.boundary is not Boundary.circular
        stripes = math.prod(
            -(-t // (2 * k + 1)) + int(around and t > 1) for t, k in zip(following.support, before.reach, strict=True)
        )
        return min(stripes * level, following.channels[1] * math.prod(following.support))


def stripe_size(dictionary: ConvolutionalDictionary) -> int:
    """Return the number of atoms of a stripe: C times the product of all 2 K + 1."""
    return dictionary.channels[0] * math.prod(2 * reach + 1 for reach in dictionary.reach)


def _tolerances(values: Sequence[Number] | None, depth: int) -> tuple[Fraction, ...]:
    given = (0,) if values is None else tuple(values)
    if len(given) not in (1, depth):
        raise InputError(f"expected one tolerance, or {depth}, one for each dictionary, got {len(given)}")
    try:
        exact = tuple(Fraction(value) for value in given)
    except (TypeError, ValueError, OverflowError):
        raise InputError(f"expected tolerances that are finite numbers, got {list(given)!r:.60}") from None
    if min(exact) < 0:
        raise InputError(f"expected tolerances of at least 0, got {float(min(exact)):g}")
    return exact * depth if len(exact) == 1 else exact
