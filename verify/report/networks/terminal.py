"""The report of a network on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..escaping import shortened
from ..terminal import Page
from .model import NetworkReport
from .words import OBSERVED, first_word, floor, header, rows, sentences, setting, title

if TYPE_CHECKING:
    from rich.console import Console

_COLOURS = {"guaranteed": "green", "refuted": "red", "undecided": "cyan", "unchecked": "yellow"}


def render_terminal(report: NetworkReport, console: Console) -> None:
    """Print the report to a rich console.

    Guarantee: text that others wrote has no effect on the terminal, and every character fits the console's encoding.
    """
    page = Page(console)
    for at, sentence in enumerate(sentences(report)):
        colour = _COLOURS[sentence.tone]
        console.print(f"[bold {colour}]{first_word(report, at)}[/]{page.safe(sentence.rest)}", highlight=False)
    console.print()
    page.line(title(report))
    page.line(setting(report))
    subject = report.subject
    page.line(f"for {shortened(subject.source, 200)} ({subject.shape[0]} × {subject.shape[1]})")
    page.items(subject.remarks)
    if report.claim is not None:
        page.heading("Error by layer" if report.status == "checked" else "Error by layer, claimed and not checked")
        page.table(header(report), rows(report))
        page.items((floor(report), *(() if report.seen is None else (OBSERVED,))))
    page.heading("To check it")
    page.line(report.check_command)
    page.items(f"relied on: {text}" for text in report.relied_on)
