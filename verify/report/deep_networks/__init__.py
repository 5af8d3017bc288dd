"""Reports of networks for deep codes: bounds that the checker accepted, beside what the networks were seen to do."""

from __future__ import annotations

import os

from ..formats import write_rendered
from .html import render_html
from .json_report import as_json, render_json
from .markdown import render_markdown
from .model import DeepNetworkReport, MethodBounds
from .terminal import render_terminal

__all__ = [
    "DeepNetworkReport",
    "MethodBounds",
    "as_json",
    "render_html",
    "render_json",
    "render_markdown",
    "render_terminal",
    "write",
]


def write(report: DeepNetworkReport, path: str | os.PathLike[str]) -> None:
    """Write the report to `path`, by its suffix as .html, .md or .json, whole or not at all.

    Raises InputError for another suffix, and where it cannot be written.
    """
    write_rendered(report, path, html=render_html, markdown=render_markdown, json=render_json)
