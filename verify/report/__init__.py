"""Reports: what accepted claims say about a dictionary, as HTML, Markdown, JSON and on a terminal.

Importing this package loads none of matplotlib, jinja2 and rich; each is loaded when a report needs it. Nothing here
computes a number of mathematics: every verdict, level and bound is read from claims.
"""

from __future__ import annotations

import os
from pathlib import Path

from ..errors import InputError
from ..files import write_atomically
from .claims import Level, levels, verdict
from .html import render_html
from .json_report import as_json, json_bytes, render_json
from .markdown import render_markdown
from .model import Asked, Observation, Report, Search, Subject, TheoremText
from .solutions.html import render_solution_html
from .solutions.json_report import solutions_as_json
from .solutions.markdown import render_solution_markdown
from .solutions.model import Backend, Given, Notes, Proof, SolutionReport
from .solutions.terminal import render_solution_terminal
from .terminal import render_terminal

__all__ = [
    "Asked",
    "Backend",
    "Given",
    "Level",
    "Notes",
    "Observation",
    "Proof",
    "Report",
    "Search",
    "SolutionReport",
    "Subject",
    "TheoremText",
    "as_json",
    "levels",
    "render",
    "render_html",
    "render_json",
    "render_markdown",
    "render_solution_terminal",
    "render_terminal",
    "solutions_as_json",
    "verdict",
    "write",
]


def render(report: Report | SolutionReport, suffix: str) -> bytes:
    """Return the report in the format of a file suffix: `.html`, `.md` or `.json`.

    Guarantee: the same report gives the same bytes. Raises InputError for another suffix.
    """
    about_signals = isinstance(report, SolutionReport)
    match suffix.lower():
        case ".html":
            return (render_solution_html(report) if about_signals else render_html(report)).encode("utf-8")
        case ".md":
            return (render_solution_markdown(report) if about_signals else render_markdown(report)).encode("utf-8")
        case ".json":
            return json_bytes(solutions_as_json(report)) if about_signals else render_json(report)
        case _:
            raise InputError(f"a report is written to .html, .md or .json, got {suffix or 'no suffix'!r}")


def write(report: Report | SolutionReport, path: str | os.PathLike[str]) -> bytes:
    """Write the report to `path` in the format of its suffix, and return the bytes written.

    Guarantee: the file is whole or untouched. Raises InputError for another suffix, and where it cannot be written.
    """
    data = render(report, Path(path).suffix)
    write_atomically(path, data)
    return data
