"""Problems, values and results in words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from ..escaping import visible
from ..numbers import approximate, decimals, is_short, rational
from .model import Backend, SolutionReport
from .reading import Solved, SolvedStatus, solved

NAMES = {
    "basis-pursuit": "basis pursuit",
    "bpdn": "basis pursuit denoising",
    "lasso": "LASSO",
    "sparsest": "sparsest code",
    "k-sparse": "best code with few nonzeros",
}
STATUS: dict[SolvedStatus, str] = {
    "proved-optimal": "Proved optimal",
    "proved-infeasible": "Proved infeasible",
    "enclosed": "Enclosed",
    "not-solved": "Not solved",
}
Tone = Literal["proved", "refuted", "undecided", "unchecked"]
_TONES: dict[SolvedStatus, Tone] = {
    "proved-optimal": "proved",
    "proved-infeasible": "refuted",
    "enclosed": "undecided",
    "not-solved": "undecided",
}
_WORST_FIRST: tuple[SolvedStatus, ...] = ("proved-infeasible", "not-solved", "enclosed", "proved-optimal")
_DIGITS = 12
UNCHECKED = "the checker has not run on this certificate, so this report says nothing about the problem."
NOTHING = "nothing is proved."


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence of the result: its first words, in bold, and the rest."""

    tone: Tone
    head: str
    rest: str


def problem_name(problem: Mapping[str, Any]) -> str:
    """Return what a problem is called."""
    return NAMES.get(str(problem.get("name")), visible(str(problem.get("name"))))


def formula(problem: Mapping[str, Any]) -> str:
    """Return a problem as a formula."""
    weights = "Σ N_i |x_i|" if problem.get("scaling") == "unit" else "|x|₁"
    conditions = ["x ≥ 0"] if problem.get("nonnegative") else []
    if problem.get("box") is not None:
        conditions.append(f"|x_i| ≤ {_number(problem['box'])}")
    epsilon = _number(problem.get("epsilon", "0"))
    fits = "D x = y" if epsilon == "0" else f"|y − D x|₂ ≤ {epsilon}"
    match problem.get("name"):
        case "lasso":
            text, first = f"min ½ |y − D x|₂² + {_number(problem['weight'])} {weights}", []
        case "sparsest":
            text, first = "min |x|₀", [fits]
        case "k-sparse":
            text, first = "min |y − D x|₂²", [f"|x|₀ ≤ {problem['sparsity']}"]
        case _:
            text, first = f"min {weights}", [fits]
    conditions = [*first, *conditions]
    return visible(f"{text} over {', '.join(conditions)}" if conditions else text)


def _number(text: object) -> str:
    """Return a number of a problem: exactly if that is short, else a decimal near it."""
    return str(text) if len(str(text)) <= 12 else f"about {approximate(rational(text), 4)}"


def lines(report: SolutionReport) -> tuple[Line, ...]:
    """Return the result in a sentence for each signal; for many signals in one that counts.

    Guarantee: only accepted claims are spoken of; an unchecked report says that it is one, and nothing else.
    """
    if report.status == "unchecked":
        return (Line("unchecked", "Unchecked", f": {UNCHECKED if report.proofs else NOTHING}"),)
    found = solved(report)
    if len(found) == 1:
        return (_line(found[0]),)
    statuses = [one.status for one in found]
    worst: SolvedStatus = next(status for status in _WORST_FIRST if status in statuses)
    counts = [(statuses.count(status), status) for status in STATUS]
    text = ", ".join(f"{count} {status.replace('-', ' ')}" for count, status in counts if count)
    head = "All proved optimal" if worst == "proved-optimal" else STATUS[worst]
    names = ", ".join(dict.fromkeys(problem_name(one.problem) for one in found))
    return (Line(_TONES[worst], head, f": {names} for {len(found)} signals: {text}."),)


def _line(one: Solved) -> Line:
    name = problem_name(one.problem)
    match one.status:
        case "proved-infeasible":
            rest = f"no code is feasible, by {one.infeasible_by}"
        case "proved-optimal":
            rest = f"the value is {value_text(one)}"
            if one.unique:
                rest += f", and the minimiser is the only one, with {_nonzeros(one)}"
            elif one.several is not None:
                rest += ", and it has more than one minimiser"
            elif one.code is not None:
                rest += f", attained by a code with {_nonzeros(one)}; whether by others is open"
        case "enclosed":
            rest = f"the value is {value_text(one)}"
        case _:
            rest = "no feasible code is proved" + ("" if one.lower is None else f"; the value is {value_text(one)}")
    return Line(_TONES[one.status], STATUS[one.status], f": {name}: {rest}.")


def _nonzeros(one: Solved) -> str:
    count = 0 if one.code is None else len(one.code.entries)
    return f"{count} nonzero{'s' if count != 1 else ''}"


def value_text(one: Solved) -> str:
    """Return what is proved of the value: exactly where that is short, else between two decimals."""
    if one.status == "proved-infeasible":
        return "none"
    low, high = one.lower, one.upper
    if low is not None and low == high:
        return exact_text(low)
    least = None if low is None else decimals(max(low, Fraction(0)), _DIGITS).lower
    most = None if high is None else decimals(max(high, Fraction(0)), _DIGITS).upper
    if least is None and most is None:
        return "not bounded"
    if most is None:
        return f"at least {least}"
    return f"at most {most}" if least is None else f"between {least} and {most}"


def exact_text(value: Fraction) -> str:
    """Return a number >= 0 exactly if that is short, else as decimals that enclose it."""
    if is_short(value):
        decimal = decimals(value, _DIGITS)
        return str(value) if value.denominator == 1 or decimal.lower != decimal.upper else f"{value} = {decimal.lower}"
    return str(decimals(value, _DIGITS)).removeprefix("= ")


def gap_text(one: Solved | None, backend: Backend) -> str:
    """Return how far a claimed value is from the value that is proved, as an interval of the difference."""
    bounds = true_gap(one, backend)
    if bounds is None:
        return "unknown"
    low, high = bounds
    if low > 0:
        return f"too high by at least {decimals(low, 3).lower}"
    if high < 0:
        return f"too low by at least {decimals(-high, 3).lower}"
    return f"at most {decimals(max(high, -low), 3).upper}"


def true_gap(one: Solved | None, backend: Backend) -> tuple[Fraction, Fraction] | None:
    """Return bounds of claimed minus true value, from the proved enclosure; None if the value is not enclosed."""
    value = backend.value
    if one is None or value is None or not math.isfinite(value) or one.lower is None or one.upper is None:
        return None
    return Fraction(value) - one.upper, Fraction(value) - one.lower
