"""The report on a chain as Markdown (CommonMark with tables)."""

from __future__ import annotations

from collections.abc import Iterator

from ..claim_text import claim_text
from ..escaping import markdown_block, markdown_text
from ..markdown import bullets, table
from .model import DeepReport
from .words import MEANINGS, NAMES, error_table, layer_table, search_text, sentences, setting, theorems, title, witness


def render_markdown(report: DeepReport) -> str:
    """Return the report as Markdown. Guarantee: text that others wrote renders as it is."""
    return "\n\n".join(_blocks(report)) + "\n"


def _blocks(report: DeepReport) -> Iterator[str]:
    yield f"# {markdown_text(title(report))}"
    yield markdown_text(setting(report))
    yield "\n".join(f"- **{s.tone.capitalize()}**{markdown_text(s.rest)}" for s in sentences(report))
    if report.remarks:
        yield bullets(report.remarks)
    if report.status == "checked":
        yield from _proved(report)
    else:
        yield "## Claimed, not checked"
        yield bullets(claim_text(claim) for claim in report.claims)
    yield "## How to check this"
    yield markdown_block(report.check_command)
    if report.relied_on:
        yield "Relied on:"
        yield bullets(report.relied_on)
    yield "## Subjects"
    rows = [(f"D{j}: {s.source}", s.sha256, s.loader) for j, s in enumerate(report.subjects, 1)]
    yield table(("source", "sha256", "read by"), rows)
    yield table(("", ""), [("certificate", report.certificate_path or "not written"), *report.versions.items()])


def _proved(report: DeepReport) -> Iterator[str]:
    yield bullets(f"{NAMES[question]}: {MEANINGS[question]}" for question in report.questions)
    yield "## Dictionaries, and products that a verdict rests on"
    yield table(*layer_table(report))
    if bounds := error_table(report):
        yield "## Stability"
        yield table(*bounds)
    if found := witness(report):
        yield "## Counterexample"
        yield f"{markdown_text(found[0])} Atoms are counted from 0."
        yield bullets(f"{c.name} (atom: value): {', '.join(f'{i}: {v}' for i, v in c.entries)}" for c in found[1])
    if note := search_text(report):
        yield markdown_text(note)
    if named := theorems(report):
        yield "## Theorems"
        yield "\n".join(
            f"- **{markdown_text(t.id)}**: {markdown_text(t.statement)} *{markdown_text(t.source)}*" for t in named
        )
