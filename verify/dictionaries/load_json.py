"""Read an exact matrix from .json: rows of integers and texts "p/q" (certificates/SPEC.md section 3)."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from typing import BinaryIO, NoReturn

from ..errors import InputError, LimitError
from .entries import MOST_DIGITS, MOST_TEXT_ENTRIES, Entries, exact_arrays
from .members import MATRIX, Wanted
from .text import read_text

_ENTRY = re.compile(rf"(-?[0-9]{{1,{MOST_DIGITS}}})(?:/([0-9]{{1,{MOST_DIGITS}}}))?")
_DEEPEST = 3
_DEEPEST_OF_FILTERS = 5
_MOST_ROWS = 1_000_000
_FORM = 'a list of rows, {"real": rows} or {"real": rows, "imaginary": rows}'


def read_json(file: BinaryIO, *, wanted: Wanted = MATRIX) -> Entries:
    """Return the entries of an open .json file: a list of rows, or an object with the keys real and imaginary.

    Where columns are wanted, a flat list of entries stands for one column; filters may be nested one list an axis.
    Guarantee: every value is exact; numbers with a decimal
    point are refused, since what they mean exactly is not evident. Nesting, digits and size are bounded before anything
    is built. Raises InputError with row and column of what is wrong, LimitError for a file that is too large.
    """
    text = read_text(file)
    flat = wanted.dimensions[0] == 2
    _guard(text, _DEEPEST if flat else _DEEPEST_OF_FILTERS)
    try:
        value: object = json.loads(
            text,
            parse_float=_refuse_decimal,
            parse_constant=_refuse_constant,
            parse_int=_integer,
            object_pairs_hook=_once,
        )
    except InputError:
        raise
    except ValueError as error:  # JSONDecodeError, with line and column
        raise InputError(f"not JSON: {error}") from None
    names = ["real"]
    values = [value]
    if isinstance(value, dict):
        if set(value) not in ({"real"}, {"real", "imaginary"}):
            raise InputError(f"expected {_FORM}, got the keys {', '.join(map(repr, list(value)[:5]))[:80] or '(none)'}")
        names = [name for name in ("real", "imaginary") if name in value]
        values = [value[name] for name in names]
    if flat and 1 in wanted.dimensions:
        values = [_as_rows(rows) for rows in values]
    lengths = () if flat else _lengths(values[0])
    values = [value if flat else _unnested(value, len(lengths)) for value in values]
    parts = [_rows(rows, name) for rows, name in zip(values, names, strict=True)]
    shapes = [(len(part), len(part[0])) for part in parts]
    if len(set(shapes)) > 1:
        raise InputError(f"expected parts of one shape, got real {shapes[0]} and imaginary {shapes[1]}")
    arrays, what = exact_arrays(parts)
    if not flat:
        if len(lengths) not in wanted.dimensions:
            raise wanted.refused(lengths)
        arrays = [array.reshape(lengths) for array in arrays]
    prefix = "complex " if len(parts) == 2 else ""
    remark = f"{' x '.join(map(str, arrays[0].shape))} {prefix}{what}, kept exactly"
    return Entries(real=arrays[0], imaginary=arrays[1] if len(arrays) == 2 else None, remarks=(remark,))


def _guard(text: str, deepest: int) -> None:
    """Refuse what would nest deeply or be large once parsed; strings hold no backslash, so quotes come in pairs."""
    if "\\" in text:
        raise InputError("expected plain integers and texts, got a backslash, which an exact matrix never needs")
    if text.count(",") >= MOST_TEXT_ENTRIES or text.count("[") > _MOST_ROWS:
        limits = f"{MOST_TEXT_ENTRIES} entries or {_MOST_ROWS} rows"
        raise LimitError(f"more than {limits} in a text file: save the matrix with np.save")
    depth = 0
    for match in re.finditer(r'"[^"]*"|[\[\]{}]', text):
        bracket = match[0]
        depth += 1 if bracket in "[{" else -1 if bracket in "]}" else 0
        if depth > deepest:
            raise InputError(f"expected {_FORM}, got brackets nested more than {deepest} deep")


def _refuse_decimal(text: str) -> NoReturn:
    raise InputError(
        f'expected integers or texts "p/q", got the decimal {text[:40]}: write it exactly, 0.1 as "1/10", or use .npy'
    )


def _refuse_constant(text: str) -> NoReturn:
    raise InputError(f"expected finite numbers, got {text}")


def _integer(text: str) -> int:
    if len(text.lstrip("-")) > MOST_DIGITS:
        raise InputError(f"expected integers of at most {MOST_DIGITS} digits, got {len(text.lstrip('-'))}")
    return int(text)


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    if len(dict(pairs)) != len(pairs):
        raise InputError("expected every key once, got a key that stands twice")
    return dict(pairs)


def _as_rows(value: object) -> object:
    """Return a flat list of entries as the rows of one column, and anything else as it is."""
    if isinstance(value, list) and value and not any(isinstance(entry, list) for entry in value):
        return [[entry] for entry in value]
    return value


def _lengths(value: object) -> tuple[int, ...]:
    """Return the lengths of nested lists, as their first entries say."""
    lengths: list[int] = []
    while isinstance(value, list) and value:
        lengths.append(len(value))
        value = value[0]
    return tuple(lengths)


def _unnested(value: object, depth: int) -> object:
    """Return what is nested deeper than rows as rows of one matrix; raise InputError for other lengths inside."""
    if depth == 1:
        return [value]
    for _ in range(depth - 2):
        assert isinstance(value, list)
        first = value[0]
        for part in value:
            if not isinstance(part, list) or len(part) != len(first):
                raise InputError(f"expected lists of one length, {len(first)} as in the first, got {_kind(part)}")
        value = [row for part in value for row in part]
    return value


def _rows(value: object, name: str) -> list[list[int | Fraction]]:
    if not isinstance(value, list) or not value:
        raise InputError(f"expected {_FORM}, got {_kind(value)} for {name}")
    rows: list[list[int | Fraction]] = []
    for at, row in enumerate(value):
        if not isinstance(row, list):
            raise InputError(f"expected a matrix, a list of rows, got {_kind(row)} for row {at} of {name}")
        if len(row) != len(value[0]):
            lengths = f"row 0 of {name} has {len(value[0])}, row {at} has {len(row)}"
            raise InputError(f"expected rows of one length: {lengths}")
        rows.append([_entry(entry, at, column, name) for column, entry in enumerate(row)])
    return rows


def _kind(value: object) -> str:
    if isinstance(value, list):
        return "a list" if value else "an empty list"
    return {dict: "an object", str: "a text", bool: "true or false", type(None): "null"}.get(type(value), "a number")


def _entry(entry: object, row: int, column: int, name: str) -> int | Fraction:
    if type(entry) is int:
        return entry
    match = _ENTRY.fullmatch(entry) if isinstance(entry, str) else None
    if match is None or (match[2] and not match[2].strip("0")):
        what = repr(entry[:40]) if isinstance(entry, str) else _kind(entry)
        place = f"row {row}, column {column} of {name}"
        raise InputError(f'expected an integer or a text "p/q" with q > 0, got {what} at {place}')
    return Fraction(int(match[1]), int(match[2] or 1))
