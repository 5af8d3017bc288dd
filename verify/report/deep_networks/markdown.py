"""The report of networks for deep codes as Markdown (CommonMark with tables)."""

from __future__ import annotations

from collections.abc import Iterator

from ..escaping import markdown_block, markdown_text
from ..markdown import table
from .model import DeepNetworkReport
from .words import OBSERVED, error_header, error_rows, first_word, layer_header, layer_rows, sentences, setting, title


def render_markdown(report: DeepNetworkReport) -> str:
    """Return the report as Markdown. Guarantee: text that others wrote renders as it is."""
    return "\n\n".join(_blocks(report)) + "\n"


def _blocks(report: DeepNetworkReport) -> Iterator[str]:
    yield f"# Networks for deep codes: {markdown_text(title(report))}"
    yield markdown_text(setting(report))
    yield "\n".join(f"- **{first_word(report, one)}**{markdown_text(one.rest)}" for one in sentences(report))
    if report.notes:
        yield "\n".join(f"- {markdown_text(note)}" for note in report.notes)
    if report.methods:
        yield "## Errors of the codes"
        yield table(error_header(report), error_rows(report))
        if any(one.seen_l2 for one in report.methods):
            yield markdown_text(OBSERVED)
        yield "## Errors of an entry by layer"
        yield table(layer_header(), layer_rows(report))
    yield "## How to check this"
    yield markdown_block(report.check_command)
    if report.relied_on:
        yield "Relied on:\n\n" + "\n".join(f"- {markdown_text(text)}" for text in report.relied_on)
    named = [pair for source, digest, _ in report.networks for pair in (("network", source), ("sha256", digest))]
    named += [pair for s in report.subjects for pair in (("dictionary", s.source), ("sha256", s.sha256))]
    yield table(("", ""), [*named, *report.versions.items()])
