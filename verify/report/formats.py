"""Which format a report is written in: that of the file's suffix."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from ..errors import InputError
from ..files import write_atomically

Model = TypeVar("Model")


def rendered(
    report: Model,
    suffix: str,
    *,
    html: Callable[[Model], str],
    markdown: Callable[[Model], str],
    json: Callable[[Model], bytes],
) -> bytes:
    """Return a report in the format of a file suffix, by the function for it; raise InputError for another suffix."""
    match suffix.lower():
        case ".html":
            return html(report).encode("utf-8")
        case ".md":
            return markdown(report).encode("utf-8")
        case ".json":
            return json(report)
        case _:
            raise InputError(f"a report is written to .html, .md or .json, got {suffix or 'no suffix'!r}")


def write_rendered(
    report: Model,
    path: str | os.PathLike[str],
    *,
    html: Callable[[Model], str],
    markdown: Callable[[Model], str],
    json: Callable[[Model], bytes],
) -> None:
    """Write a report in the format of the path's suffix, whole or not at all; raise InputError if that fails."""
    write_atomically(path, rendered(report, Path(path).suffix, html=html, markdown=markdown, json=json))
