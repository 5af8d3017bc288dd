"""One door to dictionaries by name: `builtin:NAME:ARGS`, or a file."""

from __future__ import annotations

import os
from dataclasses import replace

from ..errors import InputError
from ..files import shown
from .dictionary import Dictionary, Origin
from .entries import Entries
from .families import build
from .members import MATRIX
from .objects import entries_of_object
from .reading import BUILTIN, LONG_DOUBLE, naming, path_of, read_file


def load(source: object, *, atoms: str = "columns", key: str | None = None) -> Dictionary:
    """Return the dictionary that a path or `builtin:NAME:ARGS` names, or that another package's object holds.

    Reads .npy, .csv, .tsv, .txt, exact .json, .npz, .mat, .h5, .safetensors, .pt (weights only) and .parquet; takes
    arrays, torch tensors, data frames and fitted scikit-learn estimators, whose memory is used and must not be changed
    afterwards. `atoms` says whether the atoms are the matrix's `columns` or its `rows`, which are then transposed;
    `key` names the array where a file holds several. Guarantee: entries are kept at exactly the values the source holds
    (decimals in text: the nearest binary64; bfloat16: as binary32); what was done stands in `origin.remarks`. Pickles
    are never loaded. Raises InputError, one line that names the source, for anything that is not a dictionary,
    LimitError for what is too large.
    """
    if atoms not in ("columns", "rows"):
        raise InputError(f"atoms: expected 'columns' or 'rows', got {atoms!r}")
    rows = atoms == "rows"
    if isinstance(source, str) and source.startswith(BUILTIN):
        if rows:
            raise InputError(f"{shown(source)}: the atoms of a built-in dictionary are its columns, not its rows")
        if key is not None:
            raise InputError(f"{shown(source)}: a built-in dictionary has no key, got {key[:60]!r}")
        name, _, arguments = source.removeprefix(BUILTIN).partition(":")
        dictionary = build(name, arguments)
        return replace(dictionary, origin=replace(dictionary.origin, source=source))
    if not isinstance(source, str | bytes | os.PathLike):
        if key is not None:
            raise InputError(f"source: the key {key[:60]!r} is for files that hold several arrays")
        loader, entries = entries_of_object(source, atoms)
        name = f"{'an' if loader == 'array' else 'a'} {loader}"
        return _dictionary(name, loader, entries.transposed() if rows else entries, rows)
    text = path_of(source, "a path or builtin:NAME:ARGS")
    with naming(text):
        loader, entries = read_file(text, MATRIX, key=key)
        found = _dictionary(text, loader, entries.transposed() if rows else entries, rows)
        return found if key is None else replace(found, origin=replace(found.origin, key=key))


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
