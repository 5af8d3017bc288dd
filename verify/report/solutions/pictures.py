"""Codes and residuals of solved problems as stems."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..numbers import below
from ..pictures import BLUE, MUTED, ORANGE, integer_ticks, svg
from .reading import Code

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def code_picture(name: str, signal: int, code: Code, atoms: int) -> str:
    """Draw a code as stems over the atom index, real parts filled, imaginary parts open."""
    label = f"The code of signal {signal} as stems over {atoms} atoms, with {len(code.entries)} nonzeros."
    at = [i for i, _, _ in code.entries]
    parts = [[below(real) for _, real, _ in code.entries]]
    if code.is_complex:
        parts.append([below(imaginary) for _, _, imaginary in code.entries])
    return _stems(name, label, (at, parts), atoms, ("atom", "coefficient", BLUE))


def residual_picture(name: str, signal: int, residual: Sequence[Sequence[float]]) -> str:
    """Draw y - Dx as stems over the index of the entry."""
    length = len(residual[0])
    label = f"The residual of signal {signal} as stems over {length} entries. Observed, not proved."
    return _stems(name, label, (list(range(length)), residual), length, ("entry", "residual", ORANGE))


def _stems(
    name: str,
    label: str,
    values: tuple[list[int], Sequence[Sequence[float]]],
    count: int,
    words: tuple[str, str, str],
) -> str:
    at, parts = values
    across, up, colour = words

    def draw(axes: Axes) -> None:
        axes.axhline(0, color=MUTED, linewidth=0.8)
        size, width = (5, 1.3) if len(at) <= 40 else (2.4, 0.7)
        for heights, filled in zip(parts, (True, False), strict=False):
            axes.vlines(at, 0, heights, color=colour, linewidth=width)
            axes.plot(
                at, heights, "o", color=colour, markerfacecolor=colour if filled else "#ffffff", markersize=size,
                linestyle="none", label="real part" if filled else "imaginary part",
            )  # fmt: skip
        if len(parts) > 1:
            axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2, frameon=False)
        axes.set_xlim(-0.02 * count - 0.5, 1.02 * count - 0.5)
        axes.margins(y=0.12)
        axes.set_xlabel(across)
        axes.set_ylabel(up)
        integer_ticks(axes)

    return svg(name, label, (4.4, 2.7), draw)
