"""Convolutional dictionaries of one size as plain matrices of Fractions: what the tests hold claims against.

Built from the definition alone, atom by atom, and sharing nothing with the checker. Filters are nested lists
F[c][m][u] or F[c][m][u][v]; the matrix is a list of columns, in the order of SPEC.md section 3.3.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from certificate_truth import gaussian, kernel


@dataclass(frozen=True)
class Size:
    """The dictionary of one size; `atoms` are (filter, position), `columns` their entries."""

    lengths: tuple[int, ...]
    atoms: list[tuple[int, ...]]
    columns: list[list[Fraction]]

    def gram(self) -> list[list[Fraction]]:
        return [[dot(a, b) for b in self.columns] for a in self.columns]


def dot(a: list[Fraction], b: list[Fraction]) -> Fraction:
    return sum((x * y for x, y in zip(a, b, strict=True) if x and y), Fraction(0))


def entry(filters: Any, *index: int) -> Fraction:
    for at in index:
        filters = filters[at]
    return Fraction(filters)


def shape_of(filters: Any) -> tuple[int, ...]:
    shape = []
    while isinstance(filters, list):
        shape.append(len(filters))
        filters = filters[0]
    return tuple(shape)


def flat(filters: Any) -> list[Any]:
    while isinstance(filters[0], list):
        filters = [value for part in filters for value in part]
    return list(filters)


def dictionary(filters: Any, stride: tuple[int, ...], boundary: str, lengths: tuple[int, ...]) -> Size:
    count, channels, *taps = shape_of(filters)
    if boundary == "full":
        signal = [(length - 1) * s + t for length, s, t in zip(lengths, stride, taps, strict=True)]
    else:
        signal = [length * s for length, s in zip(lengths, stride, strict=True)]
    atoms = list(itertools.product(range(count), *map(range, lengths)))
    places = list(itertools.product(range(channels), *map(range, signal)))
    columns = []
    for c, *positions in atoms:
        column = dict.fromkeys(places, Fraction(0))
        for m, *tap in itertools.product(range(channels), *map(range, taps)):
            place = [p * s + u for p, s, u in zip(positions, stride, tap, strict=True)]
            if boundary == "same":
                place = [at - t // 2 for at, t in zip(place, taps, strict=True)]
            if boundary == "circular":
                place = [at % size for at, size in zip(place, signal, strict=True)]
            if (m, *place) in column:
                column[m, *place] += entry(filters, c, m, *tap)
            elif boundary == "full":
                raise ValueError("an atom leaves the signal")
        columns.append([column[place] for place in places])
    return Size(lengths, atoms, columns)


def sizes(filters: Any, stride: tuple[int, ...], boundary: str, most: int) -> Iterator[tuple[int, ...]]:
    """Lengths of codes up to `most`, those that statements are about."""
    _, _, *taps = shape_of(filters)
    for lengths in itertools.product(range(1, most + 1), repeat=len(taps)):
        if boundary == "circular" and any(n * s < 2 * t - 1 for n, s, t in zip(lengths, stride, taps, strict=True)):
            continue
        if boundary == "same" and any(n < t for n, t in zip(lengths, taps, strict=True)):
            continue
        yield lengths


def stripes(size: Size, taps: tuple[int, ...], stride: tuple[int, ...], boundary: str) -> list[set[int]]:
    """The stripe of every atom: the atoms whose taps' boxes share a place of the signal."""
    boxes = []
    for _, *positions in size.atoms:
        axes = []
        for p, t, s, length in zip(positions, taps, stride, size.lengths, strict=True):
            start = p * s - (t // 2 if boundary == "same" else 0)
            places = range(start, start + t)
            if boundary == "circular":
                axes.append({at % (length * s) for at in places})
            else:
                axes.append({at for at in places if boundary == "full" or 0 <= at < length})
        boxes.append(axes)
    return [
        {j for j, other in enumerate(boxes) if all(a & b for a, b in zip(box, other, strict=True))} for box in boxes
    ]


def whole_atoms(filters: Any, size: Size) -> list[int]:
    """The atoms that boundary `same` leaves whole: no tap is outside of the signal."""
    halves = [t // 2 for t in shape_of(filters)[2:]]
    return [
        i
        for i, (_, *positions) in enumerate(size.atoms)
        if all(h <= p < n - h for p, n, h in zip(positions, size.lengths, halves, strict=True))
    ]


def window(filters: Any, size: Size, i: int) -> list[list[int]]:
    """The taps that boundary `same` leaves of an atom, from and to for each axis."""
    found = []
    for p, n, t in zip(size.atoms[i][1:], size.lengths, shape_of(filters)[2:], strict=True):
        taps = [u for u in range(t) if 0 <= p + u - t // 2 < n]
        found.append([taps[0], taps[-1] + 1])
    return found


def boxes(filters: Any, size: Size) -> list[list[int]]:
    """For every atom the entries of a signal under its taps, with boundary `same`."""
    channels, *taps = shape_of(filters)[1:]
    places = list(itertools.product(range(channels), *map(range, size.lengths)))
    return [
        [
            at
            for at, (_, *q) in enumerate(places)
            if all(abs(a - p) <= t // 2 for a, p, t in zip(q, ps, taps, strict=True))
        ]
        for _, *ps in size.atoms
    ]


def null_vector(size: Size) -> tuple[list[int], list[int]]:
    """The support and the integer values of one null vector, by elimination; the size has more atoms than entries."""
    basis = kernel([[gaussian(value) for value in column] for column in size.columns])
    values = [value for value, _ in basis[0]]
    common = math.lcm(*(value.denominator for value in values))
    support = [at for at, value in enumerate(values) if value]
    return support, [int(values[at] * common) for at in support]
