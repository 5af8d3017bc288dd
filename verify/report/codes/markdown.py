"""The report on codes as Markdown (CommonMark with tables)."""

from __future__ import annotations

from collections.abc import Iterator

from ..escaping import markdown_block, markdown_text, shortened
from ..markdown import bullets, table
from .model import CodesReport
from .words import HEADER, NOTE, histogram, left_out, rows, sentences, setting, theorems


def render_markdown(report: CodesReport) -> str:
    """Return the report as Markdown. Guarantee: text that others wrote renders as it is."""
    return "\n\n".join(_blocks(report)) + "\n"


def _blocks(report: CodesReport) -> Iterator[str]:
    yield f"# {markdown_text(shortened(report.codes_source, 120))}"
    yield "\n".join(f"- **{s.tone.capitalize()}**{markdown_text(s.rest)}" for s in sentences(report))
    yield "## Nonzeros of the codes"
    bars = [(str(bar.nonzeros), str(bar.count), "yes" if bar.covered else "no") for bar in histogram(report)]
    yield table(("nonzeros", "codes", "covered"), bars)
    yield "## Codes"
    yield markdown_text(NOTE)
    yield table([markdown_text(name) for name in HEADER], rows(report))
    if more := left_out(report):
        yield markdown_text(more)
    if named := theorems(report):
        yield "## Theorems"
        yield "\n".join(
            f"- **{markdown_text(t.id)}**: {markdown_text(t.statement)} *{markdown_text(t.source)}*" for t in named
        )
    if report.check_command is not None:
        yield "## How to check the bounds"
        yield markdown_block(report.check_command)
    if report.relied_on:
        yield "Relied on:"
        yield bullets(report.relied_on)
    yield "## About"
    yield table(("", ""), [*setting(report), *report.versions.items()])
