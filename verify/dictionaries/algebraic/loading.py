"""One door to algebraic dictionaries by name: `exact:NAME:ARGS`, or a .json file of expressions."""

from __future__ import annotations

import os
import re
from pathlib import Path

from ...errors import InputError
from ...files import shown
from ..dictionary import Origin
from ..load_json import parse_json
from ..reading import naming, path_of, regular_file
from ..text import read_text
from .dictionary import MOST_ENTRIES, AlgebraicDictionary
from .families import build_exact

EXACT = "exact:"
_START = re.compile(rb'(?:\xef\xbb\xbf)?[ \t\r\n]*\{[ \t\r\n]*"expressions"')
_LOOKED_AT = 4096
_FORM = '{"expressions": rows}, each a list of texts such as "cos(pi/8)" or integers'


def is_algebraic(source: object) -> bool:
    """Say whether a source names an algebraic dictionary: `exact:...`, or a .json file that starts as one does."""
    if not isinstance(source, str | os.PathLike):
        return False
    text = os.fsdecode(source)
    if text.startswith(EXACT):
        return True
    path = Path(text)
    if path.suffix.lower() != ".json":
        return False
    try:
        with regular_file(text).open("rb") as file:
            return _START.match(file.read(_LOOKED_AT)) is not None
    except (InputError, OSError):
        return False  # the ordinary loader says what is wrong


def load_algebraic(source: str | os.PathLike[str], *, atoms: str = "columns") -> AlgebraicDictionary:
    """Return the algebraic dictionary that a .json file of expressions or `exact:NAME:ARGS` is.

    The file holds {"expressions": rows} (docs/algebraic.md); `atoms` says whether the atoms are its `columns` or its
    `rows`. Guarantee: exact. Raises InputError, one line that names the source, for what is no dictionary of algebraic
    numbers, LimitError for what is too large.
    """
    if atoms not in ("columns", "rows"):
        raise InputError(f"atoms: expected 'columns' or 'rows', got {atoms!r}")
    text = path_of(source, "a path or exact:NAME:ARGS")
    if text.startswith(EXACT):
        if atoms == "rows":
            raise InputError(f"{shown(text)}: the atoms of a built-in dictionary are its columns, not its rows")
        name, _, arguments = text.removeprefix(EXACT).partition(":")
        rows, remark = build_exact(name, arguments)
        return AlgebraicDictionary.of(rows, origin=Origin(source=text, loader="exact built-in", remarks=(remark,)))
    with naming(text):
        with regular_file(text).open("rb") as file:
            rows = _rows(parse_json(read_text(file)))
        remarks: tuple[str, ...] = ("algebraic numbers, exactly what the expressions say",)
        if atoms == "rows":
            remarks = (*remarks, "transposed: the rows of the file are the atoms")
            rows = [list(column) for column in zip(*rows, strict=True)]
        origin = Origin(source=text, loader="expressions", remarks=remarks, transposed=atoms == "rows")
        return AlgebraicDictionary.of(rows, origin=origin)


def _rows(value: object) -> list[list[str]]:
    if not isinstance(value, dict) or set(value) != {"expressions"}:
        raise InputError(f"expected {_FORM}")
    rows = value["expressions"]
    if not isinstance(rows, list) or not rows or not all(isinstance(row, list) for row in rows):
        raise InputError(f"expected {_FORM}, got something else for the rows")
    if len({len(row) for row in rows}) > 1:
        raise InputError(
            f"expected rows of one length, got lengths from {min(map(len, rows))} to {max(map(len, rows))}"
        )
    if sum(map(len, rows)) > MOST_ENTRIES:
        raise InputError(f"more than {MOST_ENTRIES} algebraic entries")
    return [[_text(entry, i, j) for j, entry in enumerate(row)] for i, row in enumerate(rows)]


def _text(entry: object, row: int, column: int) -> str:
    if type(entry) is int:
        return str(entry)
    if not isinstance(entry, str):
        kind = "true or false" if isinstance(entry, bool) else "null" if entry is None else type(entry).__name__
        raise InputError(f"row {row}, column {column}: expected a text with an expression, or an integer, got {kind}")
    return entry
