"""The report of an experiment on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..escaping import shortened
from ..terminal import Page
from .markdown import columns
from .model import RecoveryReport
from .words import OBSERVED, first_word, has_undecided, setting, spoken, title

if TYPE_CHECKING:
    from rich.console import Console

_BAR = 10


def render_terminal(report: RecoveryReport, console: Console) -> None:
    """Print the report to a rich console.

    Guarantee: text that others wrote has no effect on the terminal, and every character fits the console's encoding.
    """
    page = Page(console)
    for sentence in spoken(report):
        colour = "green" if sentence.tone == "proved" else "cyan"
        console.print(f"[bold {colour}]{first_word(sentence)}[/]{page.safe(sentence.rest)}", highlight=False)
    if report.stopped:
        console.print("[bold yellow]Unfinished[/]: trials are missing", highlight=False)
    console.print()
    subject = report.subject
    if subject is None:
        page.line(f"{title(report)}, a new one for every trial")
    else:
        shape = f"{subject.shape[0]} × {subject.shape[1]}, {subject.field}"
        page.line(f"{shortened(subject.source, 200)} ({shape}, read by {shortened(subject.loader, 80)})")
        page.items(subject.remarks)
    if report.rates:
        page.heading(f"Recovery of random codes ({setting(report)})")
        if report.family is None:
            header, rows = columns(report)
            if not has_undecided(report):  # else there is no room
                header = [*header, ""]
                bars = ["#" * round(_BAR * r.recovered / r.trials) for r in report.rates]
                rows = [[*row, bar] for row, bar in zip(rows, bars, strict=True)]
            page.table(header, rows)
        else:
            _grid(page, report)
        page.items((OBSERVED,))


def _grid(page: Page, report: RecoveryReport) -> None:
    """Print observed rates in percent, k/m upwards and m/n to the right."""
    columns = len(report.picture[0]) if report.picture else 0
    count = len(report.picture)
    header = ["k/m", *(f"{(j + 0.5) / columns:.2f}" for j in range(columns))]
    rows = [
        [f"{(i + 0.5) / count:.2f}", *("" if value is None else f"{100 * value:.0f}" for value in row)]
        for i, row in enumerate(report.picture)
    ]
    page.table(header, rows[::-1])
    page.items(("observed rates in percent, m/n to the right",))
