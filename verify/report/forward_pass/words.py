"""A forward pass in plain words and tables; proved numbers are rounded outward."""

from __future__ import annotations

from fractions import Fraction

from ..escaping import shortened
from ..numbers import approximate, decimals, is_short
from .model import ForwardPassReport, LayerRow, Observed

NAMES = {"hard": "hard thresholding", "soft": "soft thresholding", "relu": "ReLU"}
UNITS = "Atoms are taken at norm 1, and codes are those of such atoms, in every layer."
EXACT = (
    "Proved in exact arithmetic, for every code of the class. The rounding of a forward pass in floating point counts "
    "as noise."
)
OBSERVED = (
    "Observed, not proved: random codes of the class with random signs, one nonzero of the least modulus and all "
    "others of the largest, and noise at its bound; each interval holds the probability with at least its confidence "
    "(Clopper, Pearson 1934)."
)


def up(value: Fraction) -> str:
    """Return a bound from above as a decimal, exact if it is short."""
    if value < 0:
        return f"-{decimals(-value, 4).lower}"
    return str(value) if is_short(value) and value.denominator < 1000 else decimals(value, 4).upper


def down(value: Fraction) -> str:
    """Return a bound from below likewise."""
    return f"-{decimals(-value, 4).upper}" if value < 0 else decimals(value, 4).lower


def summary(report: ForwardPassReport) -> tuple[str, str]:
    """Return (tone, what follows it): guaranteed, or undecided with the first layer that fails and its gap."""
    name = NAMES[report.rule]
    last = report.layers[-1]
    if report.failed is None:
        whole = "the layer" if report.depth == 1 else f"all {report.depth} layers"
        assert last.error is not None
        return "guaranteed", (
            f": one forward pass by {name} finds the support of every code of the class in {whole}; the "
            f"{'' if report.depth == 1 else 'last '}code errs by at most {up(last.error)} in each entry."
        )
    why = f"b >= {up(last.lower)} and b < {down(last.upper)} are needed, a gap of {up(last.lower - last.upper)}"
    if last.lower < last.upper and last.threshold is not None:
        why = f"b = {approximate(last.threshold)} is not in [{up(last.lower)}, {down(last.upper)})"
    more = f"; at most {last.level} nonzeros would do" if 0 < last.level < last.sparsity else ""
    return "undecided", f": layer {report.failed} of {report.depth} fails for {name}: {why}{more}."


def typical(report: ForwardPassReport) -> str | None:
    """Return the sentence on the typical case, or None where nothing is said."""
    if report.missed is None:
        return None
    bound = "nothing below 1" if report.missed >= 1 else f"at most {up(report.missed)}"
    return (
        f"Typical case (random signs, thresholds |x|_min/2): the probability of missing the support in any layer is "
        f"proved to be {bound}."
    )


def columns(report: ForwardPassReport) -> tuple[list[str], list[list[str]]]:
    """Return header and rows of the table of layers."""
    header = ["layer", "dictionary", "μ ≤", "s", "|x|", "noise", "b from", "b below", "b", "error", "level"]
    seen = any(row.observed is not None for row in report.layers)
    missed = any(row.missed is not None for row in report.layers)
    header += [*(["P(missed) <="] if missed else []), *(["found"] if seen else [])]
    rows = [
        [
            str(j),
            f"{shortened(row.source, 60)} ({row.size})",
            up(row.coherence),
            str(row.sparsity),
            f"{approximate(row.least)} to {approximate(row.largest)}",
            up(row.noise),
            up(row.lower),
            down(row.upper),
            "none" if row.threshold is None else approximate(row.threshold),
            "none" if row.error is None else up(row.error),
            str(row.level),
            *(([up(row.missed) if row.missed is not None else ""]) if missed else []),
            *([_seen(row)] if seen else []),
        ]
        for j, row in enumerate(report.layers, 1)
    ]
    return header, rows


def point_columns(report: ForwardPassReport) -> tuple[list[str], list[list[str]]]:
    """Return header and rows of the table of sparsities."""
    header = ["s", "guaranteed", "P(missed) <=", "found", f"{float(100 * report.confidence):g}% interval"]
    rows = [
        [
            str(p.sparsity),
            "yes" if p.guaranteed else "",
            "" if p.missed is None or p.missed >= 1 else up(p.missed),
            f"{p.observed.found}/{p.observed.trials}",
            interval(p.observed),
        ]
        for p in report.points
    ]
    return header, rows


SIZES = "Nonzeros in a stripe that one pass with the threshold |x|_min/2 finds, over the size of the signal"
SIZES_NOTE = (
    "Every code and random signs (found with probability 0.9): proved. Observed: the last sparsity that is found with "
    "probability 0.9 by its interval, and the first that is not; codes are as crowded as stripes allow."
)


def size_columns(report: ForwardPassReport) -> tuple[list[str], list[list[str]]]:
    """Return header and rows of the table of sizes."""
    header = ["signal", "atoms", "in a stripe", "every code", "random signs", "observed", "nonzeros in all"]
    rows = [
        [
            " x ".join(map(str, row.lengths)),
            str(row.atoms),
            str(row.stripe),
            str(row.guaranteed),
            "" if row.typical is None else str(row.typical),
            f"{row.seen} to {'all' if row.unseen is None else row.unseen}",
            f"{row.nonzeros:.0f}",
        ]
        for row in report.sizes
    ]
    return header, rows


def interval(observed: Observed) -> str:
    """Return an interval with three decimals, rounded outward."""
    lower, upper = observed.lower * 1000 // 1, -(-observed.upper * 1000 // 1)
    return f"{lower / 1000:.3f}–{upper / 1000:.3f}"


def _seen(row: LayerRow) -> str:
    return "" if row.observed is None else f"{row.observed.found}/{row.observed.trials} ({interval(row.observed)})"
