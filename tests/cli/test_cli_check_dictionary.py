"""`verify check-dictionary` as a user meets it: exit codes, JSON, certificates, errors in one line."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

import certificates
from verify.cli import main

SCHEMA = Path(__file__).parent.parent.parent / "verify/report/check-dictionary.schema.json"


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main([str(argument) for argument in arguments])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def result(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict]:
    code, out, err = run(capsys, "check-dictionary", *arguments, "--format", "json")
    assert err == ""
    return code, json.loads(out)


@pytest.mark.parametrize(
    ("source", "options", "code"),
    [
        ("builtin:identity-hadamard:64", ["--sparsity", "4"], 0),
        ("builtin:identity-hadamard:64", ["--sparsity", "5"], 3),
        ("builtin:identity-hadamard:64", ["--sparsity", "8"], 1),
        ("builtin:identity-hadamard:64", ["--sparsity", "7", "--question", "l0"], 0),
        ("builtin:identity-hadamard:64", ["--sparsity", "7", "--question", "l0", "--question", "omp"], 3),
        ("builtin:identity-hadamard:64", ["--sparsity", "8", "--question", "l0", "--question", "l1"], 1),
        ("builtin:simplex:50", ["--sparsity", "24"], 0),
        ("builtin:simplex:50", ["--sparsity", "25"], 1),
        ("builtin:simplex:50", [], 0),
        ("builtin:steiner:6x16", ["--sparsity", "2"], 1),
        ("builtin:identity-hadamard:16", ["--sparsity", "2", "--scaling", "as-given"], 1),
        ("builtin:simplex:10", ["--sparsity", "4", "--scaling", "as-given"], 0),
    ],
)
def test_exit_codes(capsys: pytest.CaptureFixture[str], source: str, options: list[str], code: int) -> None:
    assert run(capsys, "check-dictionary", source, *options)[0] == code


def test_one_refuted_question_wins_over_undecided_ones(capsys: pytest.CaptureFixture[str]) -> None:
    # Identity and Hadamard of order 64: basis pursuit is undecided at 6, uniqueness is guaranteed there.
    questions = ["--question", "l0", "--question", "l1"]
    assert run(capsys, "check-dictionary", "builtin:identity-hadamard:64", "--sparsity", "6", *questions)[0] == 3


def test_json_follows_the_published_schema(capsys: pytest.CaptureFixture[str]) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads(SCHEMA.read_text())
    validator = jsonschema.Draft202012Validator(schema)
    asked = ([], ["--sparsity", "2", "--question", "l0", "--question", "omp"], ["--scaling", "as-given"])
    sources = (
        "builtin:identity-hadamard:16", "builtin:dirac-dft:8", "builtin:simplex:5", "builtin:digits",
        "builtin:steiner:6x16", "builtin:gaussian:9x5:1", "builtin:gaussian:8x12:1",
    )  # fmt: skip
    for at, source in enumerate(sources):
        for options in asked if at < 2 else asked[at % 3 : at % 3 + 1]:
            body = result(capsys, source, *options)[1]
            validator.validate(body)
            assert list(body["levels"]) == ["l0", "l1", "network", "omp"]


def test_json_says_what_theory_says(capsys: pytest.CaptureFixture[str]) -> None:
    _, body = result(capsys, "builtin:identity-hadamard:64")
    assert body["schema"] == 1
    assert body["checked"] is True
    assert body["subject"]["shape"] == [64, 128]
    coherence = body["facts"]["mutual_coherence"]
    assert coherence["squared"] == "1/64"
    assert Fraction(coherence["lower"]) <= Fraction(1, 8) <= Fraction(coherence["upper"])
    i, j = coherence["witness"]
    assert 0 <= i < 64 <= j < 128
    assert body["facts"]["spark"] == {"lower": 16, "upper": 16, "independent": False}
    assert body["levels"]["l1"]["guaranteed"] == 4
    assert body["levels"]["l0"] == {
        "guaranteed": 7,
        "guaranteed_by": "uniqueness-by-spark",
        "refuted": 8,
        "refuted_by": "failure-by-two-codes",
    }


def test_json_of_the_library_and_of_the_command_agree(capsys: pytest.CaptureFixture[str]) -> None:
    import verify

    source = "builtin:gaussian:20x40:3"
    levels = verify.check_dictionary(verify.load(source)).levels
    _, body = result(capsys, source)
    for question in ("l0", "l1", "network", "omp"):
        assert body["levels"][question]["guaranteed"] == levels[question].guaranteed
        assert body["levels"][question]["refuted"] == levels[question].refuted


def test_json_gives_the_constants_of_identity_hadamard(capsys: pytest.CaptureFixture[str]) -> None:
    """mu~ = mu = 1/8, and nsc_k <= k mu~/(1 + mu~) = k/9; half of the sixteen entries of a null vector is nsc_8 >= 1/2."""
    facts = result(capsys, "builtin:identity-hadamard:64")[1]["facts"]
    coherence = facts["generalized_coherence"]
    assert coherence["status"] == "enclosed"
    assert coherence["lower"] <= 1 / 8 <= coherence["upper"] <= 1 / 8 + 1e-6
    constants = facts["null_space_constant"]
    assert constants["scaling"] == "unit"
    for level in ("1", "2", "3", "4"):
        assert constants[level]["upper"] == pytest.approx(int(level) / 9, rel=1e-5)
    assert constants["8"] == {"lower": 0.5, "upper": None, "upper_by": None}
    assert result(capsys, "builtin:gaussian:9x5:1")[1]["facts"]["null_space_constant"] is None


def test_certificate_and_reports_are_written(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    np.save(tmp_path / "D.npy", np.random.default_rng(0).standard_normal((10, 20)))
    files = [tmp_path / name for name in ("r.html", "r.md", "r.json")]
    reports = [option for file in files for option in ("--report", str(file))]
    certificate = tmp_path / "c.json"
    code, _, err = run(capsys, "check-dictionary", str(tmp_path / "D.npy"), "--certificate", str(certificate), *reports)
    assert (code, err) == (0, "")
    assert isinstance(certificates.check(certificate, dictionary=tmp_path / "D.npy"), certificates.Accepted)
    assert "<!doctype html>" in files[0].read_text().lower()
    assert json.loads(files[2].read_text())["certificate"] == str(certificate)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["D.npy", "c.json", "r.html", "r.json", "r.md"]


def test_beyond_the_time_limit_the_report_says_unchecked(capsys: pytest.CaptureFixture[str]) -> None:
    code, body = result(capsys, "builtin:gaussian:20x40:1", "--check-seconds", "0", "--sparsity", "1")
    assert code == 3  # verify's own verdict is guaranteed, but nobody has checked it
    assert body["checked"] is False
    code, out, _ = run(capsys, "check-dictionary", "builtin:gaussian:20x40:1", "--check-seconds", "0")
    assert code == 0
    assert "unchecked" in out.lower()
    assert "certificates" in out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "command"),
        (["bogus"], "bogus"),
        (["check-dictionary"], "SOURCE"),
        (["check-dictionary", "missing.npy"], "missing.npy"),
        (["check-dictionary", "builtin:nothing"], "nothing"),
        (["check-dictionary", "builtin:simplex:5", "--sparsity", "0"], "from 1 to 5"),
        (["check-dictionary", "builtin:simplex:5", "--sparsity", "6"], "got 6"),
        (["check-dictionary", "builtin:simplex:5", "--sparsity", "x"], "--sparsity"),
        (["check-dictionary", "builtin:simplex:5", "--question", "l7"], "l7"),
        (["check-dictionary", "builtin:simplex:5", "--scaling", "none"], "none"),
        (["check-dictionary", "builtin:simplex:5", "--atoms", "rows"], "rows"),
        (["check-dictionary", "builtin:simplex:5", "--report", "r.pdf"], ".html"),
        (["check-dictionary", "builtin:simplex:5", "--report", "no/such/folder/r.html"], "folder"),
        (["check-dictionary", "builtin:simplex:5", "--certificate", "no/such/folder/c.json"], "folder"),
        (["check-dictionary", "builtin:simplex:5", "--check-seconds", "-1"], "check-seconds"),
        (["check-dictionary", "builtin:simplex:5", "--unknown"], "--unknown"),
        (["check-certificate", "missing.json", "--dictionary", "builtin:simplex:5"], "missing.json"),
        (["check-certificate", "missing.json"], "--dictionary"),
        (["report", "missing.json", "--dictionary", "builtin:simplex:5", "-o", "r.md"], "missing.json"),
        (["report", "missing.json", "--dictionary", "builtin:simplex:5", "-o", "r.xyz"], "r.xyz"),
        (["export-dictionary", "builtin:simplex:5"], "--output"),
        (["export-dictionary", "builtin:simplex:5", "-o", "D.xyz"], "D.xyz"),
    ],
)
def test_errors_are_one_line_and_exit_2(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    arguments: list[str],
    words: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = run(capsys, *arguments)
    assert code == 2
    assert out == ""
    assert err.count("\n") == 1
    assert err.startswith("verify: ")
    assert words in err
    assert not list(tmp_path.iterdir())


def test_control_characters_in_names_are_shown_escaped(capsys: pytest.CaptureFixture[str]) -> None:
    _, _, err = run(capsys, "check-dictionary", "evil\x1b[31m\nname.npy")
    assert err.count("\n") == 1
    assert "\x1b" not in err


def test_hostile_names_appear_as_text(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    name = "[bold]x[bold] <script>alert(1)<|script> `a` |b|.npy"
    np.save(name, np.random.default_rng(0).standard_normal((3, 5)))
    code, out, _ = run(capsys, "check-dictionary", name, "--report", "r.html", "--report", "r.md")
    assert code == 0
    assert "[bold]x[bold]" in out.replace("\n", "")
    assert "<script>alert" not in Path("r.html").read_text()


def test_version_names_what_matters(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "--version")
    assert code == 0
    for name in ("sparse-verify", "python", "numpy", "python-flint", "torch"):
        assert any(line.startswith(f"{name} ") for line in out.splitlines())


def test_list_builtins_examples_all_load(capsys: pytest.CaptureFixture[str]) -> None:
    import verify

    code, out, _ = run(capsys, "list-builtins")
    assert code == 0
    examples = [line.split("\t")[1] for line in out.splitlines()]
    assert {"builtin:digits", "builtin:steiner:6x16"} <= set(examples)
    for example in examples:
        exact = example.startswith("exact:")
        assert (verify.load_algebraic if exact else verify.load)(example).shape[1] >= 2
    columns = {line.split("\t")[1]: line.split("\t")[2:6] for line in out.splitlines()}
    assert columns["builtin:simplex:50"] == ["50 x 50", "0.02040...", "1", "24"]
    assert columns["builtin:paley:3"] == ["10 x 10", "0.3333...", "1", "1"]
    assert columns["builtin:identity-hadamard:16"][1:2] == ["0.25"]
    assert columns["builtin:dct:8x16"][3] == "1"


def test_a_certificate_of_rows_is_checked_through_the_loader(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    np.save(tmp_path / "D.npy", np.random.default_rng(1).standard_normal((12, 6)))
    source, certificate = str(tmp_path / "D.npy"), str(tmp_path / "c.json")
    assert run(capsys, "check-dictionary", source, "--atoms", "rows", "--certificate", certificate)[0] == 0
    assert run(capsys, "check-certificate", certificate, "--dictionary", source)[0] == 4
    code, out, _ = run(capsys, "check-certificate", certificate, "--dictionary", source, "--atoms", "rows")
    assert code == 0
    assert "loader" in out


def test_check_certificate_says_why_it_rejects(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    certificate = tmp_path / "c.json"
    run(capsys, "check-dictionary", "builtin:simplex:5", "--certificate", str(certificate))
    code, out, _ = run(capsys, "check-certificate", str(certificate), "--dictionary", "builtin:simplex:6")
    assert code == 4
    assert "another dictionary" in out
    code, out, _ = run(
        capsys, "check-certificate", str(certificate), "--dictionary", "builtin:simplex:6", "--format", "json"
    )
    assert code == 4
    assert json.loads(out)["accepted"] is False
    code, out, _ = run(
        capsys, "check-certificate", str(certificate), "--dictionary", "builtin:simplex:5", "--format", "json"
    )
    assert code == 0
    assert json.loads(out)["accepted"] is True
    code, _, _ = run(
        capsys, "check-certificate", str(certificate), "--dictionary", "builtin:simplex:5", "--work-limit", "1"
    )
    assert code == 4


def test_report_renders_only_what_the_checker_accepts(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    certificate, report = tmp_path / "c.json", tmp_path / "r.json"
    run(capsys, "check-dictionary", "builtin:simplex:5", "--certificate", str(certificate))
    arguments = ["report", str(certificate), "--dictionary", "builtin:simplex:5", "-o", str(report)]
    assert run(capsys, *arguments)[0] == 0
    assert json.loads(report.read_text())["levels"]["l1"]["guaranteed"] == 2
    report.unlink()
    certificate.write_bytes(certificate.read_bytes().replace(b'"level":2', b'"level":3', 1))
    code, out, _ = run(capsys, *arguments)
    assert code == 4
    assert out.startswith("rejected")
    assert not report.exists()


def test_a_rejected_own_certificate_is_no_verdict(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import verify.certify.check as check

    monkeypatch.setattr(
        check.certificates, "check", lambda *_, **__: certificates.Rejected(step="step 0", why="because")
    )
    code, out, err = run(capsys, "check-dictionary", "builtin:simplex:5", "--sparsity", "1")
    assert code == 4
    assert out == ""
    assert "please report this" in err


@pytest.mark.parametrize(
    ("module", "name"), [("verify.facts.measure", "mutual_coherence"), ("verify.certify.check", "certify")]
)
def test_interrupting_leaves_no_half_file(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, module: str, name: str
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(importlib.import_module(module), name, interrupted)
    certificate = tmp_path / "c.json"
    certificate.write_text("old")
    code, out, err = run(capsys, "check-dictionary", "builtin:simplex:5", "--certificate", str(certificate))
    assert (code, out, err) == (130, "", "verify: interrupted\n")
    assert [path.name for path in tmp_path.iterdir()] == ["c.json"]
    assert certificate.read_text() == "old"


def test_a_closed_pipe_is_no_traceback() -> None:
    command = f"{sys.executable} -m verify check-dictionary builtin:simplex:5 | true; echo ${{PIPESTATUS[0]}}"
    process = subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, cwd=Path(__file__).parent.parent.parent
    )
    assert "Traceback" not in process.stderr
    assert process.stdout.strip() in ("0", "2")  # never 1 or 3: nobody heard a verdict


def test_json_of_independent_atoms_has_a_lower_bound_of_the_spark(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    np.save(tmp_path / "D.npy", np.random.default_rng(0).standard_normal((6, 4)))
    _, body = result(capsys, str(tmp_path / "D.npy"))
    assert body["facts"]["spark"] == {"lower": 5, "upper": None, "independent": True}
