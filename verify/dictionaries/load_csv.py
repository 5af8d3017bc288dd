"""Read a matrix from text: one row a line; entries separated by commas, semicolons, tabs or blanks."""

from __future__ import annotations

import math
import re
from fractions import Fraction
from typing import BinaryIO

import numpy as np

from ..errors import InputError, LimitError
from .entries import MOST_DIGITS, MOST_TEXT_ENTRIES, Entries, exact_arrays
from .members import MATRIX, Wanted
from .text import read_text

_DECIMAL = r"(?:[0-9]++(?:\.[0-9]*+)?+|\.[0-9]++)(?:[eE][+-]?[0-9]++)?+"  # possessive: no backtracking
_COMPLEX = rf"[+-]?{_DECIMAL}(?:[+-]{_DECIMAL})?+j"
_NUMBER = re.compile(
    r"(?P<integer>[+-]?[0-9]++)"
    r"|(?P<fraction>[+-]?[0-9]++/0*+[1-9][0-9]*+)"
    rf"|(?P<decimal>[+-]?{_DECIMAL})"
    rf"|(?P<complex>{_COMPLEX}|\({_COMPLEX}\))"
)
_NOT_FINITE = re.compile(r"[+-]?(?:nan|inf|infinity)", re.IGNORECASE)
_LONGEST_ENTRY = 2 * MOST_DIGITS + 10
_LARGEST_EXPONENT = 400
_DELIMITERS = {";": "semicolons", ",": "commas", "\t": "tabs", None: "blanks"}

Row = tuple[int, list[str]]
"""A line number (from 1) and the entries of that line, as text."""


def read_csv(file: BinaryIO, *, wanted: Wanted = MATRIX) -> Entries:
    """Return the entries of an open text file; blank lines and lines that begin with # are skipped.

    It is a matrix whatever is wanted.

    Guarantee: if all entries are integers, they are kept exactly; if one entry is a fraction p/q, all entries are
    (0.1 is then 1/10); otherwise decimals are read as the nearest binary64 number, and the remark says so. Raises
    InputError with line and column for an entry that is no number, that would overflow or vanish, or for a line of
    another length, LimitError for a file that is too large.
    """
    del wanted
    rows, delimiter, comments = _split(read_text(file))
    kinds = _kinds(rows)
    remarks = [f"entries separated by {_DELIMITERS[delimiter]}"]
    if comments:
        remarks.append(f"{comments} comment line{'s' if comments > 1 else ''} skipped")
    shape = f"{len(rows)} x {len(rows[0][1])}"
    if kinds <= {"integer"} or "fraction" in kinds:
        if "complex" in kinds:
            raise InputError("expected either fractions p/q or complex numbers, got both: write exact complex as .json")
        exact = [[_exact(entry, at, line) for at, entry in enumerate(row)] for line, row in rows]
        (array,), what = exact_arrays([exact])
        what += ", decimals as what they say" if "decimal" in kinds else ""
        return Entries(real=array, remarks=(f"{shape} {what}, kept exactly", *remarks))
    is_complex = "complex" in kinds
    number = _complex if is_complex else _float
    values = [[number(entry, at, line) for at, entry in enumerate(row)] for line, row in rows]
    array = np.array(values, dtype=np.complex128 if is_complex else np.float64)
    what = "complex decimals, their parts" if is_complex else "decimals,"
    rounded = sum(_is_rounded_integer(entry) for _, row in rows for entry in row)
    if rounded:
        remarks.append(f"{rounded} long integer{'s' if rounded > 1 else ''} rounded to binary64, as decimals are")
    return Entries(real=array, remarks=(f"{shape} {what} read as the nearest binary64", *remarks))


def _is_rounded_integer(entry: str) -> bool:
    """Say whether an entry is an integer of 16 digits or more that no binary64 number equals."""
    return len(entry) > 15 and entry.lstrip("+-").isdigit() and float(entry) != int(entry)


def _split(text: str) -> tuple[list[Row], str | None, int]:
    """Return the rows, the delimiter of the first of them, and the number of comment lines."""
    rows: list[Row] = []
    delimiter: str | None = None
    comments = entries = 0
    for number, raw in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1):
        line = raw.strip(" \t")
        if not line or line.startswith("#"):
            comments += bool(line)
            continue
        if not rows:
            delimiter = next((mark for mark in ";,\t" if mark in line), None)
        row = [entry.strip(" \t") for entry in line.split(delimiter)]
        if rows and len(row) != len(rows[0][1]):
            lengths = f"line {rows[0][0]} has {len(rows[0][1])}, line {number} has {len(row)}"
            raise InputError(f"expected rows of one length (separated by {_DELIMITERS[delimiter]}): {lengths}")
        entries += len(row)
        if entries > MOST_TEXT_ENTRIES:
            raise LimitError(f"more than {MOST_TEXT_ENTRIES} entries in a text file: save the matrix with np.save")
        rows.append((number, row))
    if not rows:
        raise InputError("expected rows of numbers, got only blank or comment lines")
    return rows, delimiter, comments


def _kinds(rows: list[Row]) -> set[str]:
    kinds: set[str] = set()
    for line, row in rows:
        for at, entry in enumerate(row):
            match = _NUMBER.fullmatch(entry) if len(entry) <= _LONGEST_ENTRY else None
            if match is None or match.lastgroup is None:
                raise InputError(f"{_place(line, at)}: {_complaint(entry)}")
            kinds.add(match.lastgroup)
    return kinds


def _complaint(entry: str) -> str:
    if not entry:
        return "expected a number, got an empty entry"
    if len(entry) > _LONGEST_ENTRY:
        return f"expected a number of at most {_LONGEST_ENTRY} characters, got {len(entry)}"
    if _NOT_FINITE.fullmatch(entry):
        return f"expected a finite number, got {entry}"
    advice = ""
    if re.fullmatch(r"[+-]?[0-9]+,[0-9]+", entry):
        advice = " (write decimals with a point)"
    elif re.fullmatch(r"[+-]?[0-9]+/0+", entry):
        advice = " (the denominator is zero)"
    return f"expected a number, got {entry[:40]!r}{advice}"


def _place(line: int, at: int) -> str:
    return f"line {line}, column {at + 1}"


def _exact(entry: str, at: int, line: int) -> int | Fraction:
    mantissa, _, exponent = entry.lower().partition("e")
    if max(map(len, re.findall("[0-9.]+", mantissa))) > MOST_DIGITS:
        raise InputError(f"{_place(line, at)}: expected at most {MOST_DIGITS} digits, got {entry[:20]}...")
    if exponent and (len(exponent) > 5 or abs(int(exponent)) > _LARGEST_EXPONENT):
        raise InputError(f"{_place(line, at)}: expected an exponent of at most {_LARGEST_EXPONENT}, got {entry[:40]}")
    return Fraction(entry)


def _float(entry: str, at: int, line: int) -> float:
    value = float(entry)
    if not math.isfinite(value) or (value == 0 and re.match(r"[^eE]*[1-9]", entry)):
        raise InputError(f"{_place(line, at)}: expected a number that binary64 can hold, got {entry[:40]}")
    return value


def _complex(entry: str, at: int, line: int) -> complex:
    for part in re.findall(rf"[+-]?{_DECIMAL}", entry):
        _float(part, at, line)
    return complex(entry)
