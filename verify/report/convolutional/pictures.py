"""Filters, a cross-correlation and a stripe as SVG pictures: observed, not proved."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from itertools import product

from .model import FilterReport, Picture

MOST_TILES = 256
_ROW = 16
_BLUE, _RED, _GREY, _INK = "#0b6e99", "#b8500f", "#aab2bd", "#1f2933"


def filter_tiles(report: FilterReport) -> list[str]:
    """Return one picture of the filters, numbered, at most 256 of them; each from blue through white to red."""
    tiles = report.tiles[:MOST_TILES]
    if not tiles:
        return []
    cell = max(2.0, 48 / max(len(tiles[0]), len(tiles[0][0])))
    width, height = cell * len(tiles[0][0]) + 8, cell * len(tiles[0]) + 20
    per_row = min(len(tiles), max(1, min(_ROW, int(900 // width))))
    parts = [
        _tile(values, cell, width * (at % per_row) + 4, height * (at // per_row) + 4, str(at))
        for at, values in enumerate(tiles)
    ]
    return [_svg(width * per_row, height * -(-len(tiles) // per_row), parts, f"{len(tiles)} filters, first channel")]


def pair_pictures(report: FilterReport) -> list[str]:
    """Return one picture of the two filters that attain mu and their normalised cross-correlation over all shifts.

    Shifts that occur, multiples of the stride, are dotted, and the one with the largest modulus is framed.
    """
    pair = report.pair
    if pair is None:
        return []
    first, second = (report.tiles[c] for c in pair)
    rows, columns = len(report.correlation), len(report.correlation[0])
    cell = max(4.0, min(20.0, 260 / max(rows, columns)))
    left, gap = cell * len(first[0]), 24.0
    parts = [_tile(first, cell, 4, 4, f"filter {pair[0]}"), _tile(second, cell, left + gap + 4, 4, f"filter {pair[1]}")]
    start = 2 * (left + gap) + 4
    parts.append(_tile(report.correlation, cell, start, 4, "cross-correlation"))
    occur = list(_occurring(report, rows, columns))
    parts += [_dot(start + cell * (x + 0.5), 4 + cell * (y + 0.5), cell / 10, _INK) for y, x in occur]
    others = [p for p in occur if pair[0] != pair[1] or p != (rows // 2, columns // 2)]
    if others:
        y, x = max(others, key=lambda p: abs(report.correlation[p[0]][p[1]]))
        parts.append(_frame(start + cell * x, 4 + cell * y, cell, cell, _INK, 2))
    label = f"filters {pair[0]} and {pair[1]} and their cross-correlation, the shift of the largest framed"
    return [_svg(max(start + cell * columns + 4, start + 110), 4 + cell * rows + 20, parts, label)]


def stripe_picture(report: FilterReport) -> str:
    """Return positions of atoms on the grid of the signal: those in the stripe of the one in the middle, and two boxes.

    A position stands where the first tap of its atoms is. The box of the atom in the middle is red, that of the
    farthest of its stripe blue.
    """
    taps, stride, reach = (((1, *values)[-2:]) for values in (report.shape[2:], report.stride, (0, *report.reach)))
    reach = (0, *report.reach)[-2:]
    reached = [r + (1 if len(report.reach) == 2 or axis else 0) for axis, r in enumerate(reach)]
    sides = [2 * r * s + t for r, s, t in zip(reached, stride, taps, strict=True)]
    cell = max(2.0, min(18.0, 480 / max(sides)))
    place = [[4 + cell * (r + k) * s for k in range(-r, r + 1)] for r, s in zip(reached, stride, strict=True)]
    parts: list[str] = []
    for shift, colour in ((reach, _BLUE), ((0, 0), _RED)):
        y, x = (places[r + d] for places, r, d in zip(place, reached, shift, strict=True))
        parts.append(_frame(x, y, cell * taps[1], cell * taps[0], colour, 2))
    for (i, y), (j, x) in product(enumerate(place[0]), enumerate(place[1])):
        shift = i - reached[0], j - reached[1]
        inside = all(abs(d) <= r for d, r in zip(shift, reach, strict=True))
        colour = _RED if shift == (0, 0) else _BLUE if inside else _GREY
        parts.append(_dot(x + cell / 2, y + cell / 2, max(1.5, cell / 4), colour))
    label = "positions in the stripe of an atom, its box of taps, and that of the farthest atom that meets it"
    return _svg(cell * sides[1] + 8, cell * sides[0] + 8, parts, label)


def _occurring(report: FilterReport, rows: int, columns: int) -> Iterable[tuple[int, int]]:
    """Yield the places in the cross-correlation of shifts that are multiples of the stride."""
    down, across = (1, *report.stride)[-2:]
    for y, x in product(range(rows), range(columns)):
        if not (y - rows // 2) % down and not (x - columns // 2) % across:
            yield y, x


def _tile(values: Picture, cell: float, left: float, top: float, words: str) -> str:
    largest = max((abs(value) for row in values for value in row), default=0.0) or 1.0
    cells = "".join(
        f'<rect x="{left + cell * x:g}" y="{top + cell * y:g}" width="{cell:g}" height="{cell:g}" '
        f'fill="{_colour(value / largest)}"/>'
        for y, row in enumerate(values)
        for x, value in enumerate(row)
    )
    width, height = cell * len(values[0]), cell * len(values)
    text = f'<text x="{left:g}" y="{top + height + 11:g}" font-size="10" fill="{_INK}">{escape(words)}</text>'
    return cells + _frame(left, top, width, height, _GREY, 0.6) + text


def _frame(x: float, y: float, width: float, height: float, colour: str, thick: float) -> str:
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" fill="none" stroke="{colour}" '
        f'stroke-width="{thick:g}"/>'
    )


def _dot(x: float, y: float, radius: float, colour: str) -> str:
    return f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}" fill="{colour}"/>'


def _svg(width: float, height: float, parts: Sequence[str], label: str) -> str:
    """Return parts as a picture of this natural size that shrinks with its page; the label is for readers."""
    text = escape(label)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
        f'style="max-width:min(100%,{width + 20:g}px)" font-family="sans-serif" shape-rendering="geometricPrecision" '
        f'role="img" aria-label="{text}">'
    )
    return f"{head}<title>{text}</title>{''.join(parts)}</svg>"


def _colour(share: float) -> str:
    pale = round(255 * (1 - min(1.0, abs(share))))
    return f"rgb(255,{pale},{pale})" if share >= 0 else f"rgb({pale},{pale},255)"
