"""Reports on chains of dictionaries: what accepted claims say about deep codes."""

from __future__ import annotations

import os
from pathlib import Path

from ...errors import InputError
from ...files import write_atomically
from .html import render_html
from .json_report import as_json, render_json
from .markdown import render_markdown
from .model import DeepReport
from .terminal import render_terminal

__all__ = ["DeepReport", "as_json", "render_html", "render_json", "render_markdown", "render_terminal", "write"]


def write(report: DeepReport, path: str | os.PathLike[str]) -> None:
    """Write the report to `path`, by its suffix as .html, .md or .json, whole or not at all.

    Raises InputError for another suffix, and where it cannot be written.
    """
    match Path(path).suffix.lower():
        case ".html":
            data = render_html(report).encode("utf-8")
        case ".md":
            data = render_markdown(report).encode("utf-8")
        case ".json":
            data = render_json(report)
        case other:
            raise InputError(f"a report is written to .html, .md or .json, got {other or 'no suffix'!r}")
    write_atomically(path, data)
