"""`verify solve`: certificates, reports, interruptions, processes."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from solve_samples import FILES, ROOT, filled, result, run, words

import certificates
from verify.certify import solve as solve_module
from verify.problems import BasisPursuit, many
from verify.problems.outcome import Outcome


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return filled(tmp_path, monkeypatch)


@pytest.mark.parametrize("given", ["--signal y.npy", "--code x.npy", "--signal y.csv"])
def test_certificates_are_checked_and_reported_again(
    capsys: pytest.CaptureFixture[str], folder: Path, given: str
) -> None:
    code, out, _ = run(capsys, *words(f"basis-pursuit D.npy {given} --certificate c.json --report r.html"))
    assert code == 0
    command = next(line for line in out.splitlines() if "python -m" in line)
    done = subprocess.run(
        ["bash", "-c", command.replace("python", sys.executable, 1)],
        capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("accepted")
    files = ["c.json", "--dictionary", "D.npy", *given.split()]
    code, out, err = run(capsys, "check-certificate", *files)
    assert (code, err) == (0, "")
    assert ("verify's loader 'csv'" in out) == given.endswith("csv")
    assert run(capsys, "report", *files, "-o", "r.md", "-o", "r.json")[0] == 0
    body = json.loads((folder / "r.json").read_text())
    assert body["results"][0]["status"] == "proved-optimal"
    assert body["results"][0]["solution"]["exact"] == ["2"]
    assert "unique-minimiser-of-basis-pursuit" in (folder / "r.md").read_text()
    assert "<svg" in (folder / "r.html").read_text()


def test_a_certificate_needs_its_signals(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    assert run(capsys, *words("basis-pursuit D.npy --signal y.npy --certificate c.json"))[0] == 0
    files = ["check-certificate", "c.json", "--dictionary", "D.npy"]
    for options, wanted, out in (
        ([], 4, "it names 2 subjects"),
        (["--signal", "one.npy"], 4, "about another signal"),
        (["--code", "x.npy"], 4, "the code"),
        (["--signal", "off.npy"], 2, "has length 2"),
        (["--signal", "y.npy", "--code", "x.npy"], 2, "got both"),
        (["--signal", "none.npy"], 2, "no such file"),
        (["--signal", "y.npy"], 0, "accepted"),
        (["--signal", "y.csv"], 0, "accepted"),
    ):
        code, printed, err = run(capsys, *files, *options)
        assert code == wanted, (options, printed, err)
        assert out in printed + err
    assert run(capsys, "report", *files[1:], "--signal", "one.npy", "-o", "r.md")[0] == 4
    assert not (folder / "r.md").exists()
    assert run(capsys, "report", *files[1:], "--signal", "y.npy", "-o", "y.npy")[0] == 2


def test_a_guarantee_shortens_the_proof(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    x = np.zeros(32, dtype=np.int64)
    x[[1, 20]] = 3, -2
    np.save(folder / "sparse.npy", x)
    source = "builtin:identity-hadamard:16"
    assert run(capsys, "check-dictionary", source, "--certificate", "d.json")[0] == 0
    text = f"sparsest {source} --code sparse.npy --dictionary-certificate d.json"
    (one,) = result(capsys, text)["results"]
    assert one["rules"]["unique"] == "unique-minimiser-by-guarantee"
    assert (one["unique"], one["support"]) == (True, [1, 20])


def test_names_with_markup_stay_text(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    name = "<script>[bold]x`_*\x1b[31m.npy"
    np.save(folder / name, FILES["y.npy"])
    arguments = [*words("basis-pursuit D.npy"), "--signal", name]
    code, out, err = run(capsys, *arguments, "--report", "r.html", "--report", "r.md", "--report", "r.json")
    assert (code, err) == (0, "")
    assert "\x1b" not in out
    assert "<script>[bold]" in out
    assert "<script>" not in (folder / "r.html").read_text()
    assert "<script>" not in re.sub("```.*?```", "", (folder / "r.md").read_text(), flags=re.DOTALL)
    assert "<script>" not in (folder / "r.json").read_text()


def test_nothing_proved_writes_no_certificate(
    capsys: pytest.CaptureFixture[str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        solve_module, "solve_all", lambda problems, *_, **__: [Outcome(problem=problems[0], stopped=True)]
    )
    code, out, err = run(capsys, *words("basis-pursuit D.npy --signal y.npy --certificate c.json"))
    assert code == 3
    assert out.startswith("Not solved: basis pursuit: no feasible code is proved.")
    assert "nothing is proved, so no certificate was written" in err
    assert "the work was stopped" in err
    assert not (folder / "c.json").exists()


def test_a_time_limit_keeps_what_is_proved(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    rng = np.random.default_rng(0)
    np.save(folder / "large.npy", rng.standard_normal((30, 90)))
    np.save(folder / "noise.npy", rng.standard_normal(30))
    text = "k-sparse large.npy --signal noise.npy --sparsity 8 --box 3 --time-limit 1"
    code, out, err = run(capsys, *words(text), "--format", "json")
    assert code == 3
    assert "the work was stopped" in err
    (one,) = json.loads(out)["results"]
    assert one["status"] == "enclosed"
    assert one["stopped"] is True
    assert one["value"]["lower"] < one["value"]["upper"]


def test_an_interruption_keeps_what_is_proved(folder: Path) -> None:
    rng = np.random.default_rng(0)
    np.save(folder / "large.npy", rng.standard_normal((30, 90)))
    np.save(folder / "noise.npy", rng.standard_normal(30))
    (folder / "script.py").write_text(
        "import pathlib, signal, sys\n"
        "from verify.cli import main\n"
        "from verify.problems.case_search import CaseSearch\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # a program in the background ignores it
        "search = CaseSearch.run\n"
        "def marked(*arguments, **options):\n"
        "    pathlib.Path('searching').touch()\n"
        "    return search(*arguments, **options)\n"
        "CaseSearch.run = marked\n"
        f"sys.exit(main({words('k-sparse large.npy --signal noise.npy --sparsity 8 --box 3')}))\n"
    )
    with subprocess.Popen(
        [sys.executable, "script.py"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as process:  # fmt: skip
        while not (folder / "searching").exists():
            assert process.poll() is None
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=120)
    assert process.returncode == 3, err
    assert "Traceback" not in err
    assert out.startswith("Enclosed")


def test_solvers_are_silent(folder: Path) -> None:
    """What a solver says itself would spoil JSON on stdout."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "verify", *words("basis-pursuit D.npy --signal y.npy --format json")]
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert json.loads(done.stdout)["checked"] is True
    assert done.stderr == ""


def test_many_signals_in_processes(
    capsys: pytest.CaptureFixture[str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = result(capsys, "basis-pursuit D.npy --signal many.npy")
    monkeypatch.setattr(many, "_WORTH_A_PROCESS", -1.0)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    together = result(capsys, "basis-pursuit D.npy --signal many.npy")
    for body in (alone, together):
        for one in body["results"]:
            del one["backend"]
    assert alone == together


def test_the_library_solves_without_writing(folder: Path) -> None:
    outcome = BasisPursuit.of(FILES["D.npy"], FILES["y.npy"]).solve()
    assert outcome.value_upper == 2
    assert certificates.describe({"kind": "infeasible"})
