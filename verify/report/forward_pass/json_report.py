"""The report of a forward pass as JSON, schema 1: `forward-pass.schema.json` describes it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from ..json_report import json_bytes
from ..numbers import above, below
from .model import ForwardPassReport, Observed
from .words import OBSERVED


def as_json(report: ForwardPassReport) -> dict[str, Any]:
    """Return the report as a JSON object of schema 1.

    Guarantee: numbers that are proved are rounded outward: `threshold_from`, `noise`, `error`, `missed` up,
    `threshold_below` down.
    """
    return {
        "schema": 1,
        "rule": report.rule,
        "verdict": "guaranteed" if report.failed is None else "undecided",
        "failed": report.failed,
        "depth": report.depth,
        "missed": _up(report.missed),
        "layers": [
            {
                "source": row.source,
                "size": row.size,
                "coherence": above(row.coherence),
                "sparsity": row.sparsity,
                "range": [str(row.least), str(row.largest)],
                "noise": above(row.noise),
                "threshold_from": above(row.lower),
                "threshold_below": below(row.upper),
                "gap": above(row.lower - row.upper),
                "threshold": None if row.threshold is None else str(row.threshold),
                "error": _up(row.error),
                "level": row.level,
                "missed": _up(row.missed),
                "observed": _observed(row.observed),
            }
            for row in report.layers
        ],
        "points": [
            {
                "sparsity": point.sparsity,
                "guaranteed": point.guaranteed,
                "missed": _up(point.missed),
                "observed": _observed(point.observed),
            }
            for point in report.points
        ],
        "sizes": [
            {
                "lengths": list(row.lengths),
                "atoms": row.atoms,
                "stripe": row.stripe,
                "guaranteed": row.guaranteed,
                "typical": row.typical,
                "seen": row.seen,
                "unseen": row.unseen,
                "nonzeros": row.nonzeros,
            }
            for row in report.sizes
        ],
        "confidence": str(report.confidence),
        "seed": report.seed,
        "note": OBSERVED,
        "command": report.command,
        "remarks": list(report.remarks),
        "versions": dict(report.versions),
    }


def render_json(report: ForwardPassReport) -> bytes:
    """Return the report as JSON bytes: ASCII, without `<`, `>` and `&`."""
    return json_bytes(as_json(report))


def _up(value: Fraction | None) -> float | None:
    return None if value is None else above(value)


def _observed(observed: Observed | None) -> dict[str, Any] | None:
    if observed is None:
        return None
    return {
        "found": observed.found,
        "trials": observed.trials,
        "lower": below(observed.lower),
        "upper": above(observed.upper),
    }
