"""The report of an experiment as JSON, schema 1: `recover.schema.json` describes it."""

from __future__ import annotations

from typing import Any

from ..json_report import json_bytes
from ..numbers import above, below
from .model import RecoveryReport
from .words import OBSERVED


def as_json(report: RecoveryReport) -> dict[str, Any]:
    """Return the report as a JSON object of schema 1 (`recover.schema.json`).

    Guarantee: `lower` and `upper` are rounded outward. `proved` is null for a family, and where the checker has not
    accepted the levels.
    """
    subject, proved = report.subject, report.proved
    return {
        "schema": 1,
        "subject": None
        if subject is None
        else {
            "source": subject.source,
            "shape": list(subject.shape),
            "field": subject.field,
            "sha256": subject.sha256,
            "loader": subject.loader,
            "remarks": list(subject.remarks),
        },
        "family": None if report.family is None else {"name": report.family, "atoms": report.atoms},
        "method": report.method,
        "scaling": report.scaling,
        "magnitudes": report.magnitudes,
        "seed": report.seed,
        "drawn_with": report.drawn_with,
        "trials": report.trials,
        "confidence": str(report.confidence),
        "finished": not report.stopped,
        "rates": [
            {
                "dimension": r.dimension,
                "level": r.level,
                "trials": r.trials,
                "recovered": r.recovered,
                "missed": r.missed,
                "undecided": r.undecided,
                "lower": below(r.lower),
                "upper": above(r.upper),
            }
            for r in report.rates
        ],
        "proved": None
        if proved is None
        else {
            "guaranteed": proved.guaranteed,
            "guaranteed_by": proved.guaranteed_by,
            "refuted": proved.refuted,
            "refuted_by": proved.refuted_by,
        },
        "note": OBSERVED,
        "command": report.command,
        "versions": dict(report.versions),
    }


def render_json(report: RecoveryReport) -> bytes:
    """Return the report as JSON bytes: ASCII, without `<`, `>` and `&`."""
    return json_bytes(as_json(report))
