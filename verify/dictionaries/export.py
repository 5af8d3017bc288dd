"""Write a dictionary to a file that the independent checker reads back with the same digest."""

from __future__ import annotations

import io
import os
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError, LimitError
from ..files import shown, write_atomically
from .dictionary import Dictionary, Real
from .entries import LARGEST_TEXT, MOST_DIGITS, MOST_ENTRIES, MOST_TEXT_ENTRIES

_MOST_BITS = MOST_DIGITS * 10 // 3
"""More bits than a number of so many digits can have."""


def export(dictionary: Dictionary, path: str | os.PathLike[str]) -> None:
    """Write a dictionary to `path`, as .npy (machine numbers, their type kept) or .json (exact, any entries).

    Guarantee: the file holds exactly these values, so that its digest is the dictionary's; it is written atomically.
    Fractions go to .npy as binary64 if every one is exactly that. Raises InputError if .npy cannot hold the entries,
    if the extension is neither or if writing fails, LimitError for more than the checker or the loader reads.
    """
    extension = Path(path).suffix.lower()
    if extension not in (".npy", ".json"):
        raise InputError(f"{shown(path)}: expected the extension .npy or .json, got {extension[:20]!r}")
    m, n = dictionary.shape
    limit = (MOST_ENTRIES if extension == ".npy" else MOST_TEXT_ENTRIES) // len(dictionary.parts)
    try:
        if m * n > limit:
            raise LimitError(f"{m} x {n} entries are too many for {extension}, at most {limit} can be read back")
        data = _npy(dictionary) if extension == ".npy" else _json(dictionary)
    except InputError as error:
        raise type(error)(f"{shown(path)}: {error}") from None
    write_atomically(path, data)


def _npy(dictionary: Dictionary) -> bytes:
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, _machine_array(dictionary), version=(1, 0), allow_pickle=False)
    return buffer.getvalue()


def _machine_array(dictionary: Dictionary) -> NDArray[Any]:
    real, imaginary = dictionary.real, dictionary.imaginary
    if imaginary is None and not dictionary.is_rational:
        return real
    types = {part.dtype.newbyteorder("=").str[1:] for part in dictionary.parts}
    if types == {"f4"}:
        kind = np.dtype(np.float32)
    elif dictionary.fits_binary64:
        kind = np.dtype(np.float64)
    else:
        raise InputError("an entry is not exactly a binary64 number, which .npy would need: write .json instead")
    if imaginary is None:
        return real.astype(kind)
    array = np.empty(dictionary.shape, dtype=np.complex64 if kind.itemsize == 4 else np.complex128)
    array.real, array.imag = real, imaginary
    return array


def _json(dictionary: Dictionary) -> bytes:
    names = ["real", "imaginary"]
    texts = {name: _rows(part) for name, part in zip(names, dictionary.parts, strict=False)}
    text = texts["real"]
    if dictionary.imaginary is not None:
        text = f'{{"imaginary": {texts["imaginary"]},\n"real": {texts["real"]}}}'
    data = text.encode("ascii") + b"\n"
    if len(data) > LARGEST_TEXT:
        raise LimitError(f"the .json file would have {len(data) >> 20} MiB, and at most {LARGEST_TEXT >> 20} are read")
    return data


def _rows(part: Real) -> str:
    return "[" + ",\n".join(f"[{', '.join(map(_entry, row))}]" for row in part.tolist()) + "]"


def _entry(value: float | int | Fraction) -> str:
    p, q = value.as_integer_ratio()
    if max(p.bit_length(), q.bit_length()) > _MOST_BITS or max(len(str(abs(p))), len(str(q))) > MOST_DIGITS:
        raise InputError(f"an entry has more than {MOST_DIGITS} decimal digits, more than the checker reads")
    if q != 1:
        return f'"{p}/{q}"'
    return str(p) if abs(p) < 2**53 else f'"{p}"'
