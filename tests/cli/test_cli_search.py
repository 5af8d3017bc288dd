"""How hard to search: effort, time limit, and a Ctrl-C that keeps what is proved."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import certificates
import verify
from verify.cli import main

STOPPED = "verify: the search was stopped; this is what was proved so far\n"
GAUSSIAN = "builtin:gaussian:6x10:1"
OPEN = "builtin:gaussian:12x20:1"  # without a search some levels are undecided


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = main(["check-dictionary", *(str(argument) for argument in arguments)])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


@pytest.mark.parametrize(
    ("source", "level", "code"),
    [
        ("builtin:identity-hadamard:64", 4, 0),
        ("builtin:identity-hadamard:64", 6, 3),
        ("builtin:identity-hadamard:64", 8, 1),
        ("builtin:simplex:50", 24, 0),
        ("builtin:simplex:50", 25, 1),
        ("builtin:dirac-dft:8", 1, 3),  # complex: nothing is said of networks
    ],
)
def test_the_network_is_a_question(capsys: pytest.CaptureFixture[str], source: str, level: int, code: int) -> None:
    assert run(capsys, source, "--question", "network", "--sparsity", level)[0] == code


def test_without_a_level_all_four_questions_are_answered(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, GAUSSIAN)
    rows = out.split("Levels")[1].split("Facts")[0]
    positions = [rows.index(name) for name in ("Uniqueness (l0)", "Basis pursuit (l1)", "Unrolled network", "OMP")]
    assert positions == sorted(positions)
    assert list(json.loads(run(capsys, GAUSSIAN, "--format", "json")[1])["levels"]) == ["l0", "l1", "network", "omp"]


@pytest.mark.parametrize("effort", ["quick", "standard", "thorough"])
def test_every_effort_gives_the_levels_of_the_library(capsys: pytest.CaptureFixture[str], effort: str) -> None:
    code, out, err = run(capsys, GAUSSIAN, "--effort", effort, "--format", "json")
    body = json.loads(out)
    assert (code, err) == (0, "")
    search = body["search"]
    assert (search["effort"], search["stopped"], search["not_exact"]) == (effort, False, None)
    levels = verify.check_dictionary(verify.load(GAUSSIAN), effort=effort).levels
    for question in verify.Question:
        assert body["levels"][question]["guaranteed"] == levels[question].guaranteed
        assert body["levels"][question]["refuted"] == levels[question].refuted
    assert body["levels"]["l1"]["refuted"] == body["levels"]["l1"]["guaranteed"] + 1  # 6 x 10 is decided


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--time-limit", "0"], "above 0, got 0.0"),
        (["--time-limit", "-3"], "above 0, got -3.0"),
        (["--time-limit", "nan"], "above 0, got nan"),
        (["--time-limit", "soon"], "--time-limit"),
        (["--effort", "hard"], "'quick', 'standard', 'thorough'"),
    ],
)
def test_bad_limits_are_one_line(capsys: pytest.CaptureFixture[str], options: list[str], words: str) -> None:
    code, out, err = run(capsys, GAUSSIAN, *options)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert words in err


def test_a_time_limit_keeps_what_is_proved_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, GAUSSIAN, "--time-limit", "1e-9", "--format", "json")
    body = json.loads(out)
    assert (code, err) == (0, STOPPED)
    assert body["checked"] is True
    assert body["search"]["stopped"] is True
    assert body["levels"]["l1"]["guaranteed"] >= 1


def test_ctrl_c_ends_the_search_and_keeps_what_is_proved(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    certificate = tmp_path / "c.json"
    monkeypatch.setattr("verify.facts.null_space.heavy_vectors", interrupted)
    code, out, err = run(capsys, OPEN, "--sparsity", "20", "--certificate", certificate)
    assert err == STOPPED
    assert code == 1  # more atoms than dimensions: known before the search
    assert "The search was stopped early" in " ".join(out.split())
    np.save(tmp_path / "D.npy", verify.load(OPEN).real)
    assert isinstance(certificates.check(certificate, dictionary=tmp_path / "D.npy"), certificates.Accepted)


def test_a_second_ctrl_c_ends_the_program(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("verify.facts.null_space.heavy_vectors", interrupted)
    monkeypatch.setattr("verify.certify.check.certify", interrupted)
    code, out, err = run(capsys, GAUSSIAN, "--certificate", tmp_path / "c.json")
    assert (code, out, err) == (130, "", "verify: interrupted\n")
    assert list(tmp_path.iterdir()) == []


def test_a_real_interrupt_ends_a_long_search(tmp_path: Path) -> None:
    """The signal comes while vectors are searched; the answer still comes, whole and checked."""
    script = tmp_path / "script.py"
    script.write_text(
        "import pathlib, signal, sys\n"
        "from verify.cli import main\n"
        "from verify.facts import null_space\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # a program in the background ignores it
        "search = null_space.heavy_vectors\n"
        "def marked(*arguments):\n"
        "    pathlib.Path('searching').touch()\n"
        "    while not (found := search(*arguments), arguments[2].interrupted)[1]:\n"
        "        pass\n"
        "    return found\n"
        "null_space.heavy_vectors = marked\n"
        f"sys.exit(main(['check-dictionary', '{GAUSSIAN}', '--format', 'json']))\n"
    )
    root = Path(__file__).parent.parent.parent
    with subprocess.Popen(
        [sys.executable, str(script)], cwd=tmp_path, env={"PYTHONPATH": str(root), "PATH": ""}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        while not (tmp_path / "searching").exists():
            assert process.poll() is None
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=120)
    assert (process.returncode, err) == (0, STOPPED)
    assert json.loads(out)["search"]["stopped"] is True
    assert json.loads(out)["checked"] is True
