"""The option `--atom-shape`: atoms as images."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from ..errors import InputError

_SHAPE = re.compile(r"([1-9]\d{0,7})x([1-9]\d{0,7})(?:x([13]))?", re.ASCII)

AtomShapeOption = Annotated[
    str | None,
    typer.Option(
        "--atom-shape",
        metavar="HxW",
        help="In a report .html, show atoms as images of H rows and W columns, entries row by row; HxWx3 in colour.",
        show_default=False,
    ),
]


def atom_shape(
    text: str | None, reports: Iterable[Path] | None, *, one_dictionary: bool = True
) -> tuple[int, ...] | None:
    """Return the shape that `--atom-shape` gives; raise InputError for what it cannot mean."""
    if text is None:
        return None
    found = _SHAPE.fullmatch(text)
    if found is None:
        raise InputError(f"--atom-shape: expected height x width, as 8x8, or 8x8x3 in colour; got {text[:40]!r}")
    if not one_dictionary:
        raise InputError("--atom-shape is for a report of one dictionary: leave it out")
    if not any(path.suffix.lower() == ".html" for path in reports or ()):
        raise InputError("--atom-shape is for pages: name a report .html too")
    return tuple(int(part) for part in found.groups() if part is not None)


def refuse_other_shape(shape: tuple[int, ...] | None, entries: int) -> None:
    """Raise InputError for a shape that does not hold as many entries as an atom has."""
    height, width, channels = (*(shape or (entries, 1)), 1)[:3]
    if height * width * channels != entries:
        size = height * width * channels
        raise InputError(f"--atom-shape: {'x'.join(map(str, shape or ()))} is {size} entries, an atom has {entries}")
