"""The report on a chain as one self-contained HTML file."""

from __future__ import annotations

from typing import Any

from ..claim_text import claim_text
from ..html import environment
from .model import DeepReport
from .words import MEANINGS, NAMES, error_table, layer_table, search_text, sentences, setting, theorems, title, witness


def render_html(report: DeepReport) -> str:
    """Return the report as one HTML page with its style inside; it loads nothing and runs no script.

    Guarantee: text that others wrote is escaped, and the same report gives the same page.
    """
    return environment().get_template("deep.html.jinja").render(_context(report))


def _context(report: DeepReport) -> dict[str, Any]:
    checked = report.status == "checked"
    return {
        "report": report,
        "checked": checked,
        "title": title(report),
        "setting": setting(report),
        "sentences": sentences(report),
        "questions": [(NAMES[question], MEANINGS[question]) for question in report.questions],
        "layers": layer_table(report) if checked else None,
        "errors": error_table(report),
        "witness": witness(report),
        "note": search_text(report),
        "theorems": theorems(report),
        "claimed": () if checked else tuple(claim_text(claim) for claim in report.claims),
    }
