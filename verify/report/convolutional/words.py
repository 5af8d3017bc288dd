"""The words and tables of a report on filters, read from its claims."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from ..escaping import short_rational, visible
from .cuts import cut_rows, is_cut
from .model import FilterReport

QUESTIONS = {
    "l0": "the sparsest code is unique",
    "l1": "basis pursuit finds every code",
    "network": "an unrolled network converges to every code",
    "omp": "orthogonal matching pursuit finds every code",
}
_SPARSITIES = ("stripe", "total")


def title(report: FilterReport) -> str:
    """Return the heading."""
    return f"Filters of {visible(report.source)}"


def setting(report: FilterReport) -> list[tuple[str, str]]:
    """Return what the report is about."""
    count, channels, *taps = report.shape
    rows = [
        ("filters", f"{count} of {' x '.join(map(str, taps))} taps, {channels} signal channel(s)"),
        ("stride", " x ".join(map(str, report.stride))),
        ("boundary", report.boundary),
        ("atoms", "unit" if report.scaling == "unit" else "as given"),
        ("sha256", report.digest),
    ]
    return rows + [("remark", visible(text)) for text in report.remarks]


def status_text(report: FilterReport) -> str:
    """Return one sentence about how far the answers can be trusted."""
    if report.status == "checked":
        return "Every answer was derived by the independent checker, from the filters alone."
    return f"Nobody has checked the certificate yet, so there are no verdicts. To check it: {report.check_command}"


def fact_rows(report: FilterReport) -> list[tuple[str, str]]:
    """Return the facts that the claims state."""
    rows: list[tuple[str, str]] = []
    mu = report.of("convolutional-coherence")
    if mu is not None:
        root = float(Fraction(mu["squared"])) ** 0.5
        rows.append(("holds for", f"signals of {mu['sizes']} size" if mu["sizes"] == "every" else mu["sizes"]))
        rows.append(("mutual coherence", f"mu^2 = {short_rational(mu['squared'])}, mu about {root:.6g}"))
        first, second = mu["first"], mu["second"]
        apart = [b - a for a, b in zip(first[1:], second[1:], strict=True)]
        cut = any(is_cut(report, atom, mu["lengths"]) for atom in (first, second))
        ends = ", cut at an end" if cut else ""
        rows.append(("attained by", f"filters {first[0]} and {second[0]}, {apart} positions apart{ends}"))
    babel = report.of("convolutional-babel")
    if babel is not None:
        sums = ", ".join(f"{float(Fraction(value)):.4g}" for value in babel["upper"][:5])
        rows.append(("Babel function over stripes, at most", sums))
    weights = report.of("convolutional-generalized-coherence")
    if weights is not None:
        upper = weights["upper"]
        most = max(int(value, 16) for value in upper["integers"]) * Fraction(2) ** upper["exponent"]
        rows.append(("generalized coherence, at most", f"{float(most):.6g}"))
    rows += cut_rows(report)
    rows.append(("stripe", f"shifts up to {list(report.reach)} on each axis, all {report.shape[0]} filters"))
    return rows


def level_rows(report: FilterReport) -> list[dict[str, Any]]:
    """Return, for every question and kind of sparsity, the levels that the claims prove, and the verdict asked for."""
    rows: list[dict[str, Any]] = []
    for question, meaning in QUESTIONS.items():
        for sparsity in _SPARSITIES:
            about = [c for c in report.claims if c.get("question") == question and c.get("sparsity") == sparsity]
            yes = max((c for c in about if c["kind"].endswith("-guaranteed")), key=lambda c: c["level"], default=None)
            no = min((c for c in about if c["kind"].endswith("-refuted")), key=lambda c: c["level"], default=None)
            guaranteed = 0 if yes is None else yes["level"]
            refuted = None if no is None else no["level"]
            rows.append(
                {
                    "question": question,
                    "meaning": meaning,
                    "sparsity": sparsity,
                    "guaranteed": guaranteed,
                    "guaranteed_by": None if yes is None else yes["theorem"],
                    "refuted": refuted,
                    "refuted_by": None if no is None else no["theorem"],
                    "refuted_at": None if no is None else no["lengths"],
                    "verdict": _verdict(report, guaranteed, refuted),
                }
            )
    return rows


def _verdict(report: FilterReport, guaranteed: int, refuted: int | None) -> str | None:
    if report.sparsity is None or report.status != "checked":
        return None
    if report.sparsity <= guaranteed:
        return "guaranteed"
    return "refuted" if refuted is not None and report.sparsity >= refuted else "undecided"


def level_table(report: FilterReport) -> tuple[list[str], list[list[str]]]:
    """Return the levels as a table of texts."""
    heads = ["question", "nonzeros counted", "guaranteed up to, at every size", "refuted from, codes of lengths"]
    if report.sparsity is not None and report.status == "checked":
        heads.append(f"at level {report.sparsity}")
    rows: list[list[str]] = []
    for row in level_rows(report):
        most = report.counted(row["guaranteed"], row["sparsity"])
        yes = f"{most} ({row['guaranteed_by']})" if row["guaranteed_by"] else "0"
        no = "-" if row["refuted"] is None else f"{row['refuted']}, {row['refuted_at']} ({row['refuted_by']})"
        counted = "in a stripe" if row["sparsity"] == "stripe" else "in all"
        rows.append([f"{row['question']}: {row['meaning']}", counted, yes, no])
        if row["verdict"] is not None:
            rows[-1].append(row["verdict"])
    return heads, rows
