"""The verdict in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .claims import Level, levels, verdict
from .gaps import reason
from .model import Report

NAMES = {"l0": "uniqueness", "l1": "basis pursuit", "network": "unrolled network", "omp": "OMP"}

MEANINGS = {
    "l0": "Do any two different codes with at most k nonzeros have different signals?",
    "l1": (
        "Among all codes of its signal, is every code with at most k nonzeros the only one with the least weighted sum "
        "of absolute values? The weight of a coefficient is the norm of its atom for unit atoms, "
        "and 1 for the atoms as given."
    ),
    "network": (
        "For real dictionaries: are there weights W, and for every bound on the coefficients a schedule of thresholds, "
        "with which the network that starts at 0 and repeats x ← T(x + W*(y − D x)) converges to every code with at "
        "most k nonzeros within that bound? T moves every coefficient towards 0 by its threshold."
    ),
    "omp": (
        "Does orthogonal matching pursuit, in exact arithmetic and however it breaks ties, return every code with at "
        "most k nonzeros from its signal, in as many steps as the code has nonzeros?"
    ),
}

YES = {
    "l0": "any two different codes with at most {k} have different signals",
    "l1": "basis pursuit recovers every code with at most {k}",
    "network": "some unrolled network converges to every code with at most {k}",
    "omp": "OMP recovers every code with at most {k}",
}
NO = {
    "l0": "two different codes with at most {k} have the same signal",
    "l1": "basis pursuit fails to recover some code with at most {k}",
    "network": "no unrolled network converges to every code with at most {k}",
    "omp": "OMP fails to recover some code with at most {k}",
}

Tone = Literal["refuted", "undecided", "guaranteed", "proved", "unchecked"]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of the verdict: its first word says the tone, the rest follows after a colon."""

    tone: Tone
    rest: str

    def __str__(self) -> str:
        return f"{self.tone.capitalize()}{self.rest}"


def atoms(scaling: str) -> str:
    """Return which atoms are meant, in words."""
    return "unit atoms" if scaling == "unit" else "atoms as given"


def sentences(report: Report) -> tuple[Sentence, ...]:
    """Return the verdict of a report, one sentence for each question and the worst first.

    Without a sparsity level there is one sentence on the levels that are proved. Guarantee: only accepted claims are
    spoken of; an unchecked report says that it is one, and nothing else.
    """
    if report.status == "unchecked":
        return (Sentence("unchecked", f": {UNCHECKED}"),)
    found = levels(report.accepted, report.asked.scaling)
    if report.asked.sparsity is None:
        return (_overview(report, found),)
    spoken = [_about(report, q, found[q], report.asked.sparsity) for q in report.asked.questions]
    return tuple(sorted(spoken, key=lambda s: ("refuted", "undecided", "guaranteed").index(s.tone)))


UNCHECKED = "the checker has not run on this certificate, so this report gives no verdict, level or bound."


def _about(report: Report, question: str, level: Level, k: int) -> Sentence:
    scaling = report.asked.scaling
    codes = f"{k} nonzero{'s' if k > 1 else ''}"
    answer = verdict(level, k)
    if answer == "undecided":
        why = reason(report, question, level, k)
        return Sentence("undecided", f": {NAMES[question]} at level {k} ({atoms(scaling)}): {why}.")
    words, theorem = (YES, level.guaranteed_by) if answer == "guaranteed" else (NO, level.refuted_by)
    return Sentence(answer, f": {words[question].format(k=codes)} (level {k}, {atoms(scaling)}), by {theorem}.")


def _overview(report: Report, found: dict[str, Level]) -> Sentence:
    questions = report.asked.questions
    n = report.subject.shape[1]
    spoken_of = atoms(report.asked.scaling)
    yes: list[str] = []
    for q in questions:
        g = found[q].guaranteed
        yes.append(f"{NAMES[q]} {'at every level' if g >= n else f'up to level {g}' if g else 'at no level'}")
    refuted = {q: found[q].refuted for q in questions if found[q].refuted is not None}
    if not refuted:
        no = ""
    elif len(refuted) == len(questions) and len(set(refuted.values())) == 1:
        no = f"; {'' if len(questions) == 1 else 'all '}refuted from level {next(iter(refuted.values()))} on"
    else:
        no = "; refuted: " + ", ".join(f"{NAMES[q]} from level {level}" for q, level in refuted.items())
    if not any(found[q].guaranteed for q in questions) and not refuted:
        asked = ", ".join(NAMES[q] for q in questions)
        return Sentence("undecided", f": no level is guaranteed or refuted for {spoken_of} ({asked}).")
    return Sentence("proved", f" for {spoken_of}: {', '.join(yes)}{no}.")


def search_note(report: Report) -> str | None:
    """Return what the search left out and how to go on, or None where nothing is undecided or nothing was left out."""
    search = report.search
    if search is None or report.status == "unchecked" or not (search.stopped or search.unfinished):
        return None
    found = levels(report.accepted, report.asked.scaling)
    n = report.subject.shape[1]
    if all((found[q].refuted or n + 1) == found[q].guaranteed + 1 for q in report.asked.questions):
        return None
    how = "The search was stopped early" if search.stopped else f"Too much work for the effort {search.effort}"
    left = f": {', '.join(search.unfinished)}" if search.unfinished else ""
    return f"{how}{left}. More time or effort may decide more levels."


def duration(seconds: float) -> str:
    """Return a time in words, rounded for a human."""
    if seconds < 1:
        return "less than a second"
    for size, unit in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= 1.5 * size:
            return f"about {round(seconds / size)} {unit}s"
    return f"about {round(seconds)} second{'s' if round(seconds) != 1 else ''}"
