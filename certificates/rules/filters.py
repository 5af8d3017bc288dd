"""The filters of convolutional dictionaries that the user handed in, in exact integers, with their digest."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TypeAlias

from .dictionary import Number, SubjectError, integer_columns, matrix_parts, numbers_digest

BOUNDARIES = ("full", "circular", "same")
SIZES = {"full": "every", "circular": "every period >= 2t-1", "same": "every length >= t"}
"""The sizes that statements about all sizes are about."""
MOST_CUT_TAPS = 1000

Window: TypeAlias = tuple[int, int]
"""Taps start, .., end - 1 of one axis: those that a boundary leaves of a filter."""
Windows: TypeAlias = tuple[Window, ...]


@dataclass(frozen=True)
class Filters:
    """C real filters with M channels and `taps` on one or two axes, a stride for each axis, and a boundary.

    Filter c is `scale[c]` times the primitive integer vector `vectors[c]`, channel by channel, row by row. Built by
    `of`, which checks everything.
    """

    count: int
    channels: int
    taps: tuple[int, ...]
    stride: tuple[int, ...]
    boundary: str
    digest: str
    scale: tuple[Fraction, ...]
    vectors: tuple[list[int], ...]

    @staticmethod
    def of(values: Sequence[Number], shape: Sequence[int], stride: Sequence[int], boundary: str) -> Filters:
        """Return the filters with these entries in row-major order; raise SubjectError if they are none."""
        count, channels, *taps = shape if len(shape) in (3, 4) else (0, 0)
        length = channels * math.prod(taps)
        if min(shape, default=0) < 1 or count * length != len(values):
            raise SubjectError(f"filters have 3 or 4 axes, (C, M, taps), none empty, and not shape {tuple(shape)}")
        if len(stride) != len(taps) or min(stride, default=0) < 1:
            raise SubjectError(f"the stride is one positive integer for each axis of taps, not {tuple(stride)}")
        if boundary not in BOUNDARIES:
            raise SubjectError(f"the boundary is one of {', '.join(BOUNDARIES)}")
        if boundary == "same":
            _check_same(taps, stride)
        entries = [values[at::length] for at in range(length)]
        scale: list[Fraction] = []
        vectors: list[list[int]] = []
        for c, (common, (integers,)) in enumerate(integer_columns(matrix_parts(entries, None), "filters")):
            divisor = math.gcd(*integers)
            if divisor == 0:
                raise SubjectError(f"filter {c} is zero")
            scale.append(Fraction(divisor, common))
            vectors.append([value // divisor for value in integers])
        header = f"sparse-verify filters\nreal {_spaced(shape)}\nstride {_spaced(stride)}\nboundary {boundary}\n"
        found = Filters(
            count=count,
            channels=channels,
            taps=tuple(taps),
            stride=tuple(stride),
            boundary=boundary,
            digest=numbers_digest(header, values),
            scale=tuple(scale),
            vectors=tuple(vectors),
        )
        found._check_cuts()
        return found

    def _check_cuts(self) -> None:
        """Raise SubjectError if an atom that a boundary cuts is zero; what is left is least at the corners."""
        if self.boundary == "same":
            corners = [((t // 2, t), (0, t // 2 + 1)) for t in self.taps]
            for windows in itertools.product(*corners):
                for c, norm in enumerate(self.squared_norms(windows)):
                    if norm == 0:
                        kept = " x ".join(f"{start}..{end - 1}" for start, end in windows)
                        raise SubjectError(f"filter {c} is zero where the boundary cuts it to the taps {kept}")

    @property
    def axes(self) -> int:
        """1 or 2."""
        return len(self.taps)

    @property
    def length(self) -> int:
        """The number of entries of a filter."""
        return self.channels * math.prod(self.taps)

    @property
    def sizes(self) -> str:
        """The sizes that statements are about."""
        return SIZES[self.boundary]

    @property
    def reach(self) -> tuple[int, ...]:
        """The greatest difference of positions, for each axis, at which the supports of two atoms meet."""
        return tuple((t - 1) // s for t, s in zip(self.taps, self.stride, strict=True))

    @property
    def stripe(self) -> int:
        """The number of atoms of a stripe that no boundary cuts."""
        return self.count * math.prod(2 * reach + 1 for reach in self.reach)

    @cached_property
    def bits(self) -> int:
        """The length of the longest integer entry."""
        return max(max(max(vector), -min(vector)).bit_length() for vector in self.vectors)

    @cached_property
    def longest_scale(self) -> int:
        """The length of the longest numerator or denominator of a scale."""
        return max(max(scale.as_integer_ratio()).bit_length() for scale in self.scale)

    @property
    def whole(self) -> Windows:
        """The windows of an atom that no boundary cuts."""
        return tuple((0, t) for t in self.taps)

    def windows(self) -> Iterator[Windows]:
        """Yield the windows of all atoms: the whole filter, and for `same` what a boundary leaves of it."""
        axes = [[(0, t)] for t in self.taps]
        if self.boundary == "same":
            for axis, t in zip(axes, self.taps, strict=True):
                axis += [(cut, t) for cut in range(1, t // 2 + 1)] + [(0, t - cut) for cut in range(1, t // 2 + 1)]
        return itertools.product(*axes)

    def inside(self, windows: Windows) -> list[int]:
        """Return the indices of the entries of a filter inside the windows."""
        return flat_indices(self.channels, self.taps, [range(*window) for window in windows])

    def squared_norms(self, windows: Windows) -> tuple[int, ...]:
        """Return |a|^2 of every integer filter cut to the windows."""
        kept = self.inside(windows)
        return tuple(sum(vector[at] ** 2 for at in kept) for vector in self.vectors)

    @cached_property
    def all_norms(self) -> dict[Windows, tuple[int, ...]]:
        """`squared_norms` of all windows."""
        return {windows: self.squared_norms(windows) for windows in self.windows()}

    @property
    def norms_work(self) -> int:
        """The work of `all_norms`."""
        cuts = math.prod(self.taps) if self.boundary == "same" else 1
        return self.count * self.length * cuts * (60 + (self.bits // 30 + 1) ** 2)


def _check_same(taps: Sequence[int], stride: Sequence[int]) -> None:
    if any(s != 1 for s in stride):
        raise SubjectError("the boundary same has stride 1")
    if any(t % 2 == 0 for t in taps):
        raise SubjectError("the boundary same is for filters with an odd number of taps on each axis")
    if math.prod(taps) > MOST_CUT_TAPS:
        raise SubjectError(f"the boundary same is for filters with at most {MOST_CUT_TAPS} taps")


def _spaced(numbers: Sequence[int]) -> str:
    return " ".join(map(str, numbers))


def flat_indices(channels: int, sizes: Sequence[int], ranges: Sequence[range]) -> list[int]:
    """Return the row-major indices in an array (channels, *sizes) of all entries whose taps are in the ranges."""
    offsets = list(ranges[0])
    if len(ranges) == 2:
        offsets = [row * sizes[1] + column for row in offsets for column in ranges[1]]
    taps = math.prod(sizes)
    return [channel * taps + offset for channel in range(channels) for offset in offsets]
