"""The report on an algebraic dictionary as one self-contained HTML file."""

from __future__ import annotations

from ..html import environment
from ..sentences import MEANINGS, NAMES, atoms
from .model import AlgebraicReport
from .words import BANNER, TITLE, fact_rows, level_rows, sentences, theorems_named


def render_html(report: AlgebraicReport) -> str:
    """Return the report as one HTML page with its style inside; it loads nothing and runs no script.

    Guarantee: text that others wrote is escaped, and the same report gives the same page.
    """
    context = {
        "report": report,
        "subject": report.subject,
        "title": TITLE,
        "banner": BANNER,
        "atoms": atoms(report.asked.scaling),
        "sentences": sentences(report),
        "levels": level_rows(report),
        "facts": fact_rows(report),
        "questions": [(q, NAMES[q], MEANINGS[q]) for q in report.asked.questions],
        "theorems": theorems_named(report),
    }
    return environment().get_template("algebraic.html.jinja").render(context)
