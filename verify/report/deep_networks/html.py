"""The report of networks for deep codes as one self-contained HTML file."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ..escaping import visible
from ..html import environment
from ..numbers import above
from ..pictures import BLUE, ORANGE, svg
from .model import DeepNetworkReport
from .words import OBSERVED, error_header, error_rows, first_word, layer_header, layer_rows, sentences, setting, title

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def render_html(report: DeepNetworkReport) -> str:
    """Return the report as one HTML page with its style and picture inside; it loads nothing and runs no script.

    Guarantee: text that others wrote is escaped, and the same report gives the same page.
    """
    return environment().get_template("deep-network.html.jinja").render(_context(report))


def _context(report: DeepNetworkReport) -> dict[str, Any]:
    from markupsafe import Markup

    return {
        "report": report,
        "title": title(report),
        "setting": setting(report),
        "sentences": [(s.tone, first_word(report, s), visible(s.rest)) for s in sentences(report)],
        "picture": Markup(_picture(report)) if report.per_layer else None,
        "error_header": error_header(report),
        "error_rows": error_rows(report),
        "layer_header": layer_header(),
        "layer_rows": layer_rows(report),
        "observed": OBSERVED if any(one.seen_l2 for one in report.methods) else None,
    }


def _picture(report: DeepNetworkReport) -> str:
    """Draw the bounds of an entry's error over the layers of each network, on a logarithmic scale."""
    lines = [[above(max(Fraction(on), Fraction(off))) for on, off in layers] for layers in report.per_layer]
    label = f"Bounds of the error of an entry after every layer of {len(lines)} networks."

    def draw(axes: Axes) -> None:
        axes.set_yscale("log")
        for at, values in enumerate(lines, 1):
            colour = (BLUE, ORANGE, "#0b6e63", "#6b7684")[(at - 1) % 4]
            axes.plot(range(1, len(values) + 1), values, color=colour, marker="o", markersize=3, label=f"network {at}")
        axes.set_xlabel("layers")
        axes.set_ylabel("error of an entry")
        axes.legend(frameon=False, fontsize=8)

    return svg("deep-errors", label, (6.6, 3.4), draw)
