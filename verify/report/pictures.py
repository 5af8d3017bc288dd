"""Pictures as SVG text: the same input gives the same bytes, without dates, scripts or anything to load."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from .claims import Codes
from .constants import Bounds
from .model import Claim, Observation
from .numbers import above, below, rational

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INK = "#1f2933"
MUTED = "#6b7684"
BLUE = "#0b6e99"
ORANGE = "#b8500f"
_STYLE: dict[str, Any] = {
    "svg.hashsalt": "sparse-verify",
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 9.5,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.8,
    "axes.unicode_minus": True,
    "text.color": INK,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "lines.solid_capstyle": "round",
}


@contextmanager
def _style() -> Iterator[None]:
    import matplotlib

    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_STYLE)  # pyright: ignore[reportCallIssue, reportArgumentType]  keys are checked
        yield


def svg(name: str, label: str, size: tuple[float, float], draw: Callable[[Axes], None]) -> str:
    """Return one picture; `name` makes its ids unique within a page, `label` (plain text) is read aloud."""
    # Without a cache folder matplotlib works and warns; a report has nothing to say about that.
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    with _style():
        figure = Figure(figsize=size, layout="constrained")
        figure.patch.set_alpha(0)
        draw(figure.add_subplot())
        stream = io.StringIO()
        silent = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        FigureCanvasSVG(figure).print_svg(stream, metadata=silent)
    text = stream.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r'\bid="', f'id="{name}-', text)
    text = text.replace("url(#", f"url(#{name}-").replace('xlink:href="#', f'href="#{name}-')
    text = text.replace('xlink:href="data:', 'href="data:')
    return re.sub(r"<svg [^>]*?(viewBox=\"[^\"]*\")[^>]*>", _opening(label), text, count=1).strip()


def _opening(label: str) -> Callable[[re.Match[str]], str]:
    safe = label.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    return lambda found: f'<svg role="img" aria-label="{safe}" {found[1]}>'


def babel_picture(claim: Claim) -> str:
    """Draw the claimed bounds of mu_1(k) with the line at 1."""
    # A claimed upper bound may be anything above the truth, mu_1(k) <= k; the picture ends there.
    upper = [above(min(rational(text), Fraction(k))) for k, text in enumerate(claim["upper"], 1)]
    lower = [below(rational(text)) for text in claim["lower"]]
    k = list(range(1, len(upper) + 1))
    under = next((i for i, value in enumerate(upper) if value >= 1), len(upper))
    words = f"below 1 up to k = {under}" if under else "at least 1 from k = 1 on"
    label = f"Bounds of the Babel function for k from 1 to {len(k)}; the upper bound is {words}."

    def draw(axes: Axes) -> None:
        from matplotlib.ticker import MaxNLocator

        axes.axhline(1, color=ORANGE, linewidth=1.2, linestyle=(0, (5, 3)))
        axes.fill_between(k, lower, upper, color=BLUE, alpha=0.25, linewidth=0)
        marker = "o" if len(k) <= 40 else ""
        axes.plot(k, upper, color=BLUE, linewidth=1.6, marker=marker, markersize=4)
        if any(u - v > 0.01 * max(upper) for u, v in zip(upper, lower, strict=True)):
            axes.plot(k, lower, color=BLUE, linewidth=1, linestyle=":")
        axes.set_xlim(*((0.5, len(k) + 0.5) if marker else (1, len(k))))
        axes.set_ylim(0, max(1.25, 1.06 * max(upper)))
        axes.xaxis.set_major_locator(MaxNLocator(nbins=8, integer=True, min_n_ticks=1))
        axes.yaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 5, 10]))
        axes.annotate(
            "1", (1, 1), xycoords=("axes fraction", "data"), xytext=(4, 0), textcoords="offset points", color=ORANGE,
            va="center", weight="bold",
        )  # fmt: skip
        axes.set_xlabel("k")
        axes.set_ylabel("μ₁(k)")
        axes.grid(axis="y", color="#e3e7ec", linewidth=0.6)
        axes.set_axisbelow(True)

    return svg("babel", label, (4.4, 2.7), draw)


def null_space_picture(constants: dict[int, Bounds]) -> str:
    """Draw the bounds of nsc_k with the line at 1/2, upper bounds filled and lower bounds open."""
    upper = {k: above(min(b.upper, Fraction(1))) for k, b in constants.items() if b.upper is not None}
    lower = {k: below(b.lower) for k, b in constants.items() if b.lower is not None}
    under = max((k for k, b in constants.items() if b.upper is not None and b.upper < Fraction(1, 2)), default=0)
    over = min((k for k, b in constants.items() if b.lower is not None and b.lower >= Fraction(1, 2)), default=None)
    words = f"proved below 1/2 up to k = {under}" if under else "not proved below 1/2 at any k"
    words += "" if over is None else f", at least 1/2 from k = {over} on"
    last = max(constants)
    label = f"Bounds of the null-space constants for k up to {last}: {words}."

    def draw(axes: Axes) -> None:
        from matplotlib.ticker import MaxNLocator

        axes.axhline(0.5, color=ORANGE, linewidth=1.2, linestyle=(0, (5, 3)))
        both = [k for k in constants if k in upper and k in lower]
        axes.vlines(both, [lower[k] for k in both], [upper[k] for k in both], color=BLUE, linewidth=3, alpha=0.25)
        size = 5 if last <= 40 else 3
        for bounds, face, line in ((upper, BLUE, "-"), (lower, "#ffffff", ":")):
            axes.plot(
                list(bounds), list(bounds.values()), color=BLUE, linewidth=1, linestyle=line, marker="o",
                markerfacecolor=face, markersize=size,
            )  # fmt: skip
        axes.set_xlim(0.5, last + 0.5)
        axes.set_ylim(0, max(0.7, 1.08 * max([*upper.values(), *lower.values()])))
        axes.xaxis.set_major_locator(MaxNLocator(nbins=8, integer=True, min_n_ticks=1))
        axes.yaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 5, 10]))
        axes.annotate(
            "1/2", (1, 0.5), xycoords=("axes fraction", "data"), xytext=(4, 0), textcoords="offset points",
            color=ORANGE, va="center", weight="bold",
        )  # fmt: skip
        axes.set_xlabel("k")
        axes.set_ylabel("nsc$_k$")
        axes.grid(axis="y", color="#e3e7ec", linewidth=0.6)
        axes.set_axisbelow(True)

    return svg("nullspace", label, (4.4, 2.7), draw)


def codes_picture(name: str, title: str, codes: Codes, atoms: int) -> str:
    """Draw two codes of one signal as stems over the atom index, real parts filled, imaginary parts open."""
    label = f"{title}, as stems over {atoms} atoms: x with {len(codes.first)} nonzeros and x′ with {len(codes.second)}."

    def draw(axes: Axes) -> None:
        axes.axhline(0, color=MUTED, linewidth=0.8)
        for entries, colour, marker, code in ((codes.first, BLUE, "o", "x"), (codes.second, ORANGE, "s", "x′")):
            at = [i for i, _, _ in entries]
            size, width = (5, 1.3) if len(entries) <= 40 else (2.4, 0.7)
            above_all = 3 if entries is codes.first else 2
            parts = [([below(real) for _, real, _ in entries], True, "")]
            if codes.is_complex:
                parts.append(([below(imaginary) for _, _, imaginary in entries], False, ", imaginary part"))
            for height, filled, suffix in parts:
                axes.vlines(at, 0, height, color=colour, linewidth=width, zorder=above_all)
                face = colour if filled else "#ffffff"
                axes.plot(
                    at, height, marker, color=colour, markerfacecolor=face, markersize=size, label=f"{code}{suffix}",
                    linestyle="none", zorder=above_all,
                )  # fmt: skip
        axes.set_xlim(-0.02 * atoms - 0.5, 1.02 * atoms - 0.5)
        axes.margins(y=0.12)
        axes.set_xlabel("atom")
        axes.set_ylabel("coefficient")
        integer_ticks(axes)
        axes.legend(
            loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2, frameon=False, handletextpad=0.3, columnspacing=1.4
        )

    return svg(name, label, (4.4, 2.9 if codes.is_complex else 2.7), draw)


def observation_picture(observation: Observation, name: str) -> str | None:
    """Draw an observation, or return None where there is nothing to draw (a text)."""
    if observation.kind == "heat-map":
        return _heat_map(observation, name)
    if observation.kind == "histogram":
        return _histogram(observation, name)
    return None


def _heat_map(observation: Observation, name: str) -> str:
    atoms = observation.data["atoms"]
    values = [[float(v) for v in row] for row in observation.data["values"]]
    label = f"Heat map over {atoms} atoms, from 0 (light) to 1 (dark). Observed, not proved."

    def draw(axes: Axes) -> None:
        edge = atoms - 0.5
        image = axes.imshow(
            values, cmap="Blues", vmin=0, vmax=1, interpolation="none", extent=(-0.5, edge, edge, -0.5), aspect="equal"
        )
        axes.set_xlabel("atom")
        axes.set_ylabel("atom")
        integer_ticks(axes)
        assert axes.figure is not None
        bar = axes.figure.colorbar(image, ax=axes, shrink=0.85, aspect=18, pad=0.03, ticks=[0, 0.5, 1])
        bar.outline.set_visible(False)  # pyright: ignore[reportCallIssue]  the stub takes the spine for a container

    return svg(name, label, (4.4, 3.7), draw)


def _histogram(observation: Observation, name: str) -> str:
    edges: Sequence[float] = [float(v) for v in observation.data["edges"]]
    counts = [float(v) for v in observation.data["counts"]]
    marks = [(str(text), float(place)) for text, place in observation.data.get("marks", ())]
    is_log = observation.data.get("scale") == "log"
    label = f"Histogram with {len(counts)} bins from {edges[0]:.3g} to {edges[-1]:.3g}"
    label += "".join(f"; {text} is marked at {place:.4g}" for text, place in marks) + ". Observed, not proved."

    def draw(axes: Axes) -> None:
        from matplotlib.ticker import MaxNLocator

        # From 1/2 on a logarithmic scale, so that a single one is seen too.
        axes.stairs(counts, edges, baseline=0.5 if is_log else 0, fill=True, color=BLUE, alpha=0.75)
        axes.set_xlim(edges[0], edges[-1])
        if is_log:
            axes.set_yscale("log")
            axes.set_ylim(0.5, 2 * max(counts))
            axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
            axes.yaxis.minorticks_off()
        else:
            axes.set_ylim(bottom=0)
        for (text, place), colour, line in zip(marks, (ORANGE, INK), ("--", ":"), strict=False):
            axes.axvline(place, color=colour, linewidth=1.4, linestyle=line, label=f"{text} ≈ {place:.4f}")
        if marks:
            axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2, frameon=False, columnspacing=1.4)
        axes.set_ylabel("count")
        axes.xaxis.set_major_locator(MaxNLocator(nbins=5))

    return svg(name, label, (4.4, 2.5), draw)


def integer_ticks(axes: Axes) -> None:
    """Label the horizontal axis at integers only."""
    from matplotlib.ticker import MaxNLocator

    axes.xaxis.set_major_locator(MaxNLocator(nbins=8, integer=True, min_n_ticks=1))
