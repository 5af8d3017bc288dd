"""Pictures of pairs and atoms: histograms with marks, worst pairs, images of atoms."""

from __future__ import annotations

import base64
import io

import numpy as np
import pytest
from report_samples import identity_hadamard

from verify.errors import InputError
from verify.report import Observation, Tile, render_html, render_markdown
from verify.report.pictures import observation_picture
from verify.report.tiles import png_address


def tile(atom: int, channels: int = 1) -> Tile:
    return Tile(atom=atom, height=2, width=3, channels=channels, pixels=bytes(range(atom, atom + 6 * channels)))


@pytest.mark.parametrize("channels", [1, 3])
def test_another_reader_of_png_sees_the_same_pixels(channels: int) -> None:
    image = pytest.importorskip("PIL.Image")
    address = png_address(tile(7, channels))
    head, data = address.split(",")
    assert head == "data:image/png;base64"
    read = np.asarray(image.open(io.BytesIO(base64.b64decode(data))))
    assert read.shape == ((2, 3) if channels == 1 else (2, 3, 3))
    assert read.ravel().tolist() == list(range(7, 7 + 6 * channels))


def test_tiles_and_pairs_are_on_the_page_and_said_to_be_observed() -> None:
    shown = (
        Observation(title="Atoms", kind="tiles", data={"tiles": [tile(3), tile(5)], "marked": {5}}, note="<All>."),
        Observation(title="Worst", kind="tile-pairs", data={"pairs": [(tile(3), tile(5), "about 0.25")]}),
        Observation(title="Table", kind="pairs", data={"pairs": [(3, 5, "about <0.25>")]}),
    )
    page = render_html(identity_hadamard(observations=shown))
    assert page.count(png_address(tile(3))) == page.count(png_address(tile(5))) == 2
    assert page.count('<li class="marked">') == 1
    assert page.index('<li class="marked">') < page.index('alt="atom 5"')
    assert "<strong>Atoms.</strong> &lt;All&gt;. Observed, not proved." in page
    assert "<span>3 and 5</span>" in page
    assert "<td>3 and 5</td><td>about &lt;0.25&gt;</td>" in page
    words = render_markdown(identity_hadamard(observations=shown))
    observed = words.split("## Observed, not proved")[1].split("## How")[0]
    assert observed.count("| 3 | 5 |") == 2


def test_the_histogram_names_its_marks_and_shows_single_ones() -> None:
    data = {"edges": [0, 0.1, 0.2], "counts": [10000, 1], "marks": [("μ", 0.15), ("W", 0.05)], "scale": "log"}
    drawn = observation_picture(Observation(title="", kind="histogram", data=data), "h")
    assert drawn is not None
    assert "μ is marked at 0.15; W is marked at 0.05. Observed, not proved." in drawn
    assert "μ ≈ 0.1500" in drawn
    assert "10,000" in drawn


def test_tiles_and_observations_refuse_what_does_not_fit() -> None:
    with pytest.raises(InputError, match=r"2 x 3 pixels with 1 channels \(1 or 3\) has 6 bytes, got 5"):
        Tile(atom=0, height=2, width=3, channels=1, pixels=b"12345")
    with pytest.raises(InputError, match="with 2 channels"):
        Tile(atom=0, height=1, width=1, channels=2, pixels=b"12")
    for kind, wanted in (("pairs", "pairs"), ("tiles", "tiles and marked"), ("tile-pairs", "pairs")):
        with pytest.raises(InputError, match=f"the data of a {kind} is a mapping with {wanted}"):
            Observation(title="", kind=kind, data={})
