"""Small dictionaries and signals in a folder, and `verify` called in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from verify.cli import main

ROOT = Path(__file__).parent.parent.parent
SCHEMA = ROOT / "verify/report/solve.schema.json"
FILES: dict[str, Any] = {
    "D.npy": np.array([[3, 0, 2], [0, 3, 2]]),
    "twice.npy": np.array([[1, 1, 0], [0, 0, 1]]),
    "plane.npy": np.array([[1, 0], [0, 1], [0, 0]]),
    "y.npy": np.array([4.0, 4.0]),
    "one.npy": np.array([1.0, 1.0]),
    "minus.npy": np.array([-1.0, 1.0]),
    "zero.npy": np.zeros(2),
    "exact.npy": np.array([4, 4]),
    "off.npy": np.array([1.0, 2.0, 1.0]),
    "many.npy": np.array([[4.0, 0, 3, 1], [4.0, 0, 0, 0.5]]),
    "mixed.npy": np.array([[1.0, 1], [2.0, 2], [0.0, 1]]),
    "x.npy": np.array([0.0, 0, 2]),
    "complex.npy": np.array([1j, 0]),
    "nan.npy": np.array([1.0, np.nan]),
}


def filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write the files to a folder and make it the current one."""
    for name, array in FILES.items():
        np.save(tmp_path / name, array)
    (tmp_path / "x.json").write_text('["1/10", 0, "1/3"]')
    (tmp_path / "y.csv").write_text("4\n4\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = main([str(argument) for argument in arguments])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def words(text: str) -> list[str]:
    problem, dictionary, *rest = text.split()
    return ["solve", problem, "--dictionary", dictionary, *rest]


def result(capsys: pytest.CaptureFixture[str], text: str) -> dict[str, Any]:
    jsonschema = pytest.importorskip("jsonschema")
    code, out, err = run(capsys, *words(text), "--format", "json")
    assert err == ""
    body = json.loads(out)
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text())).validate(body)
    statuses = [one["status"] for one in body["results"]]
    wanted = 1 if "proved-infeasible" in statuses else 0 if set(statuses) == {"proved-optimal"} else 3
    assert code == wanted
    return body
