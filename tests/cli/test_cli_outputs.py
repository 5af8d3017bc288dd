"""Outputs that cannot be, that must not be, and that say nothing: exit codes never pretend to be a verdict."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import certificates
from certificates.format import Draft, integers
from verify import cli
from verify.cli import main

ROOT = Path(__file__).parent.parent.parent


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = main([str(argument) for argument in arguments])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def shell(command: str, folder: Path) -> tuple[int, str]:
    command = command.replace("verify ", f"{sys.executable} -m verify ")
    done = subprocess.run(["bash", "-c", command], cwd=folder, capture_output=True, text=True)
    assert "Traceback" not in done.stderr
    return done.returncode, done.stderr


@pytest.fixture
def dictionary(tmp_path: Path) -> Path:
    path = tmp_path / "D.npy"
    np.save(path, np.random.default_rng(0).standard_normal((4, 7)))
    return path


def test_an_output_never_overwrites_what_is_named_too(
    capsys: pytest.CaptureFixture[str], dictionary: Path, tmp_path: Path
) -> None:
    before = dictionary.read_bytes()
    link = tmp_path / "link.html"
    link.symlink_to(tmp_path / "r.html")
    for options in (
        ["--certificate", dictionary],
        ["--certificate", tmp_path / "r.html", "--report", tmp_path / "r.html"],
        ["--report", tmp_path / "r.html", "--report", link],
    ):
        code, _, err = run(capsys, "check-dictionary", dictionary, *options)
        assert code == 2
        assert "named twice" in err
    code, _, err = run(capsys, "export-dictionary", dictionary, "-o", dictionary)
    assert code == 2
    certificate = tmp_path / "c.json"
    assert run(capsys, "check-dictionary", dictionary, "--certificate", certificate)[0] == 0
    assert run(capsys, "report", certificate, "--dictionary", dictionary, "-o", certificate)[0] == 2
    assert dictionary.read_bytes() == before
    assert isinstance(certificates.check(certificate, dictionary=dictionary), certificates.Accepted)


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("verify check-dictionary builtin:simplex:6 --sparsity 1 2>&- >/dev/null", 0),
        ("verify check-dictionary nope.npy 2>&-", 2),
        ("verify check-dictionary builtin:simplex:6 --sparsity 3 --format json >&-", 1),
        ("verify check-dictionary builtin:simplex:6 --sparsity 1 --format json >/dev/full", 2),
    ],
)
def test_closed_and_full_outputs(tmp_path: Path, command: str, code: int) -> None:
    assert shell(command, tmp_path)[0] == code


def test_a_bug_is_one_line_and_no_verdict(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("somewhere")

    monkeypatch.setattr("verify.facts.coherence.unit_atoms", broken)
    code, out, err = run(capsys, "check-dictionary", "builtin:simplex:5", "--sparsity", "1")
    assert (code, out) == (cli.BUG, "")
    assert err.count("\n") == 1
    assert "ZeroDivisionError: somewhere" in err


def test_the_printed_command_carries_the_work_limit(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, dictionary: Path
) -> None:
    monkeypatch.setattr("verify.cli.output.WORK_LIMIT", 10)
    _, out, _ = run(capsys, "check-dictionary", dictionary, "--check-seconds", "0", "--format", "json")
    command = json.loads(out)["check_command"]
    limit = int(command.split("--work-limit ")[1])
    certificate = dictionary.with_name("c.json")
    run(capsys, "check-dictionary", dictionary, "--certificate", certificate)
    answer = certificates.check(certificate, dictionary=dictionary, work_limit=limit)
    assert isinstance(answer, certificates.Accepted)


def test_names_like_options_are_typed_safely(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, dictionary: Path
) -> None:
    monkeypatch.chdir(dictionary.parent)
    dictionary.rename("-D.npy")
    _, out, _ = run(capsys, "check-dictionary", "--format", "json", "--certificate=-c.json", "--", "-D.npy")
    assert json.loads(out)["check_command"] == "python -m certificates ./-c.json --dictionary ./-D.npy"


@pytest.mark.skipif(np.dtype(np.longdouble).itemsize == 8, reason="long double is double here")
def test_long_doubles_are_checked_through_the_loader(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path, certificate = tmp_path / "D.npy", tmp_path / "c.json"
    np.save(path, np.random.default_rng(0).standard_normal((3, 5)).astype(np.longdouble) / 3)
    code, out, _ = run(capsys, "check-dictionary", path, "--certificate", certificate, "--format", "json")
    assert code == 0
    assert "export-dictionary" in json.loads(out)["check_command"]
    code, out, _ = run(capsys, "check-certificate", certificate, "--dictionary", path)
    assert code == 0
    assert "npy (long double)" in out


def test_a_report_shows_the_null_vector_that_refutes(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Two null vectors: the refutation rests on the longer one, which is not claimed by itself."""
    rows = [
        [1, 0, 1, 0, 0, 0, 0],
        [0, 1, 1, 0, 0, 0, 0],
        [0, 0, 0, 1, 0, 0, 1],
        [0, 0, 0, 0, 1, 0, 1],
        [0, 0, 0, 0, 0, 1, 1],
    ]
    source, certificate, report = tmp_path / "D.json", tmp_path / "c.json", tmp_path / "r.md"
    source.write_text(json.dumps(rows))
    digest = certificates.checker.dictionary_from_values(rows).digest
    draft = Draft({"digest": digest, "field": "real", "shape": [5, 7]}, "json", "test")
    short = {"imaginary": None, "real": integers([1, 1, -1]), "support": [0, 1, 2]}
    long = {"imaginary": None, "real": integers([1, 1, 1, -1]), "support": [3, 4, 5, 6]}
    draft.claim(draft.step("null-vector", **short), "null-vector", **short)
    asked = {"level": 2, "question": "l1", "scaling": "as-given"}
    step = draft.step("failure-by-heavy-part", [draft.step("null-vector", **long)], **asked)
    draft.claim(step, "refuted", **asked, **long, part=[3, 4], theorem="failure-by-heavy-part")
    certificate.write_bytes(draft.sealed())
    assert run(capsys, "report", certificate, "--dictionary", source, "-o", report)[0] == 0
    missed = report.read_text().split("## A code that basis pursuit can miss")[1]
    assert "3: 1, 4: 1" in missed
    assert "5: -1, 6: 1" in missed


def test_a_report_survives_absurd_bounds(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    rows = [[1, 0, 1], [0, 1, 1]]
    source, certificate, report = tmp_path / "D.json", tmp_path / "c.json", tmp_path / "r.html"
    source.write_text(json.dumps(rows))
    digest = certificates.checker.dictionary_from_values(rows).digest
    draft = Draft({"digest": digest, "field": "real", "shape": [2, 3]}, "json", "test")
    bounds = {"lower": ["0", "0"], "upper": ["9" * 4000, "1" * 3999 + "/7"]}
    draft.claim(draft.step("babel", **bounds), "babel", **bounds)
    certificate.write_bytes(draft.sealed())
    assert run(capsys, "report", certificate, "--dictionary", source, "-o", report)[0] == 0
    assert "<svg" in report.read_text()


def test_a_report_of_odd_constants_from_a_stranger(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Bounds in odd orders, twice for one level, below zero, of astronomical length, and without partners."""
    jsonschema = pytest.importorskip("jsonschema")
    rows = [[1, 0, 1], [0, 1, 1]]
    source, certificate = tmp_path / "D.json", tmp_path / "c.json"
    source.write_text(json.dumps(rows))
    digest = certificates.checker.dictionary_from_values(rows).digest
    draft = Draft({"digest": digest, "field": "real", "shape": [2, 3]}, "json", "test")
    vector = draft.step("null-vector", imaginary=None, real=integers([1, 1, -1]), support=[0, 1, 2])
    for level, lower in ((2, "2/3"), (1, "-" + "9" * 4000), (1, "1/3"), (1, "1/4"), (3, "1/" + "7" * 4000)):
        fields = {"level": level, "lower": lower, "scaling": "as-given"}
        draft.claim(draft.step("null-space-by-null-vector", [vector], **fields), "null-space-lower", **fields)
    for lower in ("-5", "1/3"):
        step = draft.step("generalized-coherence-by-null-vector", [vector], atom=2, lower=lower)
        draft.claim(step, "generalized-coherence-lower", atom=2, lower=lower)
    certificate.write_bytes(draft.sealed())
    outputs = [option for suffix in ("html", "md", "json") for option in ("-o", tmp_path / f"r.{suffix}")]
    code, out, err = run(capsys, "report", certificate, "--dictionary", source, *outputs)
    assert (code, out, err) == (0, "", "")
    body = json.loads((tmp_path / "r.json").read_text())
    jsonschema.validate(body, json.loads((ROOT / "verify/report/check-dictionary.schema.json").read_text()))
    facts = body["facts"]
    assert facts["generalized_coherence"]["upper"] is None
    assert facts["generalized_coherence"]["atom"] == 2
    nsc = facts["null_space_constant"]
    assert nsc["scaling"] == body["scaling"] == "as-given"
    assert [nsc[level]["lower"] for level in "123"] == pytest.approx([1 / 3, 2 / 3, 2 / 3])
    assert {nsc[level]["upper"] for level in "123"} == {None}
    assert body["levels"]["l1"] == {"guaranteed": 0, "guaranteed_by": None, "refuted": None, "refuted_by": None}
    assert "| 2 | 0.6666 |" in (tmp_path / "r.md").read_text()
    assert len((tmp_path / "r.html").read_text()) < 200_000


def test_an_array_of_several_is_chosen_by_its_key_everywhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    random = np.random.default_rng(0)
    atoms = random.standard_normal((4, 6))
    np.savez(tmp_path / "both.npz", D=atoms, E=random.standard_normal((3, 5)))
    np.save(tmp_path / "D.npy", atoms)
    np.save(tmp_path / "x.npy", np.eye(6)[:, :1])
    source, chosen = str(tmp_path / "both.npz"), ["--key", "D"]
    assert main(["check-dictionary", source]) == 2
    assert "2 matrices: choose one by its name (--key); it has 'D' (4 x 6 float64)" in capsys.readouterr().err
    certificate = str(tmp_path / "c.json")
    assert main(["check-dictionary", source, *chosen, "--certificate", certificate]) == 0
    assert "both.npz --key D -o D.npy" in " ".join(capsys.readouterr().out.split())
    assert main(["check-certificate", certificate, "--dictionary", source, *chosen]) == 0
    assert main(["check-certificate", certificate, "--dictionary", str(tmp_path / "D.npy")]) == 0
    assert main(["report", certificate, "--dictionary", source, *chosen, "-o", str(tmp_path / "r.md")]) == 0
    assert main(["export-dictionary", source, *chosen, "-o", str(tmp_path / "again.npy")]) == 0
    assert (np.load(tmp_path / "again.npy") == atoms).all()
    code = ["--code", str(tmp_path / "x.npy")]
    assert main(["solve", "basis-pursuit", "--dictionary", source, *chosen, *code]) in (0, 3)
    assert main(["check-codes", str(tmp_path / "x.npy"), "--dictionary", source, *chosen]) in (0, 3)
    assert main(["improve-dictionary", source, *chosen, "--sparsity", "1"]) in (0, 2)
    capsys.readouterr()
    twice = ["--dictionary", source, "--dictionary", source, *chosen]
    assert main(["check-certificate", certificate, *twice]) == 2
    assert "--key is for one dictionary" in capsys.readouterr().err
    assert main(["check-dictionary", source, source, *chosen, "--deep", "--sparsity", "1,1"]) == 2
    assert "--key is for one dictionary" in capsys.readouterr().err
