"""The first layer over the sparsity: what is guaranteed, what is typical, and what was observed."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from ..numbers import above, below
from ..pictures import BLUE, ORANGE, svg
from .model import ForwardPassReport
from .words import NAMES

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_TEAL = "#0b6e63"


def rate_picture(report: ForwardPassReport) -> str:
    """Draw the share of supports found at each sparsity with its interval, and the two bounds; SVG text."""
    points = report.points
    label = (
        f"Share of random codes whose support one step of {NAMES[report.rule]} finds, at sparsities "
        f"{points[0].sparsity} to {points[-1].sparsity}, with intervals; lines show what is guaranteed and typical."
    )
    s = [p.sparsity for p in points]
    guaranteed = max((p.sparsity for p in points if p.guaranteed), default=None)
    bound = [(p.sparsity, below(1 - p.missed)) for p in points if p.missed is not None and p.missed < Fraction(1)]

    def draw(axes: Axes) -> None:
        if guaranteed is not None:
            axes.plot([s[0], guaranteed], [1.03, 1.03], color=_TEAL, linewidth=4, label="guaranteed for every code")
        if bound:
            axes.plot(*zip(*bound, strict=True), color=ORANGE, linewidth=1.4, label="typical case: at least, proved")
        lower, upper = [below(p.observed.lower) for p in points], [above(p.observed.upper) for p in points]
        axes.vlines(s, lower, upper, color=BLUE, linewidth=1.2, alpha=0.6)
        rates = [p.observed.found / p.observed.trials for p in points]
        axes.plot(s, rates, "o", color=BLUE, markersize=3.8, label="observed, with its interval")
        axes.set_ylim(-0.04, 1.08)
        axes.set_xscale("log" if s[-1] > 12 * s[0] else "linear")
        axes.set_xlabel("nonzeros s")
        axes.set_ylabel("supports found")
        axes.legend(frameon=False, fontsize=8, loc="lower left")

    return svg("forward", label, (6.6, 3.4), draw)


def density_picture(report: ForwardPassReport) -> str:
    """Draw the share of a stripe that one pass finds, over the number of atoms of the signal; SVG text."""
    rows = report.sizes
    label = (
        f"Share of the atoms of a stripe that may be active so that one step of {NAMES[report.rule]} finds them, for "
        f"signals with {rows[0].atoms} to {rows[-1].atoms} atoms: for every code, for random signs, and observed."
    )
    n, level = [row.atoms for row in rows], rows[0].guaranteed
    stripes = [min(row.stripe, row.atoms) for row in rows]  # a short signal has no whole one
    pairs = list(zip(rows, stripes, strict=True))
    typical = [(row.atoms, row.typical / stripe) for row, stripe in pairs if row.typical]

    def draw(axes: Axes) -> None:
        if level:
            axes.plot(n, [level / stripe for stripe in stripes], color=_TEAL, linewidth=2, label="every code, proved")
            axes.plot(n, [level / m for m in n], ":", color=_TEAL, label="the same, of all nonzeros")
        if typical:
            axes.plot(*zip(*typical, strict=True), color=ORANGE, linewidth=1.4, label="random signs, 90 %, proved")
        ends = [(max(row.seen, 0.5), stripe if row.unseen is None else row.unseen, stripe) for row, stripe in pairs]
        lower, upper = [low / stripe for low, _, stripe in ends], [min(1.0, high / stripe) for _, high, stripe in ends]
        axes.vlines(n, lower, upper, color=BLUE, linewidth=4, alpha=0.6, label="random codes, 90 %, observed")
        axes.set_xscale("log")
        axes.set_xticks(n, labels=list(map(str, n)))
        axes.set_xticks([], minor=True)
        axes.set_yscale("log")
        axes.set_xlabel("atoms of the signal")
        axes.set_ylabel("active share of atoms")
        axes.legend(frameon=False, fontsize=8, loc="lower left", bbox_to_anchor=(0, 1), ncol=2)

    return svg("forward-sizes", label, (6.6, 3.4), draw)
