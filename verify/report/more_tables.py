"""Tables of what was asked besides: supports and noise, from accepted claims; and what verify measured itself."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ..errors import VerifyError
from .escaping import visible
from .model import MeasuredTable, Report
from .numbers import Decimals, above, below, decimals, rational
from .sentences import Sentence, atoms

NORMS = (("l0", "l2"), ("l0", "linf"), ("bpdn", "l2"), ("bpdn", "l1"), ("bpdn", "linf"))
_HEADER = ("k", "l0: |z|₂ ≤", "l0: |z|∞ ≤", "BPDN: |z|₂ ≤", "BPDN: |z|₁ ≤", "BPDN: |z|∞ ≤")
_SHORT = 20
_METHODS = {"l1": "basis pursuit", "omp": "OMP"}


@dataclass(frozen=True, slots=True)
class Table:
    """A table in words: title, note, header, rows."""

    title: str
    note: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Bound:
    """A proved bound of |z| and its theorem."""

    upper: Fraction
    theorem: str


@dataclass(frozen=True, slots=True)
class OnSupport:
    """What is proved of the codes on one support: bounds of its coefficient, and answers by question."""

    support: tuple[int, ...]
    coefficient: tuple[Fraction, Fraction] | None
    answers: dict[str, tuple[str, str]]


def more_tables(report: Report) -> tuple[Table, ...]:
    """Return the tables of what was asked besides; those of supports and noise only from accepted claims."""
    return (*_supports(report), *_noise(report), *map(_measured, report.measured))


def supports(report: Report) -> tuple[OnSupport, ...]:
    """Return what accepted claims of the report's scaling say of each support, in the order of the claims."""
    found: dict[tuple[int, ...], OnSupport] = {}
    for claim in report.accepted:
        if claim["kind"] not in _SUPPORT_KINDS or claim["scaling"] != report.asked.scaling:
            continue
        support = tuple(claim["support"])
        one = found.setdefault(support, OnSupport(support, None, {}))
        if claim["kind"] == "exact-recovery-coefficient":
            found[support] = OnSupport(support, (rational(claim["lower"]), rational(claim["upper"])), one.answers)
            continue
        answer = claim["kind"].removeprefix("support-")
        if one.answers.get(claim["question"], (answer,))[0] != answer:
            raise VerifyError("the claims contradict one another about the codes on one support")
        one.answers[claim["question"]] = (answer, claim["theorem"])
    return tuple(found.values())


_SUPPORT_KINDS = ("exact-recovery-coefficient", "support-guaranteed", "support-refuted")


def answer_of(one: OnSupport) -> str:
    """Return `guaranteed` or `refuted` where both questions have that answer, else `undecided`."""
    answers = {one.answers.get(question, ("undecided", ""))[0] for question in _METHODS}
    return answers.pop() if len(answers) == 1 else "undecided"


def support_sentences(report: Report) -> tuple[Sentence, ...]:
    """Return the verdict of each support in one sentence."""
    spoken: list[Sentence] = []
    for one in supports(report):
        on, answer = f"{_set(one.support)} ({atoms(report.asked.scaling)})", answer_of(one)
        by = next((theorem for _, theorem in one.answers.values()), "")
        if answer == "guaranteed":
            spoken.append(Sentence(answer, f": basis pursuit and OMP recover every code on the support {on}, by {by}."))
        elif answer == "refuted":
            rest = f": the atoms of the support {on} are dependent, and some code on it is not recovered, by {by}."
            spoken.append(Sentence(answer, rest))
        else:
            rest = f": codes on the support {on}: its exact recovery coefficient is not proved to be below 1."
            spoken.append(Sentence("undecided", rest))
    return tuple(spoken)


def _set(support: tuple[int, ...]) -> str:
    shown = ", ".join(map(str, support[:12]))
    return f"{{{shown}, … {len(support)} atoms}}" if len(support) > 12 else f"{{{shown}}}"


def _supports(report: Report) -> Iterator[Table]:
    found = supports(report)
    if found:
        note = (
            "The coefficient is the largest |D_S⁺ d_j|₁ over atoms j off the support S. Where it is below 1 (and the "
            "atoms of S are independent) basis pursuit and OMP recover every code on S; from 1 on nothing follows."
        )
        rows = [(_set(one.support), _coefficient(one), answer_of(one)) for one in found]
        yield Table(
            f"Supports ({atoms(report.asked.scaling)})", note, ("support", "coefficient", "codes on it"), tuple(rows)
        )


def _coefficient(one: OnSupport) -> str:
    if one.coefficient is None:
        return "none: the atoms are dependent"
    lower, upper = one.coefficient
    if lower == upper and len(str(lower)) <= _SHORT:
        return _number(lower)
    low, high = _near_one(lower).lower, _near_one(upper).upper
    return low if low == high else f"{low} to {high}"


def _near_one(value: Fraction) -> Decimals:
    """Return decimals on the same side of 1 as the value."""
    found = decimals(value)
    for digits in range(6, 40):
        found = decimals(value, digits)
        if all((Fraction(text) < 1) == (value < 1) for text in (found.lower, found.upper)):
            break
    return found


def stability(report: Report) -> dict[Fraction, dict[int, dict[tuple[str, str], Bound]]]:
    """Return the least accepted bound for every noise (with a tolerance of as much), level, problem and norm."""
    found: dict[Fraction, dict[int, dict[tuple[str, str], Bound]]] = {}
    for claim in report.accepted:
        if (
            claim["kind"] in ("l0-stability", "bpdn-stability")
            and claim.get("tolerance", claim["epsilon"]) == claim["epsilon"]
        ):
            by_norm = found.setdefault(rational(claim["epsilon"]), {}).setdefault(claim["level"], {})
            key = (claim["kind"].removesuffix("-stability"), claim["norm"])
            bound = Bound(rational(claim["upper"]), claim["theorem"])
            if key not in by_norm or bound.upper < by_norm[key].upper:
                by_norm[key] = bound
    return {epsilon: dict(sorted(levels.items())) for epsilon, levels in sorted(found.items())}


def _noise(report: Report) -> Iterator[Table]:
    asked = None if report.noise is None or report.status == "unchecked" else rational(report.noise)
    found = stability(report)
    shown = set(found) if asked is None else {*found, asked}
    for epsilon in sorted(shown):
        eps, levels = _number(epsilon), found.get(epsilon, {})
        note = (
            f"x has at most k nonzeros and |y − Dx|₂ ≤ {eps}. l0: x′ is another such code. BPDN: x′ minimises the sum "
            f"of N_i |x′_i| over |y − Dx′|₂ ≤ {eps}. z_i = N_i (x_i − x′_i), N_i the norm of atom i. "
        )
        if levels:
            used = dict.fromkeys(visible(b.theorem) for bounds in levels.values() for b in bounds.values())
            note += f"By {', '.join(used)}."
        else:
            note += "No bound is proved for the levels asked about: the atoms are not proved to be independent enough."
        rows = [(str(level), *(_bound(bounds, key) for key in NORMS)) for level, bounds in levels.items()]
        yield Table(f"Noise of at most {eps} (unit atoms)", note, _HEADER, tuple(rows))


def _number(value: Fraction) -> str:
    """Return a number exactly where that is short."""
    found = decimals(value)
    if found.lower == found.upper:
        return found.lower
    return str(value) if len(str(value)) <= _SHORT else found.upper


def _bound(bounds: dict[tuple[str, str], Bound], key: tuple[str, str]) -> str:
    return decimals(bounds[key].upper, 4).upper if key in bounds else "–"


def _measured(found: MeasuredTable) -> Table:
    note = f"{found.note} Proved by verify itself; in no certificate."
    return Table(found.title, note, found.header, found.rows)


def more_as_json(report: Report) -> dict[str, Any]:
    """Return `supports`, `stability` and `measured` as JSON; the first two are null in an unchecked report."""
    checked = report.status == "checked"
    return {
        "supports": [_support_as_json(one) for one in supports(report)] if checked else None,
        "stability": _stability_as_json(report) if checked else None,
        "measured": {found.key: dict(found.data) for found in report.measured},
    }


def _support_as_json(one: OnSupport) -> dict[str, Any]:
    coefficient = None
    if one.coefficient is not None:
        lower, upper = one.coefficient
        value = str(lower) if lower == upper else None
        coefficient = {"lower": _finite(below(lower)), "upper": _finite(above(upper)), "value": value}
    answers = {q: {"verdict": answer, "theorem": theorem} for q, (answer, theorem) in one.answers.items()}
    return {"support": list(one.support), "coefficient": coefficient, "verdict": answer_of(one), "by_question": answers}


def _stability_as_json(report: Report) -> list[dict[str, Any]]:
    return [
        {
            "noise": str(epsilon),
            "level": level,
            "problem": problem,
            "norm": norm,
            "upper": _finite(above(bound.upper)),
            "theorem": bound.theorem,
        }
        for epsilon, levels in stability(report).items()
        for level, bounds in levels.items()
        for (problem, norm), bound in sorted(bounds.items())
    ]


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
