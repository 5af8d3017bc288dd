"""Signals and codes that cannot be read or do not fit: exit code 2 and one line; others' certificates: exit code 4."""

from __future__ import annotations

import hashlib
import io
import json
import pickle
import struct
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from certificate_dictionaries import SIMPLEX
from certificate_samples import sample
from certificate_writer import resealed
from problem_samples import ProblemSample, problem_sample

import certificates
from certificates.checker import main
from certificates.subjects import dictionary_from_values, read_signals, signals_from_values

FOLDER = Path(certificates.__file__).resolve().parent


def npy(values: object, **options: object) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, np.array(values, **options))
    return buffer.getvalue()


def headed(shape: str, body: bytes = b"") -> bytes:
    header = f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}".encode()
    header += b" " * (-(len(header) + 11) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + body


def spelled(rows: list[list]) -> bytes:
    """Exact JSON of a matrix."""
    if any(isinstance(x, complex) for row in rows for x in row):
        parts = {"real": [[str(int(complex(x).real)) for x in row] for row in rows]}
        parts["imaginary"] = [[str(int(complex(x).imag)) for x in row] for row in rows]
        return json.dumps(parts).encode()
    return json.dumps([[str(Fraction(x)) for x in row] for row in rows]).encode()


GOOD = npy([[1.0, 0.0, 1.0], [-2.0, 0.0, 1.0]])
REFUSED = {
    "empty.npy": (b"", "neither .npy nor exact .json"),
    "magic only.npy": (b"\x93NUMPY", "a truncated .npy header"),
    "truncated header.npy": (GOOD[:60], "the .npy header claims"),
    "truncated.npy": (GOOD[:-1], "needs 48 bytes of entries, the file has 47"),
    "more.npy": (GOOD + b"\0", "needs 48 bytes of entries, the file has 49"),
    "NaN.npy": (npy([1.0, float("nan")]), "an entry is not finite"),
    "infinite.npy": (npy([float("-inf"), 1.0]), "an entry is not finite"),
    "too short.npy": (npy([1.0]), "has length 2, and the one handed in has length 1"),
    "too long.npy": (npy([[1.0], [2.0], [3.0]]), "has length 2, and the one handed in has length 3"),
    "turned.npy": (npy([[1.0, -2.0]]), "has length 2, and the one handed in has length 1"),
    "complex.npy": (npy([1.0, 2j]), "is complex, and the dictionary is real"),
    "complex without imaginary parts.npy": (npy([1 + 0j, 2 + 0j]), "is complex, and the dictionary is real"),
    "no dimension.npy": (npy(1.0), "one or two dimensions, no objects"),
    "three dimensions.npy": (npy([[[1.0]], [[2.0]]]), "one or two dimensions, no objects"),
    "no entries.npy": (headed("(2, 0)"), "has no entries"),
    "nothing.npy": (headed("(0,)"), "has no entries"),
    "huge.npy": (headed("(999999999999999999,)"), "more than 20000000"),
    "texts.npy": (npy(["a", "b"]), "does not describe a matrix of numbers"),
    "booleans.npy": (npy([True, False]), "are not read"),
    "objects.npy": (npy([1, "x"], dtype=object), "does not describe a matrix of numbers"),
    "pickle.npy": (pickle.dumps([1.0, -2.0]), "neither .npy nor exact .json"),
    "pickle.pkl": (b"cos\nsystem\n(S'touch seen'\ntR.", "neither .npy nor exact .json"),
    "pickle.json": (b"cos\nsystem\n(S'touch seen'\ntR.", "not JSON"),
    "empty.json": (b"", "not JSON"),
    "null.json": (b"null", "an entry is neither an integer nor a text"),
    "no rows.json": (b"[]", "at least one row and column"),
    "empty rows.json": (b"[[],[]]", "at least one row and column"),
    "ragged.json": (b"[[1,2],[3]]", "the rows do not all have length 2"),
    "mixed.json": (b"[1,[2]]", "the rows are not a list of lists"),
    "NaN.json": (b"[NaN,1]", "an entry is neither an integer nor a text"),
    "decimal.json": (b"[1.5,2]", "an entry is neither an integer nor a text"),
    "short.json": (b"[1]", "has length 2, and the one handed in has length 1"),
    "complex.json": (b'{"real":[1,2],"imaginary":[0,0]}', "is complex, and the dictionary is real"),
    "halves.json": (b'{"real":[1,2],"imaginary":[0]}', "the rows do not all have length 1"),
    "deep.json": (b"[" * 10**5, "nested more than 3 deep"),
    "signal.csv": (b"1,-2\n", "neither .npy nor exact .json"),
}


@pytest.fixture
def files(tmp_path: Path) -> Path:
    for name in ("plane", "line", "recovered", "recovered-complex"):
        one = problem_sample(name)
        (tmp_path / f"{name}.json").write_bytes(one.data)
        (tmp_path / f"{name} D.json").write_bytes(spelled(one.rows))
        (tmp_path / f"{name} given.json").write_bytes(spelled(one.given))
    return tmp_path


def arguments(folder: Path, name: str, role: str = "", given: str = "", dictionary: str = "") -> list[str]:
    found = [str(folder / f"{name}.json"), "--dictionary", str(folder / f"{dictionary or name} D.json")]
    return [*found, f"--{role}", str(folder / given)] if role else found


def assert_refused(seen: str, why: str) -> None:
    assert seen.startswith("checker: ")
    assert seen.count("\n") == 1
    assert len(seen) < 700
    assert why in seen


@pytest.mark.parametrize("name", REFUSED)
def test_signals_that_are_refused(files, capsys, name):
    data, why = REFUSED[name]
    (files / name).write_bytes(data)
    assert main(arguments(files, "plane", "signal", name)) == 2
    seen = capsys.readouterr()
    assert seen.out == ""
    assert_refused(seen.err, why)
    assert not (files / "seen").exists()
    with pytest.raises(certificates.SubjectError):
        certificates.check(files / "plane.json", dictionary=files / "plane D.json", signal=files / name)


def test_files_that_are_missing_and_signals_handed_in_twice(files, capsys):
    for given in ("none.npy", "."):
        assert main(arguments(files, "plane", "signal", given)) == 2
        assert_refused(capsys.readouterr().err, "not a file" if given == "." else "no such file")
    twice = [*arguments(files, "plane", "signal", "plane given.json"), "--code", str(files / "plane given.json")]
    with pytest.raises(SystemExit) as ended:
        main(twice)
    assert ended.value.code == 2
    assert_refused(capsys.readouterr().err, "a signal or a code is handed in, not both")
    one = problem_sample("plane")
    with pytest.raises(certificates.SubjectError, match="not both"):
        certificates.check(one.data, dictionary=one.rows, signal=one.given, code=one.given)
    with pytest.raises(certificates.SubjectError, match="handed in as code is of role signal"):
        certificates.check(one.data, dictionary=one.rows, code=one.signals)


def test_codes_that_do_not_fit(files, capsys):
    (files / "short.json").write_bytes(b"[1,2,3]")
    assert main(arguments(files, "recovered", "code", "short.json")) == 2
    assert_refused(capsys.readouterr().err, "a code for this dictionary has length 4")


@pytest.mark.parametrize("kind", ["one dimension", "a column", "exact numbers", "a flat list", "a flat object"])
def test_one_signal_in_every_form(tmp_path, kind):
    data, suffix = {
        "one dimension": (npy([1.0, -2.0]), "npy"),
        "a column": (npy([[1], [-2]], dtype=">i4"), "npy"),
        "exact numbers": (b'[["1"],["-4/2"]]', "json"),
        "a flat list": (b'[1,"-2"]', "json"),
        "a flat object": (b'{"real":[1,-2]}', "json"),
    }[kind]
    path = tmp_path / f"y.{suffix}"
    path.write_bytes(data)
    assert read_signals(path, "signal").digest == signals_from_values([1, -2], "signal").digest


def test_the_digest_is_the_specification_s():
    """Section 3 of SPEC.md, written out by hand: the role stands for `dictionary`, zeros are signals too."""
    for role in ("signal", "code"):
        head = f"sparse-verify {role}\n".encode()
        plain = hashlib.sha256(head + b"real 2 1\nbinary64\n" + struct.pack("<2d", 0.5, 0.0)).hexdigest()
        assert signals_from_values([0.5, -0.0], role).digest == plain


def rejected(files: Path, capsys: pytest.CaptureFixture[str], *given: str) -> str:
    assert main(arguments(files, *given)) == 4
    seen = capsys.readouterr()
    assert seen.out.count("\n") == 1
    assert seen.err == ""
    return seen.out


def test_certificates_about_other_subjects(files, capsys):
    (files / "other.npy").write_bytes(npy([[1.0, 0.0, 1.0], [-2.0, 0.0, 2.0]]))
    (files / "one.npy").write_bytes(npy([1.0, -2.0]))
    (files / "codes.json").write_bytes(b"[[0,0],[0,0],[1,0],[0,0]]")
    (files / "as signal.json").write_bytes(b"[[1,0,1],[-2,0,1],[0,0,0]]")
    assert "about another signal: the digest" in rejected(files, capsys, "plane", "signal", "other.npy")
    assert "about another signal: the shape" in rejected(files, capsys, "plane", "signal", "one.npy")
    assert "about another code: the digest" in rejected(files, capsys, "recovered", "code", "codes.json")
    assert "role in the code is not one of code" in rejected(files, capsys, "plane", "code", "as signal.json")
    assert "it names 2 subjects, and one dictionary was handed in" in rejected(files, capsys, "plane")
    content = problem_sample("plane").content()
    (files / "named.json").write_bytes(resealed({**content, "subjects": content["subjects"][:1]}))
    named = rejected(files, capsys, "named", "", "", "plane")
    assert "step 0 (value-by-code): this rule is about signals, and none were handed in" in named


def test_a_certificate_about_a_dictionary_alone_wants_no_signals(files, capsys):
    (files / "alone.json").write_bytes(sample("simplex").data)
    (files / "alone D.json").write_bytes(spelled(SIMPLEX))
    (files / "y.json").write_bytes(json.dumps([1] * len(SIMPLEX)).encode())
    assert main(arguments(files, "alone")) == 0
    capsys.readouterr()
    assert "it names 1 subjects, and 2 were handed in" in rejected(files, capsys, "alone", "signal", "y.json")


def test_real_signals_of_complex_dictionaries():
    one = problem_sample("line")
    found = certificates.check(one.data, dictionary=one.rows, signal=[[3, 0, 2]])
    assert isinstance(found, certificates.Rejected)
    assert "the field differs" in found.why


def test_a_dictionary_and_signals_as_objects():
    one = problem_sample("plane")
    dictionary, signals = dictionary_from_values(one.rows), signals_from_values(one.given, "signal")
    for given in (one.given, signals):
        assert isinstance(certificates.check(one.data, dictionary=dictionary, signal=given), certificates.Accepted)
    for wrong in (1, "", b"", {}, [None], [[1], 2], [[1, 2]], [True, 1], [1.0, float("nan")]):
        with pytest.raises(certificates.SubjectError):
            certificates.check(one.data, dictionary=dictionary, signal=wrong)


def bare(folder: Path, *given: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", "-S", str(FOLDER / "checker.py"), *given]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("name", ["plane", "line", "recovered", "recovered-complex"])
def test_the_bare_checker(files, name):
    one: ProblemSample = problem_sample(name)
    given = arguments(files, name, one.role, f"{name} given.json")
    done = bare(files, *given)
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "accepted")
    assert done.stderr.startswith("work: ")
    claims = [line for line in done.stdout.splitlines() if line.startswith("  ")]
    assert len(claims) == len(one.content()["claims"])
    assert any("problem basis-pursuit (nonnegative" in line for line in claims)
    if name == "plane":
        (files / "bad.npy").write_bytes(REFUSED["NaN.npy"][0])
        for wrong, code in (("bad.npy", 2), ("line.json", 2), ("recovered.json", 2)):
            done = bare(files, *given[:-1], wrong)
            assert (done.returncode, done.stdout) == (code, "")
            assert_refused(done.stderr, "")
        (files / "other.json").write_bytes(b"[1,2]")
        done = bare(files, *given[:-1], "other.json")
        assert (done.returncode, done.stderr) == (4, "")
        assert done.stdout.startswith("rejected: certificate: it is about another signal")
