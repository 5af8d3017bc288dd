"""Reading the filters that the user hands in (SPEC.md section 3.3).

Standard library only. What is not read raises SubjectError or OSError.
"""

from __future__ import annotations

import re
import struct
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING or __package__:
    from .rules.dictionary import Number, SubjectError
    from .rules.filters import Filters
    from .subjects import LARGEST_FILE, MOST_ENTRIES, NPY_TYPES
else:  # the checker runs as a file in a bare interpreter
    from rules.dictionary import Number, SubjectError
    from rules.filters import Filters
    from subjects import LARGEST_FILE, MOST_ENTRIES, NPY_TYPES

_HEADER = re.compile(
    r"\{'descr': '([<>|])([fiu])([0-9])', 'fortran_order': (True|False), "
    r"'shape': \(([0-9]{1,8}), ([0-9]{1,8}), ([0-9]{1,8})(?:, ([0-9]{1,8}))?\),? ?\} *\n"
)
_STRIDE = re.compile(r"[1-9][0-9]{0,8}(?:,[1-9][0-9]{0,8})?")


def filters_of(value: object) -> Filters:
    """Return filters as they are."""
    if not isinstance(value, Filters):
        raise SubjectError("filters are certificates.Filters: they need a stride and a boundary")
    return value


def read_filters(path: Path, stride: str | None, boundary: str | None) -> Filters:
    """Read filters from .npy, with a stride as `2` or `2,1`; raise SubjectError or OSError if that is impossible."""
    if stride is None or boundary is None:
        raise SubjectError("filters need --stride and --boundary: they are part of what is claimed")
    if _STRIDE.fullmatch(stride) is None:
        raise SubjectError(f"the stride is one positive integer for each axis, as 1,1, not {stride[:40]!r}")
    if not path.is_file():
        raise SubjectError(f"{path}: not a file" if path.exists() else f"{path}: no such file")
    if path.stat().st_size > LARGEST_FILE:
        raise SubjectError(f"{path}: larger than {LARGEST_FILE} bytes")
    try:
        values, shape = _entries(path.read_bytes())
        return Filters.of(values, shape, tuple(map(int, stride.split(","))), boundary)
    except SubjectError as error:
        raise SubjectError(f"{path}: {error}") from None


def _entries(data: bytes) -> tuple[list[Number], tuple[int, ...]]:
    """Return the entries of a file .npy in row-major order, and their shape."""
    start = 10 if data[6:7] == b"\x01" else 12
    if not data.startswith(b"\x93NUMPY"):
        raise SubjectError("filters are read from .npy, and this is none")
    if len(data) < start or data[6:8] not in (b"\x01\x00", b"\x02\x00", b"\x03\x00"):
        raise SubjectError("a truncated .npy header or an unknown .npy version")
    length = int.from_bytes(data[8:start], "little")
    if length > 65535 or start + length > len(data):
        raise SubjectError(f"the .npy header claims {length} bytes")
    match = _HEADER.fullmatch(data[start : start + length].decode("latin-1"))
    if match is None:
        raise SubjectError("the .npy header does not describe an array of real numbers with 3 or 4 axes (C, M, taps)")
    order, kind = match[1], match[2] + match[3]
    code = NPY_TYPES.get(kind)
    if code is None or (order == "|" and kind not in ("i1", "u1")):
        raise SubjectError(f"entries of type {order}{kind} are not read: floats f2 f4 f8, integers")
    shape = tuple(int(length) for length in match.groups()[4:] if length is not None)
    count = 1
    for length in shape:
        count *= length
    if not 1 <= count <= MOST_ENTRIES:
        raise SubjectError(f"shape {shape} has no entries, or more than {MOST_ENTRIES}")
    body = data[start + int.from_bytes(data[8:start], "little") :]
    size = struct.calcsize("=" + code)
    if len(body) != count * size:
        raise SubjectError(f"shape {shape} needs {count * size} bytes of entries, the file has {len(body)}")
    values = struct.unpack(f"{'>' if order == '>' else '<'}{count}{code}", body)
    return (_row_major(values, shape) if match[4] == "True" else list(values)), shape


def _row_major(values: tuple[Number, ...], shape: tuple[int, ...]) -> list[Number]:
    """Return entries in row-major order that are stored in column-major order."""
    places, step = [0], 1
    for length in shape:
        places = [place + step * at for place in places for at in range(length)]
        step *= length
    return [values[place] for place in places]
