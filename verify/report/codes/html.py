"""The report on codes as one self-contained HTML file."""

from __future__ import annotations

from typing import Any

from ..html import environment
from .model import CodesReport
from .words import HEADER, NOTE, histogram, left_out, rows, sentences, setting, theorems


def render_html(report: CodesReport) -> str:
    """Return the report as one HTML page with its style inside; it loads nothing and runs no script.

    Guarantee: text that others wrote is escaped, and the same report gives the same page.
    """
    return environment().get_template("codes.html.jinja").render(_context(report))


def _context(report: CodesReport) -> dict[str, Any]:
    bars = histogram(report)
    most = max(bar.count for bar in bars)
    return {
        "report": report,
        "sentences": sentences(report),
        "bars": [(bar, 100 * bar.count / most) for bar in bars],
        "header": HEADER,
        "note": NOTE,
        "rows": rows(report),
        "more": left_out(report),
        "setting": setting(report),
        "theorems": theorems(report),
    }
