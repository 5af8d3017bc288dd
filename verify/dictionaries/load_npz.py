"""Read one matrix from an .npz file: a zip archive of .npy files, each read as `load_npy` reads them."""

from __future__ import annotations

import lzma
import zipfile
import zlib
from typing import BinaryIO

import numpy as np

from ..errors import InputError
from .entries import Entries
from .load_npy import NpyHeader, npy_header
from .members import MATRIX, Member, Wanted, chosen

_READ_AT_ONCE = 1 << 24
_DAMAGED = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    lzma.LZMAError,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
)
"""What zipfile raises for archives that are damaged, encrypted, or packed in a way it does not know."""


def read_npz(file: BinaryIO, *, wanted: Wanted = MATRIX, key: str | None = None) -> Entries:
    """Return the entries of one array of an open .npz file: the one named `key`, or the only one wanted.

    Guarantee: entries are taken at exactly their values, and never unpickled. No more bytes are unpacked than the
    entries take, at most MOST_ENTRIES of them: an archive that claims more, or holds more than it claims, is refused.
    Raises InputError for anything that is not such a file, LimitError for what is too large.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            headers = {info.filename.removesuffix(".npy"): _header(archive, info) for info in archive.infolist()}
            members = [_member(name, header) for name, header in headers.items()]
            name = chosen(members, key, wanted).name
            header = headers[name]
            assert isinstance(header, NpyHeader)
            return _entries(archive, name, header.expected(wanted))
    except _DAMAGED as error:
        raise InputError(f"not an .npz file that can be read: {str(error)[:100] or type(error).__name__}") from None


def _header(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> NpyHeader | str:
    if not info.filename.endswith(".npy"):
        return "not an .npy file"
    if info.flag_bits & 1:
        return "encrypted"
    try:
        with archive.open(info) as stream:
            return npy_header(stream)
    except InputError as error:
        return str(error)


def _member(name: str, header: NpyHeader | str) -> Member:
    if isinstance(header, str):
        return Member(name=name, refused=header)
    return Member(name=name, shape=header.shape, kind=header.dtype.name)


def _entries(archive: zipfile.ZipFile, name: str, matrix: NpyHeader) -> Entries:
    with archive.open(f"{name}.npy") as stream:
        npy_header(stream)
        data = bytearray()
        while len(data) <= matrix.size and (part := stream.read(min(_READ_AT_ONCE, matrix.size + 1 - len(data)))):
            data += part
    matrix.refuse_other_size(len(data))
    found = matrix.entries(np.frombuffer(data, dtype=matrix.dtype))
    return Entries(real=found.real, remarks=(*found.remarks, f"the array {name!r} of the archive"))
