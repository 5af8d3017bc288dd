"""The trusted side stays small, alone, and usable in a bare interpreter."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from certificate_dictionaries import RATIONAL, SIMPLEX
from certificate_samples import sample

import certificates
from certificates.checker import describe, main, printable

FOLDER = Path(certificates.__file__).resolve().parent
FILES = sorted(FOLDER.rglob("*.py"))
TRUSTED = [path for path in FILES if path.name not in ("format.py", "__main__.py")]
NAMES = [str(path.relative_to(FOLDER)) for path in FILES]


def imports(path: Path) -> list[str]:
    """Absolute names of everything imported, relative imports under `certificates`."""
    found = []
    package = ["certificates", *path.relative_to(FOLDER).parts[:-1]]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            stem = ".".join([*base, *([node.module] if node.module else [])])
            found += [stem, *(f"{stem}.{alias.name}" for alias in node.names)]
    return found


def test_the_files_are_found():
    assert "checker.py" in NAMES
    assert len([name for name in NAMES if name.startswith("rules")]) >= 6


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_only_the_standard_library_is_imported(path):
    for name in imports(path):
        top = name.split(".")[0]
        own = top == "certificates" or (
            path.name in ("checker.py", "filters.py", "handed_in.py", "networks.py", "subjects.py")
            and top in ("filters", "handed_in", "networks", "rules", "subjects")
        )
        assert own or top in sys.stdlib_module_names, name
        assert top not in ("verify", "importlib", "pickle", "ctypes", "subprocess", "socket", "random"), name


@pytest.mark.parametrize("path", TRUSTED, ids=[str(path.relative_to(FOLDER)) for path in TRUSTED])
def test_the_checker_does_not_import_the_writer(path):
    assert not any(name.startswith("certificates.format") or name == "format" for name in imports(path))


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_no_assert_eval_or_float_arithmetic(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        assert not isinstance(node, ast.Assert), "python -O would skip it"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in ("eval", "exec", "compile", "__import__", "round")
        if isinstance(node, ast.Constant):
            assert not isinstance(node.value, float | complex) or (path.name, node.value) == ("dictionary.py", 0.0)


def test_no_function_calls_itself():
    """Recursion over hostile input would end in a traceback; names are unique enough to look at calls by name."""
    for path in TRUSTED:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.FunctionDef):
                continue
            for call in ast.walk(node):
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Name):
                    assert call.func.id != node.name, (path.name, node.name)


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_files_stay_short(path):
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= (600 if path.name == "checker.py" else 300)


def test_answers_have_no_truth_value():
    good = certificates.check(sample("simplex").data, dictionary=SIMPLEX)
    bad = certificates.check(b"", dictionary=SIMPLEX)
    assert isinstance(good, certificates.Accepted)
    assert isinstance(bad, certificates.Rejected)
    for found in (good, bad):
        with pytest.raises(TypeError, match="ask isinstance"):
            bool(found)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "c.json").write_bytes(sample("rational").data)
    (tmp_path / "other.json").write_bytes(sample("simplex").data)
    rows = ",".join("[" + ",".join(f'"{x}"' for x in row) + "]" for row in RATIONAL)
    (tmp_path / "D.json").write_text(f"[{rows}]")
    (tmp_path / "bad.npy").write_bytes(b"\x93NUMPY")
    return tmp_path


def bare(script: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", "-S", str(script), *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("copied", [False, True])
def test_the_bare_checker(files, copied):
    script = FOLDER / "checker.py"
    if copied:
        shutil.copytree(FOLDER, files / "elsewhere", ignore=shutil.ignore_patterns("__pycache__", "format.py"))
        script = files / "elsewhere" / "checker.py"
    done = bare(script, files, "c.json", "--dictionary", "D.json")
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "accepted")
    assert "  guaranteed: level 1, question l1, scaling unit" in done.stdout
    assert "relied on: Tropp 2004, Corollary 3.6" in done.stdout
    assert done.stderr.startswith("work: ")
    assert done.stderr.count("\n") == 1
    done = bare(script, files, "other.json", "--dictionary", "D.json")
    assert (done.returncode, done.stderr) == (4, "")
    assert done.stdout.startswith("rejected: certificate: it is about another dictionary")
    assert done.stdout.count("\n") == 1
    for arguments in (
        ("c.json", "--dictionary", "bad.npy"),
        ("c.json", "--dictionary", "none.npy"),
        ("none.json", "--dictionary", "D.json"),
        ("c.json",),
        (),
        ("c.json", "--dictionary"),
        ("c.json", "--dict", "D.json"),
        ("c.json", "D.json", "--dictionary", "D.json"),
        ("c.json", "--dictionary", "D.json", "--work-limit", "much"),
        ("c.json", "--dictionary", "D.json", "--work-limit", "0"),
        ("c.json", "--dictionary", "D.json", "--work-limit", "-1"),
        ("c.json", "--dictionary", "D.json", "two\nlines"),
    ):
        done = bare(script, files, *arguments)
        assert (done.returncode, done.stdout) == (2, ""), arguments
        assert done.stderr.startswith("checker: "), arguments
        assert done.stderr.count("\n") == 1, arguments


@pytest.mark.parametrize(
    ("streams", "code"), [(">&-", 0), ("2>&-", 0), (">&- 2>&-", 0), (">/dev/full", 2), ("| true", 0)]
)
def test_streams_that_are_closed_or_full(files, streams, code):
    program = f"{sys.executable} -I -S {FOLDER / 'checker.py'} c.json --dictionary D.json {streams}"
    done = subprocess.run(["bash", "-c", program], cwd=files, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == code
    assert "Traceback" not in done.stderr
    assert "work:" not in done.stdout


def test_the_module_is_the_same_program(files):
    command = [sys.executable, "-m", "certificates", str(files / "c.json"), "--dictionary", str(files / "D.json")]
    done = subprocess.run(command, cwd=FOLDER.parent, capture_output=True, text=True, timeout=60, check=False)
    alone = bare(FOLDER / "checker.py", files, "c.json", "--dictionary", "D.json")
    assert (done.returncode, done.stdout) == (0, alone.stdout)


def test_main_in_process(files, capsys, monkeypatch):
    arguments = [str(files / "c.json"), "--dictionary", str(files / "D.json")]
    assert main(arguments) == 0
    assert main([*arguments, "--work-limit", "1"]) == 4
    assert "more than 1;" in capsys.readouterr().out

    def exhausted(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(certificates.checker, "_derive", exhausted)
    assert main(arguments) == 4
    assert "more memory than there is" in capsys.readouterr().out
    found = certificates.check(files / "c.json", dictionary=str(files / "D.json"))
    assert isinstance(found, certificates.Rejected)
    assert "more memory than there is" in found.why
    monkeypatch.setattr(certificates.checker, "read_dictionary", exhausted)
    assert main(arguments) == 2
    assert "more memory than there is" in capsys.readouterr().err


def test_claims_are_described_in_one_printable_line():
    for name in ("simplex", "rational"):
        for claim in sample(name).content()["claims"]:
            line = describe(claim["statement"])
            assert line == printable(line)
            assert line.startswith(claim["statement"]["kind"] + ": ")
            assert len(line) < 400
    assert describe({"kind": "x", "a": "1" * 100}) == f"x: a {'1' * 60}... (100 characters)"
    assert printable("a\n\x1b[31m\ud800é") == "a??[31m??"
