"""`verify check-dictionary --deep` as a user meets it: exit codes, JSON, reports, certificates, errors in one line."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import certificates
from verify.cli import main
from verify.errors import InputError
from verify.report.deep import DeepReport, write
from verify.report.model import Subject

REPORT = Path(__file__).parent.parent.parent / "verify/report"
HADAMARD = np.array([[1, 1, 1, 1], [1, -1, 1, -1], [1, 1, -1, -1], [1, -1, -1, 1]]) / 2


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    np.save("A.npy", np.hstack([np.eye(4), HADAMARD]))
    np.save("B.npy", np.eye(8)[:, :6] + np.eye(8)[:, 2:] / 4)
    np.save("I.npy", np.eye(8))
    np.savetxt("C.csv", np.eye(8), delimiter=",")
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main([str(argument) for argument in arguments])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def chain(*arguments: str) -> list[str]:
    return ["check-dictionary", *arguments, "--deep"]


def test_exit_codes_and_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    from referencing import Registry, Resource

    one = json.loads((REPORT / "check-dictionary.schema.json").read_text())
    registry = Registry().with_resource("check-dictionary.schema.json", Resource.from_contents(one))
    validator = jsonschema.Draft202012Validator(
        json.loads((REPORT / "deep.schema.json").read_text()), registry=registry
    )
    found = {}
    for name, options, code in (
        ("guaranteed", ["A.npy", "B.npy", "--sparsity", "1,1", "--tolerances", "1/10"], 0),
        ("refuted", ["A.npy", "I.npy", "--sparsity", "2,2", "--slopes", "1,0.5"], 1),
        ("undecided", ["A.npy", "B.npy", "--sparsity", "2,1", "--question", "l1"], 3),
        ("unchecked", ["A.npy", "B.npy", "--sparsity", "1,1", "--check-seconds", "0"], 3),
    ):
        got, out, err = run(capsys, *chain(*options), "--format", "json")
        assert (got, err) == (code, ""), name
        found[name] = json.loads(out)
        validator.validate(found[name])
    good = found["guaranteed"]
    assert [v["verdict"] for v in good["verdicts"]] == ["guaranteed"] * 3
    assert good["tolerances"] == ["1/10", "1/10"]
    # mu(D_1) = 1/2 and unit atoms: E_1 = (2/10) / sqrt(1 - 1/2).
    assert good["errors"][0]["upper"] == pytest.approx(0.2 / 0.5**0.5)
    bad = found["refuted"]
    assert [v["theorem"] for v in bad["verdicts"]] == ["dsc-failure-by-two-codes"] * 2
    assert bad["verdicts"][0]["first"]["support"]
    assert bad["slopes"] == ["1", "1/2"]
    assert found["undecided"]["verdicts"][0]["reason"].startswith("dictionary 1 at level 2")
    assert found["unchecked"]["verdicts"] is None
    assert found["unchecked"]["claimed_not_checked"]


def test_certificates_and_reports(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = [item for name in ("r.html", "r.md", "r.json") for item in ("--report", name)]
    code, out, _ = run(capsys, *chain("A.npy", "C.csv", "--sparsity", "2,2"), "--certificate", "c.json", *files)
    assert code == 1
    assert "Refuted: two different deep codes have the same signal" in " ".join(out.split())
    assert "python -m verify export-dictionary C.csv -o D2.npy && python -m certificates c.json" in out
    for name in ("r.html", "r.md"):
        assert "dsc-failure-by-two-codes" in (folder / name).read_text()
        assert "Counterexample" in (folder / name).read_text()
    both = ["--dictionary", "A.npy", "--dictionary", "C.csv"]
    code, out, _ = run(capsys, "check-certificate", "c.json", *both)
    assert (code, out.splitlines()[0]) == (0, "accepted")
    assert "relied on: verify's loader 'csv', for reading the dictionary handed in" in out
    assert run(capsys, "check-certificate", "c.json", "--dictionary", "A.npy")[0] == 4
    assert run(capsys, "report", "c.json", *both, "-o", "again.md")[0] == 0
    assert "dsc-failure-by-two-codes" in (folder / "again.md").read_text()
    run(capsys, "export-dictionary", "C.csv", "-o", "D2.npy")
    assert isinstance(certificates.check("c.json", dictionary=["A.npy", "D2.npy"]), certificates.Accepted)
    code, out, _ = run(
        capsys, *chain("A.npy", "B.npy", "--sparsity", "1,1", "--tolerances", "0.1,0"), "--report", "s.md"
    )
    assert "Guaranteed" in out
    assert "Stability" in (folder / "s.md").read_text()
    run(
        capsys,
        *chain("A.npy", "B.npy", "--sparsity", "1,1", "--check-seconds", "0"),
        "--report",
        "u.md",
        "--report",
        "u.html",
    )
    assert "Claimed, not checked" in (folder / "u.md").read_text()
    assert "Claimed, not checked" in (folder / "u.html").read_text()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["check-dictionary", "A.npy", "--sparsity", "1,1"], "--sparsity: expected one level, got 2"),
        (["check-dictionary", "A.npy", "--sparsity", "1.5"], "--sparsity: expected a level, or one for each"),
        (["check-dictionary", "A.npy", "--tolerances", "1"], "--tolerances and --slopes are for a chain: add --deep"),
        (chain("A.npy", "B.npy"), "--deep needs --sparsity K1,K2"),
        (chain("A.npy", "--sparsity", "1"), "at least two dictionaries for a deep model, got 1"),
        (chain("A.npy", "B.npy", "--sparsity", "1"), "expected 2 sparsity levels"),
        (chain("A.npy", "B.npy", "--sparsity", "1,7"), "dictionary 2: expected a sparsity level from 1 to 6"),
        (chain("B.npy", "A.npy", "--sparsity", "1,1"), "expected dictionary 2 to have 6 rows"),
        (chain("A.npy", "B.npy", "--sparsity", "1,1", "--exact"), "--exact is for one dictionary"),
        (chain("A.npy", "B.npy", "--sparsity", "1,1", "--question", "omp"), "expected l0 or l1, got omp"),
        (chain("A.npy", "B.npy", "--sparsity", "1,1", "--tolerances", "x"), "--tolerances: expected a number"),
        (chain("A.npy", "B.npy", "--sparsity", "1,1", "--tolerances", "1,2,3"), "expected 2 tolerances"),
        (chain("A.npy", "B.npy", "--sparsity", "1,1", "--tolerances", "-1"), "tolerances of at least 0"),
        (chain("A.npy", "B.npy", "--sparsity", "1,1", "--slopes", "0"), "slopes above 0 and at most 1"),
        (chain("A.npy", "missing.npy", "--sparsity", "1,1"), "missing.npy"),
        (chain("A.npy", "B.npy", "--sparsity", "1,1", "--report", "A.npy"), "A.npy"),
        (
            ["check-certificate", "c", "--dictionary", "A.npy", "--dictionary", "B.npy", "--signal", "A.npy"],
            "for one dictionary",
        ),
    ],
)
def test_errors_are_one_line_and_exit_2(folder, capsys, arguments, words) -> None:
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (2, "")
    assert err.startswith("verify: ")
    assert err.count("\n") == 1
    assert words in err


def test_a_certificate_without_deep_claims_gives_no_report(folder, capsys) -> None:
    from certificates.format import Draft
    from verify.dictionaries import load

    first, second = (
        {"digest": d.digest, "field": d.field, "shape": list(d.shape)} for d in map(load, ("A.npy", "I.npy"))
    )
    draft, alone = (Draft(subject=first, loader="npy", producer="tests", chain=chain) for chain in ([second], []))
    alone.claim(alone.step("welch-bound"), "welch-bound", squared="1/7")
    draft.about(0, 1, alone)
    (folder / "c.json").write_bytes(draft.sealed())
    both = ["--dictionary", "A.npy", "--dictionary", "I.npy"]
    code, _, err = run(capsys, "report", "c.json", *both, "-o", "r.md")
    assert code == 2
    assert "claims nothing about deep codes" in err


def test_deep_reports_refuse_what_does_not_fit(tmp_path: Path) -> None:
    one = Subject(source="A", loader="npy", shape=(2, 3), field="real", sha256="0" * 64)
    good = {
        "subjects": (one, one), "levels": (1, 1), "slopes": ("1", "1"), "tolerances": ("0", "0"), "questions": ("l0",),
        "scaling": "unit", "status": "checked", "claims": (), "check_command": "",
    }  # fmt: skip
    report = DeepReport(**good)
    for change, why in (
        ({"questions": ()}, "DeepReport.questions is"),
        ({"questions": ("omp",)}, "DeepReport.questions is"),
        ({"scaling": "none"}, "DeepReport.scaling is 'none'"),
        ({"levels": (1,)}, "a level, slope and tolerance for each"),
    ):
        with pytest.raises(InputError, match=why):
            DeepReport(**{**good, **change})
    with pytest.raises(InputError, match=r"written to .html, .md or .json, got '.pdf'"):
        write(report, tmp_path / "r.pdf")
