"""`verify recover`: what it prints and writes, what it refuses, and its exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import numpy as np
import pytest

from verify import cli
from verify.cli import main
from verify.cli.recover import parse_family, parse_grid, parse_levels
from verify.errors import InputError

SCHEMA = json.loads((Path(cli.__file__).parent.parent / "report/recover.schema.json").read_text())


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = main(["recover", *(str(argument) for argument in arguments)])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


@pytest.fixture
def dictionary(tmp_path: Path) -> Path:
    path = tmp_path / "D.npy"
    np.save(path, np.random.default_rng(0).standard_normal((6, 9)))
    return path


def test_one_dictionary(capsys: pytest.CaptureFixture[str], dictionary: Path, tmp_path: Path) -> None:
    reports = [option for name in ("r.html", "r.md", "r.json") for option in ("--report", tmp_path / name)]
    code, out, err = run(capsys, dictionary, "--levels", "1-3,9", "--trials", 8, "--seed", 4, *reports)
    assert (code, err) == (0, "")
    assert "Proved for unit atoms" in out
    assert "Observed: basis pursuit recovered" in out
    assert "rates are" in out
    found = json.loads((tmp_path / "r.json").read_text())
    jsonschema.validate(found, SCHEMA)
    assert [rate["level"] for rate in found["rates"]] == [1, 2, 3, 9]
    assert found["rates"][-1]["missed"] == 8
    assert found["proved"]["guaranteed"] >= 1
    assert "<svg" in (tmp_path / "r.html").read_text()
    assert "| k | rate |" in (tmp_path / "r.md").read_text()
    code, out, _ = run(capsys, dictionary, "--levels", "1-3,9", "--trials", 8, "--seed", 4, "--format", "json")
    assert code == 0
    assert json.loads(out)["rates"] == found["rates"]


def test_a_family(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    page, state = tmp_path / "p.html", tmp_path / "s.json"
    arguments = ["--family", "gaussian:8", "--grid", "3x2", "--trials", 3, "--method", "omp", "--resume", state]
    code, out, err = run(capsys, *arguments, "--report", page)
    assert (code, err) == (0, "")
    assert "a new one for every trial" in out
    assert "k/m" in out
    assert "<svg" in page.read_text()
    code, out, _ = run(capsys, *arguments, "--format", "json")
    found = json.loads(out)
    jsonschema.validate(found, SCHEMA)
    assert found["subject"] is None
    assert found["family"] == {"name": "gaussian", "atoms": 8}
    assert found["proved"] is None
    assert found["command"].endswith(f"--resume {state}")


def test_trials_that_are_stopped(capsys: pytest.CaptureFixture[str], dictionary: Path, tmp_path: Path) -> None:
    state, report = tmp_path / "s.json", tmp_path / "r.json"
    arguments = [dictionary, "--levels", "2-4", "--trials", 200, "--time-limit", 1e-9]
    code, out, err = run(capsys, *arguments, "--resume", state, "--report", report)
    assert code == 3
    assert "Unfinished" in out
    assert "the same command goes on" in err
    assert json.loads(report.read_text())["finished"] is False
    code, _, err = run(capsys, *arguments)
    assert code == 3
    assert "with --resume FILE" in err
    code, _, err = run(capsys, *arguments[:-2], "--resume", state)
    assert (code, err) == (0, "")


def test_atoms_as_rows_and_as_given(capsys: pytest.CaptureFixture[str], dictionary: Path) -> None:
    code, out, _ = run(
        capsys,
        dictionary,
        "--atoms",
        "rows",
        "--levels",
        "1",
        "--trials",
        2,
        "--scaling",
        "as-given",
        "--format",
        "json",
    )
    found = json.loads(out)
    assert code == 0
    assert found["subject"]["shape"] == [9, 6]
    assert found["scaling"] == "as-given"
    assert "--atoms rows" in found["command"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "expected either a SOURCE or --family"),
        (["D.npy", "--family", "gaussian:8"], "expected either a SOURCE or --family"),
        (["--family", "gaussian:8", "--levels", "1-2"], "--levels is for one dictionary"),
        (["--family", "gaussian"], "expected a family such as gaussian:200"),
        (["--family", "wishart:8"], "expected a family among gaussian"),
        (["--family", "gaussian:8", "--grid", "3"], "expected a grid such as 10x10"),
        (["D.npy", "--levels", "3-1"], "in increasing order"),
        (["D.npy", "--levels", "1-99999999"], "at most 10000 of them"),
        (["D.npy", "--levels", "one"], "expected levels such as 1-20"),
        (["D.npy", "--levels", "10"], "sparsity level from 1 to 9, got 10"),
        (["D.npy", "--trials", "0"], "number of trials from 1 to 10000"),
        (["D.npy", "--magnitudes", "large"], "--magnitudes"),
        (["D.npy", "--method", "lasso"], "--method"),
        (["D.npy", "--confidence", "95"], "confidence level between 0 and 1"),
        (["D.npy", "--seed", "-1"], "seed from 0"),
        (["D.npy", "--time-limit", "0"], "time limit in seconds above 0"),
        (["D.npy", "--report", "r.pdf"], "expected a report named .html, .md or .json"),
        (["D.npy", "--resume", "D.npy"], "the same file is named twice"),
        (["nothing.npy"], "no such file"),
        (["builtin:dirac-dft:4"], "for real dictionaries"),
    ],
)
def test_bad_input_is_one_line(
    capsys: pytest.CaptureFixture[str], dictionary: Path, monkeypatch: pytest.MonkeyPatch, arguments: list, message: str
) -> None:
    monkeypatch.chdir(dictionary.parent)
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (2, "")
    assert message in err
    assert len(err.splitlines()) == 1


def test_a_contradiction_has_its_own_exit_code(
    capsys: pytest.CaptureFixture[str], dictionary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "verify.problems.recovery.experiment.Settings.trials_of",
        lambda self, dictionary: lambda codes: np.full(len(codes), 2, dtype=np.uint8),
    )
    code, out, err = run(capsys, dictionary, "--levels", "1", "--trials", 2)
    assert (code, out) == (4, "")
    assert "please report this" in err


def test_lists_of_levels() -> None:
    assert parse_levels("1-3, 7,9-9") == [1, 2, 3, 7, 9]
    assert parse_family("gaussian:20") == ("gaussian", 20)
    assert parse_grid("4x5") == (4, 5)
    for bad in ("", "1-", "-2", "1..3", "²", "1,,2", "1-2-3"):
        with pytest.raises(InputError, match="expected levels such as"):
            parse_levels(bad)
