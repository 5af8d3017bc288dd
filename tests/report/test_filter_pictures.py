"""Pictures of filters: well-formed, one tile for each filter, the largest shift that occurs framed, stripes counted."""

from __future__ import annotations

from types import SimpleNamespace
from xml.etree import ElementTree

from verify.report.convolutional.pictures import filter_tiles, pair_pictures, stripe_picture

SVG = "{http://www.w3.org/2000/svg}"


def report(**fields: object) -> SimpleNamespace:
    tile = ((1.0, -1.0, 0.0), (0.0, 0.5, 0.0))
    # (0, 0) is no other atom, the largest of all shifts does not occur with stride 2, and (0, -2) is framed
    correlation = ((0.0,) * 5, (0.3, 0.9, 1.0, 0.9, 0.2), (0.0,) * 5)
    known = {"tiles": (tile,) * 300, "pair": (2, 2), "correlation": correlation, "reach": (1, 1)}
    return SimpleNamespace(**known | {"shape": (300, 1, 2, 3), "stride": (1, 2)} | fields)


def test_pictures_of_filters():
    (sheet,) = filter_tiles(report())  # pyright: ignore[reportArgumentType]
    root = ElementTree.fromstring(sheet)
    assert [text.text for text in root.iter(f"{SVG}text")] == [str(c) for c in range(256)]
    (pair,) = pair_pictures(report())  # pyright: ignore[reportArgumentType]
    root = ElementTree.fromstring(pair)
    framed = [r for r in root.iter(f"{SVG}rect") if r.get("stroke-width") == "2"]
    assert len(framed) == 1
    cells = [r for r in root.iter(f"{SVG}rect") if r.get("fill") == "rgb(255,178,178)"]  # 0.3
    assert [(r.get("x"), r.get("y")) for r in framed] == [(cells[-1].get("x"), cells[-1].get("y"))]
    assert len(list(root.iter(f"{SVG}circle"))) == 9
    assert filter_tiles(report(tiles=())) == pair_pictures(report(pair=None)) == []  # pyright: ignore


def test_a_stripe_is_drawn_with_its_positions():
    for fields, inside in (({}, 9), ({"shape": (3, 1, 5), "stride": (2,), "reach": (2,)}, 5)):
        root = ElementTree.fromstring(stripe_picture(report(**fields)))  # pyright: ignore[reportArgumentType]
        colours = [dot.get("fill") for dot in root.iter(f"{SVG}circle")]
        assert sum(colour != "#aab2bd" for colour in colours) == inside
        assert colours.count("#b8500f") == 1
