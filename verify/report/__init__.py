"""Reports: what accepted claims say about a dictionary, as HTML, Markdown, JSON and on a terminal.

Importing this package loads none of matplotlib, jinja2 and rich; each is loaded when a report needs it. Nothing here
computes a number of mathematics: every verdict, level and bound is read from claims.
"""

from __future__ import annotations

import os
from pathlib import Path

from ..files import write_atomically
from .claims import Level, levels, verdict
from .formats import rendered
from .html import render_html
from .json_report import as_json, json_bytes, render_json
from .markdown import render_markdown
from .model import Asked, MeasuredTable, Observation, Report, Search, Subject, TheoremText
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
    "MeasuredTable",
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
    if isinstance(report, SolutionReport):
        return rendered(
            report,
            suffix,
            html=render_solution_html,
            markdown=render_solution_markdown,
            json=lambda found: json_bytes(solutions_as_json(found)),
        )
    return rendered(report, suffix, html=render_html, markdown=render_markdown, json=render_json)


def write(report: Report | SolutionReport, path: str | os.PathLike[str]) -> bytes:
    """Write the report to `path` in the format of its suffix, and return the bytes written.

    Guarantee: the file is whole or untouched. Raises InputError for another suffix, and where it cannot be written.
    """
    data = render(report, Path(path).suffix)
    write_atomically(path, data)
    return data
