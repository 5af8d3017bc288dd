"""Certificates about filters: checked, reported and explained by every way to name them; JSON follows its schemas."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import jsonschema
import numpy as np
import pytest

import verify.report
from certificates.checker import main as checker
from verify.cli import main

SCHEMAS = {
    name: json.loads((Path(verify.report.__file__).parent / f"{name}.schema.json").read_text())
    for name in ("check-convolutional", "certify-network-convolutional")
}
NET = ["--sparsity", "1", "--bound", "1", "--noise", "0.001"]


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = main([str(argument) for argument in arguments])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("filters")
    F = np.array([[[9.0, 1, 0]], [[1, -1, 9]]])
    np.save(path / "F.npy", F)
    np.save(path / "T.npy", F.transpose(2, 1, 0))  # axes tmc
    np.save(path / "shifts.npy", np.array([[[1.0, 2, 0]], [[0, -2, -4]]]))
    source = [str(path / "F.npy"), "--convolutional"]
    assert main(["check-dictionary", *source, "--certificate", str(path / "c.json")]) == 0
    net = str(path / "n.safetensors")
    assert main(["build-network", *source, *NET, "--layers", "2", "--weights", "dictionary", "-o", net]) == 0
    certify = ["certify-network", net, "--dictionary", *source, *NET, "--trials", "0"]
    assert main([*certify, "--certificate", str(path / "n-c.json")]) == 0
    return path


def test_certificates_about_filters_are_checked(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    certificate = folder / "c.json"
    for given in (
        ["--filters", folder / "F.npy"],
        ["--dictionary", folder / "F.npy", "--convolutional", "--stride", "1", "--boundary", "full"],
        ["--filters", folder / "T.npy", "--axes", "tmc"],
    ):
        code, out, _ = run(capsys, "check-certificate", certificate, *given)
        assert (code, out.splitlines()[0]) == (0, "accepted")
        assert ("verify's loader" in out) == ("--axes" in given)
    for given in (["--boundary", "circular"], ["--axes", "tmc"]):
        source = folder / ("T.npy" if "--axes" in given else "F.npy")
        code, out, _ = run(capsys, "check-certificate", certificate, "--filters", source, *given)
        assert code == (4 if "circular" in given else 0)
    code, out, _ = run(capsys, "explain", certificate, "--filters", folder / "F.npy")
    assert code == 0
    assert "convolutional-" not in out
    assert "filters: 2 × 1 × 3, real" in out
    assert "guaranteed up to level" in out and "mutual coherence of filters: μ² ≤ " in out
    network = ["--filters", folder / "F.npy", "--network", folder / "n.safetensors"]
    assert run(capsys, "check-certificate", folder / "n-c.json", *network)[0] == 0
    code, out, _ = run(capsys, "explain", folder / "n-c.json", *network)
    assert code == 0
    assert "every code with at most 1 nonzero in each stripe, entries of at most 1" in " ".join(out.split())


def test_reports_of_certificates_are_those_of_the_check(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    again = [option for name in ("a.html", "a.md", "a.json") for option in ("-o", folder / name)]
    assert run(capsys, "report", folder / "c.json", "--filters", folder / "F.npy", *again) == (0, "", "")
    check = ["check-dictionary", folder / "F.npy", "--convolutional", "--certificate", folder / "b.json"]
    code, out, _ = run(capsys, *check, "--format", "json")
    first, second = json.loads(out), json.loads((folder / "a.json").read_text())
    assert first["levels"] == second["levels"]
    assert first["claims"] == second["claims"]
    assert "<svg" in (folder / "a.html").read_text()
    assert "| Mutual coherence μ | μ " in (folder / "a.md").read_text()
    jsonschema.Draft202012Validator(SCHEMAS["check-convolutional"]).validate(second)
    code, out, _ = run(capsys, *check[:3], "--sparsity", "1", "--check-seconds", "0", "--format", "json")
    assert code == 3
    unchecked = json.loads(out)
    jsonschema.Draft202012Validator(SCHEMAS["check-convolutional"]).validate(unchecked)
    assert unchecked["levels"] is None and unchecked["check_seconds"] > 0
    command = shlex.split(unchecked["check_command"].replace("CERTIFICATE", str(folder / "b.json")))
    assert command[:3] == ["python", "-m", "certificates"]
    assert checker(command[3:]) == 0
    assert capsys.readouterr().out.startswith("accepted")

    network = ["--filters", folder / "F.npy", "--network", folder / "n.safetensors"]
    assert run(capsys, "report", folder / "n-c.json", *network, *again) == (0, "", "")
    found = json.loads((folder / "a.json").read_text())
    jsonschema.Draft202012Validator(SCHEMAS["certify-network-convolutional"]).validate(found)
    assert (found["status"], found["class"]["sparsity"], len(found["per_layer"])) == ("checked", 1, 2)
    page = (folder / "a.html").read_text()
    assert "<strong>Proved</strong>" in page and "<svg" in page
    assert "| layer | bound on | bound off |" in (folder / "a.md").read_text()


def test_a_report_of_a_network_that_promises_nothing(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    net = ["certify-network", folder / "n.safetensors", "--dictionary", folder / "F.npy", "--convolutional"]
    code, out, _ = run(capsys, *net, "--sparsity", "9", "--trials", "0", "--format", "json")
    assert code == 3
    found = json.loads(out)
    jsonschema.Draft202012Validator(SCHEMAS["certify-network-convolutional"]).validate(found)
    assert found["promises"] is False and found["broken_layer"] == 1
    code, out, _ = run(capsys, *net, "--sparsity", "1", "--trials", "0", "--check-seconds", "0")
    assert code == 3
    assert out.startswith("Unchecked: ") and "claimed and not checked" in out


@pytest.mark.parametrize("size", [1e300, 2.0**-1060])
def test_pictures_of_any_size_of_numbers(size: float, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    np.save(folder / "size.npy", size * np.array([[[9.0, 1, 0]], [[1, -1, 9]]]))
    (folder / "size.json").write_text(f"[[[9, 1, 0]], [[1, {10**400}, 9]]]")
    for name in ("size.npy", "size.json"):
        code, _, err = run(capsys, "check-dictionary", folder / name, "--convolutional", "--report", folder / "s.html")
        assert (code, err) == (0, "")
        assert "nan" not in (folder / "s.html").read_text()


def test_filters_that_are_shifts_are_named_with_the_shift(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    code, out, _ = run(capsys, "check-dictionary", folder / "shifts.npy", "--convolutional", "--sparsity", "1")
    assert code == 1
    text = " ".join(out.split())
    assert "μ = 1" in text and "filters 0 and 1 at shift -1: they are" in text
    assert "Refuted: basis pursuit (l1), codes with at most 1 nonzero in each stripe: a counterexample" in text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["check-certificate", "c.json"], "expected --dictionary SOURCE, or --filters SOURCE, got neither"),
        (["check-certificate", "c.json", "--filters", "F.npy", "--dictionary", "F.npy"], "got both"),
        (["check-certificate", "c.json", "--dictionary", "F.npy", "--boundary", "full"], "add --convolutional"),
        (["check-certificate", "c.json", "--dictionary", "F.npy", "--size", "9"], "--size is for filters"),
        (["check-certificate", "c.json", "--filters", "F.npy", "--atoms", "rows"], "--atoms is for matrices"),
        (["explain", "c.json", "--filters", "F.npy", "--stride", "4"], "a stride of at most the filters' length 3"),
        (["explain", "c.json", "--filters", "F.npy", "--axes", "cmhw"], "3 would be h, rows, w, columns has no axis"),
        (["report", "c.json", "--filters", "F.npy", "-o", "r.txt"], "expected a report named .html, .md or .json"),
        (
            ["check-certificate", "c.json", "--filters", "F.npy", "--filters", "F.npy", "--size", "9"],
            "--size is for the filters of one source, got 2",
        ),
        (
            ["check-certificate", "n-c.json", "--filters", "shifts.npy", *["--network", "n.safetensors"] * 2],
            "filters have one network, got 2",
        ),
    ],
)
def test_bad_options_are_one_line(
    arguments: list[str],
    message: str,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(folder)
    code, out, err = run(capsys, *arguments)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert message in err


def test_a_report_needs_claims_of_its_kind(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    network = ["--filters", folder / "F.npy", "--network", folder / "n.safetensors", "-o", folder / "x.md"]
    code, out, err = run(capsys, "report", folder / "c.json", *network)
    assert (code, err) == (4, "")
    assert out.startswith("rejected: certificate: it names 1 subjects")
