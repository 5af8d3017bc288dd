"""How two atoms of a convolutional dictionary can meet, whatever the signal's size, and their inner products."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...dictionaries.convolutional import Boundary, ConvolutionalDictionary, Lengths
from ...dictionaries.dictionary import Dictionary
from ...dictionaries.unit_atoms import unit_atoms
from ...errors import InputError

Floats = NDArray[np.float64]
Window = tuple[tuple[int, int], ...]
"""The taps that are left of a cut filter: from, and up to but not including, on each axis."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """Two atoms whose supports meet: taps u + `shift` * stride of the first stand where taps u of the second do.

    `shift` is the second position less the first. Filters are cut to the windows (whole, but for 'same'); `first_taps`
    and `second_taps` are those that meet. It occurs for codes of the lengths `code`, at the two positions.
    """

    shift: Lengths
    first_window: Window
    second_window: Window
    first_taps: tuple[slice, ...]
    second_taps: tuple[slice, ...]
    code: Lengths
    positions: tuple[Lengths, Lengths]

    @property
    def same_place(self) -> bool:
        """Whether both atoms stand at one position."""
        return not any(self.shift)

    def is_whole(self, support: Lengths) -> bool:
        """Whether neither filter is cut."""
        whole = tuple((0, t) for t in support)
        return self.first_window == whole and self.second_window == whole

    @property
    def reversed_key(self) -> tuple[object, ...]:
        """What tells the same meeting, seen from the second atom, from all others."""
        return tuple(-d for d in self.shift), self.second_window, self.first_window

    @property
    def key(self) -> tuple[object, ...]:
        """What tells this meeting from all others."""
        return self.shift, self.first_window, self.second_window


@dataclass(frozen=True, slots=True)
class _OnAxis:
    shift: int
    first_window: tuple[int, int]
    second_window: tuple[int, int]
    first_taps: slice
    second_taps: slice
    code: int
    positions: tuple[int, int]


def meetings(dictionary: ConvolutionalDictionary) -> list[Meeting]:
    """Return every way in which two atoms meet at any size from `least_code` on, in both orders; code lengths are any.

    For 'full' and 'circular' that is every shift of at most `reach`. For 'same' filters are cut at the ends, and every
    way to be cut is there, also those of codes shorter than 2t-1, where one atom is cut at one end and the other at the
    other. Those that also occur in longer codes come with `code` 2t-1, or the least length that shows them.
    """
    axes = [_on_axis(dictionary, axis) for axis in range(dictionary.grid_axes)]
    return [
        Meeting(
            shift=tuple(part.shift for part in parts),
            first_window=tuple(part.first_window for part in parts),
            second_window=tuple(part.second_window for part in parts),
            first_taps=tuple(part.first_taps for part in parts),
            second_taps=tuple(part.second_taps for part in parts),
            code=tuple(part.code for part in parts),
            positions=(tuple(part.positions[0] for part in parts), tuple(part.positions[1] for part in parts)),
        )
        for parts in product(*axes)
    ]


class Among(StrEnum):
    """Which pairs of atoms are meant ('same'): both whole, the first whole, or the second."""

    uncut = "uncut"
    one_uncut = "one-uncut"
    to_uncut = "to-uncut"


def among_meetings(dictionary: ConvolutionalDictionary, among: Among | None) -> list[Meeting]:
    """Return those of the `meetings` in which the atoms are whole that `among` names."""
    found, whole = meetings(dictionary), tuple((0, t) for t in dictionary.support)
    if among in (Among.uncut, Among.one_uncut):
        found = [meeting for meeting in found if meeting.first_window == whole]
    if among in (Among.uncut, Among.to_uncut):
        found = [meeting for meeting in found if meeting.second_window == whole]
    return found


def one_order(found: list[Meeting]) -> Iterator[Meeting]:
    """Yield each meeting in one of its two orders."""
    seen: set[tuple[object, ...]] = set()
    for meeting in found:
        if meeting.reversed_key not in seen:
            seen.add(meeting.key)
            yield meeting


def _on_axis(dictionary: ConvolutionalDictionary, axis: int) -> list[_OnAxis]:
    t, s, reach = dictionary.support[axis], dictionary.stride[axis], dictionary.reach[axis]
    if dictionary.boundary is not Boundary.same:
        least = dictionary.least_code[axis]
        whole = [_met(d, s, (0, t), (0, t), max(abs(d) + 1, least), max(0, -d)) for d in range(-reach, reach + 1)]
        return [part for part in whole if part is not None]
    found: dict[tuple[object, ...], _OnAxis] = {}
    for length in range(2 * t - 1, t - 1, -1):
        for p, q in product(range(length), repeat=2):
            part = _met(q - p, 1, _window(t, length, p), _window(t, length, q), length, p)
            if part is not None:
                found.setdefault((part.shift, part.first_window, part.second_window), part)
    return list(found.values())


def _window(t: int, length: int, position: int) -> tuple[int, int]:
    """Return the taps that are left of a centred filter."""
    first = position - (t - 1) // 2
    return max(0, -first), min(t, length - first)


def _met(
    shift: int, stride: int, first: tuple[int, int], second: tuple[int, int], code: int, position: int
) -> _OnAxis | None:
    start = max(second[0], first[0] - shift * stride)
    stop = min(second[1], first[1] - shift * stride)
    if start >= stop:
        return None
    return _OnAxis(
        shift=shift,
        first_window=first,
        second_window=second,
        first_taps=slice(start + shift * stride, stop + shift * stride),
        second_taps=slice(start, stop),
        code=code,
        positions=(position, position + shift),
    )


def cross_correlation(dictionary: ConvolutionalDictionary, first: int, second: int, shift: Lengths) -> Fraction:
    """Return R_{c,c'}(d) = sum over m, u of F[c, m, u + d * stride] F[c', m, u] of whole filters, exactly."""
    spans = zip(shift, dictionary.stride, dictionary.support, strict=True)
    starts = [(d * s, max(0, -d * s), min(t, t - d * s)) for d, s, t in spans]
    if any(start >= stop for _, start, stop in starts):
        return Fraction(0)
    there = (slice(None), *(slice(start + by, stop + by) for by, start, stop in starts))
    here = (slice(None), *(slice(start, stop) for _, start, stop in starts))
    pairs = zip(
        dictionary.filters[first][there].ravel().tolist(),
        dictionary.filters[second][here].ravel().tolist(),
        strict=True,
    )
    return sum((Fraction(x) * Fraction(y) for x, y in pairs), Fraction(0))


class UnitFilters:
    """Filters, cut to windows and scaled to unit norm, in floats; and the products of those that meet.

    `error` bounds the error of every product. Cost: one copy of the filters for each window.
    """

    def __init__(self, dictionary: ConvolutionalDictionary) -> None:
        self._dictionary = dictionary
        self.count = dictionary.channels[0]
        self._known: dict[Window, Floats] = {}
        self.error = Fraction(0)

    def of(self, window: Window) -> Floats:
        """Return the filters (C, M, taps), cut to a window, of unit norm; raise InputError if one is cut to zero."""
        if window not in self._known:
            atoms = unit_atoms(cut_filters(self._dictionary, window))
            self.error = max(self.error, atoms.error)
            self._known[window] = np.asarray(atoms.rows, dtype=np.float64).reshape(self._dictionary.filters.shape)
        return self._known[window]

    def products(self, meeting: Meeting) -> Floats:
        """Return <d^_(c,p), d^_(c',p')> for all pairs of filters, a C x C matrix."""
        first = self.of(meeting.first_window)[(slice(None), slice(None), *meeting.first_taps)]
        second = self.of(meeting.second_window)[(slice(None), slice(None), *meeting.second_taps)]
        return first.reshape(len(first), -1) @ second.reshape(len(second), -1).T


def cut_filters(dictionary: ConvolutionalDictionary, window: Window) -> Dictionary:
    """Return the filters with the taps outside a window set to zero, as columns; InputError if one is cut to zero."""
    filters = dictionary.filters
    taps = (slice(None), slice(None), *(slice(*part) for part in window))
    cut: Any = np.full(filters.shape, 0, dtype=filters.dtype)
    cut[taps] = filters[taps]
    columns = cut.reshape(len(cut), -1).T
    zero = np.flatnonzero(~(columns != 0).any(axis=0))
    if len(zero):
        left = " x ".join(f"{start} to {stop - 1}" for start, stop in window)
        raise InputError(
            f"expected nonzero atoms, got filter {zero[0]} cut to zero at the end of a signal (taps {left} are left)"
        )
    return Dictionary(real=columns)
