"""Filters at one size of signals: their explicit matrix, and signals and codes as its columns."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from ..dictionaries.convolutional import ConvolutionalDictionary
from ..dictionaries.dictionary import Dictionary, Origin
from ..dictionaries.members import Wanted
from ..dictionaries.reading import LONG_DOUBLE, naming, path_of, read_file
from ..dictionaries.signals import Signals
from ..errors import InputError, LimitError

MOST_SOLVED = 1_000_000
"""Entries of the largest matrix that is solved with; `export-dictionary` writes larger ones."""


def matrix_of(filters: ConvolutionalDictionary, size: Sequence[int], most: int | None = None) -> Dictionary:
    """Return the atoms that signals of lengths `size` have, as columns, one filter after another.

    Raises InputError for lengths that no code has, LimitError for a matrix of more than `most` entries.
    """
    with naming(filters.origin.source):
        code = filters.code_lengths(size)
        rows, columns = filters.channels[1] * math.prod(size), filters.channels[0] * math.prod(code)
        if most is not None and rows * columns > most:
            raise LimitError(
                f"for signals of {words(size)} the matrix of all shifts is {rows} x {columns}, more than {most} "
                "entries: problems are solved for shorter signals; what holds for every size is check-dictionary's"
            )
        found = filters.matrix(code)
    remark = f"the matrix of filters for signals of {words(size)}: every statement is about this one size"
    origin = Origin(
        source=filters.origin.source,
        loader=f"{filters.origin.loader}, all shifts",
        key=filters.origin.key,
        remarks=(*filters.origin.remarks, remark),
    )
    return replace(found, origin=origin)


def words(lengths: Sequence[int]) -> str:
    """Return lengths as `8 x 8`, one as `length 8`."""
    text = " x ".join(map(str, lengths))
    return f"length {text}" if len(lengths) == 1 else text


def columns_of(filters: ConvolutionalDictionary, file: str, role: str, size: Sequence[int] | None) -> Signals:
    """Return the signals (codes) of a file as columns, channels one after another and positions row by row.

    Without `size` the file holds one array (channels, lengths), several with one more axis in front; one channel needs
    no axis. With it, also columns of that many entries. Raises InputError, with the shape, for anything else.
    """
    return _read(filters, file, role, size)[0]


def lengths_of(filters: ConvolutionalDictionary, file: str, role: str, size: Sequence[int] | None) -> tuple[int, ...]:
    """Return the lengths of the signals that a file holds, or makes as codes."""
    return _read(filters, file, role, size)[1]


def _read(
    filters: ConvolutionalDictionary, file: str, role: str, size: Sequence[int] | None
) -> tuple[Signals, tuple[int, ...]]:
    text, axes = path_of(file, "a path"), filters.grid_axes
    channels = filters.channels[0 if role == "code" else 1]
    least = axes if channels == 1 else axes + 1
    usual = tuple(range(least, axes + 3))
    letters = "lengths" if axes == 2 else "length"
    flat_ones = " (--size for flat ones)"
    if size is not None:
        with naming(filters.origin.source):
            filters.code_lengths(size)
        flat_ones = f", or columns of {_entries(filters, role, size)} entries"
    wanted = Wanted(
        dimensions=usual if size is None else tuple(sorted({1, 2, *usual})),
        words=f"{role}s of shape ({channels}, {letters}), or (count, {channels}, {letters}){flat_ones}",
    )
    with naming(text):
        loader, entries = read_file(text, wanted)
        real, imaginary = entries.real, entries.imaginary
        if imaginary is not None or real.dtype.kind == "c":
            raise InputError(f"expected real {role}s, got complex ones")
        if loader == "npy" and real.dtype == object:
            loader = LONG_DOUBLE
        flat = size is not None and real.ndim <= 2 and real.shape[0] == _entries(filters, role, size)
        if not flat and (real.ndim < least or (real.ndim > axes and real.shape[-axes - 1] != channels)):
            raise InputError(f"expected {wanted.words}, got an array of shape {real.shape}")
        origin = Origin(source=text, loader=loader, remarks=entries.remarks)
        if flat:
            return Signals.from_array(real, origin=origin), tuple(size or ())
        found = tuple(real.shape[-axes:])
        lengths = filters.signal_lengths(found) if role == "code" else found
        if size is not None and tuple(size) != lengths:
            raise InputError(f"expected signals of {words(size)} (--size), got {words(lengths)}: shape {real.shape}")
        rows = channels * math.prod(found)
        if real.size > rows or real.ndim > axes + 1:
            told = f"{role}s are the first axis; each with its channels one after another"
            origin = replace(origin, loader=f"{loader} (arranged)", remarks=(*entries.remarks, told))
            return Signals.from_array(real.reshape(-1, rows).T, origin=origin), lengths
        if real.ndim > 1:
            origin = replace(origin, loader=f"{loader} (arranged)")
        return Signals.from_array(real.reshape(rows, 1), origin=origin), lengths


def _entries(filters: ConvolutionalDictionary, role: str, size: Sequence[int]) -> int:
    if role == "code":
        return filters.channels[0] * math.prod(filters.code_lengths(size))
    return filters.channels[1] * math.prod(size)
