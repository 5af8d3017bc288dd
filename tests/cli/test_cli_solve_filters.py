"""`verify solve --convolutional`: problems of filters at one size, as of their explicit matrix, and its export."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import jsonschema
import numpy as np
import pytest

import verify.report
from certificates.checker import main as checker
from verify.cli import convolutional_matrix as module
from verify.cli import main
from verify.dictionaries.convolutional import ConvolutionalDictionary

SCHEMA = json.loads((Path(verify.report.__file__).parent / "solve.schema.json").read_text())
FILTERS = np.array([[[4.0, 1, 0]], [[0, 1, -4]]])
PLANE = np.array([[[[4.0, 1], [0, 1]]]])


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = main([str(argument) for argument in arguments])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sized")
    code, plane = np.zeros((2, 6)), np.zeros((1, 2, 3))
    code[0, 1], code[1, 4], plane[0, 1, 2] = 2, -1, 3
    line, image = ConvolutionalDictionary.of(FILTERS), ConvolutionalDictionary.of(PLANE)
    for name, array in {
        "F": FILTERS, "P": PLANE, "x": code, "y": line.synthesis(code), "px": plane, "py": image.synthesis(plane),
        "flat": line.synthesis(code)[0], "two": np.stack([line.synthesis(code), line.synthesis(2 * code)]),
    }.items():  # fmt: skip
        np.save(path / f"{name}.npy", array)
    return path


@pytest.mark.parametrize(
    ("options", "places"),
    [
        (["F.npy", "--signal", "y.npy"], [[0, 1], [1, 4]]),
        (["F.npy", "--signal", "flat.npy", "--size", "8"], [[0, 1], [1, 4]]),
        (["F.npy", "--code", "x.npy", "--size", "8"], [[0, 1], [1, 4]]),
        (["F.npy", "--signal", "two.npy"], [[0, 1], [1, 4]]),
        (["P.npy", "--code", "px.npy"], [[0, 1, 2]]),
        (["P.npy", "--signal", "py.npy", "--boundary", "full"], [[0, 1, 2]]),
    ],
)
def test_codes_are_named_by_filter_and_position_and_checked(
    options: list[str],
    places: list[list[int]],
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(folder)
    solve = ["solve", "basis-pursuit", "--dictionary", *options, "--convolutional"]
    code, out, _ = run(capsys, *solve, "--certificate", "c.json", "--format", "json")
    found = json.loads(out)
    assert code == 0
    jsonschema.Draft202012Validator(SCHEMA).validate(found)
    assert len(found["results"]) == (2 if "two.npy" in options else 1)
    for result in found["results"]:
        assert result["unique"] and result["solution"]["places"] == places
    assert found["grid"] == ([1, 2, 3] if options[0] == "P.npy" else [2, 6])
    for command in found["check_command"].split(" && "):
        words = shlex.split(command)[3:]
        assert (checker(words) if "certificates" in command.split()[:3] else main(words)) == 0
    assert ("export-dictionary" in found["check_command"]) == ("flat.npy" in options)
    given = [word for word in options if word != options[0]]
    again = ["report", "c.json", "--filters", options[0], *given, "-o", "r.json", "-o", "r.md"]
    assert run(capsys, *again)[0] == 0
    assert json.loads(Path("r.json").read_text())["results"][0]["solution"]["places"] == places
    assert f"x (filter@position: value): {places[0][0]}@{places[0][1]}" in Path("r.md").read_text().replace(
        "&#64;", "@"
    )


def test_the_matrix_is_exported(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    export = ["export-dictionary", folder / "F.npy", "--convolutional", "--boundary", "circular", "--size", "5"]
    assert run(capsys, *export, "-o", folder / "D.npy") == (0, "", "")
    D = np.load(folder / "D.npy")
    assert D.shape == (5, 10)
    assert D[:, 4].tolist() == [1, 0, 0, 0, 4]  # filter 0 at position 4 of a period of 5


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["F.npy", "--signal", "y.npy", "--size", "9"], "expected signals of length 9 (--size), got length 8"),
        (["F.npy", "--signal", "flat.npy", "--size", "2"], "at least as long as the filters, 3, got 2"),
        (["F.npy", "--signal", "flat.npy", "--size", "2,2"], "expected a tuple of one length"),
        (["F.npy", "--signal", "py.npy"], "expected signals of shape (1, length), or (count, 1, length)"),
        (["P.npy", "--signal", "flat.npy"], "(--size for flat ones), got an array of shape (8,)"),
        (["P.npy", "--signal", "y.npy"], "expected signals at least as long as the filters, 2 x 2, got 1"),
        (["F.npy", "--signal", "y.npy", "--stride", "2"], "3 plus a multiple of the stride 2, got 8"),
        (["P.npy", "--signal", "py.npy", "--boundary", "same"], "filters of odd length for the boundary 'same'"),
        (["F.npy", "--signal", "long.npy"], "more than 1000000 entries: problems are solved for shorter signals"),
        (["F.npy", "--signal", "complex.npy"], "expected real signals, got complex ones"),
    ],
)
def test_what_does_not_fit_is_one_line(
    options: list[str],
    message: str,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(folder)
    np.save("long.npy", np.zeros(800))
    np.save("complex.npy", np.zeros(8, dtype=complex))
    code, out, err = run(capsys, "solve", "basis-pursuit", "--dictionary", *options, "--convolutional")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert message in err


def test_help_and_limit_say_the_same_number(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["solve", "--help"]) == 0
    assert str(module.MOST_SOLVED) in " ".join(capsys.readouterr().out.split())
