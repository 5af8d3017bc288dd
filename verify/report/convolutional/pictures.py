"""Filters, a cross-correlation and a stripe as small SVG pictures: observed, not proved."""

from __future__ import annotations

from .model import FilterReport, Picture

_MOST_TILES = 256


def tile(values: Picture, side: int, label: str) -> str:
    """Return a signed picture, blue below zero, red above, as an SVG with a text for readers."""
    largest = max((abs(value) for row in values for value in row), default=0.0) or 1.0
    width, height = side * len(values[0]), side * len(values)
    cells = "".join(
        f'<rect x="{side * x}" y="{side * y}" width="{side}" height="{side}" fill="{_colour(value / largest)}"/>'
        for y, row in enumerate(values)
        for x, value in enumerate(row)
    )
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" role="img" aria-label="{label}">'
    return f"{head}<title>{label}</title>{cells}</svg>"


def _colour(share: float) -> str:
    pale = round(255 * (1 - min(1.0, abs(share))))
    return f"rgb(255,{pale},{pale})" if share >= 0 else f"rgb({pale},{pale},255)"


def filter_tiles(report: FilterReport) -> list[str]:
    """Return the filters, at most 256 of them."""
    return [tile(values, 6, f"filter {c}") for c, values in enumerate(report.tiles[:_MOST_TILES])]


def pair_pictures(report: FilterReport) -> list[str]:
    """Return the two filters that attain mu, and their normalised cross-correlation over all shifts; or nothing."""
    if report.pair is None:
        return []
    first, second = report.pair
    return [
        tile(report.tiles[first], 12, f"filter {first}"),
        tile(report.tiles[second], 12, f"filter {second}"),
        tile(report.correlation, 12, f"cross-correlation of filters {first} and {second}"),
    ]


def stripe_picture(report: FilterReport) -> str:
    """Return the positions of a grid: those in the stripe of the atom in the middle, and that atom."""
    reach = (0, *report.reach)[-2:]
    rows = range(-reach[0] - 1, reach[0] + 2) if len(report.reach) == 2 else range(1)
    columns = range(-reach[1] - 1, reach[1] + 2)
    values = tuple(
        tuple(-1.0 if y == x == 0 else 0.5 if abs(y) <= reach[0] and abs(x) <= reach[1] else 0.0 for x in columns)
        for y in rows
    )
    return tile(values, 12, "the stripe of an atom")
