"""The report on filters in every format: terminal, Markdown, HTML, JSON."""

from __future__ import annotations

import html
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...files import write_atomically
from ..escaping import markdown_text
from .model import FilterReport
from .pictures import filter_tiles, pair_pictures, stripe_picture
from .words import fact_rows, level_rows, level_table, setting, status_text, title

if TYPE_CHECKING:
    from rich.console import Console

_STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}table{border-collapse:collapse}"
    "td,th{border:1px solid #bbb;padding:.2rem .6rem;text-align:left;overflow-wrap:anywhere}svg{margin:2px}"
)
_CAPTIONS = (
    "The filters (first signal channel), observed, not proved",
    "The two filters that attain mu, and their normalised cross-correlation over all shifts, observed, not proved",
    "Positions in the stripe of an atom (blue): those whose box of taps meets its own (red), every filter there",
)


def write_filter_report(report: FilterReport, path: Path) -> None:
    """Write the report as .html, .md or .json, whole or not at all."""
    texts = {".html": filter_html, ".md": filter_markdown, ".json": filter_json}
    write_atomically(path, texts[path.suffix.lower()](report).encode())


def filter_json(report: FilterReport) -> str:
    """Return the report as JSON; it follows no published schema yet."""
    return json.dumps(filter_fields(report), indent=2, sort_keys=True) + "\n"


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
        "asked": {"scaling": report.scaling, "sparsity": report.sparsity},
        "status": report.status,
        "levels": level_rows(report) if report.status == "checked" else [],
        "claims": list(report.claims),
        "relied_on": list(report.relied_on),
        "check_command": report.check_command,
        "versions": report.versions,
    }


def filter_terminal(report: FilterReport, console: Console) -> None:
    """Print the report."""
    from rich.table import Table
    from rich.text import Text

    console.print(Text(title(report), style="bold"))
    checked = report.status == "checked"
    for name, text in setting(report) + (fact_rows(report) if checked else []):
        console.print(Text(f"  {name}: {text}"))
    if checked:
        heads, rows = level_table(report)
        table = Table(*heads)
        for row in rows:
            table.add_row(*map(Text, row))
        console.print(table)
    console.print(Text(status_text(report)))


def filter_markdown(report: FilterReport) -> str:
    """Return the report as Markdown."""
    lines = [f"# {markdown_text(title(report))}", ""]
    lines += [f"- {name}: {markdown_text(text)}" for name, text in setting(report)]
    if report.status == "checked":
        lines += ["", "## Facts", "", *(f"- {name}: {markdown_text(text)}" for name, text in fact_rows(report))]
        heads, rows = level_table(report)
        lines += ["", "## Levels", "", f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
        lines += [f"| {' | '.join(map(markdown_text, row))} |" for row in rows]
    return "\n".join([*lines, "", markdown_text(status_text(report)), ""])


def filter_html(report: FilterReport) -> str:
    """Return the report as one HTML page that loads nothing and runs no script; text of others is escaped."""
    name = html.escape(title(report))
    parts = [f"<h1>{name}</h1>", f"<p>{html.escape(status_text(report))}</p>", _table((), setting(report))]
    if report.status == "checked":
        parts += ["<h2>Facts</h2>", _table((), fact_rows(report)), "<h2>Levels</h2>", _table(*level_table(report))]
    pictures = (filter_tiles(report), pair_pictures(report), [stripe_picture(report)])
    for caption, found in zip(_CAPTIONS, pictures, strict=True):
        parts.append(f"<figure>{''.join(found)}<figcaption>{html.escape(caption)}</figcaption></figure>")
    head = f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{name}</title><style>{_STYLE}</style>'
    return f"{head}</head><body>{''.join(parts)}</body></html>\n"


def _table(heads: Any, rows: Any) -> str:
    top = "".join(f"<th>{html.escape(text)}</th>" for text in heads)
    body = "".join(f"<tr>{''.join(f'<td>{html.escape(text)}</td>' for text in row)}</tr>" for row in rows)
    return f"<table>{f'<tr>{top}</tr>' if top else ''}{body}</table>"
