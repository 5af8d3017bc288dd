"""Error against depth: what was seen, the bound proved, the bound of the literature, and the floor of rounding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..numbers import above
from ..pictures import BLUE, MUTED, ORANGE, svg
from .model import NetworkReport

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from .convolutional import ConvolutionalNetworkReport

_GRID = "#e3e7ec"
_TEAL = "#0b6e63"


def error_picture(report: NetworkReport | ConvolutionalNetworkReport) -> str:
    """Draw the errors after every layer in the maximum norm over the depth, on a logarithmic scale."""
    bounds = [above(max(on, off)) for on, off in zip(report.on, report.off, strict=True)]
    depth = list(range(1, len(bounds) + 1))
    seen = report.seen
    label = f"Bound of the error after each of {len(bounds)} layers, from {bounds[0]:.3g} to {bounds[-1]:.3g}"
    label += "." if seen is None else f", and the greatest error seen, {seen.linf:.3g} at the end."

    def draw(axes: Axes) -> None:
        from matplotlib.ticker import MaxNLocator

        axes.set_yscale("log")
        shown = (*bounds, *report.floor.values(), *(() if seen is None else seen.on))
        least = min((value for value in shown if value > 0), default=1.0) / 2
        if report.source_form:
            style = {"color": ORANGE, "linewidth": 1.1, "linestyle": (0, (4, 3))}
            axes.plot(depth, report.source_form, label="source's bound (2-norm)", **style)
        proved = "bound, proved" if report.status == "checked" else "bound, not checked"
        axes.plot(depth, bounds, color=BLUE, linewidth=1.8, marker="o", markersize=3, label=proved)
        if seen is not None:
            on = [value or float("nan") for value in seen.on]
            axes.fill_between(depth, least, on, color=_TEAL, alpha=0.18, linewidth=0)
            axes.plot(depth, on, color=_TEAL, linewidth=1.2, label="greatest error seen")
        for name, style in (("noise", (0, (1, 2))), ("activation", (0, (3, 1, 1, 1))), ("rounding", (0, (5, 2)))):
            share = report.floor.get(name, 0.0)
            if share > 0:
                axes.axhline(share, color=MUTED, linewidth=0.9, linestyle=style, label=f"share of {name}")
        axes.xaxis.set_major_locator(MaxNLocator(nbins=10, integer=True, min_n_ticks=1))
        axes.set_xlabel("layers")
        axes.set_ylabel("error of an entry")
        axes.grid(axis="y", color=_GRID, linewidth=0.6)
        axes.set_axisbelow(True)
        axes.set_ylim(bottom=least)
        axes.legend(frameon=False, fontsize=8, loc="upper center", bbox_to_anchor=(0.5, -0.14), ncols=3)

    return svg("errors", label, (6.6, 3.8), draw)
