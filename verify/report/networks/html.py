"""The report of a network as one self-contained HTML file."""

from __future__ import annotations

from typing import Any

from ..escaping import visible
from ..html import environment
from .model import NetworkReport
from .words import OBSERVED, first_word, floor, header, rows, sentences, setting, title


def render_html(report: NetworkReport) -> str:
    """Return the report as one HTML page with its style and picture inside; it loads nothing and runs no script.

    Guarantee: text that others wrote is escaped, and the same report gives the same page.
    """
    return environment().get_template("network.html.jinja").render(_context(report))


def _context(report: NetworkReport) -> dict[str, Any]:
    from markupsafe import Markup

    from .pictures import error_picture

    return {
        "report": report,
        "subject": report.subject,
        "network": report.network,
        "title": title(report),
        "setting": setting(report),
        "sentences": [(s.tone, first_word(report, at), visible(s.rest)) for at, s in enumerate(sentences(report))],
        "picture": Markup(error_picture(report)) if report.claim is not None else None,
        "header": header(report),
        "rows": rows(report),
        "floor": floor(report),
        "observed": OBSERVED if report.seen is not None else None,
    }
