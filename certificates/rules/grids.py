"""The convolutional dictionary of one size: its atoms by number, how they are cut, and where they lie (SPEC.md 3.3)."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from .filters import Filters, Windows, flat_indices
from .values import Fields, Reject

Atom = tuple[int, ...]
"""A filter, and a position on each axis."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Codes of filters on `lengths` positions. Build one with `read_grid`, which checks that there is such a size."""

    filters: Filters
    lengths: tuple[int, ...]

    @property
    def n(self) -> int:
        """The number of atoms."""
        return self.filters.count * math.prod(self.lengths)

    @property
    def signal(self) -> tuple[int, ...]:
        """The lengths of a signal."""
        f = self.filters
        if f.boundary == "same":
            return self.lengths
        whole = f.boundary == "full"
        return tuple(
            (length - 1) * s + t if whole else length * s
            for length, s, t in zip(self.lengths, f.stride, f.taps, strict=True)
        )

    @property
    def m(self) -> int:
        """The number of entries of a signal."""
        return self.filters.channels * math.prod(self.signal)

    def atom(self, fields: Fields, name: str) -> Atom:
        """Read an atom, [c, p] or [c, p, p']."""
        atom = tuple(fields.naturals(name))
        limits = (self.filters.count, *self.lengths)
        if len(atom) != len(limits) or any(at >= limit for at, limit in zip(atom, limits, strict=True)):
            raise Reject(f"{name} is not a filter and a position of this size")
        return atom

    def numbered(self, number: int) -> Atom:
        """Return the atom with this number: numbers go through the filters, then row by row."""
        rest: list[int] = []
        for length in reversed(self.lengths):
            number, at = divmod(number, length)
            rest.append(at)
        return (number, *reversed(rest))

    def windows(self, atom: Atom) -> Windows:
        """Return the taps that the boundary leaves."""
        if self.filters.boundary != "same":
            return self.filters.whole
        return tuple(
            (max(0, t // 2 - p), t - max(0, t // 2 - (length - 1 - p)))
            for p, length, t in zip(atom[1:], self.lengths, self.filters.taps, strict=True)
        )

    def places(self, atom: Atom) -> Iterator[tuple[int, int]]:
        """Yield, for every entry of an atom, its index in the filter and its place in the signal."""
        f, windows = self.filters, self.windows(atom)
        kept = flat_indices(f.channels, f.taps, [range(*window) for window in windows])
        spots: list[list[int]] = []
        for p, s, t, size, window in zip(atom[1:], f.stride, f.taps, self.signal, windows, strict=True):
            start = p * s - (t // 2 if f.boundary == "same" else 0)
            spots.append([(start + u) % size for u in range(*window)])
        rows = spots[0] if f.axes == 1 else [row * self.signal[1] + column for row in spots[0] for column in spots[1]]
        pixels = math.prod(self.signal)
        return zip(kept, (m * pixels + row for m in range(f.channels) for row in rows), strict=True)

    def squared_cosine(self, first: Atom, second: Atom) -> Fraction:
        """Return <d^_i, d^_j>^2."""
        a, b = ({place: self.filters.vectors[x[0]][at] for at, place in self.places(x)} for x in (first, second))
        product = sum(value * b[place] for place, value in a.items() if place in b)
        return Fraction(product**2, sum(v * v for v in a.values()) * sum(v * v for v in b.values()))

    def stripe_sparsity(self, numbers: Iterable[int]) -> int:
        """Return the most of these atoms in one stripe."""
        counts: Counter[tuple[int, ...]] = Counter()
        for position, count in Counter(self.numbered(number)[1:] for number in numbers).items():
            ranges: list[Sequence[int]] = []
            for p, reach, length in zip(position, self.filters.reach, self.lengths, strict=True):
                if self.filters.boundary == "circular":  # 2 reach + 1 <= length
                    ranges.append([(p + by) % length for by in range(-reach, reach + 1)])
                else:
                    ranges.append(range(max(0, p - reach), min(length, p + reach + 1)))
            for centre in itertools.product(*ranges):
                counts[centre] += count
        return max(counts.values(), default=0)


def read_grid(filters: Filters, fields: Fields) -> Grid:
    """Read `lengths`, and refuse those that statements are not about."""
    lengths = tuple(fields.naturals("lengths"))
    if len(lengths) != filters.axes or min(lengths) < 1:
        raise Reject("lengths is not one positive number for each axis")
    if filters.boundary == "circular" and any(
        length * s < 2 * t - 1 for length, s, t in zip(lengths, filters.stride, filters.taps, strict=True)
    ):
        raise Reject("a period is below 2t-1")
    if filters.boundary == "same" and any(length < t for length, t in zip(lengths, filters.taps, strict=True)):
        raise Reject("a length is below that of the filters")
    return Grid(filters, lengths)
