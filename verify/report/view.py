"""A report as rows of plain text, before any format: the terminal, Markdown and HTML show the same rows.

Texts use a few mathematical characters (μ, √, ≤, …) and hold no markup. What others wrote has its control characters
made visible; each format still escapes its own markup.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from . import claims as reading
from .claims import levels
from .constants import (
    Bounds,
    GeneralizedCoherence,
    at_level,
    generalized_babel,
    generalized_coherence,
    null_space,
    rates,
    sums_below_one,
)
from .escaping import short_rational, visible
from .gaps import gap
from .model import Claim, Report, Search, TheoremText
from .numbers import decimals, rational, root_decimals, root_expression
from .sentences import NAMES

_LONG = 40


@dataclass(frozen=True, slots=True)
class Exact:
    """A rational number that a fact rests on: what it is called, and all its digits."""

    name: str
    value: str

    @property
    def is_long(self) -> bool:
        """Whether it is too long for a table."""
        return len(self.value) > _LONG

    @property
    def short(self) -> str:
        """The number, with the middle digits of a long numerator or denominator left out."""
        return short_rational(self.value)


@dataclass(frozen=True, slots=True)
class FactRow:
    """One proved fact: its name, its value in words, remarks, and the exact rationals behind it."""

    name: str
    value: str
    remarks: tuple[str, ...] = ()
    exact: tuple[Exact, ...] = ()


@dataclass(frozen=True, slots=True)
class LevelRow:
    """One question with the levels that are guaranteed, undecided and refuted, in words.

    `undecided_gap` is what is proved of the null-space constant that decides the first undecided level, or None.
    """

    question: str
    name: str
    guaranteed: str
    guaranteed_by: str | None
    undecided: str
    undecided_gap: str | None
    refuted: str
    refuted_by: str | None


def fact_rows(report: Report) -> tuple[FactRow, ...]:
    """Return the facts that accepted claims state, the mutual coherence first; none for an unchecked report."""
    return tuple(_facts(report.accepted, report.search))


def _facts(claims: tuple[Claim, ...], search: Search | None) -> Iterator[FactRow]:
    if mu := reading.first(claims, "mutual-coherence"):
        i, j = mu["pair"]
        yield FactRow("Mutual coherence μ", *_root("μ ", mu["squared"], (f"attained by atoms {i} and {j}",)))
    if tilde := generalized_coherence(claims):
        yield _generalized(tilde, search and search.not_exact)
    if welch := reading.first(claims, "welch-bound"):
        value, remarks, exact = _root("", welch["squared"], ("no dictionary of this shape has a smaller μ",))
        yield FactRow("Welch bound", value, remarks, exact)
    if babel := reading.babel(claims):
        yield _babel(babel)
    if layers := rates(claims, "network-rate"):
        yield _network_rate(layers)
    elif sums := generalized_babel(claims):
        yield _generalized_babel(sums)
    if spark := _spark(claims):
        yield spark
    if rank := reading.rank(claims):
        yield FactRow("Rank", str(rank[0]) if rank[0] == rank[1] else f"from {rank[0]} to {rank[1]}")
    if norms := reading.first(claims, "atom-norms"):
        yield _norms(norms)
    if steps := rates(claims, "hard-thresholding"):
        yield _hard_thresholding(steps)


def _root(name: str, squared: str, remarks: tuple[str, ...]) -> tuple[str, tuple[str, ...], tuple[Exact, ...]]:
    """Return value, remarks and exact rationals of a number known by its square."""
    square = rational(squared)
    numeral = root_decimals(square)
    expression = root_expression(square)
    if expression is None:
        return f"{name}{numeral}", remarks, (Exact("its square", squared),)
    text = expression.replace("sqrt(", "√(")
    equal = "= " if name else ""
    if numeral.lower == numeral.upper:
        decimal = "" if text == numeral.lower else f" = {numeral.lower}"
        return f"{name}{equal}{text}{decimal}", remarks, ()
    return f"{name}{equal}{text}", (str(numeral), *remarks), ()


def _generalized(tilde: GeneralizedCoherence, not_exact: str | None) -> FactRow:
    name = "Generalized coherence μ~"
    remarks: list[str] = []
    if tilde.upper:
        remarks.append(f"guarantees the levels below (1 + 1/μ~)/2 ≥ {decimals((1 + 1 / tilde.upper) / 2, 3).lower}")
    if tilde.atom is not None:
        remarks.append(f"lower bound by atom {tilde.atom}")
    if not_exact is not None and not tilde.is_exact:
        remarks.append(f"not known exactly: {visible(not_exact)}")
    if tilde.upper is None or not tilde.is_exact:
        return FactRow(name, _bounds(tilde.lower, tilde.upper, "μ~"), tuple(remarks))
    text, numeral = str(tilde.upper), decimals(tilde.upper)
    if len(text) > _LONG:
        return FactRow(name, f"μ~ {numeral}", tuple(remarks), (Exact("exactly", text),))
    if numeral.lower == numeral.upper:
        return FactRow(name, f"μ~ = {text}" + ("" if text == numeral.lower else f" = {numeral.lower}"), tuple(remarks))
    return FactRow(name, f"μ~ = {text}", (str(numeral), *remarks))


def _generalized_babel(claim: Claim) -> FactRow:
    reached = sums_below_one(claim)
    value = f"P(k) + P(k-1) < 1 for k ≤ {reached}" if reached else "P(k) + P(k-1) not proved below 1 at any k"
    bound = decimals(max(Fraction(0), rational(claim["sums"][max(reached, 1) - 1]))).upper
    remark = f"P(k): the largest sum of k inner products with one atom's weights; P({max(reached, 1)}) + "
    remark += f"P({max(reached, 1) - 1}) ≤ {bound}"
    return FactRow("Generalized Babel function P", value, (remark,))


def _network_rate(layers: dict[int, tuple[Fraction, str]]) -> FactRow:
    level = max(layers)
    rate, theorem = layers[level]
    value = f"converges at rate q ≤ {decimals(max(Fraction(0), rate), 4).upper} at level {level}"
    remark = f"largest error times q or less in every layer, by {visible(theorem)}"
    return FactRow("Unrolled network", value, (remark,))


def _hard_thresholding(steps: dict[int, tuple[Fraction, str]]) -> FactRow:
    level = max(steps)
    rate, theorem = steps[level]
    value = f"converges for codes with at most {level} nonzero{'s' if level > 1 else ''}"
    remark = f"error times {decimals(max(Fraction(0), rate), 4).upper} or less in every step, by {visible(theorem)}"
    return FactRow("Iterative hard thresholding", value, (remark,))


def _babel(babel: Claim) -> FactRow:
    upper = [rational(u) for u in babel["upper"]]
    lower = [rational(v) for v in babel["lower"]]
    under = next((k for k, u in enumerate(upper) if u >= 1), len(upper))
    value = "not proved below 1 at any k" if not under else f"μ₁(k) < 1 for k ≤ {under}"
    shown = _bounds(lower[0], upper[0], "μ₁(1)")
    remarks = (f"bounds for k = 1 to {len(upper)}" if len(upper) > 1 else "bounds for k = 1", shown)
    return FactRow("Babel function μ₁", value, remarks)


def _bounds(lower: Fraction | None, upper: Fraction | None, name: str) -> str:
    low = None if lower is None else decimals(max(lower, Fraction(0))).lower
    high = None if upper is None else decimals(max(upper, Fraction(0))).upper
    if lower == upper and low == high:
        return f"{name} = {low}"
    return ("" if low is None else f"{low} ≤ ") + name + ("" if high is None else f" ≤ {high}")


def _spark(claims: tuple[Claim, ...]) -> FactRow | None:
    if reading.first(claims, "independent"):
        return FactRow("Spark", "infinite", ("the atoms are linearly independent",))
    lower, upper = reading.spark_lower(claims), reading.spark_upper(claims)
    remarks = (f"lower bound by {visible(lower['theorem'])}",) if lower else ()
    if lower and upper:
        equal = lower["value"] == upper["value"]
        value = str(lower["value"]) if equal else f"from {lower['value']} to {upper['value']}"
    elif lower or upper:
        value = f"at least {lower['value']}" if lower else f"at most {upper['value'] if upper else 0}"
    else:
        return None
    return FactRow("Spark", value, remarks)


def _norms(norms: Claim) -> FactRow:
    low, high = rational(norms["squared_min"]), rational(norms["squared_max"])
    if norms["equal"]:
        value, remarks, exact = _root("", norms["squared_min"], ("the same for all atoms",))
        return FactRow("Atom norms", value, remarks, exact)
    value = f"from {root_decimals(low).lower} to {root_decimals(high).upper}"
    exact = (Exact("least squared norm", norms["squared_min"]), Exact("greatest squared norm", norms["squared_max"]))
    return FactRow("Atom norms", value, (), exact)


def level_rows(report: Report) -> tuple[LevelRow, ...]:
    """Return the levels of every question asked, from accepted claims; none for an unchecked report."""
    if report.status == "unchecked":
        return ()
    n = report.subject.shape[1]
    found = levels(report.accepted, report.asked.scaling)
    nsc = null_space(report.accepted, report.asked.scaling)
    rows: list[LevelRow] = []
    for question in report.asked.questions:
        level = found[question]
        start, end = level.guaranteed + 1, n if level.refuted is None else level.refuted - 1
        rows.append(
            LevelRow(
                question=question,
                name=NAMES[question][0].upper() + NAMES[question][1:],
                guaranteed=_span(1, level.guaranteed),
                guaranteed_by=level.guaranteed_by,
                undecided=_span(start, end),
                undecided_gap=_gap(nsc, start) if question == "l1" and start <= end else None,
                refuted="none" if level.refuted is None else _span(level.refuted, n),
                refuted_by=level.refuted_by,
            )
        )
    return tuple(rows)


def _gap(constants: dict[int, Bounds], level: int) -> str | None:
    bounds = at_level(constants, level)
    return None if bounds is None else gap(f"nsc_{level}", bounds)


def _span(start: int, end: int) -> str:
    return "none" if start > end else str(start) if start == end else f"{start}–{end}"


def theorems_named(report: Report) -> tuple[TheoremText, ...]:
    """Return the theorems that accepted claims name, in the order of the report's theorems."""
    named = {str(claim["theorem"]) for claim in report.accepted if "theorem" in claim}
    return tuple(text for name, text in report.theorems.items() if name in named)
