"""The words and tables of a report on filters, read from its claims."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import prod

from ..claims import array
from ..escaping import visible
from ..numbers import decimals, exact_root, rational, root_decimals, root_expression
from ..sentences import NAMES, Sentence, duration
from .claim_words import sizes_in_words
from .cuts import cut_rows, is_cut
from .levels import SPARSITIES, FilterLevels, asked_levels, filter_levels
from .model import FilterReport

COUNTED = {"stripe": "in each stripe", "total": "in all"}
STRIPE = (
    "A stripe is an atom and every atom whose box of taps meets its own: all filters, at shifts of up to {reach}. "
    "Codes with few nonzeros in every stripe may have any number in all."
)
_BABEL_SHOWN = 5


def title(report: FilterReport) -> str:
    """Return the heading."""
    return f"Filters of {visible(report.source)}"


def by(lengths: Sequence[int]) -> str:
    """Return lengths as `7 x 7`."""
    return " x ".join(map(str, lengths))


def shape_text(report: FilterReport) -> str:
    """Return the filters in words."""
    return f"{_filters(report.shape)}, boundary {report.boundary}"


def filters_in_words(shape: Sequence[int], stride: Sequence[int], boundary: str) -> str:
    """Return filters with their stride and boundary in words."""
    return f"{_filters(shape)}, stride {by(stride)}, boundary {boundary}"


def _filters(shape: Sequence[int]) -> str:
    count, channels, *taps = shape
    many = f"{count} filter{'' if count == 1 else 's'} of {by(taps)} tap{'' if prod(taps) == 1 else 's'}"
    return f"{many} on {channels} signal channel{'' if channels == 1 else 's'}"


def setting(report: FilterReport) -> list[tuple[str, str]]:
    """Return what the report is about."""
    rows = [
        ("filters", shape_text(report)),
        ("stride", by(report.stride)),
        ("atoms", "unit" if report.scaling == "unit" else "as given"),
        ("sha256", report.digest),
    ]
    return rows + [("remark", visible(text)) for text in report.remarks]


def sentences(report: FilterReport) -> list[Sentence]:
    """Return the verdicts at the level asked, of stripes first, or where the levels are; that nothing is checked."""
    if not report.checked:
        took = "" if report.check_seconds is None else f"; checking takes {duration(report.check_seconds)} (estimated)"
        return [Sentence("unchecked", f": nobody has checked the certificate, so there are no verdicts{took}.")]
    if report.sparsity is None:
        return []
    found: list[Sentence] = []
    for level in asked_levels(report):
        verdict = level.verdict(report.sparsity)
        name = f"{NAMES[level.question]} ({level.question})"
        at = f"codes with at most {report.sparsity} nonzero{'' if report.sparsity == 1 else 's'}"
        at = f"{at} {COUNTED[level.sparsity]}"
        if verdict == "guaranteed":
            found.append(Sentence("guaranteed", f": {name}, {at}, for signals of {_sizes(report)}."))
        elif verdict == "refuted":
            where = f"of codes of size {by(level.refuted_at or ())}"
            found.append(Sentence("refuted", f": {name}, {at}: a counterexample {where}."))
        else:
            found.append(Sentence("undecided", f": {name}, {at}: neither proved nor refuted."))
    return found


def _sizes(report: FilterReport) -> str:
    return sizes_in_words(next((str(claim["sizes"]) for claim in report.claims if "sizes" in claim), "every"))


def status_text(report: FilterReport) -> str:
    """Return one sentence about how far the answers can be trusted."""
    if report.checked:
        return "Every answer was derived by the independent checker, from the filters alone."
    return f"Nobody has checked the certificate yet, so there are no verdicts. To check it: {report.check_command}"


def fact_rows(report: FilterReport) -> list[tuple[str, str, str]]:
    """Return the facts that accepted claims state: name, value, remark."""
    if not report.checked:
        return []
    rows: list[tuple[str, str, str]] = []
    mu = report.of("convolutional-coherence")
    if mu is not None:
        name, value, where = _coherence(mu["squared"], mu["first"], mu["second"])
        cut = any(is_cut(report, atom, mu["lengths"]) for atom in (mu["first"], mu["second"]))
        rows.append((name, value, f"{where}, cut at an end" if cut else where))
    babel = report.of("convolutional-babel")
    if babel is not None:
        sums = ", ".join(decimals(rational(value), 4).upper for value in babel["upper"][:_BABEL_SHOWN])
        sums += ", .." if len(babel["upper"]) > _BABEL_SHOWN else ""
        least = decimals(rational(babel["lower"][0]), 4).lower if babel["lower"] else "0"
        rows.append(("Babel function μ₁ over stripes", f"at most {sums}", f"μ₁(1) is at least {least}"))
    weights = report.of("convolutional-generalized-coherence")
    if weights is not None:
        most = decimals(max(array(weights["upper"])), 6).upper
        reach = "on the taps" if not any(weights["margin"]) else f"up to {by(weights['margin'])} beyond the taps"
        rows.append(("Generalized coherence μ~", f"at most {most}", f"by weights {reach} of each filter"))
    norms = report.of("convolutional-norms")
    if norms is not None:
        low, high = root_decimals(rational(norms["squared_min"])), root_decimals(rational(norms["squared_max"]))
        value = f"from {low.lower} to {high.upper}" if not norms["equal"] else f"about {low.lower}"
        rows.append(("Atom norms", value, "equal" if norms["equal"] else ""))
    rows += [(name, "", text) if name.startswith("What") else (name, text, "") for name, text in cut_rows(report)]
    rows.append(("Holds for", f"signals of {_sizes(report)}", ""))
    return rows


def _coherence(squared: str, first: Sequence[int], second: Sequence[int]) -> tuple[str, str, str]:
    square = Fraction(squared)
    expression, numeral = root_expression(square), root_decimals(square)
    text = f"μ = {expression}" if expression is not None else f"μ {numeral}"
    if expression is not None and numeral.lower != expression:
        text += f", {numeral}" if numeral.lower != numeral.upper else f" = {numeral.lower}"
    shift = ", ".join(str(b - a) for a, b in zip(first[1:], second[1:], strict=True))
    two = first[0] != second[0]
    pair = f"filters {first[0]} and {second[0]}" if two else f"filter {first[0]} and itself"
    if not square:
        return "Mutual coherence μ", text, "all atoms are orthogonal"
    if exact_root(square) == 1:
        more = "they are shifts of each other, up to a factor" if two else "it repeats itself, up to a factor"
        return "Mutual coherence μ", text, f"{pair} at shift {shift}: {more}"
    return "Mutual coherence μ", text, f"attained by {pair} at shift {shift}"


def level_table(report: FilterReport) -> tuple[list[str], list[list[str]]]:
    """Return the levels as a table of texts, one row where both ways to count say the same.

    Theorems stand in a cell's second line.
    """
    heads = ["question", "nonzeros counted", "guaranteed up to", "refuted from"]
    asked = report.sparsity is not None and report.checked
    if asked:
        heads.append(f"at level {report.sparsity}")
    rows: list[list[str]] = []
    for question, name in NAMES.items():
        found: dict[tuple[str, ...], list[str]] = {}
        for sparsity in SPARSITIES:
            level = filter_levels(report, question, sparsity)
            verdict = (level.verdict(report.sparsity or 0),) if asked else ()
            found.setdefault((_yes(level), _no(level), *verdict), []).append(COUNTED[sparsity])
        rows += [[f"{name} ({question})", " or ".join(ways), *cells] for cells, ways in found.items()]
    return heads, rows


def _yes(level: FilterLevels) -> str:
    most = "every code" if level.every_code else str(level.guaranteed)
    return "none" if level.guaranteed_by is None else f"{most}\n{level.guaranteed_by}"


def _no(level: FilterLevels) -> str:
    if level.refuted is None:
        return "none"
    return f"{level.refuted}, codes of size {by(level.refuted_at or ())}\n{level.refuted_by}"


def stripe_text(report: FilterReport) -> str:
    """Return what a stripe is, for these filters."""
    return STRIPE.format(reach=by(report.reach))
