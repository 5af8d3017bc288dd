"""The report on an algebraic dictionary as JSON, schema 1: `check-algebraic.schema.json` describes it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from ..claims import verdict
from ..json_report import finite, json_bytes, subject_as_json
from ..numbers import above, below, root_above, root_below
from .model import AlgebraicReport
from .words import BANNER


def as_json(report: AlgebraicReport) -> dict[str, Any]:
    """Return the report as a JSON object of schema 1 (`check-algebraic.schema.json`).

    Guarantee: every `lower` and `upper` is rounded outward; null stands for what is not known, and for a bound beyond
    the finite binary64 numbers. `checked` is always false.
    """
    return {
        "schema": 1,
        "kind": "algebraic",
        "subject": subject_as_json(report.subject),
        "checked": False,
        "note": f"Not independently checked: {BANNER}",
        "scaling": report.asked.scaling,
        "facts": _facts(report),
        "levels": {
            question: {
                "guaranteed": level.guaranteed,
                "guaranteed_by": level.guaranteed_by,
                "refuted": level.refuted,
                "refuted_by": level.refuted_by,
            }
            for question, level in report.levels.items()
        },
        "verdicts": _verdicts(report),
        "certificate": None,
        "versions": dict(report.versions),
    }


def render_json(report: AlgebraicReport) -> bytes:
    """Return the report as JSON bytes: ASCII, without `<`, `>` and `&`."""
    return json_bytes(as_json(report))


def _facts(report: AlgebraicReport) -> dict[str, Any]:
    mu = report.coherence
    spark = report.spark
    return {
        "mutual_coherence": {
            "expression": mu.expression,
            "squared": _exact(*mu.squared),
            **_root(*mu.squared),
            "witness": list(mu.pair) if mu.attained else None,
        },
        "welch_bound": {
            "squared": str(report.welch_squared),
            **_root(report.welch_squared, report.welch_squared),
            "attained": report.welch_attained,
        },
        "babel": {
            "k": list(range(1, len(report.babel) + 1)),
            "lower": [finite(below(low)) for low, _ in report.babel],
            "upper": [finite(above(high)) for _, high in report.babel],
        },
        "spark": None
        if spark is None
        else {
            "lower": report.subject.shape[1] + 1 if spark[0] is None else spark[0],
            "upper": report.spark_upper,
            "independent": spark[0] is None,
            "lower_by": spark[1],
        },
        "atom_norms": {
            "squared": _exact(*report.norms_squared),
            **_root(*report.norms_squared),
            "equal": report.norms_equal,
        },
        "orthogonal_pairs": report.orthogonal_pairs,
        "undecided_pairs": report.undecided_pairs,
        "two_orthogonal_families": report.two_orthogonal_families,
    }


def _exact(low: Fraction, high: Fraction) -> str | None:
    return str(low) if low == high else None


def _root(low: Fraction, high: Fraction) -> dict[str, Any]:
    return {"lower": finite(root_below(low)), "upper": finite(root_above(high))}


def _verdicts(report: AlgebraicReport) -> list[dict[str, Any]] | None:
    k = report.asked.sparsity
    if k is None:
        return None
    found: list[dict[str, Any]] = []
    for question in report.asked.questions:
        level = report.levels[question]
        answer = verdict(level, k)
        theorem = {"guaranteed": level.guaranteed_by, "refuted": level.refuted_by, "undecided": None}[answer]
        found.append(
            {
                "question": question,
                "level": k,
                "scaling": report.asked.scaling,
                "verdict": answer,
                "theorem": theorem,
            }
        )
    return found
