"""The report of a network as Markdown (CommonMark with tables)."""

from __future__ import annotations

from collections.abc import Iterator

from ..escaping import markdown_block, markdown_text
from ..markdown import table
from .model import NetworkReport
from .words import OBSERVED, first_word, floor, header, rows, sentences, setting, title


def render_markdown(report: NetworkReport) -> str:
    """Return the report as Markdown. Guarantee: text that others wrote renders as it is."""
    return "\n\n".join(_blocks(report)) + "\n"


def _blocks(report: NetworkReport) -> Iterator[str]:
    yield f"# Network: {markdown_text(title(report))}"
    yield markdown_text(setting(report))
    said = enumerate(sentences(report))
    yield "\n".join(f"- **{first_word(report, at)}**{markdown_text(sentence.rest)}" for at, sentence in said)
    if report.claim is not None:
        yield "## Error by layer"
        yield table(header(report), rows(report))
        yield markdown_text(floor(report))
    if report.seen is not None:
        yield markdown_text(OBSERVED)
    yield "## How to check this"
    yield markdown_block(report.check_command)
    if report.relied_on:
        yield "Relied on:\n\n" + "\n".join(f"- {markdown_text(text)}" for text in report.relied_on)
    subject, network = report.subject, report.network
    named = [("network", network.source), ("sha256", network.sha256)]
    named += [("dictionary", subject.source), ("sha256", subject.sha256)]
    named += [("remark", remark) for remark in subject.remarks]
    yield table(("", ""), [*named, *report.versions.items()])
