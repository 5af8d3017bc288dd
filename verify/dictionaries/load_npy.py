"""Read an array from an .npy file: the header is matched, never evaluated, and nothing is ever unpickled."""

from __future__ import annotations

import math
import os
import re
from dataclasses import dataclass
from typing import IO, Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError, LimitError
from .entries import Entries
from .members import MATRIX, Wanted

MAGIC = b"\x93NUMPY"
LARGEST_NPY = 4 << 30

_LARGEST_HEADER = 1 << 16
_FIELD = re.compile(
    r"\s*(?P<q>['\"])(?P<name>descr|fortran_order|shape)(?P=q)\s*:\s*"
    r"(?P<value>'[^'\"]*'|\"[^'\"]*\"|True|False|\([0-9L,\s]*\))\s*(?:,|(?=\}))"
)
_TYPE = re.compile(r"(?P<order>[<>|=]?)(?P<kind>[A-Za-z?])(?P<size>[0-9]{0,9}).*", re.DOTALL)
_READABLE = "floats f2 f4 f8 f16, complex c8 c16 c32, integers i1 to u8"


def read_npy(file: BinaryIO, *, wanted: Wanted = MATRIX) -> Entries:
    """Return the entries of an open .npy file, versions 1 to 3, in their own type, byte order and memory order.

    One axis is one column where columns are wanted. Guarantee: entries are taken at exactly their values. Memory is
    allocated only after the size that the header claims was found to be the size of the file. Raises InputError for
    anything that is not one array of numbers with as many axes as wanted.
    """
    size = os.fstat(file.fileno()).st_size
    if size > LARGEST_NPY:
        raise LimitError(f"the file has {size} bytes, and at most {LARGEST_NPY} are read")
    header = npy_header(file)
    matrix = header.expected(wanted)
    matrix.refuse_other_size(size - file.tell())
    count = math.prod(matrix.shape)
    flat = np.fromfile(file, dtype=matrix.dtype, count=count)
    if len(flat) != count:
        raise InputError(f"the file became shorter while it was read: got {len(flat)} of {count} entries")
    return matrix.entries(flat)


@dataclass(frozen=True, slots=True, kw_only=True)
class NpyHeader:
    """What the header of an .npy file says: type, shape, and whether the first index runs fastest."""

    dtype: np.dtype[np.generic]
    shape: tuple[int, ...]
    fortran: bool

    def expected(self, wanted: Wanted) -> NpyHeader:
        """Return the header as one of what is wanted; where columns are, one axis makes one column."""
        if len(self.shape) not in wanted.dimensions:
            raise wanted.refused(self.shape)
        one_column = len(self.shape) == 1 and wanted.dimensions[0] == 2
        shape = (self.shape[0], 1) if one_column else self.shape
        return NpyHeader(dtype=self.dtype, shape=shape, fortran=self.fortran)

    @property
    def size(self) -> int:
        """Bytes that the entries take."""
        size = self.dtype.itemsize
        for length in self.shape:
            size *= length
        return size

    def refuse_other_size(self, there: int) -> None:
        """Raise InputError unless the entries take exactly as many bytes as there are."""
        if self.size != there:
            problem = "is truncated" if there < self.size else "holds something after the array"
            needs = f"shape {self.shape} of {self.dtype.name} needs {self.size} bytes of entries"
            raise InputError(f"the file {problem}: {needs}, got {there}")

    def entries(self, flat: NDArray[Any]) -> Entries:
        """Return the entries of an array, which stand in `flat` as the header says."""
        real = flat.reshape(self.shape, order="F" if self.fortran else "C")
        return Entries(real=real, remarks=_remarks(self.dtype, self.shape, self.fortran))


def npy_header(file: IO[bytes]) -> NpyHeader:
    """Read the header of an open .npy file; raise InputError if it does not describe an array of numbers."""
    fields = _header_fields(_header(file))
    fortran = fields["fortran_order"] == "True"
    return NpyHeader(dtype=_dtype(fields["descr"][1:-1]), shape=_shape(fields["shape"]), fortran=fortran)


def _header(file: IO[bytes]) -> str:
    start = file.read(8)
    if start[:6] != MAGIC:
        raise InputError(f"not an .npy file: it begins with {start[:6]!r}, and {MAGIC!r} was wanted")
    major = start[6] if len(start) == 8 and start[7] == 0 else 0
    if major not in (1, 2, 3):
        raise InputError(f"expected .npy version 1, 2 or 3, got version bytes {start[6:8]!r}")
    prefix = file.read(2 if major == 1 else 4)
    length = int.from_bytes(prefix, "little")
    if len(prefix) != (2 if major == 1 else 4) or length > _LARGEST_HEADER:
        raise InputError(f"the .npy header is truncated, or longer than {_LARGEST_HEADER} bytes: it claims {length}")
    header = file.read(length)
    if len(header) != length:
        raise InputError(f"the .npy header is truncated: it claims {length} bytes, got {len(header)}")
    return header.decode("latin-1")


def _header_fields(header: str) -> dict[str, str]:
    """Return the values of descr, fortran_order and shape as they stand in the header."""
    text = header.strip()
    fields: dict[str, str] = {}
    if text.startswith("{") and text.endswith("}"):
        at = 1
        while match := _FIELD.match(text, at):
            if match["name"] in fields:
                break
            fields[match["name"]] = match["value"]
            at = match.end()
        beginnings = {name: value[0] for name, value in fields.items()}
        wanted = {"descr": "'\"", "fortran_order": "TF", "shape": "("}
        if (
            text[at:].strip() == "}"
            and beginnings.keys() == wanted.keys()
            and all(beginnings[name] in wanted[name] for name in wanted)
        ):
            return fields
    raise InputError(f"the .npy header does not describe a plain array of numbers: {text[:30]!r}")


def _shape(text: str) -> tuple[int, ...]:
    if re.fullmatch(r"\((?:\s*[0-9]{1,18}L?\s*(?:,|(?=\))))*\s*\)", text) is None:
        raise InputError(f"expected the shape of a matrix in the .npy header, got {text[:60]!r}")
    return tuple(int(number) for number in re.findall(r"[0-9]+", text))


def _dtype(text: str) -> np.dtype[np.generic]:
    match = _TYPE.fullmatch(text)
    kind = match["kind"] + match["size"] if match else text
    if kind in ("b1", "?"):
        raise InputError("expected numbers, got bool entries: save integers, np.save(path, D.astype(np.int8))")
    if kind.startswith("O"):
        raise InputError("expected numbers, got pickled objects, which are never loaded: save numbers, or exact .json")
    if match is None or kind not in _SIZES or match.end("size") != len(text):
        raise InputError(f"expected entries of a type that is read ({_READABLE}), got {text[:40]!r}")
    if match["order"] in ("|", "") and _SIZES[kind] > 1:
        raise InputError(f"expected a byte order (< or >) in the .npy header, got the type {text!r}")
    try:
        return np.dtype(match["order"] + kind)
    except TypeError:
        raise InputError(f"entries of type {text} cannot be read on this machine: save them as f8 or c16") from None


_SIZES = {"f2": 2, "f4": 4, "f8": 8, "f12": 12, "f16": 16, "c8": 8, "c16": 16, "c24": 24, "c32": 32} | {
    f"{sign}{size}": size for sign in "iu" for size in (1, 2, 4, 8)
}


def _remarks(dtype: np.dtype[np.generic], shape: tuple[int, ...], fortran: bool) -> tuple[str, ...]:
    order = "Fortran order" if fortran else "C order"
    swapped = "" if dtype.isnative else ", bytes in foreign order"
    values = f"{' x '.join(map(str, shape))} {dtype.name} values, {order}{swapped}"
    if dtype.itemsize > (16 if dtype.kind == "c" else 8):
        return values, "extended precision kept exactly, as fractions; the checker reads such entries from .json only"
    return (values,)
