"""The report on an algebraic dictionary on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..escaping import shortened
from ..sentences import atoms
from ..terminal import BELOW, COLOURS, Page, folded
from .model import AlgebraicReport
from .words import BANNER, TITLE, fact_rows, level_rows, sentences

if TYPE_CHECKING:
    from rich.console import Console


def render_terminal(report: AlgebraicReport, console: Console) -> None:
    """Print the report to a rich console.

    Guarantee: text that others wrote has no effect on the terminal, and every character fits the console's encoding.
    """
    page = Page(console)
    console.print(f"[bold yellow]{TITLE}[/]: {page.safe(BANNER)}", highlight=False)
    for sentence in sentences(report):
        colour = COLOURS[sentence.tone]
        console.print(f"[bold {colour}]{sentence.tone.capitalize()}[/]{page.safe(sentence.rest)}", highlight=False)
    console.print()
    subject = report.subject
    shape = f"{subject.shape[0]} × {subject.shape[1]}, {subject.field}"
    page.line(f"{shortened(subject.source, 200)} ({shape}, read by {shortened(subject.loader, 80)})")
    page.items(subject.remarks)
    page.heading(f"Levels ({atoms(report.asked.scaling)})")
    width = console.width // 4 - 2
    rows = [
        (name, _by(yes, by, width), undecided, _by(no, against, width))
        for name, yes, by, undecided, no, against in level_rows(report)
    ]
    page.table(("question", "guaranteed", "undecided", "refuted"), rows)
    page.heading("Facts (atoms are counted from 0)")
    page.table(("fact", "value", "remarks"), fact_rows(report), (console.width // 4, 2 * console.width // 5))


def _by(span: str, theorem: str, width: int) -> str:
    return f"{span}{BELOW}{folded(theorem, width)}" if theorem else span
