"""Signals, or codes, from a file: the columns of a matrix, or one as a plain list of numbers."""

from __future__ import annotations

import os
from dataclasses import replace

from ..errors import InputError
from ..files import shown
from .dictionary import Origin
from .members import SIGNALS
from .reading import BUILTIN, LONG_DOUBLE, naming, path_of, read_file
from .signals import Signals


def load_signals(source: str | os.PathLike[str], *, key: str | None = None) -> Signals:
    """Return the signals (or codes) that a file holds: the columns of its matrix, or one as a plain list of numbers.

    Reads the files that `load` reads, arrays of one dimension too (exact .json: a flat list of entries); `key` names
    the array where a file holds several. Guarantee: entries are kept at exactly the values the file holds (decimals in
    text: the nearest binary64); what was done stands in `origin.remarks`. Pickles are never loaded. Raises InputError,
    one line that names the source, for anything that is not a matrix of finite numbers, LimitError for what is too
    large.
    """
    text = path_of(source, "a path")
    if text.startswith(BUILTIN):
        raise InputError(f"{shown(text)}: there are no built-in signals: give a file")
    with naming(text):
        loader, entries = read_file(text, SIGNALS, key=key)
        origin = Origin(source=text, loader=loader, remarks=entries.remarks)
        if entries.imaginary is None:
            signals = Signals.from_array(entries.real, origin=origin)
        else:
            signals = Signals.from_parts(entries.real, entries.imaginary, origin=origin)
        if loader == "npy" and signals.real.dtype == object:
            return replace(signals, origin=replace(origin, loader=LONG_DOUBLE))
        return signals
