"""Files of filters that are none, work that is too much, and the checker's command line with filters."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from filter_samples import filter_sample

import certificates
from certificates.checker import main
from certificates.filters import read_filters
from certificates.format import integers, packed
from certificates.rules import FILTER_RULES

FOLDER = Path(certificates.__file__).resolve().parent


def npy(array: np.ndarray, **options: object) -> bytes:
    file = io.BytesIO()
    np.lib.format.write_array(file, array, **options)  # type: ignore[arg-type]
    return file.getvalue()


GOOD = np.array([[[4.0, 1, -1]], [[1, -3, 1]]])


@pytest.mark.parametrize("kind", ["<f2", ">f2", "<f4", ">f4", "<f8", ">f8", "i1", "<i2", ">i4", "<i8"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_all_kinds_of_entries_are_the_same_filters(tmp_path, kind, order):
    path = tmp_path / "F.npy"
    path.write_bytes(npy(np.asarray(GOOD.astype(kind), order=order)))
    assert read_filters(path, "2", "full").digest == filter_sample("strided").filters.digest
    planes = filter_sample("planes").filters
    path.write_bytes(npy(np.asarray(np.array(planes.vectors).reshape(2, 1, 2, 2).astype(kind), order=order)))
    assert read_filters(path, "1,2", "full").digest == planes.digest


@pytest.mark.parametrize(
    ("data", "stride", "boundary", "message"),
    [
        (npy(GOOD), None, "full", "need --stride and --boundary"),
        (npy(GOOD), "1", None, "need --stride and --boundary"),
        (npy(GOOD), "0", "full", "one positive integer for each axis"),
        (npy(GOOD), "1;1", "full", "one positive integer for each axis"),
        (npy(GOOD), "1,1", "full", "one positive integer for each axis"),
        (npy(GOOD), "1", "valid", "one of full, circular, same"),
        (npy(GOOD), "2", "same", "same has stride 1"),
        (npy(GOOD[:, :, :2]), "1", "same", "odd number"),
        (npy(np.ones((1, 1, 1001))), "1", "same", "at most 1000 taps"),
        (npy(np.array([[[0.0, 0, 1]]])), "1", "same", "filter 0 is zero where the boundary cuts it to the taps 0..1"),
        (npy(np.array([[[1.0, 0]], [[0, 0]]])), "1", "full", "filter 1 is zero"),
        (npy(np.array([[[1.0, np.nan]]])), "1", "full", "not finite"),
        (npy(GOOD[0]), "1", "full", "3 or 4 axes"),
        (npy(GOOD[None, None]), "1", "full", "3 or 4 axes"),
        (npy(GOOD.astype(complex)), "1", "full", "3 or 4 axes"),
        (npy(GOOD > 0), "1", "full", "real numbers"),
        (npy(GOOD.astype(object), allow_pickle=True), "1", "full", "real numbers"),
        (npy(GOOD)[:-1], "1", "full", "needs 48 bytes"),
        (npy(GOOD) + b"x", "1", "full", "needs 48 bytes"),
        (npy(GOOD)[:9], "1", "full", "truncated"),
        (npy(GOOD)[:40], "1", "full", "header claims"),
        (npy(GOOD).replace(b"(2, 1, 3)", b"(0, 1, 3)"), "1", "full", "no entries"),
        (npy(GOOD).replace(b"(2, 1, 3), }         ", b"(90000000, 9, 3), }  "), "1", "full", "more than 20000000"),
        (npy(GOOD).replace(b"<f8", b"|f8"), "1", "full", "are not read"),
        (b"\x93NUMPY\x04\x00" + npy(GOOD)[8:], "1", "full", "unknown .npy version"),
        (b"[[[1]]]", "1", "full", "read from .npy"),
    ],
)
def test_files_that_are_no_filters(tmp_path, data, stride, boundary, message):
    path = tmp_path / "F.npy"
    path.write_bytes(data)
    with pytest.raises(certificates.SubjectError, match=message):
        read_filters(path, stride, boundary)


def test_files_that_are_missing_or_too_large(tmp_path, monkeypatch):
    with pytest.raises(certificates.SubjectError, match="no such file"):
        read_filters(tmp_path / "none.npy", "1", "full")
    with pytest.raises(certificates.SubjectError, match="not a file"):
        read_filters(tmp_path, "1", "full")
    (tmp_path / "F.npy").write_bytes(npy(GOOD))
    monkeypatch.setattr("certificates.filters.LARGEST_FILE", 100)
    with pytest.raises(certificates.SubjectError, match="larger than 100 bytes"):
        read_filters(tmp_path / "F.npy", "1", "full")


@pytest.mark.parametrize(
    ("shape", "count"), [((1, 1), 2), ((2, 0, 3), 0), ((1, 1, 1, 1, 1), 1), ((2, 1, 3), 5), ((), 0)]
)
def test_values_that_do_not_fit_their_shape(shape, count):
    with pytest.raises(certificates.SubjectError, match="3 or 4 axes"):
        certificates.Filters.of([1] * count, shape, (1,), "full")


def test_entries_that_are_too_long_together(monkeypatch):
    monkeypatch.setattr("certificates.rules.dictionary.MOST_BITS", 1000)
    with pytest.raises(certificates.SubjectError, match="filters 0 to 0 make the entries too long"):
        certificates.Filters.of([1, 2.0**-1000], (1, 1, 2), (1,), "full")


@pytest.mark.parametrize("boundary", ["full", "circular", "same"])
def test_work_is_known_before_it_is_done(boundary):
    """The estimates of long filters take no time, and are above the checker's limit."""
    long = 999 if boundary == "same" else 200_001
    exact = certificates.Filters.of([1] * (2 * long), (2, 1, long), (1,), boundary)
    pair = {"first": [0, 0], "second": [1, 0], "lengths": [10**6]}
    assert FILTER_RULES["filter-coherence"](exact, pair).work > 10**10
    assert FILTER_RULES["filter-babel"](exact, {"lower": ["0"], "upper": ["1"]}).work > 10**10
    weights = {"margin": [0], "upper": integers([1, 1]), "weights": packed(bytes([1]) * (2 * long), 1)}
    assert FILTER_RULES["filter-generalized-coherence"](exact, weights).work > 10**10


def test_work_limits_are_kept():
    one = filter_sample("full")
    work = certificates.estimate_work(one.data, filters=one.filters)
    assert isinstance(certificates.check(one.data, filters=one.filters, work_limit=work), certificates.Accepted)
    answer = certificates.check(one.data, filters=one.filters, work_limit=work - 1)
    assert isinstance(answer, certificates.Rejected)
    assert "over the work limit" in answer.why


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "c.json").write_bytes(filter_sample("strided").data)
    (tmp_path / "F.npy").write_bytes(npy(GOOD))
    return tmp_path


def test_the_bare_checker_with_filters(files):
    command = [sys.executable, "-I", "-S", str(FOLDER / "checker.py"), "c.json", "--filters", "F.npy"]
    rest = ["--stride", "2", "--boundary", "full"]
    done = subprocess.run([*command, *rest], cwd=files, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "accepted")
    assert "  convolutional-guaranteed: level 1, question l1, scaling unit, sizes every, sparsity stripe" in done.stdout
    assert "relied on" not in done.stdout


def test_the_command_line(files, capsys):
    start = [str(files / "c.json"), "--filters", str(files / "F.npy")]
    assert main([*start, "--stride", "2", "--boundary", "full"]) == 0
    assert main([*start, "--stride", "1", "--boundary", "full"]) == 4
    assert main([*start, "--stride", "2", "--boundary", "circular"]) == 4
    assert "another stride or another boundary" in capsys.readouterr().out
    assert main(start) == 2
    assert main([*start, "--stride", "2,2", "--boundary", "full"]) == 2
    capsys.readouterr()
    dictionary = ["--dictionary", str(files / "F.npy")]
    for arguments, message in (
        ([*start, "--stride", "2", "--boundary", "none"], "invalid choice"),
        ([*start, *dictionary], "--dictionary goes not with --filters"),
        ([*start, "--signal", "y.npy"], "--signal goes not with --filters"),
        ([start[0], *dictionary, "--stride", "1"], "--stride goes only with --filters"),
        ([start[0], *dictionary, "--boundary", "full"], "--boundary goes only with --filters"),
        ([start[0]], "required: --dictionary, or --filters"),
    ):
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        assert ended.value.code == 2
        assert message in capsys.readouterr().err


def test_the_digest_is_the_one_specified():
    import hashlib

    entries = struct.pack("<6d", *GOOD.ravel())
    header = b"sparse-verify filters\nreal 2 1 3\nstride 2\nboundary full\nbinary64\n"
    assert filter_sample("strided").filters.digest == hashlib.sha256(header + entries).hexdigest()
