"""The report of a forward pass as Markdown (CommonMark with tables)."""

from __future__ import annotations

from collections.abc import Iterator

from ..escaping import markdown_block, markdown_text
from ..markdown import table
from .model import ForwardPassReport
from .words import (
    EXACT,
    OBSERVED,
    SIZES,
    SIZES_NOTE,
    UNITS,
    columns,
    point_columns,
    size_columns,
    summary,
    typical,
)


def render_markdown(report: ForwardPassReport) -> str:
    """Return the report as Markdown. Guarantee: text that others wrote renders as it is."""
    return "\n\n".join(_blocks(report)) + "\n"


def _blocks(report: ForwardPassReport) -> Iterator[str]:
    yield "# One forward pass"
    tone, rest = summary(report)
    yield f"**{tone.capitalize()}**{markdown_text(rest)}"
    if (said := typical(report)) is not None:
        yield markdown_text(said)
    yield "## Layers"
    yield markdown_text(f"{EXACT} {UNITS}")
    yield table(*columns(report))
    if report.points:
        yield "## The first layer at other sparsities, with the threshold |x|\\_min/2"
        yield table(*point_columns(report))
    if report.sizes:
        yield f"## {markdown_text(SIZES)}"
        yield table(*size_columns(report))
        yield markdown_text(SIZES_NOTE)
    if report.points or any(row.observed is not None for row in report.layers):
        yield markdown_text(OBSERVED)
    yield "## Theorems"
    yield "\n".join(f"- **{markdown_text(name)}**: {markdown_text(text)}" for name, text in report.statements.items())
    yield "## How to repeat this"
    yield markdown_block(report.command)
    yield table(("", ""), [*(("remark", remark) for remark in report.remarks), *report.versions.items()])
