"""One door to dictionaries by name: `builtin:NAME:ARGS`, or a file, told apart by content and extension."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from ..errors import InputError
from ..files import reason, shown
from .dictionary import Dictionary, Origin
from .entries import Entries
from .families import FAMILIES, build
from .load_csv import read_csv
from .load_json import read_json
from .load_npy import MAGIC, read_npy

_BUILTIN = "builtin:"
_LOADERS: dict[str, tuple[str, Callable[[BinaryIO], Entries]]] = {
    ".npy": ("npy", read_npy),
    ".csv": ("csv", read_csv),
    ".tsv": ("csv", read_csv),
    ".txt": ("csv", read_csv),
    ".json": ("json", read_json),
}
_BYTES_LOOKED_AT = 8


def load(source: str | os.PathLike[str], *, atoms: str = "columns") -> Dictionary:
    """Return the dictionary that a path or `builtin:NAME:ARGS` names.

    Reads .npy, .csv, .tsv, .txt and exact .json; `atoms` says whether the atoms are the matrix's `columns` or its
    `rows`, which are then transposed. Guarantee: entries are kept at exactly the values the file holds (decimals in
    text: the nearest binary64); what was done stands in `origin.remarks`. Pickles are never loaded. Raises InputError,
    one line that names the source, for anything that is not a dictionary, LimitError for what is too large.
    """
    if atoms not in ("columns", "rows"):
        raise InputError(f"atoms: expected 'columns' or 'rows', got {atoms!r}")
    if isinstance(source, str) and source.startswith(_BUILTIN):
        if atoms == "rows":
            raise InputError(f"{shown(source)}: the atoms of a built-in dictionary are its columns, not its rows")
        name, _, arguments = source.removeprefix(_BUILTIN).partition(":")
        dictionary = build(name, arguments)
        return replace(dictionary, origin=replace(dictionary.origin, source=source))
    try:
        text = os.fsdecode(source)
    except TypeError:
        raise InputError(f"source: expected a path or builtin:NAME:ARGS, got {type(source).__name__}") from None
    try:
        return _load_file(text, transpose=atoms == "rows")
    except InputError as error:
        raise type(error)(f"{shown(text)}: {error}") from None
    except OSError as error:
        raise InputError(f"{shown(text)}: cannot be read: {reason(error)}") from None
    except MemoryError:
        raise InputError(f"{shown(text)}: reading it needs more memory than there is") from None


def _load_file(text: str, *, transpose: bool) -> Dictionary:
    path = _regular_file(text)
    with path.open("rb") as file:
        loader, read = _loader(path, file.read(_BYTES_LOOKED_AT))
        file.seek(0)
        entries = read(file)
    if transpose:
        entries = entries.transposed()
    origin = Origin(source=text, loader=loader, remarks=entries.remarks, transposed=transpose)
    try:
        if entries.imaginary is None:
            dictionary = Dictionary.from_array(entries.real, origin=origin, copy=False)
        else:
            dictionary = Dictionary.from_parts(entries.real, entries.imaginary, origin=origin)
    except InputError as error:
        raise type(error)(f"{error}{' (after transposing: atoms are rows)' if transpose else ''}") from None
    if loader == "npy" and dictionary.is_rational:  # the independent checker does not read this type
        return replace(dictionary, origin=replace(origin, loader="npy (long double)"))
    return dictionary


def _regular_file(text: str) -> Path:
    path = Path(text)
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        name, mark, _ = text.partition(":")
        known = mark and name in [family.name for family in FAMILIES]
        advice = f"; did you mean {_BUILTIN}{shown(text)}?" if known else ""
        raise InputError(f"no such file{advice}") from None
    except ValueError:  # a NUL character, or one that the file system cannot encode
        raise InputError("not a valid path") from None
    if stat.S_ISDIR(mode):
        raise InputError("a directory, and a file was wanted")
    if not stat.S_ISREG(mode):
        raise InputError("not a regular file")
    return path


def _loader(path: Path, start: bytes) -> tuple[str, Callable[[BinaryIO], Entries]]:
    """Choose by content first, then by extension; refuse by name what must not or cannot be read."""
    if not start:
        raise InputError("an empty file, and a matrix was wanted")
    if start.startswith(MAGIC):
        return _LOADERS[".npy"]
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        raise InputError("a zip archive (.npz?), which is not read yet: save one matrix with np.save")
    if start[0] == 0x80 and len(start) > 1 and start[1] <= 5:
        raise InputError("a pickle, which is never loaded: save the matrix with np.save")
    extension = path.suffix.lower()
    if extension not in _LOADERS:
        known = ", ".join(_LOADERS)
        raise InputError(f"expected a file of a known kind ({known}), got the extension {extension[:20]!r}")
    return _LOADERS[extension]
