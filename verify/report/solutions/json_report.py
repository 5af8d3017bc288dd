"""A report on solved problems as JSON, schema 1: `solve.schema.json` beside the other schema describes it."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from ..model import Subject
from ..numbers import above, below
from .model import Backend, SolutionReport
from .reading import Code, Solved, solved
from .words import true_gap

_MOST_DIGITS = 4000


def solutions_as_json(report: SolutionReport) -> dict[str, Any]:
    """Return the report as a JSON object of schema 1 (`solve.schema.json`).

    Guarantee: what is said of a signal comes from accepted claims and is null in an unchecked report, but `backend` and
    `remarks`, which are observed. Every `lower` and `upper` is rounded outward; null stands for no bound, or one beyond
    the finite binary64 numbers.
    """
    checked = report.status == "checked"
    found = solved(report) if checked else [None] * len(report.problems)
    return {
        "schema": 1,
        "dictionary": _subject(report.subject),
        "grid": list(report.grid) or None,
        "signals": {"role": report.given.role, **_subject(report.given.subject)},
        "checked": checked,
        "results": [_result(report, at, one) for at, one in enumerate(found)],
        "claimed_not_checked": None if checked else [dict(proof.claim) for proof in report.proofs],
        "relied_on": list(report.relied_on) if checked else [],
        "certificate": report.certificate_path,
        "check_command": report.check_command,
        "check_seconds": report.check_seconds,
        "versions": dict(report.versions),
    }


def _subject(subject: Subject) -> dict[str, Any]:
    return {
        "source": subject.source,
        "shape": list(subject.shape),
        "field": subject.field,
        "sha256": subject.sha256,
        "loader": subject.loader,
        "remarks": list(subject.remarks),
    }


def _result(report: SolutionReport, at: int, one: Solved | None) -> dict[str, Any]:
    notes = report.noted(at)
    code = None if one is None else one.code
    radius = None if one is None else one.radius
    return {
        "signal": report.signal(at),
        "problem": dict(report.problems[at]),
        "status": None if one is None else one.status,
        "value": _value(one),
        "unique": None if one is None else one.unique,
        "support": None if code is None else list(code.support),
        "signs": None if code is None or code.is_complex else [1 if a > 0 else -1 for _, a, _ in code.entries],
        "solution": None if code is None else _code(report, code, radius),
        "minimisers": None
        if one is None or one.several is None
        else [_code(report, code, None) for code in one.several],
        "rules": None if one is None else _rules(one),
        "backend": [_backend(one, backend) for backend in notes.backends],
        "remarks": list(notes.remarks),
        "stopped": notes.stopped,
        "certificate": report.certificate_path,
    }


def _value(one: Solved | None) -> dict[str, Any]:
    low, high = (None, None) if one is None else (one.lower, one.upper)
    return {
        "lower": None if low is None else _finite(below(low)),
        "upper": None if high is None else _finite(above(high)),
        "exact_lower": None if low is None else _exact(low),
        "exact_upper": None if high is None else _exact(high),
    }


def _code(report: SolutionReport, code: Code, radius: Fraction | None) -> dict[str, Any]:
    """Return a code; `radius` is None for a feasible code that is not located to be the minimiser."""
    real, imaginary = [a for _, a, _ in code.entries], [b for _, _, b in code.entries]
    places = [report.place(at) for at in code.support]
    return {
        "support": list(code.support),
        "places": None if not report.grid else [list(place or ()) for place in places],
        "exact": [_exact(a) for a in real],
        "exact_imaginary": [_exact(b) for b in imaginary] if code.is_complex else None,
        "decimal": [_finite(_near(a)) for a in real],
        "decimal_imaginary": [_finite(_near(b)) for b in imaginary] if code.is_complex else None,
        "radius": None if radius is None else {"exact": _exact(radius), "upper": _finite(above(radius))},
    }


def _rules(one: Solved) -> dict[str, Any]:
    return {
        "lower": one.lower_by,
        "upper": one.upper_by,
        "unique": one.unique_by,
        "several": None if one.several is None else "several-minimisers",
        "infeasible": one.infeasible_by,
    }


def _backend(one: Solved | None, backend: Backend) -> dict[str, Any]:
    gap = true_gap(one, backend)
    value = backend.value
    return {
        "name": backend.name,
        "status": backend.status,
        "value": None if value is None else _finite(value),
        "difference": None if gap is None else {"lower": _finite(below(gap[0])), "upper": _finite(above(gap[1]))},
        "seconds": backend.seconds,
        "versions": dict(backend.versions),
        "options": dict(backend.options),
    }


def _exact(value: Fraction) -> str | None:
    """Return p/q, or None for a number with more digits than a certificate's numbers have."""
    longest = max(abs(value.numerator), value.denominator)
    return None if longest.bit_length() > _MOST_DIGITS * 10 // 3 else str(value)


def _near(value: Fraction) -> float:
    """Return the nearest float, an infinite one beyond the finite ones."""
    low, high = below(value), above(value)
    if not (math.isfinite(low) and math.isfinite(high)):
        return math.inf
    return low if value - Fraction(low) <= Fraction(high) - value else high


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
