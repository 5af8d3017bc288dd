"""What an experiment has found so far, in a small JSON file that a later run continues."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path

from ...errors import InputError
from ...files import reason, shown, write_atomically
from .clopper_pearson import MOST_TRIALS
from .experiment import Cell, Letters
from .outcomes import LETTERS

FORMAT = "sparse-verify recovery experiment, version 1"
_MOST_BYTES = 1 << 26

Identity = Mapping[str, str | int]


def read_state(path: str | os.PathLike[str], identity: Identity, is_cell: Callable[[Cell], bool]) -> Letters:
    """Return the letters of all trials that a file holds; none if there is no such file.

    Raises InputError, one line, if the file is something else, is damaged, or holds another experiment: another
    dictionary, method, scaling, seed, way of drawing.
    """
    try:
        size = Path(path).stat().st_size
        if size > _MOST_BYTES or not Path(path).is_file():
            raise InputError("not a file of results, which has at most 64 MiB")
        return _read(Path(path).read_bytes(), identity, is_cell)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise InputError(f"{shown(path)}: cannot be read: {reason(error)}") from None
    except InputError as error:
        raise InputError(f"{shown(path)}: {error}") from None


def write_state(path: str | os.PathLike[str], identity: Identity, done: Letters) -> None:
    """Write the letters of all trials, whole or not at all. Raises InputError where it cannot be written."""
    cells = {",".join(map(str, cell)): letters for cell, letters in sorted(done.items())}
    whole = {"format": FORMAT, "experiment": dict(identity), "outcomes": cells}
    write_atomically(path, json.dumps(whole, indent=1).encode("ascii") + b"\n")


def _read(data: bytes, identity: Identity, is_cell: Callable[[Cell], bool]) -> Letters:
    try:
        whole = json.loads(data)
    except (ValueError, RecursionError):
        raise InputError("expected a file that an experiment wrote, got no JSON") from None
    if not isinstance(whole, dict) or whole.get("format") != FORMAT:
        raise InputError(f"expected a file that an experiment wrote ({FORMAT!r})")
    experiment, outcomes = whole.get("experiment"), whole.get("outcomes")
    if not isinstance(experiment, dict) or not isinstance(outcomes, dict) or len(whole) != 3:
        raise InputError("expected the fields format, experiment and outcomes")
    for name in sorted({*experiment, *identity}):
        there, here = experiment.get(name), identity.get(name)
        if there != here or type(there) is not type(here):
            raise InputError(
                f"holds another experiment: {_short(name)} is {_short(there)} there and {_short(here)} here"
            )
    done: Letters = {}
    for name, letters in outcomes.items():
        cell = _cell(name)
        if cell is None or not is_cell(cell):
            raise InputError(f"damaged: {_short(name)} is no level of this experiment")
        if not isinstance(letters, str) or len(letters) > MOST_TRIALS or set(letters) - set(LETTERS):
            raise InputError(f"damaged: the outcomes of {name} are not at most {MOST_TRIALS} letters among {LETTERS}")
        done[cell] = letters
    return done


def _cell(name: str) -> Cell | None:
    parts = name.split(",")
    plain = all(part.isascii() and part.isdecimal() and len(part) <= 9 for part in parts)
    return tuple(map(int, parts)) if plain else None


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:40]}...{text[-10:]}"
