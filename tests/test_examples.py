"""Every example runs, asserts something, and prints an answer."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = sorted((Path(__file__).parent.parent / "examples").glob("*.py"))

SMALL = {
    "learn_digits_dictionary": ["-o", "digits.npy", "--rounds", "2"],
    "how_many_nonzeros_in_a_large_image": ["64"],
    "train_a_network": ["--steps", "40"],
    "filters_of_a_cnn_on_digits": ["--epochs", "2", "--images", "240", "--filters", "3"],
    "robust_layers_on_digits": ["--epochs", "2", "--images", "160"],
}
"""What makes an example take seconds."""


SLOW = ("filters_of_a_cnn_on_digits", "first_look", "robust_layers_on_digits", "train_a_network")
"""Run by `make thorough`; the cells of first_look run in test_first_look.py, too."""
MARKED = [pytest.param(p, marks=pytest.mark.thorough) if p.stem in SLOW else p for p in EXAMPLES]


@pytest.mark.parametrize("path", MARKED, ids=lambda path: path.stem)
def test_example_runs(path: Path, tmp_path: Path) -> None:
    if "sklearn" in path.read_text():
        pytest.importorskip("sklearn")
    arguments = SMALL.get(path.stem, [])
    done = subprocess.run(
        [sys.executable, "-W", "error", str(path), *arguments], capture_output=True, text=True, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_example_asks_one_question(path: Path) -> None:
    first = path.read_text().split('"""')[1]
    assert "?" in first or path.stem in ("template", "learn_digits_dictionary")
