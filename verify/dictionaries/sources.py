"""One door to dictionaries by name: `builtin:NAME:ARGS`, or a file."""

from __future__ import annotations

import os
from dataclasses import replace

from ..errors import InputError
from ..files import shown
from .dictionary import Dictionary, Origin
from .entries import Entries
from .families import build
from .reading import BUILTIN, LONG_DOUBLE, naming, path_of, read_file


def load(source: str | os.PathLike[str], *, atoms: str = "columns") -> Dictionary:
    """Return the dictionary that a path or `builtin:NAME:ARGS` names.

    Reads .npy, .csv, .tsv, .txt and exact .json; `atoms` says whether the atoms are the matrix's `columns` or its
    `rows`, which are then transposed. Guarantee: entries are kept at exactly the values the file holds (decimals in
    text: the nearest binary64); what was done stands in `origin.remarks`. Pickles are never loaded. Raises InputError,
    one line that names the source, for anything that is not a dictionary, LimitError for what is too large.
    """
    if atoms not in ("columns", "rows"):
        raise InputError(f"atoms: expected 'columns' or 'rows', got {atoms!r}")
    if isinstance(source, str) and source.startswith(BUILTIN):
        if atoms == "rows":
            raise InputError(f"{shown(source)}: the atoms of a built-in dictionary are its columns, not its rows")
        name, _, arguments = source.removeprefix(BUILTIN).partition(":")
        dictionary = build(name, arguments)
        return replace(dictionary, origin=replace(dictionary.origin, source=source))
    text = path_of(source, "a path or builtin:NAME:ARGS")
    with naming(text):
        loader, entries = read_file(text, column=False)
        return _dictionary(text, loader, entries.transposed() if atoms == "rows" else entries, atoms == "rows")


def _dictionary(text: str, loader: str, entries: Entries, transposed: bool) -> Dictionary:
    origin = Origin(source=text, loader=loader, remarks=entries.remarks, transposed=transposed)
    try:
        if entries.imaginary is None:
            dictionary = Dictionary.from_array(entries.real, origin=origin, copy=False)
        else:
            dictionary = Dictionary.from_parts(entries.real, entries.imaginary, origin=origin)
    except InputError as error:
        raise type(error)(f"{error}{' (after transposing: atoms are rows)' if transposed else ''}") from None
    if loader == "npy" and dictionary.is_rational:  # the independent checker does not read this type
        return replace(dictionary, origin=replace(origin, loader=LONG_DOUBLE))
    return dictionary
