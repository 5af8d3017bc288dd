"""A report as rows of plain text, before any format: the terminal, Markdown and HTML show the same rows.

Texts use a few mathematical characters (μ, √, ≤, …) and hold no markup. What others wrote has its control characters
made visible; each format still escapes its own markup.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from . import claims as reading
from .claims import Codes, Entry, failing_code, levels, two_codes
from .escaping import short_rational, visible
from .model import Claim, Report, TheoremText
from .numbers import approximate, decimals, is_short, rational, root_decimals, root_expression
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
    """One question with the levels that are guaranteed, undecided and refuted, in words."""

    question: str
    name: str
    guaranteed: str
    guaranteed_by: str | None
    undecided: str
    refuted: str
    refuted_by: str | None


@dataclass(frozen=True, slots=True)
class CodeView:
    """One of two codes of one signal: (atom, value in words) and how many more there are."""

    name: str
    entries: tuple[tuple[int, str], ...]
    more: int


def fact_rows(report: Report) -> tuple[FactRow, ...]:
    """Return the facts that accepted claims state, the mutual coherence first; none for an unchecked report."""
    return tuple(_facts(report.accepted))


def _facts(claims: tuple[Claim, ...]) -> Iterator[FactRow]:
    if mu := reading.first(claims, "mutual-coherence"):
        i, j = mu["pair"]
        yield FactRow("Mutual coherence μ", *_root("μ ", mu["squared"], (f"attained by atoms {i} and {j}",)))
    if welch := reading.first(claims, "welch-bound"):
        value, remarks, exact = _root("", welch["squared"], ("no dictionary of this shape has a smaller μ",))
        yield FactRow("Welch bound", value, remarks, exact)
    if babel := reading.babel(claims):
        yield _babel(babel)
    if spark := _spark(claims):
        yield spark
    if rank := reading.rank(claims):
        yield FactRow("Rank", str(rank[0]) if rank[0] == rank[1] else f"from {rank[0]} to {rank[1]}")
    if norms := reading.first(claims, "atom-norms"):
        yield _norms(norms)


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


def _babel(babel: Claim) -> FactRow:
    upper = [rational(u) for u in babel["upper"]]
    lower = [rational(v) for v in babel["lower"]]
    under = next((k for k, u in enumerate(upper) if u >= 1), len(upper))
    value = "not proved below 1 at any k" if not under else f"μ₁(k) < 1 for k ≤ {under}"
    shown = _bounds(lower[0], upper[0], "μ₁(1)")
    remarks = (f"bounds for k = 1 to {len(upper)}" if len(upper) > 1 else "bounds for k = 1", shown)
    return FactRow("Babel function μ₁", value, remarks)


def _bounds(lower: Fraction, upper: Fraction, name: str) -> str:
    low, high = decimals(max(lower, Fraction(0))).lower, decimals(max(upper, Fraction(0))).upper
    return f"{name} = {low}" if lower == upper and low == high else f"{low} ≤ {name} ≤ {high}"


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
                refuted="none" if level.refuted is None else _span(level.refuted, n),
                refuted_by=level.refuted_by,
            )
        )
    return tuple(rows)


def _span(start: int, end: int) -> str:
    return "none" if start > end else str(start) if start == end else f"{start}–{end}"


def code_views(codes: Codes, limit: int = 12) -> tuple[CodeView, CodeView]:
    """Return the two codes with at most `limit` entries each, exact where that is short, else with "≈"."""
    return _code("x", codes.first, codes.is_complex, limit), _code("x′", codes.second, codes.is_complex, limit)


def _code(name: str, entries: tuple[Entry, ...], is_complex: bool, limit: int) -> CodeView:
    shown = tuple((i, number(a, b, is_complex=is_complex)) for i, a, b in entries[:limit])
    return CodeView(name, shown, max(0, len(entries) - limit))


@dataclass(frozen=True, slots=True)
class Counterexample:
    """Two codes of one signal, what they are called, and what they prove in one or two sentences."""

    name: str
    title: str
    words: str
    codes: Codes

    @property
    def views(self) -> tuple[CodeView, CodeView]:
        """Both codes in words."""
        return code_views(self.codes)


def counterexamples(report: Report) -> tuple[Counterexample, ...]:
    """Return what the accepted null vector refutes: uniqueness, and basis pursuit where a claim names a heavy part."""
    found: list[Counterexample] = []
    if codes := two_codes(report.accepted):
        most = f"{codes.nonzeros} nonzero{'s' if codes.nonzeros > 1 else ''}"
        words = f"x and x′ are different, have at most {most} each, and D x = D x′ exactly."
        found.append(Counterexample("codes", "Two codes of one signal", words + _scaled(codes), codes))
    if "l1" in report.asked.questions and (codes := failing_code(report.accepted, report.asked.scaling)):
        most = f"{len(codes.first)} nonzero{'s' if len(codes.first) > 1 else ''}"
        words = f"x has {most}, D x = D x′ exactly, and x′ costs no more: x is not the only minimiser."
        found.append(Counterexample("missed", "A code that basis pursuit can miss", words + _scaled(codes), codes))
    return tuple(found)


def _scaled(codes: Codes) -> str:
    return " Both are scaled by one factor, for reading." if codes.is_scaled else ""


def theorems_named(report: Report) -> tuple[TheoremText, ...]:
    """Return the theorems that accepted claims name, in the order of the report's theorems."""
    named = {str(claim["theorem"]) for claim in report.accepted if "theorem" in claim}
    return tuple(text for name, text in report.theorems.items() if name in named)


def number(real: Fraction, imaginary: Fraction, *, is_complex: bool) -> str:
    """Return a number of a code: exact where it is short, otherwise a decimal after "≈"."""
    if not is_complex:
        return _plain(real)[0]
    (a, exact_a), (b, exact_b) = _plain(real, mark=False), _plain(abs(imaginary), mark=False)
    unit = "i" if b == "1" else f"({b})i" if "/" in b else f"{b}i"
    if not imaginary:
        text = a
    elif not real:
        text = f"-{unit}" if imaginary < 0 else unit
    else:
        text = f"{a} {'-' if imaginary < 0 else '+'} {unit}"
    return text if exact_a and exact_b else f"≈ {text}"


def _plain(value: Fraction, *, mark: bool = True) -> tuple[str, bool]:
    if is_short(value):
        return str(value), True
    return ("≈ " if mark else "") + approximate(value), False
