"""The network in plain words, and its numbers as short decimals that are rounded up."""

from __future__ import annotations

from fractions import Fraction

from ..escaping import shortened
from ..numbers import above, decimals, is_short
from ..sentences import Sentence
from .model import NetworkReport

OBSERVED = (
    "What was seen is observed, not proved: floats, the greatest errors over random codes, signs on coherent supports, "
    "noise, and codes driven uphill by the gradient of the final error. The bounds hold for every code of the class."
)


def title(report: NetworkReport) -> str:
    """Return what the report is about."""
    return shortened(report.network.source, 120)


def setting(report: NetworkReport) -> str:
    """Return the class and the arithmetic in one line."""
    codes, network = report.codes, report.network
    sign = ", none negative" if network.code == "nonnegative" else ""
    entries = f"at most {codes.sparsity} nonzero{'' if codes.sparsity == 1 else 's'} of at most {number(codes.bound)}"
    noise = f"noise of norm at most {number(codes.noise)}" if codes.noise else "no noise"
    return (
        f"codes with {entries}{sign}, {noise}; {network.layers} layers, {network.activation}, {network.dtype}, "
        f"{codes.arithmetic} arithmetic"
    )


def sentences(report: NetworkReport) -> tuple[Sentence, ...]:
    """Return what is proved of the network, or that nothing is, and what was seen."""
    found = [_promise(report)]
    seen, linf = report.seen, report.linf
    if seen is not None:
        share = "" if not linf else f", {ratio(seen.linf, linf)} of the bound"
        trials = f"in {seen.trials} trials on {seen.device}"
        found.append(Sentence("undecided", f": the greatest error seen {trials} is {seen.linf:.4g}{share}."))
    return tuple(found)


def first_word(report: NetworkReport, at: int) -> str:
    """Return the first word of a sentence."""
    if at:
        return "Observed"
    if report.status == "checked" and report.broken is None:
        return "Proved"
    return "Unchecked" if report.status == "unchecked" else "Nothing promised"


def _promise(report: NetworkReport) -> Sentence:
    linf, l2, codes = report.linf, report.l2, report.codes
    at = f"with at most {codes.sparsity} nonzero{'' if codes.sparsity == 1 else 's'}"
    if report.broken is not None:
        where = f"layer {report.broken} breaks it, and the bound never gets as low again"
        no_bound = f"this network ends with no bound below {number(codes.bound)}, that of the code 0"
        return Sentence("refuted", f": for codes {at} {no_bound}; {where}.")
    if linf is None or l2 is None:
        return Sentence("refuted", f": for codes {at} this network has no bound at all.")
    most = ", the most for which it promises anything" if report.searched else ""
    text = (
        f": every code of the class is found with an error of at most {upper(linf)} in every entry and {upper(l2)} "
        f"in the 2-norm, {at}{most}; rounding is included."
    )
    return Sentence("guaranteed" if report.status == "checked" else "unchecked", text)


def rows(report: NetworkReport) -> list[list[str]]:
    """Return the table of layers: bounds on and off the support, what was seen, and how much of the bound that is."""
    found: list[list[str]] = []
    for at, (on, off) in enumerate(zip(report.on, report.off, strict=True)):
        row = [str(at + 1), upper(on), upper(off)]
        if report.seen is not None:
            row += [f"{report.seen.on[at]:.4g}", f"{report.seen.off[at]:.4g}"]
            row.append(ratio(max(report.seen.on[at], report.seen.off[at]), max(on, off)))
        found.append(row)
    return found


def header(report: NetworkReport) -> list[str]:
    """Return the header of that table."""
    return ["layer", "bound on", "bound off", *(() if report.seen is None else ("seen on", "seen off", "ratio"))]


def floor(report: NetworkReport) -> str:
    """Return where the final bound comes from, in one line."""
    shares = ", ".join(f"{name} {value:.3g}" for name, value in report.floor.items())
    return f"Shares of the final bound, estimated: {shares}. The rest shrinks with more layers."


def ratio(seen: float, bound: Fraction) -> str:
    """Return seen / bound with three decimals."""
    limit = above(bound)
    return "" if not limit else f"{seen / limit:.3f}"


def upper(value: Fraction) -> str:
    """Return a decimal of four digits that is at least `value`."""
    return decimals(value, 4).upper


def number(value: Fraction) -> str:
    """Return a number of the class: exactly where it is short."""
    return str(value) if is_short(value) and value.denominator == 1 else f"{float(value):.6g}"
