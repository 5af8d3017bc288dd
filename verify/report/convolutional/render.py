"""The report on filters in every format: terminal, Markdown, HTML, JSON."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from ..escaping import markdown_block, markdown_text, visible
from ..formats import write_rendered
from ..html import environment
from ..json_report import json_bytes
from ..markdown import table
from ..terminal import BELOW, COLOURS, Page, folded
from .cuts import cut_levels, cut_table
from .levels import QUESTIONS, level_rows
from .model import FilterReport
from .pictures import MOST_TILES, filter_tiles, pair_pictures, stripe_picture
from .words import by, fact_rows, level_table, sentences, setting, shape_text, status_text, stripe_text, title

if TYPE_CHECKING:
    from rich.console import Console

_FACTS = ("fact", "value", "remarks")


def write_filter_report(report: FilterReport, path: str | os.PathLike[str]) -> None:
    """Write the report as .html, .md or .json, whole or not at all."""
    write_rendered(report, path, html=filter_html, markdown=filter_markdown, json=filter_json)


def filter_json(report: FilterReport) -> bytes:
    """Return the report as JSON of schema 1 (`check-convolutional.schema.json`): ASCII, without `<`, `>` and `&`."""
    return json_bytes(filter_fields(report))


def filter_fields(report: FilterReport) -> dict[str, Any]:
    """Return the fields of the report as JSON."""
    return {
        "schema": 1,
        "command": "check-dictionary --convolutional",
        "subject": {
            "boundary": report.boundary,
            "remarks": list(report.remarks),
            "sha256": report.digest,
            "shape": list(report.shape),
            "source": report.source,
            "stride": list(report.stride),
        },
        "asked": {"scaling": report.scaling, "sparsity": report.sparsity, "questions": list(report.questions)},
        "status": report.status,
        "stripe": {"reach": list(report.reach)},
        "levels": level_rows(report) if report.checked else None,
        "levels_away_from_the_ends": cut_levels(report) if report.checked else None,
        "claims": list(report.claims),
        "relied_on": list(report.relied_on),
        "certificate": report.certificate_path,
        "check_command": report.check_command,
        "check_seconds": report.check_seconds,
        "versions": report.versions,
    }


def filter_terminal(report: FilterReport, console: Console) -> None:
    """Print the report.

    Guarantee: text that others wrote has no effect on the terminal, and every character fits the console's encoding.
    """
    page = Page(console)
    found = sentences(report)
    for sentence in found:
        word = f"[bold {COLOURS[sentence.tone]}]{sentence.tone.capitalize()}[/]"
        console.print(f"{word}{page.safe(sentence.rest)}", highlight=False)
    if found:
        console.print()
    page.line(f"{title(report)} ({shape_text(report)}, stride {by(report.stride)})")
    page.items(report.remarks)
    if report.checked:
        heads, rows = level_table(report)
        page.heading("Levels")
        page.table(heads[:4], [_cells(row[:4], console.width // 4 - 3) for row in rows])
        page.paragraph(stripe_text(report))
        heads, rows = cut_table(report)
        if rows:
            page.heading("Levels away from the ends, where atoms are cut")
            page.table(heads, [_cells(row, console.width // 4 - 3) for row in rows])
        page.heading("Facts (filters are counted from 0)")
        page.table(_FACTS, fact_rows(report), (console.width // 4, 3 * console.width // 8))
    if report.relied_on:
        page.heading("Relied on")
        page.items(report.relied_on)
    page.heading("Certificate")
    page.line(f"  {report.certificate_path or 'not written to a file'}")
    page.line(f"  {status_text(report) if report.checked else 'Nobody has checked it yet. To check it:'}")
    page.command(report.check_command)


def _cells(row: list[str], width: int) -> list[str]:
    return [BELOW.join(part if not at else folded(part, width) for at, part in enumerate(c.split("\n"))) for c in row]


def filter_markdown(report: FilterReport) -> str:
    """Return the report as Markdown. Guarantee: text that others wrote renders as it is."""
    blocks = [f"# {markdown_text(title(report))}"]
    blocks += [f"**{one.tone.capitalize()}**{markdown_text(one.rest)}" for one in sentences(report)]
    blocks.append("\n".join(f"- {name}: {markdown_text(text)}" for name, text in setting(report)))
    if report.checked:
        heads, rows = level_table(report)
        blocks += ["## Levels", table(heads, [[_one_line(cell) for cell in row] for row in rows])]
        blocks.append(markdown_text(stripe_text(report)))
        heads, rows = cut_table(report)
        if rows:
            blocks += [
                "## Levels away from the ends",
                table(heads, [[_one_line(cell) for cell in row] for row in rows]),
            ]
        blocks += ["## Facts", table(_FACTS, fact_rows(report))]
    blocks += ["## How to check this", markdown_text(status_text(report)), markdown_block(report.check_command)]
    if report.relied_on:
        blocks.append("Relied on:\n\n" + "\n".join(f"- {markdown_text(text)}" for text in report.relied_on))
    return "\n\n".join(blocks) + "\n"


def _one_line(cell: str) -> str:
    first, _, theorem = cell.partition("\n")
    return f"{first} ({theorem})" if theorem else first


def filter_html(report: FilterReport) -> str:
    """Return the report as one HTML page that loads nothing and runs no script; text of others is escaped."""
    found = filter_context(report)
    return environment().get_template("filters.html.jinja").render(found=found, **found)


def filter_context(report: FilterReport) -> dict[str, Any]:
    """Return what the HTML of one report is made of."""
    from markupsafe import Markup

    heads, rows = level_table(report)
    return {
        "report": report,
        "title": title(report),
        "shape": shape_text(report),
        "status": status_text(report),
        "sentences": [(one.tone, one.tone.capitalize(), visible(one.rest)) for one in sentences(report)],
        "setting": setting(report),
        "facts": fact_rows(report),
        "heads": heads,
        "rows": [[cell.split("\n") for cell in row] for row in rows],
        "cut_heads": cut_table(report)[0],
        "cut_rows": [[cell.split("\n") for cell in row] for row in cut_table(report)[1]],
        "questions": QUESTIONS,
        "stripe": stripe_text(report),
        "tiles": [Markup(text) for text in filter_tiles(report)],
        "more_tiles": max(0, len(report.tiles) - MOST_TILES),
        "pair": [Markup(text) for text in pair_pictures(report)],
        "stripe_picture": Markup(stripe_picture(report)),
    }
