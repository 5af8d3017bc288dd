"""The report of a forward pass as one self-contained HTML file."""

from __future__ import annotations

from typing import Any

from ..escaping import visible
from ..html import environment
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


def render_html(report: ForwardPassReport) -> str:
    """Return the report as one HTML page with its style and picture inside; it loads nothing and runs no script.

    Guarantee: text that others wrote is escaped, and the same report gives the same page.
    """
    return environment().get_template("forward-pass.html.jinja").render(_context(report))


def _context(report: ForwardPassReport) -> dict[str, Any]:
    from markupsafe import Markup

    from .pictures import density_picture, rate_picture

    tone, rest = summary(report)
    header, rows = columns(report)
    return {
        "report": report,
        "tone": tone,
        "rest": visible(rest),
        "typical": typical(report),
        "exact": f"{EXACT} {UNITS}",
        "observed": OBSERVED if report.points or any(r.observed is not None for r in report.layers) else None,
        "header": header,
        "rows": rows,
        "points": point_columns(report),
        "sizes": size_columns(report) if report.sizes else None,
        "sizes_title": SIZES,
        "sizes_note": SIZES_NOTE,
        "densities": Markup(density_picture(report)) if report.sizes else None,
        "picture": Markup(rate_picture(report)) if report.points else None,
    }
