"""The report on codes on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..terminal import COLOURS, Page
from .model import CodesReport
from .words import HEADER, MOST_SHOWN, NOTE, histogram, left_out, rows, sentences, setting

if TYPE_CHECKING:
    from rich.console import Console

_BAR = 40


def render_terminal(report: CodesReport, console: Console) -> None:
    """Print the report to a rich console.

    Guarantee: text that others wrote has no effect on the terminal, and every character fits the console's encoding.
    """
    page = Page(console)
    for sentence in sentences(report):
        colour = COLOURS[sentence.tone]
        console.print(f"[bold {colour}]{sentence.tone.capitalize()}[/]{page.safe(sentence.rest)}", highlight=False)
    page.heading("Nonzeros of the codes")
    bars = histogram(report)
    most = max(bar.count for bar in bars)
    for bar in bars[:MOST_SHOWN]:
        mark = "#" if bar.covered else "-"
        page.line(f"  {bar.nonzeros:>4}  {bar.count:>6}  {mark * max(1, bar.count * _BAR // most)}")
    page.line("  (# covered, - not)")
    page.heading("Codes")
    page.table(HEADER[:-1], [row[:-1] for row in rows(report)])
    if more := left_out(report):
        page.line(f"  {more}")
    page.paragraph(NOTE)
    page.heading("About")
    for name, value in setting(report):
        page.line(f"  {name}: {value}")
    if report.certificate_path is not None:
        page.line(f"  ({'not checked: it takes too long' if report.claims is None else 'accepted by the checker'})")
    if report.check_command is not None:
        page.command(report.check_command)
