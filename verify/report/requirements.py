"""What was required of a dictionary, and whether accepted claims prove it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from ..errors import InputError
from . import claims as reading
from .claims import Level, levels, verdict
from .constants import generalized_coherence
from .model import QUESTIONS, Report
from .numbers import decimals, rational, root_decimals, root_expression
from .sentences import NAMES, UNCHECKED, atoms

Met = Literal["proved", "refuted", "undecided"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """`name` `relation` `value`: a level or the spark `>=` a number, or mu or mu~ `<=` or `<` one; `text` as typed."""

    name: str
    relation: str
    value: Fraction
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Whether a requirement is met, and in words what is proved."""

    requirement: Requirement
    met: Met
    why: str

    def __str__(self) -> str:
        return f"{self.met:<9}  {self.requirement.text}: {self.why}"


def answer(report: Report, requirement: Requirement) -> Answer:
    """Say whether accepted claims prove what is required, or prove its opposite.

    Guarantee: `proved` and `refuted` follow from accepted claims in exact arithmetic; an unchecked report decides
    nothing. Raises InputError for a level that the dictionary does not have.
    """
    name, n = requirement.name, report.subject.shape[1]
    if name in QUESTIONS and not 1 <= requirement.value <= n:
        raise InputError(f"{requirement.text}: expected a level from 1 to {n}, the number of atoms")
    if report.status == "unchecked":
        return Answer(requirement=requirement, met="undecided", why=UNCHECKED.removesuffix("."))
    if name in QUESTIONS:
        met, why = _level(report, requirement)
    else:
        met, why = {"mu": _coherence, "mu~": _generalized, "spark": _spark}[name](report, requirement)
    return Answer(requirement=requirement, met=met, why=why)


def worst(answers: tuple[Answer, ...]) -> Met:
    """Return `refuted` if one is, else `undecided` if one is, else `proved`."""
    found = {answer.met for answer in answers}
    return "refuted" if "refuted" in found else "undecided" if "undecided" in found else "proved"


def answers_as_json(answers: tuple[Answer, ...]) -> list[dict[str, Any]]:
    """Return answers as objects that a report's JSON may hold under `requirements`."""
    return [{"requirement": a.requirement.text, "answer": a.met, "proved": a.why} for a in answers]


def _level(report: Report, requirement: Requirement) -> tuple[Met, str]:
    level: Level = levels(report.accepted, report.asked.scaling)[requirement.name]
    answer = verdict(level, int(requirement.value))
    yes = f"guaranteed up to level {level.guaranteed} by {level.guaranteed_by}" if level.guaranteed else ""
    no = "" if level.refuted is None else f"refuted from level {level.refuted} by {level.refuted_by}"
    said = ", ".join(filter(None, (yes, no))) or "no level is guaranteed or refuted"
    met: Met = "proved" if answer == "guaranteed" else answer
    return met, f"{NAMES[requirement.name]} ({atoms(report.asked.scaling)}): {said}"


def _coherence(report: Report, requirement: Requirement) -> tuple[Met, str]:
    claim = reading.first(report.accepted, "mutual-coherence")
    if claim is None:
        return "undecided", "mu was not measured"
    square = rational(claim["squared"])
    expression, i, j = root_expression(square), *claim["pair"]
    value = str(root_decimals(square)) if expression is None else f"= {expression}"
    return _met(square, square, requirement, 2), f"mu {value}, attained by atoms {i} and {j}"


def _generalized(report: Report, requirement: Requirement) -> tuple[Met, str]:
    bounds = generalized_coherence(report.accepted)
    if bounds is None:
        return "undecided", "mu~ was not measured"
    low, high = bounds.lower or Fraction(0), bounds.upper
    said = f"at least {decimals(low).lower}" + ("" if high is None else f", at most {decimals(high).upper}")
    return _met(low, high, requirement, 1), f"mu~ is {said}"


def _met(low: Fraction, high: Fraction | None, requirement: Requirement, power: int) -> Met:
    """Compare a number between two bounds, or its square, with what is required."""
    limit, strict = requirement.value**power, requirement.relation == "<"
    if high is not None and (high < limit or (high == limit and not strict)):
        return "proved"
    return "refuted" if low > limit or (low == limit and strict) else "undecided"


def _spark(report: Report, requirement: Requirement) -> tuple[Met, str]:
    if reading.first(report.accepted, "independent"):
        return "proved", "the spark is infinite: the atoms are independent"
    lower, upper = reading.spark_lower(report.accepted), reading.spark_upper(report.accepted)
    low, high = lower["value"] if lower else 2, upper["value"] if upper else None
    said = f"the spark is at least {low}" + ("" if high is None else f" and at most {high}")
    if low >= requirement.value:
        return "proved", said
    return ("refuted" if high is not None and high < requirement.value else "undecided"), said
