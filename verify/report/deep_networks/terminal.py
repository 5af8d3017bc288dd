"""The report of networks for deep codes on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..escaping import shortened
from ..terminal import Page
from .model import DeepNetworkReport
from .words import OBSERVED, error_header, error_rows, first_word, layer_header, layer_rows, sentences, setting, title

if TYPE_CHECKING:
    from rich.console import Console

_COLOURS = {"guaranteed": "green", "refuted": "red", "undecided": "cyan", "unchecked": "yellow"}


def render_terminal(report: DeepNetworkReport, console: Console) -> None:
    """Print the report to a rich console.

    Guarantee: text that others wrote has no effect on the terminal, and every character fits the console's encoding.
    """
    page = Page(console)
    for sentence in sentences(report):
        word = first_word(report, sentence)
        console.print(f"[bold {_COLOURS[sentence.tone]}]{word}[/]{page.safe(sentence.rest)}", highlight=False)
    console.print()
    page.line(title(report))
    page.line(setting(report))
    for j, subject in enumerate(report.subjects, 1):
        page.line(f"D{j}: {shortened(subject.source, 200)} ({subject.shape[0]} × {subject.shape[1]})")
        page.items(subject.remarks)
    page.items(report.notes)
    if report.methods:
        claimed = "" if report.status == "checked" else ", claimed and not checked"
        page.heading(f"Errors of the codes{claimed}")
        page.table(error_header(report), error_rows(report))
        if any(one.seen_l2 for one in report.methods):
            page.items((OBSERVED,))
        page.heading(f"Errors of an entry by layer{claimed}")
        page.table(layer_header(), layer_rows(report))
    page.heading("To check it")
    page.line(report.check_command)
    page.items(f"relied on: {text}" for text in report.relied_on)
