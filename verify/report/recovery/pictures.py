"""The curve of recovery rates over levels, and the heat map of a phase transition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..numbers import above, below
from ..pictures import BLUE, MUTED, ORANGE, svg
from .model import RecoveryReport
from .words import NAMES, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_TEAL = "#0b6e63"
_GRID = "#e3e7ec"
_STRIP = (-0.135, -0.065)


def rate_picture(report: RecoveryReport) -> str:
    """Draw observed rates with their intervals, and below them a strip with the proved levels."""
    rates = report.rates
    k = [r.level for r in rates]
    observed = [r.recovered / r.trials for r in rates]
    lower, upper = [below(r.lower) for r in rates], [above(r.upper) for r in rates]
    label = (
        f"Observed rate of recovery by {NAMES[report.method]} at levels {k[0]} to {k[-1]}, with "
        f"{percent(report.confidence)} intervals; a strip below shows the levels guaranteed and refuted."
    )

    def draw(axes: Axes) -> None:
        from matplotlib.ticker import MaxNLocator

        last = k[-1] + 0.5
        if report.proved is not None:
            _strip(axes, report.proved.guaranteed, report.proved.refuted, last)
        marker = "o" if len(k) <= 60 else ""
        if len(k) > 1:
            axes.fill_between(k, lower, upper, color=BLUE, alpha=0.25, linewidth=0)
        axes.vlines(k, lower, upper, color=BLUE, linewidth=1, alpha=0.45)
        axes.plot(k, observed, color=BLUE, linewidth=1.4, marker=marker, markersize=3.6)
        axes.set_xlim(min(0.5, k[0] - 0.5), last)
        axes.set_ylim(-0.16 if report.proved is not None else -0.04, 1.04)
        axes.xaxis.set_major_locator(MaxNLocator(nbins=8, integer=True, min_n_ticks=1))
        axes.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0", "0.25", "0.5", "0.75", "1"])
        axes.set_xlabel("nonzeros k")
        axes.set_ylabel("recovered")
        axes.grid(axis="y", color=_GRID, linewidth=0.6)
        axes.set_axisbelow(True)

    return svg("rates", label, (6.6, 3.4), draw)


def _strip(axes: Axes, guaranteed: int, refuted: int | None, last: float) -> None:
    """Draw which levels are guaranteed, open and refuted, each with its name where it fits."""
    most = last if refuted is None else min(last, refuted - 0.5)
    least = min(last, guaranteed + 0.5)
    bottom, top = _STRIP
    for first, end, colour, name, hatch in (
        (0.5, least, _TEAL, "guaranteed", ""),
        (least, most, "#dfe3e8", "open", ""),
        (most, last, ORANGE, "some code is missed", "////"),
    ):
        if end <= first:
            continue
        axes.fill_between([first, end], bottom, top, facecolor=colour, edgecolor="#ffffff", hatch=hatch, linewidth=0)
        if hatch or end - first < 0.022 * len(name) * last:
            continue
        ink = MUTED if name == "open" else "#ffffff"
        axes.text((first + end) / 2, (bottom + top) / 2, name, color=ink, ha="center", va="center", fontsize=8)
    for at in {least, most} - {0.5, last}:
        axes.axvline(at, color=_TEAL if at == least else ORANGE, linewidth=1, linestyle=(0, (4, 3)))


def phase_picture(report: RecoveryReport) -> str:
    """Draw the observed rates of a grid over m/n and k/m as a heat map."""
    rows = report.picture
    label = (
        f"Heat map of the observed rate of recovery by {NAMES[report.method]} over m/n (across) and k/m (up), "
        f"from 0 (light) to 1 (dark)."
    )

    def draw(axes: Axes) -> None:
        values = [[float("nan") if value is None else value for value in row] for row in rows]
        axes.set_facecolor("#f4f1ea")
        image = axes.imshow(
            values,
            cmap="Blues",
            vmin=0,
            vmax=1,
            interpolation="none",
            extent=(0, 1, 0, 1),
            origin="lower",
            aspect="equal",
        )
        axes.set_xlabel("m/n")
        axes.set_ylabel("k/m")
        ticks = [0, 0.25, 0.5, 0.75, 1]
        axes.set_xticks(ticks, ["0", "0.25", "0.5", "0.75", "1"])
        axes.set_yticks(ticks, ["0", "0.25", "0.5", "0.75", "1"])
        assert axes.figure is not None
        bar = axes.figure.colorbar(image, ax=axes, shrink=0.85, aspect=18, pad=0.03, ticks=[0, 0.5, 1])
        bar.set_label("recovered")
        bar.outline.set_visible(False)  # pyright: ignore[reportCallIssue]  the stub takes the spine for a container

    return svg("phase", label, (5.2, 4.2), draw)
