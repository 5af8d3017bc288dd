"""Networks for deep codes in plain words and tables; proved numbers are rounded up."""

from __future__ import annotations

from fractions import Fraction

from ..numbers import above, decimals
from ..sentences import Sentence
from .model import DeepNetworkReport, MethodBounds

OBSERVED = (
    "What was seen is observed, not proved: floats, the greatest errors over random codes, signs, noise that fills "
    "the tolerances, and both driven uphill by the gradient of the final error. The bounds hold for every code of the "
    "class."
)


def title(report: DeepNetworkReport) -> str:
    """Return what the report is about."""
    count = len(report.networks)
    return f"{report.method}, {count} network{'' if count == 1 else 's'} for {len(report.subjects)} dictionaries"


def setting(report: DeepNetworkReport) -> str:
    """Return the class and the arithmetic in one line."""
    levels, bounds, tolerances = (
        ", ".join(map(str, values)) for values in (report.levels, report.bounds, report.tolerances)
    )
    return (
        f"deep codes with at most {levels} nonzeros of at most {bounds}, model errors of norm at most {tolerances}; "
        f"{report.arithmetic} arithmetic"
    )


def sentences(report: DeepNetworkReport) -> tuple[Sentence, ...]:
    """Return what is proved of each method, or that nothing is, and what was seen."""
    if report.status == "nothing":
        return (Sentence("refuted", ": these networks have no bound at all."),)
    found: list[Sentence] = []
    for one in report.methods:
        text = f" ({one.method}): the deepest code is found with an error of at most {upper(one.l2[-1])} in the 2-norm"
        useful = one.method == "refit" or report.promises
        tone = "unchecked" if report.status == "unchecked" else "guaranteed" if useful else "refuted"
        found.append(Sentence(tone, text + ("; rounding is included." if useful else ", no better than the code 0.")))
        if one.seen_l2:
            share = f", {ratio(one.seen_l2[-1], one.l2[-1])} of the bound" if one.l2[-1] else ""
            seen = f" ({one.method}): the greatest error seen in {one.trials} trials on {one.device} is "
            found.append(Sentence("undecided", f"{seen}{one.seen_l2[-1]:.4g}{share}."))
    return tuple(found)


def first_word(report: DeepNetworkReport, sentence: Sentence) -> str:
    """Return the first word of a sentence."""
    words = {"guaranteed": "Proved", "unchecked": "Unchecked", "undecided": "Observed", "refuted": "Nothing promised"}
    return words[sentence.tone]


def error_header(report: DeepNetworkReport) -> list[str]:
    """Return the header of `error_rows`."""
    seen = ("seen", "ratio") if any(one.seen_l2 for one in report.methods) else ()
    return ["method", "code", "2-norm", "entries", *seen, "C_1", "C_2", "rate"]


def error_rows(report: DeepNetworkReport) -> list[list[str]]:
    """Return bounds, errors seen, their ratio and the constants, for each method and code."""
    with_seen = any(one.seen_l2 for one in report.methods)
    return [_row(one, j, with_seen) for one in report.methods for j in range(len(report.levels))]


def _row(one: MethodBounds, j: int, with_seen: bool) -> list[str]:
    row = [one.method, f"x_{j + 1}", upper(one.l2[j]), upper(one.linf[j])]
    if with_seen:
        row += [f"{one.seen_l2[j]:.4g}", ratio(one.seen_l2[j], one.l2[j])] if one.seen_l2 else ["", ""]
    first = upper(one.c_1[j]) if one.c_1 else "0" if one.method == "refit" else ""
    return [*row, first, upper(one.c_2[j]) if one.c_2 else "", upper(one.rate[j]) if one.rate else ""]


def layer_header() -> list[str]:
    """Return the header of `layer_rows`."""
    return ["network", "layer", "bound on", "bound off"]


def layer_rows(report: DeepNetworkReport) -> list[list[str]]:
    """Return the bounds on the support and off it after every layer of each network."""
    return [
        [str(at), str(k), upper(Fraction(on)), upper(Fraction(off))]
        for at, layers in enumerate(report.per_layer, 1)
        for k, (on, off) in enumerate(layers, 1)
    ]


def ratio(seen: float, bound: Fraction) -> str:
    """Return seen / bound with three decimals."""
    limit = above(bound)
    return "" if not limit else f"{seen / limit:.3f}"


def upper(value: Fraction) -> str:
    """Return a decimal of four digits that is at least `value`."""
    return decimals(value, 4).upper
