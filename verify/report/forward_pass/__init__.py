"""Reports of forward passes: what one provably finds, what is typical, and what was observed."""

from __future__ import annotations

import os

from ..formats import write_rendered
from .html import render_html
from .json_report import as_json, render_json
from .markdown import render_markdown
from .model import ForwardPassReport, LayerRow, Observed, Point, SizeRow
from .pictures import density_picture, rate_picture
from .terminal import render_terminal

__all__ = [
    "ForwardPassReport",
    "LayerRow",
    "Observed",
    "Point",
    "SizeRow",
    "as_json",
    "density_picture",
    "rate_picture",
    "render_html",
    "render_json",
    "render_markdown",
    "render_terminal",
    "write",
]


def write(report: ForwardPassReport, path: str | os.PathLike[str]) -> None:
    """Write the report to `path`, by its suffix as .html, .md or .json, whole or not at all.

    Raises InputError for another suffix, and where it cannot be written.
    """
    write_rendered(report, path, html=render_html, markdown=render_markdown, json=render_json)
