"""`verify explain`: an accepted certificate in words, nothing of a rejected one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from certificates.rules import (
    DEEP_NETWORK_RULES,
    DEEP_RULES,
    FILTER_NETWORK_RULES,
    FILTER_RULES,
    NETWORK_RULES,
    PROBLEM_RULES,
    PRODUCT_RULES,
    RULES,
)
from verify.cli import main
from verify.cli.fact_rule_texts import FACT_RULE_TEXTS
from verify.cli.output import theorem_texts
from verify.cli.rule_texts import PROBLEM_RULE_TEXTS
from verify.report.explanation import explained

SOURCE = "builtin:steiner:6x16"


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = main([*map(str, arguments)])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("explain") / "c.json"
    assert main(["check-dictionary", SOURCE, "--certificate", str(path)]) == 0
    return path


def test_every_rule_of_the_checker_has_words() -> None:
    known = {text.id for text in (*FACT_RULE_TEXTS, *PROBLEM_RULE_TEXTS)} | set(theorem_texts())
    assert {
        *RULES,
        *PROBLEM_RULES,
        *PRODUCT_RULES,
        *NETWORK_RULES,
        *DEEP_RULES,
        *DEEP_NETWORK_RULES,
        *FILTER_NETWORK_RULES,
        *FILTER_RULES,
    } <= known


def test_a_dictionary_is_explained_step_by_step(capsys: pytest.CaptureFixture[str], certificate: Path) -> None:
    steps = json.loads(certificate.read_bytes())["steps"]
    for form, heading in (("terminal", "Step"), ("markdown", "### Step")):
        code, out, err = run(capsys, "explain", certificate, "--dictionary", SOURCE, "--format", form)
        assert (code, err) == (0, "")
        found = [line for line in out.splitlines() if line.startswith(heading)]
        assert found == [f"{heading} {at}: {step['rule']}" for at, step in enumerate(steps)]
        assert "docs/theorems/dictionary.md, spark-by-coherence" in " ".join(out.split())
        assert "μ² = 1/9" in out


def test_problems_are_explained(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "y.json").write_text("[[4], [4], [4], [4]]")
    D, y, s = "builtin:identity-hadamard:4", tmp_path / "y.json", tmp_path / "s.json"
    assert run(capsys, "solve", "basis-pursuit", "--dictionary", D, "--signal", y, "--certificate", s)[0] == 0
    code, out, _ = run(capsys, "explain", s, "--dictionary", D, "--signal", y)
    assert code == 0
    assert "there is one minimiser" in " ".join(out.split())
    assert run(capsys, "explain", s, "--dictionary", D)[0] == 4  # it is about a signal that is not there


def test_of_a_rejected_certificate_nothing_is_explained(
    capsys: pytest.CaptureFixture[str], certificate: Path, tmp_path: Path
) -> None:
    edited = tmp_path / "e.json"
    edited.write_bytes(certificate.read_bytes().replace(b'"1/9"', b'"1/8"'))
    for path, source in ((edited, SOURCE), (certificate, "builtin:simplex:5"), (Path("/dev/null"), SOURCE)):
        code, out, _ = run(capsys, "explain", path, "--dictionary", source)
        assert code == 4
        assert out.startswith("rejected: ")
        assert out.count("\n") == 1


@pytest.mark.parametrize("name", ["missing.json", "."])
def test_what_cannot_be_read_is_one_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = run(capsys, "explain", name, "--dictionary", SOURCE)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "cannot be read" in err


def test_a_rule_of_the_future_gets_a_general_sentence() -> None:
    body = {
        "claims": [{"step": 0}],
        "steps": [{"rule": "new-rule", "uses": [], "evidence": {"x": list(range(100)), "y": 1}}],
    }
    (step,) = explained(body, [{"kind": "new", "value": 3}], {}, {})
    assert "no words" in step.meaning
    assert step.says == ("new: value = 3",)
    assert step.numbers == ("x: 100 values", "y = 1")
