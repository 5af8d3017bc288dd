"""Reports on codes that somebody computed: which are covered by a guarantee, and how near they are to sparse codes."""

from __future__ import annotations

import os

from ..formats import write_rendered
from .html import render_html
from .json_report import as_json, render_json
from .markdown import render_markdown
from .model import CodesReport, GivenCode
from .terminal import render_terminal

__all__ = [
    "CodesReport",
    "GivenCode",
    "as_json",
    "render_html",
    "render_json",
    "render_markdown",
    "render_terminal",
    "write",
]


def write(report: CodesReport, path: str | os.PathLike[str]) -> None:
    """Write the report to `path`, by its suffix as .html, .md or .json, whole or not at all.

    Raises InputError for another suffix, and where it cannot be written.
    """
    write_rendered(report, path, html=render_html, markdown=render_markdown, json=render_json)
