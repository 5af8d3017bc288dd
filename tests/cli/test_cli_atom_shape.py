"""`--atom-shape`, and what pages show of pairs: for few atoms all of them, for many a histogram and the worst."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from verify.cli import main


@pytest.fixture
def images(tmp_path: Path) -> Path:
    """130 images of 2 x 2 pixels; atoms 4 and 120 are one direction."""
    matrix = np.random.default_rng(1).integers(-9, 10, (4, 130)).astype(float) + 0.5
    matrix[:, 120] = -3 * matrix[:, 4]
    np.save(tmp_path / "D.npy", matrix)
    return tmp_path / "D.npy"


def run(*arguments: object) -> int:
    return main([str(argument) for argument in arguments])


def test_a_page_shows_atoms_as_images_and_the_worst_pair_first(images: Path) -> None:
    page, words, certificate = (images.with_name(name) for name in ("r.html", "r.md", "c.json"))
    command = [
        "check-dictionary",
        images,
        "--question",
        "l0",
        "--time-limit",
        "0.01",
        "--atom-shape",
        "2x2",
        "--certificate",
        certificate,
    ]
    assert run(*command, "--report", page, "--report", words) == 0
    text = page.read_text()
    assert "All 8,385 pairs of the 130 atoms" in text
    assert "100 of the 130 atoms, framed those of the worst pairs. Mid-grey is 0" in text
    assert text.index("<span>4 and 120</span>") < text.index("<span>0</span>")
    assert "about 1.000000, opposite signs" in text
    grid = text[text.index('<ol class="tiles">') :]
    assert grid[: grid.index("</ol>")].count("<img ") == 100
    assert '<li class="marked"' in grid
    assert 'alt="atom 120"' in grid  # although it is not among the first 100
    assert "| 4 | 120 | about 1.000000, opposite signs |" in words.read_text()
    again = images.with_name("again.html")
    assert run("report", certificate, "--dictionary", images, "-o", again, "--atom-shape", "4x1") == 0
    assert 'width="1" height="4"' in again.read_text()


def test_without_a_shape_the_worst_pairs_are_a_table(images: Path) -> None:
    page = images.with_name("r.html")
    assert run("check-dictionary", images, "--question", "l0", "--time-limit", "0.01", "--report", page) == 0
    assert "<td>4 and 120</td><td>about 1.000000, opposite signs</td>" in page.read_text()
    assert "<img " not in page.read_text()


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (["--atom-shape", "2x3"], "--atom-shape: 2x3 is 6 entries, an atom has 4"),
        (["--atom-shape", "2x2x3"], "--atom-shape: 2x2x3 is 12 entries, an atom has 4"),
        (["--atom-shape", "two"], "expected height x width, as 8x8, or 8x8x3 in colour; got 'two'"),
        (["--atom-shape", "2x2x2"], "got '2x2x2'"),
        (["--atom-shape", "0x4"], "got '0x4'"),
        (["--atom-shape", "-2x-2"], "got '-2x-2'"),
        (["--atom-shape", "9" * 5000], f"got '{'9' * 40}'"),
        (["--atom-shape", "2x2", "--deep", "--sparsity", "1"], "is for a report of one dictionary"),
    ],
)
def test_bad_shapes_are_one_line(
    images: Path, options: list[str], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    page = images.with_name("r.html")
    assert run("check-dictionary", images, "--report", page, *options) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert why in err
    assert not page.exists()


def test_a_shape_needs_a_page(images: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check-dictionary", images, "--atom-shape", "2x2", "--report", images.with_name("r.md")) == 2
    assert "name a report .html too" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("names", "options", "why"),
    [
        (["a.json"], [], "--atom-shape are for dictionaries of numbers"),
        (["D.npy", "D.npy"], [], "is for a report of one dictionary"),
        (["D.npy"], ["--convolutional"], "is for a report of one dictionary"),
    ],
)
def test_other_sources_have_no_tiles(
    images: Path, names: list[str], options: list[str], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    images.with_name("a.json").write_text('{"expressions": [["1", "sqrt(2)"], ["0", "1"]]}')
    sources = [images.with_name(name) for name in names]
    page = images.with_name("r.html")
    assert run("check-dictionary", *sources, "--report", page, "--atom-shape", "2x1", *options) == 2
    assert why in capsys.readouterr().err
