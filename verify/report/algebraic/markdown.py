"""The report on an algebraic dictionary as Markdown (CommonMark with tables)."""

from __future__ import annotations

from collections.abc import Iterator

from ..escaping import markdown_text, shortened
from ..markdown import bullets, table
from ..sentences import MEANINGS, NAMES, atoms
from .model import AlgebraicReport
from .words import BANNER, LEVELS_HEADER, TITLE, fact_rows, level_rows, sentences, theorems_named


def render_markdown(report: AlgebraicReport) -> str:
    """Return the report as Markdown. Guarantee: text that others wrote renders as it is."""
    return "\n\n".join(_blocks(report)) + "\n"


def _blocks(report: AlgebraicReport) -> Iterator[str]:
    subject = report.subject
    yield f"# {markdown_text(shortened(subject.source, 120))}"
    yield f"**{TITLE}**: {markdown_text(BANNER)}"
    yield "\n".join(f"- **{s.tone.capitalize()}**{markdown_text(s.rest)}" for s in sentences(report))
    yield f"## Levels ({atoms(report.asked.scaling)})"
    yield table(LEVELS_HEADER, level_rows(report))
    yield bullets(f"{NAMES[q]} ({q}): {MEANINGS[q]}" for q in report.asked.questions)
    yield "## Facts"
    yield table(("fact", "value", "remarks"), fact_rows(report))
    if theorems := theorems_named(report):
        yield "## Theorems"
        yield "\n".join(
            f"- **{markdown_text(t.id)}**: {markdown_text(t.statement)} *{markdown_text(t.source)}*" for t in theorems
        )
    yield "## Subject"
    rows = [
        ("source", subject.source),
        ("shape", f"{subject.shape[0]} × {subject.shape[1]}, {subject.field}"),
        ("sha256 of the expressions", subject.sha256),
        ("read by", subject.loader),
        *(("remark", remark) for remark in subject.remarks),
        ("certificate", "none"),
        *report.versions.items(),
    ]
    yield table(("", ""), rows)
