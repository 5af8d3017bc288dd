"""Read one matrix from a .mat file: versions 4 to 7 through SciPy, version 7.3, which is HDF5, through h5py."""

from __future__ import annotations

import struct
import zlib
from typing import Any, BinaryIO

import numpy as np

from ..errors import InputError, LimitError
from .entries import MOST_ENTRIES, Entries
from .load_hdf5 import MAGIC as HDF5
from .load_hdf5 import read_hdf5
from .members import MATRIX, Member, Wanted, chosen

_HEADER = 128
_COMPRESSED = 15
_LARGEST_VARIABLE = 16 * MOST_ENTRIES + (1 << 20)
_READ_AT_ONCE = 1 << 20
_NUMBERS = {
    "double", "single", "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "sparse",
}  # fmt: skip


def read_mat(file: BinaryIO, *, wanted: Wanted = MATRIX, key: str | None = None) -> Entries:
    """Return the entries of one variable of an open .mat file: the one named `key`, or the only one wanted.

    Guarantee: entries are taken at exactly their values; a sparse matrix is filled with zeros. Structures, cells and
    objects are never made. A compressed variable that unpacks to more than the largest matrix is refused before it is
    read. Raises InputError for anything else, LimitError for what is too large.
    """
    start = file.read(_HEADER + 384 + len(HDF5))
    file.seek(0)
    if HDF5 in (start[: len(HDF5)], start[512 : 512 + len(HDF5)]):
        return read_hdf5(file, wanted=wanted, key=key, matlab=True)
    from scipy.io import loadmat, whosmat

    _refuse_bombs(file, start)
    try:
        members = [_member(*found) for found in whosmat(file)]
        member = chosen(members, key, wanted)
        file.seek(0)
        value = loadmat(file, variable_names=[member.name], mat_dtype=False)[member.name]
    except InputError:
        raise
    except MemoryError:
        raise
    except Exception as error:  # SciPy raises whatever a broken file leads it to
        reason = str(error).splitlines()[0][:100] if str(error) else type(error).__name__
        raise InputError(f"SciPy does not read it: {reason}") from None
    return _entries(value, member)


def _member(name: str, shape: tuple[int, ...], kind: str) -> Member:
    refused = "" if kind in _NUMBERS else f"of class {kind[:20]}"
    return Member(name=name, shape=tuple(int(length) for length in shape), kind=kind, refused=refused)


def _entries(value: Any, member: Member) -> Entries:
    sparse = member.kind == "sparse"
    dense = value.toarray() if sparse else value
    if not isinstance(dense, np.ndarray) or dense.dtype.kind not in "fciu" or dense.shape != member.shape:
        raise InputError(f"the variable {member.name[:60]!r} is no matrix of numbers after all")
    size = " x ".join(map(str, dense.shape))
    remark = f"the variable {member.name!r}: {size} {dense.dtype.name} values{', stored as sparse' if sparse else ''}"
    return Entries(real=dense, remarks=(remark,))


def _refuse_bombs(file: BinaryIO, start: bytes) -> None:
    """Unpack every compressed variable of a version-5 file without keeping it, and refuse what grows too large."""
    if len(start) < _HEADER or start[126:128] not in (b"IM", b"MI"):
        return  # version 4, which has no compression
    order = "<" if start[126:128] == b"IM" else ">"
    file.seek(_HEADER)
    while len(tag := file.read(8)) == 8:
        kind, length = struct.unpack(f"{order}II", tag)
        if kind != _COMPRESSED:
            file.seek(length, 1)
            continue
        engine, left, size = zlib.decompressobj(), length, 0
        while left and not engine.eof and (packed := file.read(min(left, _READ_AT_ONCE))):
            left -= len(packed)
            while packed:
                try:
                    size += len(engine.decompress(packed, _READ_AT_ONCE))
                except zlib.error as error:
                    raise InputError(f"a compressed variable is damaged: {str(error)[:80]}") from None
                if size > _LARGEST_VARIABLE:
                    raise LimitError(f"a variable unpacks to more than {_LARGEST_VARIABLE} bytes")
                packed = engine.unconsumed_tail
        file.seek(left, 1)
    file.seek(0)
