"""The report of an experiment as one self-contained HTML file."""

from __future__ import annotations

from typing import Any

from ..escaping import visible
from ..html import environment
from .model import RecoveryReport
from .words import NAMES, OBSERVED, answer, first_word, has_undecided, interval, percent, rate, setting, spoken, title


def render_html(report: RecoveryReport) -> str:
    """Return the report as one HTML page with its style and pictures inside; it loads nothing and runs no script.

    Guarantee: text that others wrote is escaped, and the same report gives the same page.
    """
    return environment().get_template("recovery.html.jinja").render(_context(report))


def _context(report: RecoveryReport) -> dict[str, Any]:
    from markupsafe import Markup

    from .pictures import phase_picture, rate_picture

    picture = None
    if report.rates:
        picture = Markup(phase_picture(report) if report.family is not None else rate_picture(report))
    named = {} if report.proved is None else {report.proved.guaranteed_by, report.proved.refuted_by}
    return {
        "report": report,
        "subject": report.subject,
        "title": title(report),
        "setting": setting(report),
        "sentences": [(s.tone, first_word(s), visible(s.rest)) for s in spoken(report)],
        "picture": picture,
        "name": NAMES[report.method],
        "confidence": percent(report.confidence),
        "observed": OBSERVED,
        "undecided": has_undecided(report),
        "rows": [
            (r, rate(r), interval(r), f"{100 * r.recovered / r.trials:.1f}%", answer(report, r.level))
            for r in report.rates
        ],
        "theorems": [text for text in report.theorems.values() if text.id in named],
    }
