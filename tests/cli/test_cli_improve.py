"""`verify improve-dictionary` at the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import verify
from verify.cli import main


def test_the_smaller_dictionary_is_written_and_has_the_level(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "small.npy"
    assert main(["improve-dictionary", "builtin:identity-hadamard:4", "--sparsity", "2", "-o", str(path)]) == 0
    out = capsys.readouterr().out
    assert "Level 2 is guaranteed without 4 of the 8 atoms; no choice leaves out fewer." in out
    assert "below 1/3; 16 pairs of atoms reach it" in out
    result = verify.check_dictionary(verify.load(path), sparsity=2)
    assert result.levels.l1.guaranteed >= 2


def test_json_and_nothing_to_leave_out(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["improve-dictionary", "builtin:simplex:6", "--sparsity", "2", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["dropped"], found["least"], found["optimal"]) == ([], 0, True)
    assert found["coherence_squared"] == {"before": "1/25", "after": "1/25"}
    assert main(["improve-dictionary", "builtin:simplex:6", "--sparsity", "2"]) == 0
    assert "Level 2 is guaranteed already" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--sparsity", "9"], "expected a sparsity from 1 to 8"),
        (["--sparsity", "2", "--time-limit", "-1"], "--time-limit: expected seconds from 0 on"),
        (["--sparsity", "2", "-o", "small.txt"], "expected the extension .npy or .json"),
    ],
)
def test_bad_input_is_one_line(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["improve-dictionary", "builtin:identity-hadamard:4", *arguments]) == 2
    captured = capsys.readouterr()
    assert message in captured.err
    assert captured.err.count("\n") == 1


def test_many_atoms_left_out_are_cut(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["improve-dictionary", "builtin:gaussian:6x40:1", "--sparsity", "2", "--time-limit", "0"]) == 0
    assert "more (--format json lists all)" in capsys.readouterr().out
