"""What the boundary 'same' costs: whole atoms beside those that an end cuts, read from claims."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from ..escaping import short_rational
from ..numbers import decimals
from ..sentences import NAMES
from .model import Claim, FilterReport

SUPPORTS = ("uncut", "interior")


def distances(report: FilterReport) -> dict[str, list[int]]:
    """Return how far from every end nonzeros have to be, for each kind of support."""
    halves = [t // 2 for t in report.shape[2:]]
    return {"uncut": halves, "interior": [3 * h for h in halves]}


def _of(report: FilterReport, kind: str, among: str) -> Claim | None:
    return next((c for c in report.claims if c["kind"] == kind and c["among"] == among), None)


def _root(squared: str) -> str:
    return f"{float(Fraction(squared)) ** 0.5:.6g}"


def _most(claim: Claim) -> Fraction:
    upper = claim["upper"]
    return max(int(value, 16) for value in upper["integers"]) * Fraction(2) ** upper["exponent"]


def is_cut(report: FilterReport, atom: list[int], lengths: list[int]) -> bool:
    """Return whether an end of the signal cuts an atom ('same')."""
    places = zip(atom[1:], lengths, report.shape[2:], strict=True)
    return report.boundary == "same" and any(not t // 2 <= p < n - t // 2 for p, n, t in places)


def cut_rows(report: FilterReport) -> list[tuple[str, str]]:
    """Return the facts of whole atoms, and one line that says what the boundary costs; none if nothing is cut."""
    inside = _of(report, "convolutional-coherence-among", "uncut")
    wide = _of(report, "convolutional-coherence-among", "one-uncut")
    if inside is None or wide is None:
        return []
    rows = [
        ("Coherence of whole atoms", f"μ² = {short_rational(inside['squared'])}, about {_root(inside['squared'])}"),
        ("Coherence of a whole and any atom", f"about {_root(wide['squared'])}"),
    ]
    for among, name in (("uncut", "whole atoms"), ("to-uncut", "any atom, over whole ones")):
        sums = _of(report, "convolutional-babel-among", among)
        if sums is not None:
            text = ", ".join(decimals(Fraction(value), 4).upper for value in sums["upper"][:5])
            rows.append((f"Babel function of {name}, at most", text))
    for among, name in (("uncut", "whole atoms"), ("all", "whole atoms against all")):
        whole = [[0, t] for t in report.shape[2:]]
        about = (c for c in report.claims if c["kind"] == "convolutional-cut-weights" and c["window"] == whole)
        found = [_most(c) for c in about if c["among"] == among]
        if found:
            rows.append((f"Generalized coherence of {name}, at most", decimals(min(found), 6).upper))
    cut = [_most(c) for c in report.claims if c["kind"] == "convolutional-cut-weights" and c["among"] == "all"]
    if len(cut) > 1:
        rows.append(("Generalized coherence of all atoms, at most", decimals(max(cut), 6).upper))
    return [*rows, ("What the boundary costs", _cost(report, inside))]


def _cost(report: FilterReport, inside: Claim) -> str:
    everywhere = report.of("convolutional-coherence")
    mu = "" if everywhere is None else _change(_root(inside["squared"]), _root(everywhere["squared"]))
    best = dict.fromkeys(("anywhere", *SUPPORTS), 0)
    for claim in report.claims:
        if claim.get("question") == "l1" and claim.get("sparsity") == "stripe" and "guaranteed" in claim["kind"]:
            support = claim.get("support", "anywhere")
            best[support] = max(best[support], claim["level"])
    away = {name: " x ".join(map(str, least)) for name, least in distances(report).items()}
    shown = {name: report.counted(level, "stripe") for name, level in best.items()}
    return (
        f"{mu}basis pursuit finds codes with at most so many nonzeros in a stripe: {shown['anywhere']} anywhere, "
        f"{shown['uncut']} if all are {away['uncut']} or more from the ends (on whole atoms), "
        f"{shown['interior']} if all are {away['interior']} or more (where stripes are whole)"
    )


def _change(inside: str, everywhere: str) -> str:
    if inside == everywhere:
        return f"μ stays {inside}; "
    return f"cut atoms raise μ from {inside} to {everywhere}; "


def cut_levels(report: FilterReport) -> list[dict[str, Any]]:
    """Return the levels that the claims prove for codes away from the ends; none if nothing is cut."""
    away = distances(report)
    return [
        {
            "question": claim["question"],
            "sparsity": claim["sparsity"],
            "support": claim["support"],
            "distance": away[claim["support"]],
            "guaranteed": claim["level"],
            "guaranteed_by": claim["theorem"],
        }
        for claim in report.claims
        if claim["kind"] == "convolutional-guaranteed-among"
    ]


def cut_table(report: FilterReport) -> tuple[list[str], list[list[str]]]:
    """Return these levels as a table of texts, a row for each question and kind of sparsity; no rows if none."""
    levels = cut_levels(report)
    away = {name: " x ".join(map(str, least)) for name, least in distances(report).items()}
    heads = ["question", "nonzeros counted", *(f"guaranteed, {away[name]} or more from the ends" for name in SUPPORTS)]
    rows: list[list[str]] = []
    for question, sparsity in dict.fromkeys((level["question"], level["sparsity"]) for level in levels):
        row = [f"{NAMES[question]} ({question})", "in each stripe" if sparsity == "stripe" else "in all"]
        for support in SUPPORTS:
            of = [x for x in levels if (x["question"], x["sparsity"], x["support"]) == (question, sparsity, support)]
            row.append(f"{report.counted(of[0]['guaranteed'], sparsity)}\n{of[0]['guaranteed_by']}" if of else "none")
        rows.append(row)
    return heads, rows
