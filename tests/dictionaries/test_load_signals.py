"""Signals from files: what dictionaries are read from, one dimension too, and the same refusals."""

from __future__ import annotations

import io
import pickle
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import certificates
import verify
from verify.dictionaries.rounding_radius import rounding_radius
from verify.errors import InputError


def npy(array: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


COLUMNS = {
    "matrix.npy": npy(np.array([[1.5, 2], [-3, 0]])),
    "fortran.npy": npy(np.asfortranarray([[1.5, 2], [-3, 0]])),
    "float32.npy": npy(np.array([[1.5, 2], [-3, 0]], dtype=np.float32)),
    "matrix.csv": b"1.5,2\n-3,0\n",
    "matrix.txt": b"# two signals\n1.5 2\n-3 0\n",
    "matrix.json": b'[["3/2", 2], [-3, 0]]',
    "real.json": b'{"real": [["3/2", 2], [-3, 0]]}',
}
FLAT = {
    "flat.npy": npy(np.array([1.5, -3])),
    "column.npy": npy(np.array([[1.5], [-3]])),
    "column.csv": b"1.5\n-3\n",
    "flat.json": b'["3/2", -3]',
    "column.json": b'[["3/2"], [-3]]',
    "real.json": b'{"real": ["3/2", -3]}',
}


@pytest.mark.parametrize("name", COLUMNS)
def test_columns_are_signals_and_zero_ones_too(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(COLUMNS[name])
    signals = verify.load_signals(tmp_path / name)
    assert signals.shape == (2, 2)
    assert [signal.fractions[0] for signal in signals] == [[Fraction(3, 2), -3], [2, 0]]
    assert signals.origin.source == str(tmp_path / name)
    assert signals.digest == verify.Signals.from_array(np.array([[1.5, 2], [-3, 0]])).digest


@pytest.mark.parametrize("name", FLAT)
def test_one_dimension_is_one_signal(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(FLAT[name])
    signals = verify.load_signals(tmp_path / name)
    assert signals.shape == (2, 1)
    assert signals[0].fractions == ([Fraction(3, 2), -3], None)


def test_complex_signals(tmp_path: Path) -> None:
    (tmp_path / "y.json").write_bytes(b'{"real": ["1/3", 0], "imaginary": [0, 1]}')
    np.save(tmp_path / "y.npy", np.array([1j, 2]))
    assert verify.load_signals(tmp_path / "y.json")[0].fractions == ([Fraction(1, 3), 0], [0, 1])
    assert verify.load_signals(tmp_path / "y.npy")[0].fractions == ([0, 2], [1, 0])


def test_extended_precision_is_kept_and_said(tmp_path: Path) -> None:
    np.save(tmp_path / "y.npy", np.array([1, 1], dtype=np.longdouble) / 3)
    signals = verify.load_signals(tmp_path / "y.npy")
    if np.finfo(np.longdouble).nmant > 52:
        assert signals.origin.loader == "npy (long double)"
        assert signals[0].fractions[0][0] != Fraction(1 / 3)


HOSTILE = {
    "0-D.npy": (npy(np.array(3.0)), "a matrix (signals are columns) or one signal, got an array of shape ()"),
    "3-D.npy": (npy(np.ones((2, 3, 4))), "got an array of shape (2, 3, 4)"),
    "empty.npy": (npy(np.ones(0)), "got an array of shape (0, 1)"),
    "no columns.npy": (npy(np.ones((4, 0))), "got an array of shape (4, 0)"),
    "cut.npy": (npy(np.ones(4))[:-1], "is truncated: shape (4, 1) of float64 needs 32 bytes of entries, got 31"),
    "nan.npy": (npy(np.array([1, np.nan])), "expected finite numbers, got nan at row 1, column 0"),
    "inf.npy": (npy(np.array([[1, -np.inf]])), "got -inf at row 0, column 1"),
    "complex nan.npy": (npy(np.array([1, complex(0, np.nan)])), "got nan at row 1, column 0"),
    "bool.npy": (npy(np.ones(3, dtype=bool)), "astype(np.int8)"),
    "pickle.npy": (pickle.dumps([1, 2]), "a pickle, which is never loaded"),
    "nan.csv": (b"1\nnan\n", "line 2, column 1: expected a finite number, got nan"),
    "empty.json": (b"[]", "got an empty list for real"),
    "mixed.json": (b"[1, [2]]", "got a number for row 0 of real"),
    "decimal.json": (b"[0.1]", 'write it exactly, 0.1 as "1/10"'),
    "null.json": (b"[null]", "got null at row 0, column 0 of real"),
    "parts.json": (b'{"real": [1, 2], "imaginary": [1]}', "got real (2, 1) and imaginary (1, 1)"),
    "deep.json": (b"[" * 100_000, "nested more than 3 deep"),
    "words.txt": (b"hello\n", "expected a number, got 'hello'"),
    "other.xyz": (b"1\n", "got the extension '.xyz'"),
    "nothing.npy": (b"", "an empty file"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_give_one_line(tmp_path: Path, name: str) -> None:
    data, wanted = HOSTILE[name]
    (tmp_path / name).write_bytes(data)
    with pytest.raises(InputError) as error:
        verify.load_signals(tmp_path / name)
    assert wanted in str(error.value)
    assert str(error.value).startswith(f"{tmp_path / name}: ")
    assert str(error.value).isprintable()


def test_what_is_no_path(tmp_path: Path) -> None:
    for source, wanted in (
        (tmp_path / "missing.npy", "no such file"),
        (tmp_path, "a directory"),
        ("builtin:digits", "there are no built-in signals: give a file"),
        (3, "expected a path, got int"),
    ):
        with pytest.raises(InputError, match=wanted):
            verify.load_signals(source)  # pyright: ignore[reportArgumentType]


@given(st.binary(max_size=200), st.sampled_from([".npy", ".csv", ".json"]))
@settings(max_examples=100, deadline=None)
def test_arbitrary_bytes_never_raise_anything_else(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, extension: str
) -> None:
    path = tmp_path_factory.getbasetemp() / f"arbitrary signal{extension}"
    for content in (data, b"\x93NUMPY\x01\x00" + data, b"[" + data + b"]"):
        path.write_bytes(content)
        try:
            verify.load_signals(path)
        except InputError as error:
            assert str(error).isprintable()


def test_arrays_of_one_dimension_with_bad_entries() -> None:
    for entries, wanted in (
        ([Fraction(1), float("nan")], "got nan at index 1"),
        ([Fraction(1), "x"], "expected numbers, got str|expected real or complex"),
    ):
        with pytest.raises(InputError, match=wanted):
            verify.Signals.from_array(np.array(entries, dtype=object))


@given(
    st.sampled_from([np.float16, np.float32, np.float64]),
    st.lists(st.fractions(min_value=-60000, max_value=60000), min_size=1, max_size=4),
)
@settings(max_examples=200, deadline=None)
def test_the_rounding_radius_holds_what_was_rounded(dtype: type[np.floating], exact: list[Fraction]) -> None:
    rounded = np.array([dtype(float(value)) for value in exact])
    if dtype is not np.float64:  # rounded twice: begin with what double precision holds
        exact = [Fraction(float(value)) for value in exact]
    if not np.isfinite(rounded).all():
        return
    radius = rounding_radius(verify.Signals.from_array(rounded), 0)
    distance = sum((Fraction(float(v)) - x) ** 2 for v, x in zip(rounded, exact, strict=True))
    assert distance <= radius**2


def test_the_rounding_radius_is_attained_and_hardly_more() -> None:
    signals = verify.Signals.from_array(np.array([1.0, -1.0, 0.0]))
    half, tiny = Fraction(1, 2**53), Fraction(1, 2**1075)
    square = 2 * half**2 + tiny**2
    assert square <= rounding_radius(signals, 0) ** 2 <= square * (1 + Fraction(1, 2**30))
    least = rounding_radius(verify.Signals.from_array(np.zeros(1)), 0)
    assert tiny <= least <= Fraction(1, 2**990)
    both = rounding_radius(verify.Signals.from_array(np.array([1 + 1j])), 0)
    assert 2 * half**2 <= both**2 <= 2 * half**2 * (1 + Fraction(1, 2**30))


@pytest.mark.parametrize("entries", [[1, 2], [Fraction(1, 3), Fraction(2)]])
def test_exact_signals_have_no_rounding_radius(entries: list[object]) -> None:
    with pytest.raises(InputError, match="expected signals of floats for a rounding radius, got exact ones"):
        rounding_radius(verify.Signals.from_array(entries), 0)  # pyright: ignore[reportArgumentType]


def test_the_checker_has_the_same_digest(tmp_path: Path) -> None:
    signals = getattr(certificates, "Signals", None)
    if signals is None:
        pytest.skip("the checker reads no signals yet")
    for name, data in (*COLUMNS.items(), *FLAT.items()):
        if name.endswith((".npy", ".json")):
            (tmp_path / name).write_bytes(data)
            read = verify.load_signals(tmp_path / name)
            for role, digest in (("signal", read.digest), ("code", read.code_digest)):
                rows = read.real.tolist()
                assert signals.from_rows(rows, None, role).digest == digest
