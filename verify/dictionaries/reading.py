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
from .load_hdf5 import MAGIC as HDF5
from .load_hdf5 import read_hdf5
from .load_json import read_json
from .load_mat import read_mat
from .load_npy import MAGIC, read_npy
from .load_npz import read_npz
from .load_parquet import MAGIC as PARQUET
from .load_parquet import read_parquet
from .load_safetensors import read_safetensors
from .load_torch import read_torch
from .members import MATRIX, Wanted

BUILTIN = "builtin:"
LONG_DOUBLE = "npy (long double)"
"""The loader's name where it read a type that the independent checker does not read."""


class _Read(Protocol):
    def __call__(self, file: BinaryIO, *, wanted: Wanted = MATRIX) -> Entries: ...


class _ReadMember(Protocol):
    def __call__(self, file: BinaryIO, *, wanted: Wanted = MATRIX, key: str | None = None) -> Entries: ...


_LOADERS: dict[str, tuple[str, _Read]] = {
    ".npy": ("npy", read_npy),
    ".csv": ("csv", read_csv),
    ".tsv": ("csv", read_csv),
    ".txt": ("csv", read_csv),
    ".json": ("json", read_json),
}
_LOADERS_OF_MEMBERS: dict[str, tuple[str, _ReadMember]] = {
    ".npz": ("npz", read_npz),
    ".mat": ("mat", read_mat),
    ".h5": ("hdf5", read_hdf5),
    ".hdf5": ("hdf5", read_hdf5),
    ".safetensors": ("safetensors", read_safetensors),
    ".pt": ("torch", read_torch),
    ".pth": ("torch", read_torch),
    ".parquet": ("parquet", read_parquet),
}
_BYTES_LOOKED_AT = 8


def path_of(source: str | bytes | os.PathLike[str], wanted: str) -> str:
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


def read_file(text: str, wanted: Wanted, key: str | None = None) -> tuple[str, Entries]:
    """Return the name of the loader that reads a file, and the entries: an array with as many axes as wanted.

    `key` names an array where a file holds several. Raises InputError for a file that is none of those read, or does
    not hold such an array of numbers, OSError.
    """
    path = _regular_file(text)
    with path.open("rb") as file:
        kind = _kind(path, file.read(_BYTES_LOOKED_AT))
        file.seek(0)
        if kind in _LOADERS_OF_MEMBERS:
            loader, read_member = _LOADERS_OF_MEMBERS[kind]
            return loader, read_member(file, wanted=wanted, key=key)
        loader, read = _LOADERS[kind]
        if key is not None:
            raise InputError(f"a {kind} file holds one matrix, and the key {key[:60]!r} was given: leave it out")
        return loader, read(file, wanted=wanted)


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


def _kind(path: Path, start: bytes) -> str:
    """Tell the kind of a file by its content first, then by its extension; refuse by name what must not be read."""
    if not start:
        raise InputError("an empty file, and a matrix was wanted")
    if start.startswith(MAGIC):
        return ".npy"
    extension = path.suffix.lower()
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        if extension not in (".npz", ".pt", ".pth"):
            raise InputError(f"a zip archive: expected the extension .npz, .pt or .pth, got {extension[:20]!r}")
        return extension
    if start[0] == 0x80 and len(start) > 1 and start[1] <= 5 and extension not in (".safetensors", ".mat"):
        raise InputError("a pickle, which is never loaded: save the matrix with np.save, or weights with torch.save")
    if start.startswith(HDF5):
        return ".mat" if extension == ".mat" else ".h5"
    if start.startswith(PARQUET):
        return ".parquet"
    if extension not in _LOADERS and extension not in _LOADERS_OF_MEMBERS:
        known = ", ".join([*_LOADERS, *_LOADERS_OF_MEMBERS])
        raise InputError(f"expected a file of a known kind ({known}), got the extension {extension[:20]!r}")
    return extension
