"""A report as JSON, schema 1: `check-dictionary.schema.json` in this folder describes it."""

from __future__ import annotations

import json
import math
from fractions import Fraction
from typing import Any

from . import claims as reading
from .claims import Level, levels, verdict
from .constants import Bounds, generalized_babel, generalized_coherence, isometry, null_space, rates
from .gaps import reason
from .model import Claim, Report, Search, Subject
from .more_tables import more_as_json
from .numbers import above, below, rational, root_above, root_below, root_expression


def as_json(report: Report) -> dict[str, Any]:
    """Return the report as a JSON object of schema 1 (`check-dictionary.schema.json`).

    Guarantee: facts, levels and verdicts come from accepted claims, and are null in an unchecked report. Every `lower`
    and `upper` is rounded outward; null stands for a bound beyond the finite binary64 numbers. Raises InputError for
    claims that certificates/SPEC.md does not allow.
    """
    checked = report.status == "checked"
    found = levels(report.accepted, report.asked.scaling) if checked else None
    return {
        "schema": 1,
        "subject": subject_as_json(report.subject),
        "checked": checked,
        "scaling": report.asked.scaling,
        "facts": _facts(report),
        "levels": None if found is None else {q: _level(level) for q, level in found.items()},
        "verdicts": None if found is None else _verdicts(report, found),
        "claimed_not_checked": None if checked else [dict(claim) for claim in report.claims],
        **more_as_json(report),
        "search": None if report.search is None else search_as_json(report.search),
        "relied_on": list(report.relied_on) if checked else [],
        "certificate": report.certificate_path,
        "check_command": report.check_command,
        "check_seconds": report.check_seconds,
        "versions": dict(report.versions),
    }


def render_json(report: Report) -> bytes:
    """Return the report as JSON bytes: ASCII, without `<`, `>` and `&`, so that it can be put into a page as it is."""
    return json_bytes(as_json(report))


def json_bytes(value: dict[str, Any]) -> bytes:
    """Return a JSON object as bytes: ASCII, without `<`, `>` and `&`."""
    text = json.dumps(value, indent=2, ensure_ascii=True, allow_nan=False)
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text.encode("ascii") + b"\n"


def subject_as_json(subject: Subject) -> dict[str, Any]:
    """Return a dictionary as reports name it."""
    return {
        "source": subject.source,
        "shape": list(subject.shape),
        "field": subject.field,
        "sha256": subject.sha256,
        "loader": subject.loader,
        "remarks": list(subject.remarks),
    }


def search_as_json(search: Search) -> dict[str, Any]:
    """Return what a report says of the search."""
    return {
        "effort": search.effort,
        "stopped": search.stopped,
        "unfinished": list(search.unfinished),
        "not_exact": search.not_exact,
    }


def _level(level: Level) -> dict[str, Any]:
    return {
        "guaranteed": level.guaranteed,
        "guaranteed_by": level.guaranteed_by,
        "refuted": level.refuted,
        "refuted_by": level.refuted_by,
    }


def _verdicts(report: Report, found: dict[str, Level]) -> list[dict[str, Any]] | None:
    k = report.asked.sparsity
    if k is None:
        return None
    verdicts: list[dict[str, Any]] = []
    for question in report.asked.questions:
        level = found[question]
        answer = verdict(level, k)
        theorem = {"guaranteed": level.guaranteed_by, "refuted": level.refuted_by, "undecided": None}[answer]
        verdicts.append(
            {
                "question": question,
                "level": k,
                "scaling": report.asked.scaling,
                "verdict": answer,
                "theorem": theorem,
                "reason": reason(report, question, level, k) if answer == "undecided" else None,
            }
        )
    return verdicts


def _facts(report: Report) -> dict[str, Any]:
    claims, n = report.accepted, report.subject.shape[1]
    rank = reading.rank(claims)
    nsc = null_space(claims, report.asked.scaling)
    return {
        "mutual_coherence": _coherence(reading.first(claims, "mutual-coherence")),
        "generalized_coherence": _generalized(claims),
        "welch_bound": _welch(reading.first(claims, "welch-bound")),
        "babel": _babel(reading.babel(claims)),
        "generalized_babel": _generalized_babel(claims),
        "null_space_constant": {"scaling": report.asked.scaling, **_constants(nsc)} if nsc else None,
        "restricted_isometry": _constants(isometry(claims)) or None,
        "network_rate": _rates(claims, "network-rate"),
        "hard_thresholding": _rates(claims, "hard-thresholding"),
        "spark": _spark(claims, n),
        "rank": None if rank is None else {"lower": rank[0], "upper": rank[1]},
        "atom_norms": _norms(reading.first(claims, "atom-norms")),
    }


def _coherence(claim: Claim | None) -> dict[str, Any] | None:
    if claim is None:
        return None
    square = rational(claim["squared"])
    return {
        "status": "exact",
        "lower": root_below(square),
        "upper": root_above(square),
        "squared": claim["squared"],
        "expression": root_expression(square),
        "witness": list(claim["pair"]),
    }


def _generalized(claims: tuple[Claim, ...]) -> dict[str, Any] | None:
    bounds = generalized_coherence(claims)
    if bounds is None:
        return None
    status = "exact" if bounds.is_exact else "enclosed"
    value = str(bounds.upper) if bounds.is_exact else None
    return {"status": status, **_between(bounds), "value": value, "atom": bounds.atom}


def _generalized_babel(claims: tuple[Claim, ...]) -> dict[str, Any] | None:
    claim = generalized_babel(claims)
    if claim is None:
        return None
    return {
        "k": list(range(1, len(claim["upper"]) + 1)),
        "upper": [finite(above(rational(text))) for text in claim["upper"]],
        "sums": [finite(above(rational(text))) for text in claim["sums"]],
    }


def _constants(constants: dict[int, Bounds]) -> dict[str, Any]:
    return {str(level): {**_between(bounds), "upper_by": bounds.upper_by} for level, bounds in constants.items()}


def _between(bounds: Bounds) -> dict[str, Any]:
    return {
        "lower": None if bounds.lower is None else finite(below(bounds.lower)),
        "upper": None if bounds.upper is None else finite(above(bounds.upper)),
    }


def _rates(claims: tuple[Claim, ...], kind: str) -> dict[str, Any] | None:
    found = rates(claims, kind).items()
    return {str(k): {"rate": finite(max(0.0, above(rate))), "theorem": theorem} for k, (rate, theorem) in found} or None


def _welch(claim: Claim | None) -> dict[str, Any] | None:
    if claim is None:
        return None
    square = rational(claim["squared"])
    return {
        "status": "exact",
        "lower": root_below(square),
        "upper": root_above(square),
        "squared": claim["squared"],
    }


def _babel(claim: Claim | None) -> dict[str, Any] | None:
    if claim is None:
        return None
    return {
        "k": list(range(1, len(claim["upper"]) + 1)),
        "lower": [finite(below(rational(text))) for text in claim["lower"]],
        "upper": [finite(above(rational(text))) for text in claim["upper"]],
    }


def _spark(claims: tuple[Claim, ...], n: int) -> dict[str, Any] | None:
    lower, upper = reading.spark_lower(claims), reading.spark_upper(claims)
    independent = reading.first(claims, "independent") is not None
    if lower is None and upper is None and not independent:
        return None
    # Independent atoms have an infinite spark; n + 1 is a lower bound that is a number.
    least = None if lower is None else lower["value"]
    return {
        "lower": n + 1 if independent else least,
        "upper": None if upper is None else upper["value"],
        "independent": independent,
    }


def _norms(claim: Claim | None) -> dict[str, Any] | None:
    if claim is None:
        return None
    low: Fraction = rational(claim["squared_min"])
    high: Fraction = rational(claim["squared_max"])
    return {
        "squared_min": claim["squared_min"],
        "squared_max": claim["squared_max"],
        "equal": claim["equal"],
        "lower": finite(root_below(low)),
        "upper": finite(root_above(high)),
    }


def finite(value: float) -> float | None:
    """Return a float, or None for one that JSON cannot hold."""
    return value if math.isfinite(value) else None
