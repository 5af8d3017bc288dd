"""The report on a chain on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..claim_text import claim_text
from ..escaping import shortened
from ..sentences import duration
from ..terminal import BELOW, COLOURS, Page, folded
from .model import DeepReport
from .words import error_table, layer_table, search_text, sentences, setting, witness

if TYPE_CHECKING:
    from rich.console import Console


def render_terminal(report: DeepReport, console: Console) -> None:
    """Print the report to a rich console.

    Guarantee: text that others wrote has no effect on the terminal, and every character fits the console's encoding.
    """
    page = Page(console)
    for sentence in sentences(report):
        colour = COLOURS[sentence.tone]
        console.print(f"[bold {colour}]{sentence.tone.capitalize()}[/]{page.safe(sentence.rest)}", highlight=False)
    console.print()
    for j, subject in enumerate(report.subjects, 1):
        page.line(f"D{j}: {shortened(subject.source, 200)} (read by {shortened(subject.loader, 80)})")
        page.items(subject.remarks)
    page.line(setting(report))
    page.items(report.remarks)
    if report.status == "checked":
        page.heading("Dictionaries, and products that a verdict rests on")
        header, rows = layer_table(report)
        page.table(header, [[_narrow(cell) for cell in row] for row in rows])
        if bounds := error_table(report):
            page.heading("Stability")
            page.table(*bounds)
        if found := witness(report):
            page.heading("Counterexample (atom: value)")
            page.paragraph(found[0])
            for code in found[1]:
                page.wrapped((f"{i}: {value}" for i, value in code.entries), f"  {code.name:<3}", "     ")
        if note := search_text(report):
            page.paragraph(note)
        if report.relied_on:
            page.heading("Relied on")
            page.items(report.relied_on)
    else:
        page.heading("Claimed, not checked")
        page.items(claim_text(claim) for claim in report.claims)
    page.heading("Certificate")
    state = "accepted by the checker" if report.status == "checked" else "unchecked"
    page.line(f"  {report.certificate_path or 'not written to a file'} ({state})")
    if report.check_seconds is not None:
        page.line(f"  Checking takes {duration(report.check_seconds)} (estimated):")
    page.command(report.check_command)


def _narrow(cell: str) -> str:
    """Return a cell with a theorem in brackets as two or more short lines."""
    level, _, theorem = cell.partition(" (")
    return f"{level}{BELOW}{folded(theorem[:-1], 18)}" if theorem else cell
