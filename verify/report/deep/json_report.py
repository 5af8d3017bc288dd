"""The report on a chain as JSON, schema 1: `deep.schema.json` describes it."""

from __future__ import annotations

from typing import Any

from ..json_report import as_json as dictionary_as_json
from ..json_report import finite, json_bytes, search_as_json, subject_as_json
from ..numbers import above, rational
from .model import DeepReport
from .words import verdicts


def as_json(report: DeepReport) -> dict[str, Any]:
    """Return the report as a JSON object of schema 1 (`deep.schema.json`).

    Guarantee: facts, levels, errors and verdicts come from accepted claims, and are null in an unchecked report. Every
    `upper` is rounded outward.
    """
    checked = report.status == "checked"
    return {
        "schema": 1,
        "subjects": [subject_as_json(subject) for subject in report.subjects],
        "checked": checked,
        "scaling": report.scaling,
        "levels": list(report.levels),
        "slopes": list(report.slopes),
        "tolerances": list(report.tolerances),
        "products": [_product(report, *span) for span in report.spans] if checked else None,
        "verdicts": _verdicts(report) if checked else None,
        "errors": _errors(report),
        "claimed_not_checked": None if checked else [dict(claim) for claim in report.claims],
        "remarks": list(report.remarks),
        "search": None if report.search is None else search_as_json(report.search),
        "relied_on": list(report.relied_on) if checked else [],
        "certificate": report.certificate_path,
        "check_command": report.check_command,
        "check_seconds": report.check_seconds,
        "versions": dict(report.versions),
    }


def render_json(report: DeepReport) -> bytes:
    """Return the report as JSON bytes: ASCII, without `<`, `>` and `&`."""
    return json_bytes(as_json(report))


def _product(report: DeepReport, start: int, end: int) -> dict[str, Any]:
    one = report.layer(start, end)
    found = dictionary_as_json(one)
    return {
        "about": [start, end],
        "shape": list(one.subject.shape),
        "sha256": one.subject.sha256,
        "facts": found["facts"],
        "levels": found["levels"],
    }


def _verdicts(report: DeepReport) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for verdict in verdicts(report):
        claim = verdict.claim or {}
        refuted = verdict.answer == "refuted"
        reason = report.reasons.get(verdict.question, "neither is proved")
        found.append(
            {
                "question": verdict.question,
                "verdict": verdict.answer,
                "theorem": verdict.theorem,
                "reason": reason if verdict.answer == "undecided" else None,
                "first": dict(claim["first"]) if refuted else None,
                "second": dict(claim["second"]) if refuted and "second" in claim else None,
                "layer": claim.get("layer") if refuted else None,
            }
        )
    return found


def _errors(report: DeepReport) -> list[dict[str, Any]] | None:
    for verdict in verdicts(report):
        if verdict.question == "stability" and verdict.answer == "guaranteed" and verdict.claim is not None:
            return [{"value": text, "upper": finite(above(rational(text)))} for text in verdict.claim["errors"]]
    return None
