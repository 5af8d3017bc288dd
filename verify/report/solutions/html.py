"""A report on solved problems as one self-contained HTML file."""

from __future__ import annotations

from typing import Any

from ..html import environment
from ..sentences import duration
from .model import SolutionReport
from .reading import solved
from .view import (
    BACKEND_HEADER,
    DIFFERENCE,
    DRAWN,
    HEADER,
    backend_rows,
    claimed,
    code_rows,
    left_out,
    problems,
    remarks,
    rules_named,
    signal_rows,
)
from .words import lines


def render_solution_html(report: SolutionReport) -> str:
    """Return the report as one HTML page with its style and pictures inside; it loads nothing and runs no script.

    Guarantee: text that others wrote is escaped, and the same report gives the same page.
    """
    return environment().get_template("solution.html.jinja").render(_context(report))


def _context(report: SolutionReport) -> dict[str, Any]:
    rules = rules_named(report)
    return {
        "report": report,
        "subjects": [("Dictionary", report.subject), (report.given.role.capitalize(), report.given.subject)],
        "checked": report.status == "checked",
        "lines": lines(report),
        "problems": problems(report),
        "header": HEADER,
        "rows": signal_rows(report),
        "left_out": left_out(report),
        "claimed": claimed(report),
        "backend_header": BACKEND_HEADER,
        "difference": DIFFERENCE,
        "backends": backend_rows(report),
        "remarks": remarks(report),
        "rules": rules,
        "rule_numbers": {text.id: i for i, text in enumerate(rules, 1)},
        "duration": None if report.check_seconds is None else duration(report.check_seconds),
        "codes": _code_pictures(report),
        "residuals": _residual_pictures(report),
    }


def _code_pictures(report: SolutionReport) -> list[Any]:
    from markupsafe import Markup

    from .pictures import code_picture

    atoms = report.subject.shape[1]
    rows = code_rows(report)
    return [(r, Markup(code_picture(f"code{i}", r.signal, r.code, atoms))) for i, r in enumerate(rows) if r.entries]


def _residual_pictures(report: SolutionReport) -> list[Any]:
    from markupsafe import Markup

    from .pictures import residual_picture

    drawn: list[Any] = []
    for at, one in enumerate(solved(report)[:DRAWN]):
        residual = report.noted(at).residual
        if residual is not None:
            drawn.append((one.signal, Markup(residual_picture(f"residual{at}", one.signal, residual))))
    return drawn
