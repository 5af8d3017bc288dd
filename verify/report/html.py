"""A report as one self-contained HTML file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import claims as reading
from .bars import bars
from .claim_text import claim_text
from .constant_tables import constant_tables
from .constants import null_space
from .counterexamples import counterexamples
from .escaping import shortened, visible
from .model import Report
from .more_tables import more_tables, support_sentences
from .sentences import MEANINGS, NAMES, atoms, duration, search_note, sentences
from .view import fact_rows, level_rows, theorems_named

if TYPE_CHECKING:
    from jinja2 import Environment

_TEMPLATES = Path(__file__).parent / "templates"


def render_html(report: Report) -> str:
    """Return the report as one HTML page with its style and pictures inside; it loads nothing and runs no script.

    Guarantee: text that others wrote is escaped, and the same report gives the same page.
    """
    return environment().get_template("report.html.jinja").render(_context(report))


def environment() -> Environment:
    """Return the templates, with everything escaped that they do not mark as markup."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["visible"] = visible
    made.filters["shortened"] = shortened
    made.filters["percent"] = lambda value: f"{value:.3f}%"
    return made


def _context(report: Report) -> dict[str, Any]:
    return {
        "report": report,
        "subject": report.subject,
        "checked": report.status == "checked",
        "atoms": atoms(report.asked.scaling),
        "sentences": (*sentences(report), *support_sentences(report)),
        "bars": bars(report),
        "levels": level_rows(report),
        "search_note": search_note(report),
        "facts": fact_rows(report),
        "constants": constant_tables(report),
        "more_tables": more_tables(report),
        "questions": [(q, NAMES[q], MEANINGS[q]) for q in report.asked.questions],
        "theorems": theorems_named(report),
        "theorem_numbers": {text.id: i for i, text in enumerate(theorems_named(report), 1)},
        "claimed": () if report.status == "checked" else tuple(claim_text(c) for c in report.claims),
        "duration": None if report.check_seconds is None else duration(report.check_seconds),
        "pictures": _pictures(report),
    }


def _pictures(report: Report) -> dict[str, Any]:
    from markupsafe import Markup

    from .pictures import babel_picture, codes_picture, null_space_picture, observation_picture

    babel = reading.babel(report.accepted)
    nsc = null_space(report.accepted, report.asked.scaling)
    atoms_drawn = report.subject.shape[1]
    drawn = [(o, observation_picture(o, f"observation{i}")) for i, o in enumerate(report.observations)]
    return {
        "babel": None if babel is None else Markup(babel_picture(babel)),
        "null_space": Markup(null_space_picture(nsc)) if nsc else None,
        "codes": [(e, Markup(codes_picture(e.name, e.title, e.codes, atoms_drawn))) for e in counterexamples(report)],
        "observations": [(o, None if picture is None else Markup(picture)) for o, picture in drawn],
    }
