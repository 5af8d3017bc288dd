"""Files of numbers: told apart by content and extension, read by one loader a format, refused in one line."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol

from ..errors import InputError
from ..files import reason, shown
from .entries import Entries
from .families import FAMILIES
from .load_csv import read_csv
from .load_json import read_json
from .load_npy import MAGIC, read_npy

BUILTIN = "builtin:"
LONG_DOUBLE = "npy (long double)"
"""The loader's name where it read a type that the independent checker does not read."""


class _Read(Protocol):
    def __call__(self, file: BinaryIO, *, column: bool = False) -> Entries: ...


_LOADERS: dict[str, tuple[str, _Read]] = {
    ".npy": ("npy", read_npy),
    ".csv": ("csv", read_csv),
    ".tsv": ("csv", read_csv),
    ".txt": ("csv", read_csv),
    ".json": ("json", read_json),
}
_BYTES_LOOKED_AT = 8


def path_of(source: str | os.PathLike[str], wanted: str) -> str:
    """Return a path as text; raise InputError, saying what was wanted, for anything else."""
    try:
        return os.fsdecode(source)
    except TypeError:
        raise InputError(f"source: expected {wanted}, got {type(source).__name__}") from None


@contextmanager
def naming(text: str) -> Iterator[None]:
    """Turn what goes wrong with a file into one line that names it."""
    try:
        yield
    except InputError as error:
        raise type(error)(f"{shown(text)}: {error}") from None
    except OSError as error:
        raise InputError(f"{shown(text)}: cannot be read: {reason(error)}") from None
    except MemoryError:
        raise InputError(f"{shown(text)}: reading it needs more memory than there is") from None


def read_file(text: str, *, column: bool) -> tuple[str, Entries]:
    """Return the name of the loader that reads a file, and the entries; with `column` also of one dimension.

    Raises InputError for a file that is none of those read, or does not hold a matrix of numbers, OSError.
    """
    path = _regular_file(text)
    with path.open("rb") as file:
        loader, read = _loader(path, file.read(_BYTES_LOOKED_AT))
        file.seek(0)
        return loader, read(file, column=column)


def _regular_file(text: str) -> Path:
    path = Path(text)
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        name, mark, _ = text.partition(":")
        known = mark and name in [family.name for family in FAMILIES]
        advice = f"; did you mean {BUILTIN}{shown(text)}?" if known else ""
        raise InputError(f"no such file{advice}") from None
    except ValueError:  # a NUL character, or one that the file system cannot encode
        raise InputError("not a valid path") from None
    if stat.S_ISDIR(mode):
        raise InputError("a directory, and a file was wanted")
    if not stat.S_ISREG(mode):
        raise InputError("not a regular file")
    return path


def _loader(path: Path, start: bytes) -> tuple[str, _Read]:
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
