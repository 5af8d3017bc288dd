"""A report on solved problems on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..escaping import shortened, visible
from ..model import Subject
from ..sentences import duration
from ..terminal import Page
from .model import SolutionReport
from .view import (
    BACKEND_HEADER,
    DIFFERENCE,
    HEADER,
    backend_rows,
    claimed,
    code_rows,
    left_out,
    problems,
    remarks,
    rule_lines,
    signal_rows,
)
from .words import Tone, lines

if TYPE_CHECKING:
    from rich.console import Console

_COLOURS: dict[Tone, str] = {"proved": "green", "refuted": "red", "undecided": "yellow", "unchecked": "yellow"}


def render_solution_terminal(report: SolutionReport, console: Console) -> None:
    """Print the report to a rich console.

    Guarantee: text that others wrote has no effect on the terminal, and every character fits the console's encoding.
    """
    page = Page(console)
    for line in lines(report):
        colour = _COLOURS[line.tone]
        console.print(f"[bold {colour}]{line.head}[/]{page.safe(line.rest)}", highlight=False)
    console.print()
    for text in problems(report):
        page.line(text)
    _subject(page, "dictionary", report.subject)
    _subject(page, report.given.role, report.given.subject)
    if report.status == "unchecked":
        if report.proofs:
            page.heading("Claimed, not checked")
            page.items(claimed(report))
    else:
        _proved(page, report)
    _observed(page, report)
    _ending(page, report)


def _subject(page: Page, role: str, subject: Subject) -> None:
    shape = f"{role}, {subject.shape[0]} × {subject.shape[1]}, {subject.field}"
    page.line(f"{shortened(subject.source, 200)} ({shape}, read by {shortened(subject.loader, 80)})")
    page.items(subject.remarks)


def _proved(page: Page, report: SolutionReport) -> None:
    page.heading("What is proved")
    rows = [(str(r.signal), r.status, r.value, r.unique, r.nonzeros) for r in signal_rows(report)]
    page.table(HEADER[:-1], rows)
    if text := left_out(report):
        page.items([text])
    for row in code_rows(report):
        page.heading(f"Signal {row.signal}: {row.name} ({report.atom_words}: value)")
        page.paragraph(row.words)
        more = (f"… and {row.more} more",) if row.more else ()
        page.wrapped((*(f"{i}: {value}" for i, value in row.entries), *more) or ("zero",), "  ", "  ")

    page.heading("Proved by")
    page.items(rule_lines(report) or ["nothing"])


def _observed(page: Page, report: SolutionReport) -> None:
    if rows := backend_rows(report):
        page.heading("What the backends claimed (observed, not proved)")
        page.table(BACKEND_HEADER[:-1], [(str(r.signal), r.name, r.status, r.value, r.gap) for r in rows])
        page.paragraph(DIFFERENCE)
    if texts := remarks(report):
        page.heading("Remarks")
        page.items(texts)


def _ending(page: Page, report: SolutionReport) -> None:
    if report.relied_on and report.status == "checked":
        page.heading("Relied on")
        page.items(report.relied_on)
    if report.check_command is None:
        return
    page.heading("Certificate")
    state = "accepted by the checker" if report.status == "checked" else "unchecked"
    page.line(f"  {visible(report.certificate_path or 'not written to a file')} ({state})")
    if report.status == "unchecked" and report.check_seconds is not None:
        page.line(f"  Checking takes {duration(report.check_seconds)} (estimated):")
    page.command(report.check_command)
