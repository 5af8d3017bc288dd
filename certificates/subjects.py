"""Reading what the user hands in: dictionaries, signals and codes, from files or from Python values.

Standard library only. SPEC.md section 3 says what is read; everything else raises SubjectError or OSError.
"""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, cast

if TYPE_CHECKING or __package__:
    from .rules.dictionary import Dictionary, Number, SubjectError
    from .rules.signals import Signals
    from .rules.values import Reject, guard_nesting
else:  # the checker runs as a file in a bare interpreter
    from rules.dictionary import Dictionary, Number, SubjectError
    from rules.signals import Signals
    from rules.values import Reject, guard_nesting

LARGEST_FILE = 1 << 30
MOST_ENTRIES = 20_000_000

Rows: TypeAlias = Sequence[Sequence[Number]]


def signals_of(value: object, role: str) -> Signals:
    """Return signals (role `signal`) or codes (role `code`) from a path, from rows or one column, or as they are."""
    if isinstance(value, str | Path):
        return read_signals(Path(value), role)
    signals = value if isinstance(value, Signals) else signals_from_values(value, role)
    if signals.role != role:
        raise SubjectError(f"what was handed in as {role} is of role {signals.role}")
    return signals


# --- files ---

_NPY_HEADER = re.compile(
    r"\{'descr': '([<>|])([a-z])([0-9]{1,2})', 'fortran_order': (True|False), "
    r"'shape': \(([0-9]{1,18}),(?: ([0-9]{1,18}))?\),? ?\} *\n"
)
NPY_TYPES = {"f2": "e", "f4": "f", "f8": "d", "c8": "f", "c16": "d"} | {
    f"{sign}{size}": code if sign == "i" else code.upper()
    for sign in "iu"
    for size, code in ((1, "b"), (2, "h"), (4, "i"), (8, "q"))
}


def read_dictionary(path: Path) -> Dictionary:
    """Read a dictionary from .npy or exact .json; raise SubjectError or OSError if that is impossible."""
    parts = _read(path, one_column=False)
    try:
        return Dictionary.from_rows(*parts)
    except SubjectError as error:
        raise SubjectError(f"{path}: {error}") from None


def read_signals(path: Path, role: str) -> Signals:
    """Read signals or codes as the columns of a matrix, or one as a flat list, likewise."""
    parts = _read(path, one_column=True)
    try:
        return Signals.from_rows(*parts, role)
    except SubjectError as error:
        raise SubjectError(f"{path}: {error}") from None


def _read(path: Path, *, one_column: bool) -> tuple[Rows, Rows | None]:
    if not path.is_file():
        raise SubjectError(f"{path}: not a file" if path.exists() else f"{path}: no such file")
    if path.stat().st_size > LARGEST_FILE:
        raise SubjectError(f"{path}: larger than {LARGEST_FILE} bytes")
    data = path.read_bytes()
    try:
        if data.startswith(b"\x93NUMPY"):
            return _read_npy(data, one_column)
        if path.suffix.lower() == ".json":
            return _read_json(data, one_column)
    except SubjectError as error:
        raise SubjectError(f"{path}: {error}") from None
    raise SubjectError(f"{path}: neither .npy nor exact .json")


def _read_npy(data: bytes, one_column: bool) -> tuple[Rows, Rows | None]:
    start = 10 if data[6:7] == b"\x01" else 12
    if len(data) < start or data[6:8] not in (b"\x01\x00", b"\x02\x00", b"\x03\x00"):
        raise SubjectError("a truncated .npy header or an unknown .npy version")
    length = int.from_bytes(data[8:start], "little")
    if length > 65535 or start + length > len(data):
        raise SubjectError(f"the .npy header claims {length} bytes")
    match = _NPY_HEADER.fullmatch(data[start : start + length].decode("latin-1"))
    if match is None or (match[6] is None and not one_column):
        wanted = "one or two dimensions" if one_column else "two dimensions"
        raise SubjectError(f"the .npy header does not describe a matrix of numbers ({wanted}, no objects)")
    order, kind, fortran = match[1], match[2] + match[3], match[4] == "True"
    code = NPY_TYPES.get(kind)
    if code is None or (order == "|" and kind not in ("i1", "u1")):
        raise SubjectError(f"entries of type {order}{kind} are not read: floats f2 f4 f8, complex c8 c16, integers")
    m, n = int(match[5]), int(match[6] or 1)
    parts = 2 if kind.startswith("c") else 1
    size = struct.calcsize("=" + code)
    if not 1 <= m * n <= MOST_ENTRIES:
        raise SubjectError(f"shape ({m}, {n}) has no entries, or more than {MOST_ENTRIES}")
    body = data[start + length :]
    if len(body) != m * n * parts * size:
        raise SubjectError(f"shape ({m}, {n}) needs {m * n * parts * size} bytes of entries, the file has {len(body)}")
    values = struct.unpack(f"{'>' if order == '>' else '<'}{m * n * parts}{code}", body)

    def rows(part: int) -> Rows:
        flat = values[part::parts]
        return [flat[i::m] for i in range(m)] if fortran else [flat[i * n : (i + 1) * n] for i in range(m)]

    return rows(0), rows(1) if parts == 2 else None


_ENTRY = re.compile(r"(-?[0-9]{1,4000})(?:/([0-9]{1,4000}))?")


def _read_json(data: bytes, one_column: bool) -> tuple[Rows, Rows | None]:
    if re.fullmatch(rb"[\t\n\r -\[\]-~]*", data) is None:
        raise SubjectError("not printable ASCII without backslash, which is all that exact numbers need")
    if data.count(b",") > 2 * MOST_ENTRIES:
        raise SubjectError(f"more than {MOST_ENTRIES} entries")
    try:
        guard_nesting(data, 3)
        value: object = json.loads(
            data, parse_float=str, parse_constant=str, parse_int=_long_integer, object_pairs_hook=_once
        )
    except Reject as error:
        raise SubjectError(str(error)) from None
    except ValueError as error:
        raise SubjectError(f"not JSON: {error}") from None
    if isinstance(value, dict):
        parts = cast("dict[str, object]", value)
        if set(parts) not in ({"real"}, {"real", "imaginary"}):
            raise SubjectError('an exact matrix is a list of rows or {"real": rows, "imaginary": rows}')
        imaginary = _rows(parts["imaginary"], one_column) if "imaginary" in parts else None
        return _rows(parts["real"], one_column), imaginary
    return _rows(value, one_column), None


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    if len(dict(pairs)) != len(pairs):
        raise SubjectError("a key that stands twice")
    return dict(pairs)


def _long_integer(text: str) -> int:
    if len(text.lstrip("-")) > 4000:
        raise SubjectError("an integer of more than 4000 digits")
    try:
        return int(text)
    except ValueError as error:  # the user lowered Python's limit
        raise SubjectError(str(error)) from None


def _rows(value: object, one_column: bool) -> Rows:
    rows = cast("list[object]", value) if isinstance(value, list) else [None]
    if one_column and rows and not any(isinstance(row, list) for row in rows):
        return [[_entry(entry)] for entry in rows]
    if not all(isinstance(row, list) for row in rows):
        raise SubjectError("the rows are not a list of lists")
    return [[_entry(entry) for entry in row] for row in cast("list[list[object]]", rows)]


def _entry(entry: object) -> Number:
    if type(entry) is int:
        return entry
    match = _ENTRY.fullmatch(entry) if isinstance(entry, str) else None
    if match is None or (match[2] and not match[2].strip("0")):
        raise SubjectError(f'an entry is neither an integer nor a text "p" or "p/q": {str(entry)[:40]!r}')
    return Fraction(_long_integer(match[1]), _long_integer(match[2] or "1"))


# --- values ---


def dictionary_from_values(rows: object) -> Dictionary:
    """Return the dictionary with these rows of int, Fraction, float or complex; complex if any entry is."""
    return Dictionary.from_rows(*_parts(rows, "a dictionary is a path or a sequence of rows", "the dictionary"))


def signals_from_values(rows: object, role: str) -> Signals:
    """Return the signals or codes in the columns of these rows, or the one with these entries."""
    complaint = f"a {role} is a path, a sequence of rows or one of numbers"
    entries = _sequence(rows, complaint)
    if entries and not any(isinstance(row, Sequence) for row in entries):
        entries = [[entry] for entry in entries]
    return Signals.from_rows(*_parts(entries, complaint, f"the {role}"), role)


def _parts(rows: object, complaint: str, whole: str) -> tuple[Rows, Rows | None]:
    matrix: list[list[int | float | complex | Fraction]] = []
    for row in _sequence(rows, complaint):
        matrix.append([])
        for entry in _sequence(row, f"a row of {whole} is not a sequence"):
            if type(entry) not in (int, float, complex, Fraction):
                raise SubjectError(f"an entry is of type {type(entry).__name__}, not int, float, complex or Fraction")
            matrix[-1].append(cast("int | float | complex | Fraction", entry))
    real: Rows = [[e.real if isinstance(e, complex) else e for e in row] for row in matrix]
    imaginary: Rows = [[e.imag if isinstance(e, complex) else 0 for e in row] for row in matrix]
    is_complex = any(isinstance(entry, complex) for row in matrix for entry in row)
    return real, imaginary if is_complex else None


def _sequence(value: object, complaint: str) -> Sequence[object]:
    if not isinstance(value, Sequence) or isinstance(value, str | bytes):
        raise SubjectError(complaint)
    return cast("Sequence[object]", value)
