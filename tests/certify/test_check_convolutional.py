"""Filters from file to accepted certificate and report: random small filters of every mode, and the command line."""

from __future__ import annotations

import json

import numpy as np
import pytest

import certificates
from verify.certify.check_convolutional import check_convolutional
from verify.cli import main
from verify.dictionaries.convolutional import ConvolutionalDictionary
from verify.errors import InputError

CLEAR = np.array([[[9.0, 1, 1]], [[1, -1, 9]]])


@pytest.mark.parametrize("seed", range(12))
def test_the_checker_accepts_what_is_found(seed):
    random = np.random.default_rng(seed)
    boundary = ("full", "circular", "same")[seed % 3]
    taps = [3] if seed % 4 else [3, 1]
    stride = 1 if boundary == "same" or seed % 4 == 0 else int(random.integers(1, 3))
    filters = random.integers(-3, 4, (2, 1 + seed % 2, *taps)).astype(float)
    filters[:, 0, 1] += 9
    dictionary = ConvolutionalDictionary.of(filters, stride=stride, boundary=boundary)
    for scaling in ("unit", "as-given"):
        result = check_convolutional(dictionary, sparsity=1, scaling=scaling)
        assert isinstance(result.answer, certificates.Accepted)
        for level in result.levels:
            assert level.refuted is None or level.refuted > level.guaranteed
            assert result.verdicts[level.question, level.sparsity] == level.verdict(1)


def test_what_the_boundary_costs(tmp_path, capsys):
    """Levels grow with the distance from the ends, weights for every cut are accepted, and reports say so."""
    filters = np.random.default_rng(0).integers(-9, 10, (2, 3, 5)).astype(float)
    np.save(tmp_path / "F.npy", filters)
    result = check_convolutional(ConvolutionalDictionary.of(filters, boundary="same"))
    assert isinstance(result.answer, certificates.Accepted)
    assert {level.guaranteed_by for level in result.levels} > {"recovery-by-cut-weights"}
    for level in result.levels:
        inside = {one.support: one.guaranteed for one in result.inside if one.question == level.question}
        assert level.guaranteed <= inside["uncut"] <= inside["interior"]
    assert {one.guaranteed_by for one in result.inside} > {"recovery-of-uncut-by-weights"}
    assert check_convolutional(ConvolutionalDictionary.of(filters)).inside == ()
    outputs = [tmp_path / name for name in ("r.html", "r.md", "r.json")]
    named = [part for path in outputs for part in ("--report", path)]
    assert run("check-dictionary", tmp_path / "F.npy", "--convolutional", "--boundary", "same", *named) == 0
    said = "cut atoms raise μ from"
    assert said in " ".join(capsys.readouterr().out.split())
    assert said in outputs[0].read_text() and "Levels away from the ends" in outputs[0].read_text()
    assert said in outputs[1].read_text() and "## Levels away from the ends" in outputs[1].read_text()
    levels = json.loads(outputs[2].read_text())["levels_away_from_the_ends"]
    assert len(levels) == len([one for one in result.inside if one.guaranteed])
    assert {tuple(one["distance"]) for one in levels} == {(2,), (6,)}


@pytest.mark.parametrize("level", [0, True])
def test_bad_levels(level):
    with pytest.raises(InputError, match="at least 1"):
        check_convolutional(ConvolutionalDictionary.of(CLEAR), sparsity=level)


def test_an_atom_cut_to_zero_is_bad_input():
    dictionary = ConvolutionalDictionary.of([[[0.0, 0, 1]]], boundary="same")
    with pytest.raises(InputError, match="filter 0 is zero where the boundary cuts it"):
        check_convolutional(dictionary)


@pytest.fixture
def source(tmp_path):
    np.save(tmp_path / "F.npy", CLEAR.transpose(2, 1, 0))
    return tmp_path / "F.npy"


def run(*arguments):
    return main([str(argument) for argument in arguments])


def test_the_command_line(source, tmp_path, capsys):
    options = ["--convolutional", "--axes", "tmc"]
    outputs = [tmp_path / name for name in ("c.json", "r.html", "r.md", "r.json")]
    named = ["--certificate", outputs[0]]
    for path in outputs[1:]:
        named += ["--report", path]
    assert run("check-dictionary", source, *options, "--sparsity", "1", *named, "--format", "json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found == json.loads(outputs[3].read_text())
    assert found["status"] == "checked"
    assert {row["verdict"] for row in found["levels"]} == {"guaranteed"}
    page = outputs[1].read_text()
    assert page.count("<svg") == 3  # all filters, the pair, the stripe
    assert "recovery-by-filter-coherence" in page
    assert "| Mutual coherence μ | μ " in outputs[2].read_text()
    assert run("check-dictionary", source, *options, "--sparsity", "9") == 1
    assert run("check-dictionary", source, *options) == 0
    capsys.readouterr()
    assert run("check-dictionary", source, *options, "--sparsity", "1", "--check-seconds", "0") == 3
    assert "nobody has checked" in capsys.readouterr().out
    assert run("export-dictionary", source, *options, "-o", tmp_path / "out.npy") == 0
    assert (np.load(tmp_path / "out.npy") == CLEAR).all()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["check-dictionary", "--axes", "ct"], "add --convolutional"),
        (["check-dictionary", "--boundary", "full"], "add --convolutional"),
        (["export-dictionary", "--stride", "1", "-o", "x.npy"], "add --convolutional"),
        (["check-dictionary", "--convolutional", "--exact"], "leave --exact, --atoms and what is for"),
        (["check-dictionary", "--convolutional", "--device", "cuda"], "--device: filters are measured on the CPU"),
        (["check-dictionary", "--convolutional", "--require", "l1>=1"], "leave them or --convolutional out"),
        (["check-dictionary", "--convolutional", "--axes", "tmc", "--stride", "x"], "--stride: expected one whole"),
        (["check-dictionary", "--convolutional", "--axes", "tmc", "--boundary", "odd"], "full, circular or same"),
        (["export-dictionary", "--convolutional", "-o", "x.json"], "filters are written as .npy"),
    ],
)
def test_bad_options_are_one_line(source, arguments, message, capsys):
    assert run(arguments[0], source, *arguments[1:]) == 2
    told = capsys.readouterr().err
    assert message in told
    assert told.count("\n") == 1


def test_a_whole_stripe_may_be_guaranteed_by_its_sums():
    """2 mu_1(9) < 1 for the ten atoms of a stripe: every code; and one filter of one tap, alone in its stripe."""
    filters = ConvolutionalDictionary.of([[[9, 1, 0], [0, 1, 0]], [[1, 0, 0], [0, 9, -1]]])
    for dictionary, size in ((filters, 10), (ConvolutionalDictionary.of([[[3]]]), 1)):
        result = check_convolutional(dictionary)
        assert isinstance(result.answer, certificates.Accepted)
        assert all(level.guaranteed == size and level.every_code for level in result.levels)
