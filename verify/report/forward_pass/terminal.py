"""The report of a forward pass on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..terminal import COLOURS, Page
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

if TYPE_CHECKING:
    from rich.console import Console


def render_terminal(report: ForwardPassReport, console: Console) -> None:
    """Print the report to a rich console.

    Guarantee: text that others wrote has no effect on the terminal, and every character fits the console's encoding.
    """
    page = Page(console)
    tone, rest = summary(report)
    console.print(f"[bold {COLOURS[tone]}]{tone.capitalize()}[/]{page.safe(rest)}", highlight=False)
    if (said := typical(report)) is not None:
        page.line(said)
    header, rows = columns(report)
    for row in rows:
        page.heading(f"Layer {row[0]}: {row[1]}")
        page.table(("", ""), list(zip(header[2:], row[2:], strict=True)))
    page.items((EXACT, UNITS, *report.remarks))
    if report.points:
        page.heading("The first layer at other sparsities, with the threshold |x|_min/2")
        page.table(*point_columns(report))
    if report.sizes:
        page.heading(SIZES)
        page.table(*size_columns(report))
        page.line(SIZES_NOTE)
    if report.points or any(row.observed is not None for row in report.layers):
        page.items((OBSERVED,))
