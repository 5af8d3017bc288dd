"""`verify forward-pass`: what is found, the layer that fails, reports, and one line for what is bad."""

from __future__ import annotations

import json
import shlex
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import numpy as np
import pytest

import verify.report
from verify.cli import main
from verify.errors import InputError
from verify.report.forward_pass import ForwardPassReport, Observed

SOURCE = "builtin:identity-hadamard:16"
GOOD = [SOURCE, "--sparsity", "2", "--range", "1,1", "--threshold", "hard", "--trials", "10"]
SCHEMA = json.loads((Path(verify.report.__file__).parent / "forward-pass.schema.json").read_text())


def test_a_pass_that_finds_all(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = [tmp_path / f"r{suffix}" for suffix in (".html", ".md", ".json")]
    reports = [word for path in files for word in ("--report", str(path))]
    assert main(["forward-pass", *GOOD, "--noise", "1/100", *reports, "--format", "json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    jsonschema.Draft202012Validator(SCHEMA).validate(shown)
    assert shown == json.loads(files[2].read_text())
    (layer,) = shown["layers"]
    assert (shown["verdict"], shown["failed"], layer["level"], layer["coherence"]) == ("guaranteed", None, 2, 0.25)
    assert layer["observed"]["found"] == 10 and layer["threshold_from"] == 0.51 and layer["threshold_below"] == 0.74
    assert shown["points"][0] == {
        "sparsity": 1, "guaranteed": True, "missed": 1.0, "observed": shown["points"][0]["observed"],
    }  # fmt: skip
    page, text = files[0].read_text(), files[1].read_text()
    assert "<strong>Guaranteed</strong>: one forward pass by hard thresholding" in page and "**Guaranteed**" in text
    ElementTree.fromstring(page[page.index("<svg") : page.index("</svg>") + 6])
    assert "| 1 | builtin:identity-hadamard:16 (16 x 32) | 1/4 | 2 | 1 to 1 | 1/100 | 51/100 | 0.74 |" in text


def test_the_first_layer_that_fails_is_named_with_its_gap(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    second = tmp_path / "D2.npy"
    np.save(second, np.eye(32))
    stack = [SOURCE, str(second), "--sparsity", "2,2", "--range", "1,1", "--trials", "0"]
    assert main(["forward-pass", *stack, "--threshold", "hard"]) == 0
    assert "all 2 layers" in " ".join(capsys.readouterr().out.split())
    assert main(["forward-pass", *stack, "--threshold", "soft"]) == 3
    printed = " ".join(capsys.readouterr().out.split())
    assert "Undecided: layer 2 of 2 fails for soft thresholding: b >= " in printed and "a gap of 1/2" in printed
    assert main(["forward-pass", *stack, "--threshold", "hard", "--thresholds", "1/2,1"]) == 3
    assert "b = 1 is not in [1/4, 0.75)" in " ".join(capsys.readouterr().out.split())
    assert (
        main(["forward-pass", SOURCE, "--sparsity", "3", "--range", "1,1", "--threshold", "relu", "--trials", "5"]) == 3
    )
    printed = " ".join(capsys.readouterr().out.split())
    assert "a gap of 1/4; at most 2 nonzeros would do" in printed and "codes of relu have no random signs" in printed


def test_filters(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    filters = tmp_path / "F.npy"
    np.save(filters, np.array([[[1, 8, 1.0], [0, 1, 0]], [[0, 1, 0], [-1, 8, 1.0]]]))
    wishes = ["forward-pass", str(filters), "--convolutional", "--sparsity", "1", "--range", "1,1", "--trials", "5"]
    assert main(wishes) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "2 filters of 3 taps on 2 channels, full" in printed and "--signal says how many atoms there are" in printed
    assert main([*wishes, "--signal", "20", "--boundary", "circular"]) == 0
    assert "P(missed) <=" in capsys.readouterr().out


def test_each_layer_of_filters_has_its_own_options(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    weights = {"one": np.array([[[8.0, 1]], [[-1, 8]]]), "two": np.array([[[8.0, 0, 0], [0, 1, 0]]]).transpose(2, 1, 0)}
    np.savez(tmp_path / "F.npz", **weights)
    source = str(tmp_path / "F.npz")
    wishes = ["forward-pass", source, source, "--convolutional", "--key", "one", "--key", "two", "--range", "1,1"]
    wishes += ["--sparsity", "1,1", "--trials", "0", "--stride", "2:1"]
    assert main([*wishes, "--axes", "cmt", "--axes", "tmc", "--format", "json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert [layer["size"] for layer in shown["layers"]] == [
        "2 filters of 2 taps on 1 channel, full", "1 filter of 3 taps on 2 channels, full",
    ]  # fmt: skip
    assert main(shlex.split(shown["command"])[1:]) == 0
    for changes, message in (
        (["--axes", "cmt"], "layer 2: "),
        (["--groups", "2,1"], "layer 1: --groups: expected one whole number for each layer, got '2,1'"),
        (["--axes", "cmt", "--axes", "tmc", "--boundary", "full", "--boundary", "odd"], "layer 2: "),
        (["--axes", "ct", "--axes", "tmc"], "layer 1: "),
    ):
        capsys.readouterr()
        assert main([*wishes, *changes]) == 2
        error = capsys.readouterr().err
        assert error.startswith(f"verify: {message}") and error.count("\n") == 1


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (["--sparsity", "2,2"], "--sparsity: expected 1, one for each layer, got 2"),
        (["--sparsity", "1/2"], "--sparsity: expected a whole number, got 1/2"),
        (["--sparsity", "few"], "--sparsity: expected a number"),
        (["--range", "1,2"], "--range: expected one for all layers or 1, one for each, got 2"),
        (["--noise", "0,0"], "--noise: expected one for all layers or 1, one for each, got 2"),
        (["--thresholds", "1,1"], "expected 1 thresholds, one for each layer, got 2"),
        (["--signal", "20"], "--signal is for --convolutional"),
        (["--stride", "1"], "--stride is for filters: add --convolutional"),
        (["--key", "a", "--key", "b"], "--key: expected one for all layers or 1, one for each, got 2"),
        (["--convolutional", "--atoms", "rows"], "--atoms is for matrices"),
        (["--confidence", "2"], "expected a confidence level"),
        (["--report", "r.txt"], "expected a report named .html, .md or .json"),
    ],
)
def test_bad_wishes_are_one_line(changes: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["forward-pass", *GOOD, *changes]) == 2
    error = capsys.readouterr().err
    assert message in error and error.count("\n") == 1


def test_three_numbers_are_no_range(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["forward-pass", SOURCE, "--sparsity", "2", "--range", "1,1,1"]) == 2
    assert "--range: expected MIN,MAX, got 3 numbers" in capsys.readouterr().err


def test_models_that_are_refused() -> None:
    with pytest.raises(InputError, match="expected 0 <= found <= trials, trials > 0, got 3 of 2"):
        Observed(found=3, trials=2, lower=Fraction(0), upper=Fraction(1))
    with pytest.raises(InputError, match="expected layers and a rule of hard, soft, relu, got 'sharp'"):
        ForwardPassReport(
            rule="sharp", depth=1, layers=(), missed=None, seed=0, confidence=Fraction(19, 20), command=""
        )  # fmt: skip


def test_densities_over_the_size_of_the_signal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, report = str(tmp_path / "F.npy"), tmp_path / "r.html"
    np.save(source, np.random.default_rng(0).choice([-1.0, 1.0], size=(2, 1, 256)))
    options = ["--convolutional", "--stride", "64", "--sparsity", "1", "--range", "1,1", "--threshold", "hard"]
    reports = [word for path in (report, tmp_path / "r.md", tmp_path / "r.json") for word in ("--report", str(path))]
    assert main(["forward-pass", source, *options, "--sizes", "256,448", "--trials", "20", *reports]) == 0
    assert "size of the signal" in " ".join(capsys.readouterr().out.split())
    shown = json.loads((tmp_path / "r.json").read_text())
    jsonschema.Draft202012Validator(SCHEMA).validate(shown)
    assert [row["atoms"] for row in shown["sizes"]] == [2, 8]
    assert "active share of atoms" in report.read_text()
    assert "| 448 | 8 | 14 |" in (tmp_path / "r.md").read_text()
    for words, message in (
        (["--sizes", "256", "--trials", "0"], "--sizes: expected some --trials"),
        (["--sizes", "9"], "at least as long as the filters"),
        (["--sizes", "2.5"], "--sizes: expected a whole number"),
    ):
        assert main(["forward-pass", source, *options, *words]) == 2
        assert message in capsys.readouterr().err
    assert main(["forward-pass", *GOOD, "--sizes", "9"]) == 2
    assert "--sizes is for --convolutional" in capsys.readouterr().err
