"""An algebraic dictionary in plain words: verdicts, rows of levels, rows of facts."""

from __future__ import annotations

from fractions import Fraction

from ..claims import verdict
from ..model import TheoremText
from ..numbers import decimals, root_decimals
from ..sentences import NAMES, NO, YES, Sentence, atoms
from .model import AlgebraicReport, Bounds

TITLE = "Not independently checked"
BANNER = (
    "the entries are algebraic numbers, which the independent checker does not read: there is no certificate. What "
    "follows is proved by verify alone, in exact and ball arithmetic."
)
LEVELS_HEADER = ("question", "guaranteed", "by", "undecided", "refuted", "by")


def sentences(report: AlgebraicReport) -> tuple[Sentence, ...]:
    """Return the verdicts, the worst first; without a level, one sentence on the levels that are proved."""
    k = report.asked.sparsity
    if k is None:
        return (_overview(report),)
    spoken = [_about(report, question, k) for question in report.asked.questions]
    return tuple(sorted(spoken, key=lambda s: ("refuted", "undecided", "guaranteed").index(s.tone)))


def _about(report: AlgebraicReport, question: str, k: int) -> Sentence:
    level, meant = report.levels[question], atoms(report.asked.scaling)
    codes = f"{k} nonzero{'s' if k > 1 else ''}"
    answer = verdict(level, k)
    if answer == "undecided":
        above = "no level is refuted" if level.refuted is None else f"levels from {level.refuted} on are refuted"
        least = f"levels up to {level.guaranteed} are guaranteed" if level.guaranteed else "no level is guaranteed"
        return Sentence("undecided", f": {NAMES[question]} at level {k} ({meant}): {least} and {above}.")
    words, theorem = (YES, level.guaranteed_by) if answer == "guaranteed" else (NO, level.refuted_by)
    return Sentence(answer, f": {words[question].format(k=codes)} (level {k}, {meant}), by {theorem}.")


def _overview(report: AlgebraicReport) -> Sentence:
    n = report.subject.shape[1]
    parts: list[str] = []
    for question in report.asked.questions:
        level = report.levels[question]
        yes = "every level" if level.guaranteed >= n else f"up to {level.guaranteed}" if level.guaranteed else "none"
        no = "" if level.refuted is None else f", refuted from {level.refuted} on"
        parts.append(f"{NAMES[question]} guaranteed {yes}{no}")
    return Sentence("proved", f" levels for {atoms(report.asked.scaling)}: {'; '.join(parts)}.")


def level_rows(report: AlgebraicReport) -> list[tuple[str, ...]]:
    """Return the levels of every question asked, below `LEVELS_HEADER`."""
    n = report.subject.shape[1]
    rows: list[tuple[str, ...]] = []
    for question in report.asked.questions:
        level = report.levels[question]
        end = n if level.refuted is None else level.refuted - 1
        rows.append(
            (
                f"{NAMES[question]} ({question})" if NAMES[question].lower() != question else NAMES[question],
                _span(1, level.guaranteed),
                level.guaranteed_by or "",
                _span(level.guaranteed + 1, end),
                "none" if level.refuted is None else _span(level.refuted, n),
                level.refuted_by or "",
            )
        )
    return rows


def fact_rows(report: AlgebraicReport) -> list[tuple[str, str, str]]:
    """Return the facts: name, value and remark."""
    found = [("Mutual coherence μ", *_coherence(report))]
    if report.welch_squared:
        found.append(("Welch bound", _rational_root(report.welch_squared), _welch(report)))
    low, high = report.babel[0]
    under = next((k for k, (_, upper) in enumerate(report.babel) if upper >= 1), len(report.babel))
    value = f"μ₁(k) < 1 for k ≤ {under}" if under else "not proved below 1 at any k"
    found.append(("Babel function μ₁", value, f"bounds for k = 1 to {len(report.babel)}; μ₁(1) {_between(low, high)}"))
    if (spark := _spark(report)) is not None:
        found.append(("Spark", *spark))
    found.append(("Atom norms", *_norms(report)))
    if report.orthogonal_pairs or report.undecided_pairs:
        value = f"{report.orthogonal_pairs} of {report.subject.shape[1] * (report.subject.shape[1] - 1) // 2}"
        remarks = ["the atoms are two orthogonal families"] if report.two_orthogonal_families else []
        remarks += [f"{report.undecided_pairs} undecided"] if report.undecided_pairs else []
        found.append(("Orthogonal pairs", value, "; ".join(remarks)))
    return found


def theorems_named(report: AlgebraicReport) -> list[TheoremText]:
    """Return the theorems that levels and bounds rest on, in the order of the report's theorems."""
    named = {report.spark[1]} if report.spark else set[str]()
    for question in report.asked.questions:
        named |= {name for name in (report.levels[question].guaranteed_by, report.levels[question].refuted_by) if name}
    return [text for name, text in report.theorems.items() if name in named]


def _coherence(report: AlgebraicReport) -> tuple[str, str]:
    mu = report.coherence
    i, j = mu.pair
    lower, upper = root_decimals(mu.squared[0]).lower, root_decimals(mu.squared[1]).upper
    near = f"= {lower}" if lower == upper else f"between {lower} and {upper}"
    if not mu.attained:
        return f"μ {near}", "which pair of atoms attains it stayed undecided"
    remark = f"attained by atoms {i} and {j}"
    if mu.expression is None:
        return f"μ {near}", f"{remark}; its expression is long"
    return f"μ = {mu.expression}", remark if mu.expression == lower else f"{near}; {remark}"


def _welch(report: AlgebraicReport) -> str:
    if report.welch_attained:
        return "μ is exactly the Welch bound: an equiangular tight frame"
    low, high = (square / report.welch_squared for square in report.coherence.squared)
    ratio = f"μ/Welch {_between_roots(low, high)}"
    return ratio if report.welch_attained is False else f"{ratio}; whether they are equal stayed undecided"


def _spark(report: AlgebraicReport) -> tuple[str, str] | None:
    if report.spark is None:
        return None if report.spark_upper is None else (f"at most {report.spark_upper}", "")
    value, theorem = report.spark
    if value is None:
        return "infinite", f"the atoms are linearly independent, by {theorem}"
    if report.spark_upper is None:
        return f"at least {value}", f"by {theorem}"
    return (
        str(value) if value == report.spark_upper else f"from {value} to {report.spark_upper}"
    ), f"below by {theorem}"


def _norms(report: AlgebraicReport) -> tuple[str, str]:
    low, high = report.norms_squared
    if report.norms_equal:
        return (_rational_root(low) if low == high else _between_roots(low, high)), "the same for all atoms"
    value = f"from {root_decimals(low).lower} to {root_decimals(high).upper}"
    return value, "not all equal" if report.norms_equal is False else "whether all are equal stayed undecided"


def _rational_root(square: Fraction) -> str:
    text, near = f"√({square})", root_decimals(square)
    return near.lower if near.lower == near.upper else f"{text}, {near}"


def _between_roots(low: Fraction, high: Fraction) -> str:
    lower, upper = root_decimals(low).lower, root_decimals(high).upper
    return f"= {lower}" if lower == upper else f"between {lower} and {upper}"


def _between(low: Fraction, high: Fraction) -> str:
    lower, upper = decimals(low).lower, decimals(high).upper
    return f"= {lower}" if lower == upper else f"between {lower} and {upper}"


def _span(start: int, end: int) -> str:
    return "none" if start > end else str(start) if start == end else f"{start}–{end}"


__all__ = ["BANNER", "LEVELS_HEADER", "TITLE", "Bounds", "fact_rows", "level_rows", "sentences", "theorems_named"]
