"""`verify check-dictionary A B C ..`: one table, JSON lines, files for each, the worst exit code."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import certificates
from verify.cli import main, processes
from verify.cli.one_of_several import tasks_of
from verify.cli.processes import Lost, NotBegun, Work
from verify.report.several import row_of, sort_key

HADAMARD, STEINER, SIMPLEX = "builtin:identity-hadamard:8", "builtin:steiner:6x16", "builtin:simplex:5"
ROOT = Path(__file__).parent.parent.parent
SCHEMA = ROOT / "verify/report/check-dictionary.schema.json"


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = main(["check-dictionary", *map(str, arguments)])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def bodies(out: str) -> list[dict]:
    return [json.loads(line) for line in out.splitlines()]


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        (None, [HADAMARD, STEINER, SIMPLEX]),
        ("name", [HADAMARD, SIMPLEX, STEINER]),
        ("shape", [SIMPLEX, STEINER, HADAMARD]),
        ("mu", [SIMPLEX, STEINER, HADAMARD]),  # 1/4, 1/3, 1/sqrt(8)
        (
            "welch",
            [STEINER, HADAMARD, SIMPLEX],
        ),  # an equiangular tight frame attains it; five atoms of rank 4 have 0 for 5
        ("level", [SIMPLEX, HADAMARD, STEINER]),
        ("l0", [SIMPLEX, HADAMARD, STEINER]),
    ],
)
def test_json_lines_are_single_reports_in_the_order_asked(
    capsys: pytest.CaptureFixture[str], sort: str | None, order: list[str]
) -> None:
    options = [] if sort is None else ["--sort", sort]
    code, out, err = run(capsys, HADAMARD, STEINER, SIMPLEX, "--format", "json", *options)
    assert (code, err) == (0, "")
    assert [body["subject"]["source"] for body in bodies(out)] == order


def test_every_line_follows_the_schema_of_a_single_check(capsys: pytest.CaptureFixture[str]) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    validator = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text()))
    _, out, _ = run(capsys, HADAMARD, SIMPLEX, "--format", "json", "--sparsity", 2, "--require", "mu<=1/4")
    found = bodies(out)
    for body in found:
        validator.validate(body)
    assert [body["requirements"][0]["answer"] for body in found] == ["refuted", "proved"]
    assert [body["verdicts"][0]["verdict"] for body in found] == ["guaranteed", "guaranteed"]


def test_the_table_has_shape_mu_welch_and_levels(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "140")
    code, out, _ = run(capsys, HADAMARD, STEINER, "--sort", "mu")
    assert code == 0
    lines = [line.split() for line in out.splitlines() if line.startswith("builtin")]
    assert [line[:6] for line in lines] == [
        [STEINER, "6", "×", "16", "0.333…", "1"],
        [HADAMARD, "8", "×", "16", "0.353…", "1.36…"],  # sqrt(1/8) over sqrt(1/15)
    ]
    assert lines[1][6:8] == [
        "1–2;",
        "5–16",
    ]  # 2k < 1 + sqrt(8), and 9 atoms in 8 dimensions: five and four share a signal
    assert "glance" in out
    monkeypatch.setenv("COLUMNS", "60")
    code, out, _ = run(capsys, HADAMARD, STEINER, "--sort", "mu")
    assert f"  - 1: {STEINER}" in out.splitlines()  # no name is broken in the middle
    assert [line.split()[0] for line in out.splitlines()[2:] if "×" in line] == ["1", "2"]


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ((), 0),
        (("--sparsity", 1), 0),
        (("--sparsity", 2), 3),
        (("--sparsity", 4), 1),  # seven atoms in six dimensions
        (("--sparsity", 1, "--question", "network"), 3),
        (("--sparsity", 4, "--question", "network", "--question", "l0"), 1),
        (("--require", "l0>=1,mu<=2/5"), 0),
        (("--require", "l0>=1", "--require", "mu<1/3"), 1),
        (("--sparsity", 17), 2),
    ],
)
def test_the_worst_exit_code_counts(capsys: pytest.CaptureFixture[str], options: tuple[object, ...], code: int) -> None:
    assert run(capsys, HADAMARD, STEINER, "--effort", "glance", *options)[0] == code


def test_what_is_asked_is_looked_for_harder_where_a_glance_leaves_it_open(capsys: pytest.CaptureFixture[str]) -> None:
    # Five corners of a simplex guarantee level 2 by coherence; the Steiner frame has four dependent atoms.
    _, out, _ = run(capsys, SIMPLEX, STEINER, "--sparsity", 2, "--format", "json")
    assert [body["search"]["effort"] for body in bodies(out)] == ["glance", "quick"]
    assert bodies(out)[1]["verdicts"][0]["verdict"] == "refuted"


def test_bad_ones_cost_a_line_each_and_nothing_else(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hostile = tmp_path / "[red]a\n\x1b.npy"
    hostile.write_bytes(b"\x93NUMPY nonsense")
    zero = tmp_path / "zero.npy"
    np.save(zero, np.array([[1.0, 0.0], [1.0, 0.0]]))
    code, out, err = run(capsys, hostile, SIMPLEX, "builtin:nope", zero, tmp_path / "missing.csv", "--format", "json")
    assert code == 2
    assert [body["subject"]["source"] for body in bodies(out)] == [SIMPLEX]
    lines = err.splitlines()
    assert len(lines) == 4
    assert all(line.startswith("verify: ") and line.isprintable() for line in lines)
    assert "Traceback" not in err


def test_each_gets_its_certificate_and_report_in_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a").mkdir()
    first, second = tmp_path / "D.npy", tmp_path / "a" / "D.npy"
    np.save(first, np.array([[1.0, 0, 1], [0, 1, 1]]))
    np.save(second, np.array([[1.0, 0, 3], [0, 1, 1]]))
    out = tmp_path / "out"
    code, _, _ = run(capsys, first, second, "--certificate", out, "--report", out)
    assert code == 0
    assert sorted(path.name for path in out.iterdir()) == ["D-2.html", "D-2.json", "D.html", "D.json"]
    for name, path in (("D", first), ("D-2", second)):
        assert isinstance(certificates.check(out / f"{name}.json", dictionary=path), certificates.Accepted)
        assert str(path) in (out / f"{name}.html").read_text()
    assert isinstance(certificates.check(out / "D.json", dictionary=second), certificates.Rejected)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--certificate", "c.json"), "expected a folder"),
        (("--certificate", "missing/out"), "expected a folder"),
        (("--report", "a", "--report", "b"), "expected one folder"),
        (("--sparsity", "1,2"), "expected one level"),
        (("--tolerances", "1"), "for a chain"),
        (("--sort", "colour"), "colour"),
        (("--require", "l1<=3"), "--require: expected"),
        (("--require", "l1>=1/2"), "expected an integer"),
        (("--require", "l1>=0"), "expected an integer"),
        (("--require", "mu<=x"), "expected a number"),
        (("--require", ""), "--require: expected"),
        (("--require", ",".join(["l1>=1"] * 1001)), "at most 1000"),
        (("--deep", "--sparsity", "1,1", "--require", "l1>=1"), "for single dictionaries"),
        (("--deep", "--sparsity", "1,1", "--sort", "mu"), "for single dictionaries"),
    ],
)
def test_bad_usage_is_one_line(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    options: tuple[str, ...],
    words: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = run(capsys, SIMPLEX, HADAMARD, *options)
    assert (code, out) == (2, "")
    assert words in err
    assert err.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_an_input_is_never_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "D.json"
    path.write_text("[[1, 0, 1], [0, 1, 1]]")
    code, _, err = run(capsys, path, SIMPLEX, "--certificate", tmp_path)
    assert code == 2
    assert "named twice" in err
    assert path.read_text().startswith("[[1")


def test_files_have_names_of_their_own() -> None:
    sources = ["builtin:a:1", "../x/a.npy", "x/A.csv", "..", "é\n.npy", "b" * 300]
    names = [task.certificate.name for task in tasks_of(sources, None, Path("c"), None) if task.certificate]  # pyright: ignore
    assert names == ["a-1.json", "a.json", "A-2.json", "dictionary.json", "dictionary-2.json", "b" * 100 + ".json"]


def test_unchecked_ones_have_no_levels_and_come_last(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    code, out, _ = run(
        capsys, SIMPLEX, HADAMARD, "--check-seconds", 0, "--format", "json", "--sparsity", 1, "--require", "l0>=1"
    )
    assert code == 3
    rows = [row_of(body) for body in bodies(out)]
    assert all(row.levels is None and row.mu_squared is None for row in rows)
    assert {a for row in rows for _, a in row.requirements} == {"undecided"}
    assert sort_key(rows[0], "mu") > (0, 1)
    assert sort_key(rows[0], "l1") > (0, 0, 0)
    assert "not checked" in run(capsys, SIMPLEX, HADAMARD, "--check-seconds", 0)[1]


def test_processes_give_what_one_gives(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    alone = run(capsys, SIMPLEX, "builtin:nope", HADAMARD, "--format", "json")
    monkeypatch.setattr(processes, "_FEW", 0)
    assert run(capsys, SIMPLEX, "builtin:nope", HADAMARD, "--format", "json") == alone


def act(task: str) -> str:
    if task == "die":
        os._exit(1)
    if task == "wait":
        sys.stdout.write("begun\n")
        sys.stdout.flush()
        try:
            time.sleep(30)
        except KeyboardInterrupt:
            return "kept"
    return task


def test_a_killed_process_costs_only_its_own_task(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "_FEW", 0)
    tasks = ["a", "die", "b", "c"]
    found = dict(Work(act, [SIMPLEX] * 4, tasks).results())
    assert isinstance(found.pop(1), Lost)
    assert found == {0: "a", 2: "b", 3: "c"}


PROGRAM = """
import sys
sys.path.insert(0, {tests!r})
from test_cli_several import *
if __name__ == "__main__":
    work = Work(act, ["builtin:simplex:5"] * 6, ["wait"] * 6)
    work.cores = 2
    found = [result for _, result in work.results()]
    print(sorted(result if isinstance(result, str) else type(result).__name__ for result in found))
"""


def test_an_interruption_keeps_what_runs_and_prevents_the_rest(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(PROGRAM.format(tests=str(Path(__file__).parent)))
    with subprocess.Popen(
        [sys.executable, str(tmp_path / "program.py")], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)}, start_new_session=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert [process.stdout.readline() for _ in range(2)] == ["begun\n", "begun\n"]
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert err == ""
    last = out.splitlines()[-1]
    assert last.count("kept") >= 2
    assert last.count("kept") + last.count("NotBegun") == 6


def test_ctrl_c_here_leaves_out_the_rest(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(task: str) -> str:
        if task == "b":
            os.kill(os.getpid(), signal.SIGINT)
        return task

    found = dict(Work(interrupted, [SIMPLEX] * 3, ["a", "b", "c"]).results())
    assert found[0] == "a"
    assert all(isinstance(found[at], NotBegun) for at in (1, 2))
    monkeypatch.setattr("verify.cli.several.check_one", interrupted)
    monkeypatch.setattr("verify.cli.several.Work.results", lambda self: iter([(at, NotBegun()) for at in range(2)]))
    assert run(capsys, SIMPLEX, HADAMARD) == (
        130,
        "",
        "verify: 2 of 2 dictionaries were not checked\nverify: interrupted\n",
    )
