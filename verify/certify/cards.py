"""Results as small pieces of HTML, for notebooks: what the checker accepted, and nothing that it did not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_CEILING, Decimal, localcontext
from fractions import Fraction
from html import escape
from typing import Any

import certificates

from ..dictionaries.dictionary import Dictionary
from ..networks.unrolled import UnrolledNetwork
from ..verdict import Question

_STYLE = "border-collapse:collapse;margin:4px 0"
_CELL = "padding:2px 10px;text-align:left;border-bottom:1px solid #8888"
_MOST_ROWS = 12
ACCEPTED = "Accepted by the independent checker."
NOT_CHECKED = "Not checked: nothing is said to be proved."


def check_card(dictionary: Dictionary, answer: object, questions: Iterable[Question], sparsity: int | None) -> str:
    """Return levels by question as the checker accepted them, and where a level was asked for its verdict."""
    if not isinstance(answer, certificates.Accepted):
        return card(_named(dictionary), NOT_CHECKED, (), ())
    scaling = next((str(one["scaling"]) for one in answer.claims if "scaling" in one and "question" in one), "unit")
    rows: list[tuple[str, ...]] = []
    for question in questions:
        asked = (question.value, scaling)
        claims = [one for one in answer.claims if (one.get("question"), one.get("scaling")) == asked]
        most = max((_level(one) for one in claims if one["kind"] == "guaranteed"), default=0)
        least = min((_level(one) for one in claims if one["kind"] == "refuted"), default=None)
        verdict = ""
        if sparsity is not None:
            refuted = least is not None and sparsity >= least
            verdict = "guaranteed" if sparsity <= most else "refuted" if refuted else "undecided"
        rows.append((question.value, f"up to {most}" if most else "-", f"from {least}" if least else "-", verdict))
    head = ["question", "guaranteed", "refuted", "" if sparsity is None else f"at {sparsity}"]
    return card(_named(dictionary), f"Accepted by the independent checker ({scaling} atoms).", head, rows)


def solve_card(dictionary: Dictionary, answer: object, statuses: Iterable[str]) -> str:
    """Return what is proved of the problem of every signal."""
    accepted = isinstance(answer, certificates.Accepted)
    rows = [(str(at), status) for at, status in enumerate(statuses)] if accepted else []
    return card(_named(dictionary), ACCEPTED if accepted else NOT_CHECKED, ("signal", "status"), rows)


def recovery_card(name: Dictionary | str, rates: Iterable[tuple[int, int, int]]) -> str:
    """Return how many trials of each level were recovered: (level, recovered, trials)."""
    title = escape(name) if isinstance(name, str) else _named(name)
    rows = [(str(level), f"{recovered} of {trials}") for level, recovered, trials in sorted(rates)]
    return card(title, "Observed, not proved: random codes that were recovered.", ("level", "recovered"), rows)


def network_card(network: UnrolledNetwork, answer: object) -> str:
    """Return the class and the bounds of the error that the checker accepted, rounded up to six digits."""
    m, n = network.shape
    name = f"network for {m} &times; {n} atoms, {network.depth} layers, {network.dtype.value}"
    if not isinstance(answer, certificates.Accepted):
        return card(name, NOT_CHECKED, (), ())
    claim = answer.claims[0]
    words = {"linf": "error, every entry", "l2": "error, 2-norm"}
    rows = [(key, str(claim[key])[:60]) for key in ("sparsity", "bound", "noise")]
    rows += [(words[key], f"at most {upper(Fraction(str(claim[key])))}") for key in words]
    return card(name, ACCEPTED, ("codes and noise", ""), rows)


def upper(value: Fraction) -> str:
    """Return a decimal that is no smaller, of about six digits."""
    with localcontext() as context:
        context.prec, context.rounding = 6, ROUND_CEILING
        return str(Decimal(value.numerator) / Decimal(value.denominator))


def _level(claim: Any) -> int:
    return int(claim["level"])


def _named(dictionary: Dictionary) -> str:
    m, n = dictionary.shape
    return f"{escape(str(dictionary.origin.source)[:200])} ({m} &times; {n}, {dictionary.field})"


def card(title: str, note: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a heading, a sentence and a table; `title` is HTML, everything else is text."""
    lines = list(rows)
    shown = "".join(
        "<tr>" + "".join(f'<td style="{_CELL}">{escape(cell)}</td>' for cell in row) + "</tr>"
        for row in lines[:_MOST_ROWS]
    )
    more = f"<div>and {len(lines) - _MOST_ROWS} more</div>" if len(lines) > _MOST_ROWS else ""
    top = "".join(f'<th style="{_CELL}">{escape(cell)}</th>' for cell in head)
    table = f'<table style="{_STYLE}"><tr>{top}</tr>{shown}</table>' if lines else ""
    return f"<div><strong>{title}</strong><div>{escape(note)}</div>{table}{more}</div>"
