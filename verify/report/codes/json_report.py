"""The report on codes as JSON, schema 1: `check-codes.schema.json` describes it."""

from __future__ import annotations

from typing import Any

from ..json_report import finite, json_bytes, subject_as_json
from ..numbers import above
from .model import CodesReport
from .words import Bound, bounds, covered, histogram, level


def as_json(report: CodesReport) -> dict[str, Any]:
    """Return the report as a JSON object of schema 1 (`check-codes.schema.json`).

    Guarantee: the level and the errors come from accepted claims, and are null where nothing was checked. Every `upper`
    is rounded up.
    """
    found, good, known = level(report), covered(report), bounds(report)
    return {
        "schema": 1,
        "subject": subject_as_json(report.subject),
        "codes_source": report.codes_source,
        "signal_source": report.signal_source,
        "question": report.question,
        "noise": report.noise,
        "guaranteed": {
            "level": None if found is None else found.guaranteed,
            "theorem": None if found is None else found.guaranteed_by,
            "checked": found is not None,
        },
        "covered": sum(good),
        "histogram": [
            {"nonzeros": bar.nonzeros, "codes": bar.count, "covered": bar.covered} for bar in histogram(report)
        ],
        "codes": [
            {
                "nonzeros": code.nonzeros,
                "covered": good[at],
                "sparsity": code.sparsity,
                "residual": {"upper": finite(above(code.residual))},
                "error": _error(known.get(at)),
            }
            for at, code in enumerate(report.codes)
        ],
        "checked": bool(report.claims),
        "relied_on": list(report.relied_on),
        "certificate": report.certificate_path,
        "check_command": report.check_command,
        "versions": dict(report.versions),
    }


def _error(bound: Bound | None) -> dict[str, Any] | None:
    return None if bound is None else {"upper": finite(above(bound.upper)), "theorem": bound.theorem}


def render_json(report: CodesReport) -> bytes:
    """Return the report as JSON bytes: ASCII, without `<`, `>` and `&`."""
    return json_bytes(as_json(report))
