"""`verify theorems test` and `replay`: tables, JSON, exit codes, files, and one line for every mistake."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from verify import cli
from verify.attack.experiments import EXPERIMENTS
from verify.cli import main

SCHEMA = json.loads((Path(cli.__file__).parent.parent / "report/theorems-test.schema.json").read_text())
EXAMPLE = Path(cli.__file__).parent.parent.parent / "examples/my_theorem.py"
WRONG = (
    EXAMPLE.read_text()
    .replace('{"bound": "s*energy"}', '{"bound": "s*energy/2"}')
    .replace("sum-of-moduli", "too good!")
)
NEVER = EXAMPLE.read_text().replace('"energy > 0"', '"energy < 0"')


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = main(["theorems", *(str(argument) for argument in arguments)])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    path = tmp_path / "wrong.py"
    path.write_text(WRONG)
    return path


def test_a_theorem_that_stands(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "test", EXAMPLE, "--instances", 300)
    assert (code, err) == (0, "")
    assert out.splitlines()[2].split() == ["sum-of-moduli", "300", "1", "no", "violation"]
    code, out, _ = run(capsys, "test", EXAMPLE, "--instances", 300, "--format", "json")
    found = json.loads(out)
    jsonschema.validate(found, SCHEMA)
    (row,) = found["theorems"]
    assert code == 0
    assert (row["id"], row["instances"], row["max_ratio"], row["violated"]) == ("sum-of-moduli", 300, 1.0, False)
    assert row["counterexample"] is None and found["not_attacked"] == []


def test_a_violated_theorem_is_written_and_replayed(
    capsys: pytest.CaptureFixture[str], wrong: Path, tmp_path: Path
) -> None:
    code, out, err = run(capsys, "test", wrong, "--instances", 300, "--counterexamples", tmp_path)
    path = tmp_path / "too-good-.json"
    assert (code, err) == (1, "")
    assert "VIOLATED, proved" in out and "Counterexample to too good!" in out
    assert f"verify theorems replay {path} --theorem {wrong}" in out
    code, out, err = run(capsys, "replay", path, "--theorem", wrong)
    assert (code, err) == (1, "")
    assert out.startswith("too good!: violated\n  sum_squared = ")
    code, out, err = run(capsys, "replay", path, "--theorem", wrong, "--format", "json")
    found = json.loads(out)
    assert found["finding"] == "violated" and found["relation"] == "<="
    code, out, err = run(capsys, "replay", path, "--theorem", EXAMPLE)  # the theorem as corrected
    assert code == 0 and out.startswith("sum-of-moduli: holds\n")
    assert err == "verify: the theorem or its experiment is not the one that was attacked\n"
    code, _, err = run(capsys, "replay", path)
    assert code == 2
    assert err == f"verify: {path}: its theorem is in a file: give it with --theorem wrong.py\n"


def test_several_theorems(capsys: pytest.CaptureFixture[str], wrong: Path, tmp_path: Path) -> None:
    never = tmp_path / "never.py"
    never.write_text(NEVER)
    code, out, err = run(capsys, "test", wrong, never, wrong, "--instances", 50, "--format", "json")
    found = json.loads(out)
    jsonschema.validate(found, SCHEMA)
    assert code == 1
    assert [row["violated"] for row in found["theorems"]] == [True, False]
    assert "no instance satisfies the hypotheses; the one that failed most: energy < 0" in found["theorems"][1]["error"]
    assert err.startswith("verify: sum-of-moduli: no instance satisfies")
    code, out, err = run(capsys, "test", EXAMPLE, never, "--instances", 50)
    assert code == 2 and "not tested: sum-of-moduli: no instance" in " ".join(out.split())
    code, out, err = run(capsys, "test", never)
    assert (code, out) == (2, "") and err.count("\n") == 1


def test_all_theorems_that_have_an_experiment(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = {name: EXPERIMENTS[name] for name in ("lista-l1", "lista-linf")}
    monkeypatch.setattr("verify.attack.experiments.EXPERIMENTS", kept)
    code, out, _ = run(capsys, "test", "--instances", 20, "--format", "json", "--time-limit", 60)
    found = json.loads(out)
    jsonschema.validate(found, SCHEMA)
    assert code == 0
    assert [row["id"] for row in found["theorems"]] == ["lista-l1", "lista-linf"]
    assert {entry["id"] for entry in found["not_attacked"]} >= {"spark-by-enumeration"}
    assert all(entry["why"] for entry in found["not_attacked"])
    _, out, _ = run(capsys, "test", "--instances", 20)
    assert "Not attacked\n" in out


def test_an_interruption_keeps_what_was_found(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, wrong: Path
) -> None:
    import verify.attack.engine as engine

    real, calls = engine._Search.climb, []

    def climb(search: object) -> None:
        calls.append(search)
        if len(calls) == 2:
            raise KeyboardInterrupt
        real(search)  # type: ignore[arg-type]

    monkeypatch.setattr(engine._Search, "climb", climb)
    code, out, err = run(capsys, "test", EXAMPLE, "lista-linf", "lista-l1", "--instances", 30, "--format", "json")
    rows = json.loads(out)["theorems"]
    assert code == 0
    assert [(row["id"], row["stopped"]) for row in rows] == [("sum-of-moduli", False), ("lista-linf", True)]
    assert err == "verify: interrupted; 1 theorems were not attacked\n"
    _, out, _ = run(capsys, "test", EXAMPLE, "--time-limit", "0.001")
    assert "stopped early" in " ".join(out.split())


def test_an_interruption_before_anything_was_found(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def attack(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("verify.attack.engine.attack", attack)
    assert run(capsys, "test", EXAMPLE)[0] == 130
    calls = []
    import verify.attack.engine as engine

    monkeypatch.undo()
    real = engine.attack

    def second(*positional: object, **named: object):
        calls.append(1)
        if len(calls) > 1:
            raise KeyboardInterrupt
        return real(*positional, **named)  # type: ignore[arg-type]

    monkeypatch.setattr("verify.attack.engine.attack", second)
    code, out, err = run(capsys, "test", EXAMPLE, "lista-linf", "--instances", 20)
    assert code == 0 and "sum-of-moduli" in out and "1 theorems were not attacked" in err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["test", "lista-lin"], "no theorem has the id 'lista-lin'; the nearest: lista-linf"),
        (["test", "isometry-by-enumeration"], "isometry-by-enumeration is not attacked: "),
        (["test", "lista-linf", "none.py"], "none.py: cannot be read: no such file"),
        (["test", "./lista-linf"], "expected a theorem's id or a .py file"),
        (["test", "lista-linf", "--instances", "0"], "--instances: expected 1 to 1000000000, got 0"),
        (["test", "lista-linf", "--instances", "many"], "Invalid value for '--instances'"),
        (["test", "lista-linf", "--seed", "-1"], "--seed: expected an integer from 0 on, got -1"),
        (["test", "lista-linf", "--time-limit", "-1"], "--time-limit: expected seconds above 0, got -1.0"),
        (["test", "lista-linf", "--time-limit", "nan"], "--time-limit: expected seconds above 0, got nan"),
        (["test", "lista-linf", "--device", "nowhere"], "expected a torch device"),
        (["test", "lista-linf", "--counterexamples", "no-such"], "--counterexamples: no-such: expected an existing folder"),
        (["replay", "none.json"], "none.json: cannot be read: no such file"),
        (["replay", __file__], "not a counterexample"),
    ],
)  # fmt: skip
def test_mistakes_are_one_line(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (2, "")
    assert message in err and err.count("\n") == 1
