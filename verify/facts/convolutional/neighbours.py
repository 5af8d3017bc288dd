"""What the weights of an atom must be small on: every atom that meets a box of taps around it, at any size."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...dictionaries.convolutional import ConvolutionalDictionary, Lengths
from ...dictionaries.dictionary import Dictionary
from ...dictionaries.unit_atoms import unit_atoms
from ...dictionaries.working_space import WorkingSpace, unit_space
from ...errors import LimitError
from .cross_correlations import UnitFilters, Window, cut_filters, meetings

_MOST_ENTRIES = 200_000_000


@dataclass(frozen=True, kw_only=True)
class Neighbours:
    """Atoms that meet a box, restricted to it: `columns` exactly, and `space` scaled by the norms of the whole atoms.

    Column j is filter `channels[j]` at a position that differs by `shifts[j]` from that of the atom whose weights are
    sought, and `squared_norms[j]` is N_j^2 of the whole atom (in 'same': of that cut atom that is shortest).
    `targets[c]` is filter c at the place itself. The box is `shape`, its first entry tap `start`.
    """

    columns: Dictionary
    space: WorkingSpace
    channels: NDArray[np.intp]
    shifts: tuple[Lengths, ...]
    squared_norms: tuple[Fraction, ...]
    targets: NDArray[np.intp]
    start: Lengths
    shape: tuple[int, ...]


def box_neighbours(dictionary: ConvolutionalDictionary, margin: Lengths) -> Neighbours:
    """Return the neighbours of a whole atom in the box of its taps and `margin` more on either side of each axis."""
    whole = tuple((0, t) for t in dictionary.support)
    farthest = [(e + t - 1) // s for e, t, s in zip(margin, dictionary.support, dictionary.stride, strict=True)]
    placed = {shift: [whole] for shift in product(*(range(-far, far + 1) for far in farthest))}
    box = tuple((-e, t + e) for e, t in zip(margin, dictionary.support, strict=True))
    return _restricted(dictionary, placed, box)


def cut_neighbours(dictionary: ConvolutionalDictionary, window: Window) -> Neighbours:
    """Return the neighbours of an atom that is cut to a window, in that window ('same').

    Of neighbours that differ only in how they are cut outside the window, the shortest one asks for most.
    """
    placed: dict[Lengths, list[Window]] = {}
    for meeting in meetings(dictionary):
        if meeting.first_window == window:
            placed.setdefault(meeting.shift, []).append(meeting.second_window)
    return _restricted(dictionary, placed, window)


def period_neighbours(dictionary: ConvolutionalDictionary, code: Lengths) -> Neighbours:
    """Return all atoms of one circular dictionary, whose whole period is the box."""
    columns = dictionary.matrix(code)
    atoms = unit_atoms(columns)
    C, M = dictionary.channels
    places = list(product(range(C), *map(range, code)))
    origin = (0,) * len(code)
    return Neighbours(
        columns=columns,
        space=unit_space(np.asarray(atoms.rows, dtype=np.float64), atoms.error),
        channels=np.array([place[0] for place in places]),
        shifts=tuple(place[1:] for place in places),
        squared_norms=_squared_norms(columns),
        targets=np.array([dictionary.atom_index(c, origin, code) for c in range(C)]),
        start=origin,
        shape=(M, *dictionary.signal_lengths(code)),
    )


def _restricted(dictionary: ConvolutionalDictionary, placed: dict[Lengths, list[Window]], box: Window) -> Neighbours:
    C, M = dictionary.channels
    shape = (M, *(stop - start for start, stop in box))
    if len(placed) * C * math.prod(shape) > _MOST_ENTRIES:
        raise LimitError(f"{len(placed) * C} neighbours of {math.prod(shape)} taps are too many to look for weights")
    unit, norms = UnitFilters(dictionary), {w: _squared_norms(cut_filters(dictionary, w)) for w in _windows(placed)}
    exact, floats, squares = [], [], []
    for shift, windows in placed.items():
        shortest = [min(windows, key=lambda window: norms[window][c]) for c in range(C)]
        scaled = np.stack([unit.of(window)[c] for c, window in enumerate(shortest)])
        steps = [d * s for d, s in zip(shift, dictionary.stride, strict=True)]
        exact.append(_moved(dictionary.filters, steps, box).reshape(C, -1))
        floats.append(_moved(scaled, steps, box).reshape(C, -1))
        squares += [norms[window][c] for c, window in enumerate(shortest)]
    columns, rows = np.concatenate(exact), np.concatenate(floats)
    kept = np.flatnonzero((columns != 0).any(axis=1)).tolist()
    places = [(c, shift) for shift in placed for c in range(C)]
    at = {places[j]: i for i, j in enumerate(kept)}
    return Neighbours(
        columns=Dictionary(real=columns[kept].T),
        space=unit_space(rows[kept], unit.error),
        channels=np.array([places[j][0] for j in kept]),
        shifts=tuple(places[j][1] for j in kept),
        squared_norms=tuple(squares[j] for j in kept),
        targets=np.array([at[c, (0,) * dictionary.grid_axes] for c in range(C)]),
        start=tuple(start for start, _ in box),
        shape=shape,
    )


def _windows(placed: dict[Lengths, list[Window]]) -> set[Window]:
    return {window for windows in placed.values() for window in windows}


def _squared_norms(columns: Dictionary) -> tuple[Fraction, ...]:
    atoms = columns.integer_atoms(range(columns.shape[1]))
    return tuple(scale * scale * norm for scale, norm in zip(atoms.scale, atoms.squared_norms, strict=True))


def _moved(filters: NDArray[Any], steps: list[int], box: Window) -> Any:
    """Return the filters, moved by `steps`, in a box of taps."""
    there, here = [], []
    for step, t, (start, stop) in zip(steps, filters.shape[2:], box, strict=True):
        first, last = max(0, start - step), min(t, stop - step)
        here.append(slice(first, last))
        there.append(slice(first + step - start, last + step - start))
    result = np.full((*filters.shape[:2], *(stop - start for start, stop in box)), 0, dtype=filters.dtype)
    result[(slice(None), slice(None), *there)] = filters[(slice(None), slice(None), *here)]
    return result
