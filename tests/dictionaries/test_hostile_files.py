"""Hostile and broken files: each gives one clear line that names the file, soon, and nothing else."""

from __future__ import annotations

import io
import os
import pickle
import time
import tracemalloc
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from verify.dictionaries import load, load_csv, load_json, load_npy
from verify.dictionaries import text as text_module
from verify.errors import InputError, LimitError


def npy(array: Any, **options: Any) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array, **options)
    return buffer.getvalue()


def header(text: str, body: bytes = b"\0" * 32, version: bytes = b"\x01\x00") -> bytes:
    return (
        b"\x93NUMPY"
        + version
        + len(text.encode()).to_bytes(2 if version[0] == 1 else 4, "little")
        + text.encode()
        + body
    )


def described(descr: str = "'<f8'", order: str = "False", shape: str = "(2, 2)", body: bytes = b"\0" * 32) -> bytes:
    return header(f"{{'descr': {descr}, 'fortran_order': {order}, 'shape': {shape}, }}\n", body)


def zipped() -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, D=np.eye(2))
    return buffer.getvalue()


def unnormal() -> bytes:
    """An 80-bit number without its leading one, which no arithmetic produces."""
    data = bytearray(npy(np.array([[1.5, 1]], dtype=np.longdouble)))
    data[-25] = 0x40
    return bytes(data)


class Bomb:
    def __reduce__(self) -> tuple[Callable[..., object], tuple[str]]:
        return exec, ("raise SystemExit('a pickle was executed')",)


EYE = npy(np.eye(2))
DEEP = 100_000

NPY = {
    "empty": (b"", "an empty file"),
    "not npy": (b"hello, world", "not an .npy file: it begins with b'hello,'"),
    "magic only": (b"\x93NUMPY", "expected .npy version"),
    "version 4": (b"\x93NUMPY\x04\x00" + EYE[8:], "expected .npy version 1, 2 or 3, got version bytes b'\\x04\\x00'"),
    "version 1.1": (b"\x93NUMPY\x01\x01" + EYE[8:], "expected .npy version"),
    "no length": (b"\x93NUMPY\x01\x00", "header is truncated"),
    "half a length": (b"\x93NUMPY\x02\x00\x10\x00", "header is truncated"),
    "header cut": (EYE[:40], "header is truncated: it claims"),
    "header of 4 GiB": (b"\x93NUMPY\x02\x00\xff\xff\xff\xff{", "longer than 65536 bytes: it claims 4294967295"),
    "body cut": (EYE[:-1], "is truncated: shape (2, 2) of float64 needs 32 bytes of entries, got 31"),
    "no body": (EYE[:-32], "is truncated"),
    "two arrays": (EYE + EYE, "holds something after the array"),
    "terabytes": (described(shape="(1000000, 1000000)"), "needs 8000000000000 bytes of entries, got 32"),
    "overflowing shape": (described(shape="(999999999999999999, 999999999999999999)"), "is truncated"),
    "shape of 5000 digits": (described(shape=f"({'9' * 5000}, 2)"), "expected the shape of a matrix"),
    "negative shape": (described(shape="(-2, 2)"), "does not describe a plain array"),
    "shape without comma": (described(shape="(2 2)"), "expected the shape of a matrix"),
    "shape as a list": (described(shape="[2, 2]"), "does not describe a plain array"),
    "shape as code": (described(shape="__import__('os').getcwd()"), "does not describe a plain array"),
    "descr is a shape": (described(descr="(2, 2)"), "does not describe a plain array"),
    "order is a shape": (described(order="(2, 2)"), "does not describe a plain array"),
    "order is a number": (described(order="0"), "does not describe a plain array"),
    "shape is a text": (described(shape="'(2, 2)'"), "does not describe a plain array"),
    "key twice": (header("{'descr': '<f8', 'descr': '<f8', 'fortran_order': False, 'shape': (2, 2)}"), "plain array"),
    "key missing": (header("{'descr': '<f8', 'shape': (2, 2)}"), "plain array"),
    "key unknown": (header("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2), 'x': True}"), "plain array"),
    "rest after the header": (header("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2)}, 1}"), "plain array"),
    "nested header": (header("(" * 60_000), "plain array"),
    "minus header": (header("-" * 60_000 + "1"), "plain array"),
    "binary header": (header("\x00\x1b\n\xff" * 20), "plain array"),
    "spaces": (header("{'descr': '<f8', 'fortran_order': False, 'shape': (2" + " " * 60_000 + "x)}"), "plain array"),
    "more spaces": (
        header("{'descr': '<f8', 'fortran_order': False, 'shape': (2" + " " * 60_000 + "2)}"),
        "shape of a",
    ),
    "structured": (npy(np.zeros((2, 2), dtype=[("a", "f8")])), "plain array"),
    "0-D": (npy(np.float64(3)), "got an array of shape ()"),
    "1-D": (npy(np.ones(5)), "got an array of shape (5,)"),
    "3-D": (npy(np.ones((2, 3, 4))), "got an array of shape (2, 3, 4); filters are taken with --convolutional"),
    "no rows": (npy(np.ones((0, 4))), "got shape (0, 4)"),
    "no columns": (npy(np.ones((4, 0))), "got shape (4, 0)"),
    "one atom": (npy(np.ones((4, 1))), "two atoms (columns), got shape (4, 1)"),
    "bool": (npy(np.eye(2, dtype=bool)), "astype(np.int8)"),
    "question mark": (described(descr="'?'"), "astype(np.int8)"),
    "texts": (npy(np.array([["a", "b"]])), "got '<U1'"),
    "bytes": (npy(np.array([[b"a", b"b"]])), "got '|S1'"),
    "void": (npy(np.zeros((2, 2), dtype="V2")), "got '|V2'"),
    "dates": (npy(np.zeros((2, 2), dtype="M8[s]")), "got '<M8[s]'"),
    "durations": (npy(np.zeros((2, 2), dtype="m8[s]")), "got '<m8[s]'"),
    "subarray type": (described(descr="'(2,2)f8'"), "got '(2,2)f8'"),
    "comma type": (described(descr="'f8,f8'"), "got 'f8,f8'"),
    "type of 5000 digits": (described(descr=f"'<f{'8' * 5000}'"), "expected entries of a type"),
    "empty type": (described(descr="''"), "expected entries of a type"),
    "f12": (described(descr="'<f12'"), "cannot be read on this machine"),
    "no byte order": (described(descr="'f8'"), "expected a byte order"),
    "irrelevant byte order": (described(descr="'|f8'"), "expected a byte order"),
    "objects": (npy(np.array([[Fraction(1), 2]], dtype=object), allow_pickle=True), "never loaded"),
    "object bomb": (npy(np.array([[Bomb(), Bomb()]], dtype=object), allow_pickle=True), "never loaded"),
    "nan": (npy(np.array([[1, 2], [3, np.nan]])), "expected finite numbers, got nan at row 1, column 1"),
    "inf": (npy(np.array([[1, -np.inf]], dtype=np.float16)), "got -inf at row 0, column 1"),
    "complex inf": (npy(np.array([[1, complex(0, np.inf)]])), "got inf at row 0, column 1"),
    "longdouble nan": (npy(np.array([[1, np.nan]], dtype=np.longdouble)), "got nan at row 0, column 1"),
    "zero atom": (npy(np.array([[1, 0], [3, 0]])), "a zero column at index 1"),
    "negative zero atom": (npy(np.array([[1, -0.0]])), "a zero column at index 1"),
    "zero complex atom": (npy(np.array([[1j, 0]])), "a zero column at index 1"),
    "pickle": (pickle.dumps(np.eye(2)), "a pickle, which is never loaded"),
    "old pickle": (pickle.dumps(Bomb(), protocol=0), "not an .npy file"),
    "pickle bomb": (pickle.dumps(Bomb(), protocol=2), "a pickle, which is never loaded"),
    "npz": (zipped(), "a zip archive: expected the extension .npz, .pt or .pth"),
    "text in npy": (b"1,2\n3,4\n", "not an .npy file"),
}
CSV = {
    "blank": (b"\n\n  \n", "only blank or comment lines"),
    "comments": (b"# nothing\n", "only blank or comment lines"),
    "header line": (b"a,b\n1,2\n", "line 1, column 1: expected a number, got 'a'"),
    "ragged": (b"1,2\n\n3,4\n5,6,7\n", "rows of one length (separated by commas): line 1 has 2, line 4 has 3"),
    "mixed delimiters": (b"1,2\n3;4\n", "line 1 has 2, line 2 has 1"),
    "empty entry": (b"1,2,3\n1,,3\n", "line 2, column 2: expected a number, got an empty entry"),
    "last comma": (b"1,2,\n3,4,\n", "line 1, column 3: expected a number, got an empty entry"),
    "nan": (b"1,2\n3,NaN\n", "line 2, column 2: expected a finite number, got NaN"),
    "inf": (b"1,-inf\n", "line 1, column 2: expected a finite number, got -inf"),
    "overflow": (b"1.0,1e400\n", "line 1, column 2: expected a number that binary64 can hold, got 1e400"),
    "complex overflow": (b"1j,1e400+1j\n", "line 1, column 2: expected a number that binary64 can hold"),
    "decimal comma": (b"1,5;2,5\n", "line 1, column 1: expected a number, got '1,5' (write decimals with a point)"),
    "underscore": (b"1_0,2\n", "expected a number, got '1_0'"),
    "hexadecimal": (b"0x10,2\n", "expected a number, got '0x10'"),
    "other digits": ("٤,2\n".encode(), "expected a number, got '٤'"),
    "quotes": (b'"1","2"\n', "expected a number"),
    "formula": (b"=1+1,2\n", "expected a number, got '=1+1'"),
    "fraction of a fraction": (b"1/2/3,2\n", "expected a number, got '1/2/3'"),
    "denominator zero": (b"1/00,2\n", "'1/00' (the denominator is zero)"),
    "negative denominator": (b"1/-2,2\n", "expected a number, got '1/-2'"),
    "fraction and complex": (b"1/2,2j\n", "got both"),
    "complex in i": (b"1+2i,3\n", "expected a number, got '1+2i'"),
    "unclosed": (b"(1+2j,3\n", "expected a number, got '(1+2j'"),
    "exponent bomb": (b"1e999999999,1/2\n", "expected an exponent of at most 400"),
    "negative exponent bomb": (b"1e-999999999,1/2\n", "expected an exponent of at most 400"),
    "digit bomb": (b"9" * 5000 + b",1\n", "expected at most 4000 digits"),
    "decimal digit bomb": (b"0." + b"9" * 5000 + b",1/2\n", "expected at most 4000 digits"),
    "denominator bomb": (b"1/" + b"9" * 5000 + b",1\n", "expected at most 4000 digits"),
    "endless entry": (b"9" * 1_000_000 + b"x,1\n", "at most 8010 characters, got 1000001"),
    "points": (b"1" * 4000 + b"." + b"1" * 4000 + b"x,2", "expected a number"),
    "control characters": (b"1,\x1b[31m\n", "got '\\x1b[31m'"),
    "nul": (b"1,2\x00\n", "got '2\\x00'"),
    "latin-1": (b"1,2\xb5\n", "expected UTF-8 text, got the byte 0xb5 at offset 3"),
    "utf-16": ("1,2\n3,4\n".encode("utf-16"), "expected UTF-8 text, got the byte 0xff at offset 0"),
    "one column": (b"1\n2\n", "two atoms (columns), got shape (2, 1)"),
    "zero atom": (b"1,0\n2,0\n", "a zero column at index 1"),
    "exact zero atom": (b"1/3,0\n2,0\n", "a zero column at index 1"),
    "underflow": (b"1.0,-1e-400\n", "line 1, column 2: expected a number that binary64 can hold, got -1e-400"),
    "complex underflow": (b"1j,0.1-0.01e-400j\n", "line 1, column 2: expected a number that binary64 can hold"),
    "pickle": (pickle.dumps([[1, 2]]), "a pickle, which is never loaded"),
}
JSON = {
    "not json": (b"{", "not JSON"),
    "python": (b"[(1, 2)]", "not JSON"),
    "two values": (b"[[1, 2]] [[1, 2]]", "not JSON"),
    "half a text": (b'[["1, 2]]', "not JSON"),
    "text": (b'"hello"', "got a text for real"),
    "number": (b"3", "got a number for real"),
    "null": (b"null", "got null for real"),
    "true": (b"true", "got true or false for real"),
    "empty list": (b"[]", "got an empty list for real"),
    "empty object": (b"{}", "got the keys (none)"),
    "empty row": (b"[[]]", "got shape (1, 0)"),
    "1-D": (b"[1, 2]", "expected a matrix, a list of rows, got a number for row 0 of real"),
    "3-D": (b"[[[1], [2]]]", "got a list at row 0, column 0 of real"),
    "4-D": (b"[[[[1]]]]", "nested more than 3 deep"),
    "deep": (b"[" * DEEP + b"]" * DEEP, "nested more than 3 deep"),
    "deep objects": (b'{"a":' * DEEP, "nested more than 3 deep"),
    "deep in a text": (b'["]]]]", ' + b"[" * DEEP, "nested more than 3 deep"),
    "ragged": (b"[[1, 2], [3]]", "row 0 of real has 2, row 1 has 1"),
    "decimal": (b"[[0.1, 1]]", 'got the decimal 0.1: write it exactly, 0.1 as "1/10", or use .npy'),
    "exponent": (b"[[1e5, 1]]", "got the decimal 1e5"),
    "nan": (b"[[NaN, 1]]", "expected finite numbers, got NaN"),
    "infinity": (b"[[1, -Infinity]]", "expected finite numbers, got -Infinity"),
    "decimal text": (b'[["0.1", 1]]', "expected an integer or a text"),
    "denominator zero": (b'[["1/0", 1]]', "got '1/0' at row 0, column 0 of real"),
    "negative denominator": (b'[["1/-2", 1]]', "got '1/-2'"),
    "plus": (b'[["+1", 1]]', "got '+1'"),
    "blank": (b'[[" 1", 1]]', "got ' 1'"),
    "true entry": (b"[[true, 1]]", "got true or false at row 0, column 0"),
    "null entry": (b"[[1, 2], [1, null]]", "got null at row 1, column 1 of real"),
    "key twice": (b'{"real": [[1, 2]], "real": [[1, 3]]}', "a key that stands twice"),
    "other key": (b'{"matrix": [[1, 2]]}', "got the keys 'matrix'"),
    "key too many": (b'{"real": [[1, 2]], "x": 1}', "got the keys 'real', 'x'"),
    "imaginary alone": (b'{"imaginary": [[1, 2]]}', "got the keys 'imaginary'"),
    "long key": (b'{"' + b"x" * 10_000 + b'": 1}', "got the keys 'xxx"),
    "other shapes": (b'{"real": [[1, 2]], "imaginary": [[1, 2, 3]]}', "got real (1, 2) and imaginary (1, 3)"),
    "object for rows": (b'{"real": {}}', "got an object for real"),
    "backslash": (b'[["\\u0031", 1]]', "got a backslash"),
    "digit bomb": (b"[[" + b"9" * 5000 + b", 1]]", "at most 4000 digits, got 5000"),
    "digit bomb in a text": (b'[["' + b"9" * 5000 + b'", 1]]', "expected an integer or a text"),
    "utf-16": ("[[1, 2]]".encode("utf-16"), "expected UTF-8 text"),
    "one atom": (b"[[1], [2]]", "two atoms (columns), got shape (2, 1)"),
    "zero atom": (b'[[1, 0], [1, "0/5"]]', "a zero column at index 1"),
    "control character": (b'[["\x1b", 1]]', "not JSON"),
}
CASES = {
    f"{extension} {name}": (extension, *case)
    for extension, cases in ((".npy", NPY), (".csv", CSV), (".json", JSON))
    for name, case in cases.items()
}


@pytest.mark.parametrize("case", CASES)
def test_hostile_files_give_one_line_soon(tmp_path: Path, case: str) -> None:
    extension, data, wanted = CASES[case]
    path = tmp_path / f"hostile{extension}"
    path.write_bytes(data)
    start = time.perf_counter()
    tracemalloc.start()
    try:
        with pytest.raises(InputError) as error:
            load(path)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    message = str(error.value)
    assert wanted in message
    assert message.startswith(f"{path}: ")
    assert message.isprintable()
    assert len(message) < len(str(path)) + 250
    assert time.perf_counter() - start < 5
    assert peak < 64 << 20


@pytest.mark.skipif(np.finfo(np.longdouble).nmant != 63, reason="only 80-bit numbers have such patterns")
def test_an_invalid_extended_number_is_refused(tmp_path: Path) -> None:
    (tmp_path / "d.npy").write_bytes(unnormal())
    with pytest.raises(InputError, match="expected finite numbers, got nan at row 0, column 0"):
        load(tmp_path / "d.npy")


def test_places_that_hold_no_file(tmp_path: Path) -> None:
    (tmp_path / "file.npy").write_bytes(EYE)
    os.mkfifo(tmp_path / "pipe.npy")
    (tmp_path / "circle.npy").symlink_to(tmp_path / "circle.npy")
    places = {
        tmp_path / "missing.npy": "no such file",
        tmp_path / "file.npy" / "x.npy": "no such file",
        tmp_path: "a directory, and a file was wanted",
        tmp_path / "pipe.npy": "not a regular file",
        tmp_path / "circle.npy": "cannot be read: too many levels of symbolic links",
        tmp_path / ("x" * 300 + ".npy"): "cannot be read: file name too long",
        "nul\0.npy": "not a valid path",
        "surrogate\ud800.npy": "not a valid path",
        "": "a directory",
        "/dev/zero": "not a regular file",
    }
    for place, wanted in places.items():
        with pytest.raises(InputError, match=wanted) as error:
            load(place)
        assert str(error.value).isprintable()


def test_unreadable_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "d.npy").write_bytes(EYE)

    def deny(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", deny)
    with pytest.raises(InputError, match="cannot be read: permission denied"):
        load(tmp_path / "d.npy")


@pytest.mark.parametrize("name", ["line\nbreak.npy", "\x1b[31mred.npy", "\u202ereversed.npy", "tab\t.csv"])
def test_paths_are_shown_escaped(tmp_path: Path, name: str) -> None:
    for write in (False, True):
        if write:
            (tmp_path / name).write_bytes(b"x")
        with pytest.raises(InputError) as error:
            load(tmp_path / name)
        assert str(error.value).isprintable()
        assert repr(name)[1:-1] in str(error.value)


@pytest.mark.parametrize("name", ["d", "d.pkl", "d.xlsx", "d.\n\x1b", "d." + "x" * 200])
def test_unknown_extensions_are_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"1,2\n3,4\n")
    with pytest.raises(
        InputError, match=r"expected a file of a known kind \(.npy, .csv, .tsv, .txt, .json, .npz"
    ) as error:
        load(tmp_path / name)
    assert str(error.value).isprintable()


@pytest.mark.parametrize(
    ("name", "data", "module", "limit", "wanted"),
    [
        ("d.npy", EYE, load_npy, "LARGEST_NPY", "at most 100 are read"),
        ("d.csv", b"1,2\n" * 100, text_module, "LARGEST_TEXT", "save the matrix with np.save"),
        ("d.csv", b"1,2\n" * 51, load_csv, "MOST_TEXT_ENTRIES", "more than 100 entries"),
        ("d.json", b"[" + b"[1,2],\n" * 100, text_module, "LARGEST_TEXT", "save the matrix with np.save"),
        ("d.json", b"[" + b"[1,2],\n" * 51, load_json, "MOST_TEXT_ENTRIES", "more than 100 entries"),
        ("d.json", b"[" * 101, load_json, "_MOST_ROWS", "or 100 rows"),
    ],
)
def test_large_files_are_refused_by_a_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, data: bytes, module: Any, limit: str, wanted: str
) -> None:
    (tmp_path / name).write_bytes(data)
    monkeypatch.setattr(module, limit, 100)
    with pytest.raises(LimitError, match=wanted) as error:
        load(tmp_path / name)
    assert str(error.value).startswith(f"{tmp_path / name}: ")


def test_a_file_that_shrinks_and_a_machine_without_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "d.npy").write_bytes(EYE)
    monkeypatch.setattr(np, "fromfile", lambda *_, **__: np.ones(3))
    with pytest.raises(InputError, match="became shorter while it was read: got 3 of 4 entries"):
        load(tmp_path / "d.npy")

    def exhausted(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(np, "fromfile", exhausted)
    with pytest.raises(InputError, match="more memory than there is"):
        load(tmp_path / "d.npy")


@given(st.binary(max_size=200), st.sampled_from([".npy", ".csv", ".json"]))
@example(b"\x93NUMPY\x01\x00\x00\x00", ".npy")
@settings(max_examples=300, deadline=None)
def test_arbitrary_bytes_never_raise_anything_else(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, extension: str
) -> None:
    path = tmp_path_factory.getbasetemp() / f"arbitrary{extension}"
    for content in (data, b"\x93NUMPY" + data, b"\x93NUMPY\x01\x00" + data, b"[[" + data + b"]]"):
        path.write_bytes(content)
        try:
            load(path)
        except InputError as error:
            assert str(error).isprintable()


@given(st.integers(0, len(EYE) - 1), st.integers(0, 255))
@example(EYE.index(b"2)"), ord("\t"))
@settings(max_examples=300, deadline=None)
def test_one_changed_byte_never_raises_anything_else(
    tmp_path_factory: pytest.TempPathFactory, at: int, byte: int
) -> None:
    data = bytearray(EYE)
    data[at] = byte
    path = tmp_path_factory.getbasetemp() / "changed.npy"
    path.write_bytes(data)
    try:
        assert load(path).shape in ((2, 2), (1, 4), (4, 1), (2, 4))
    except InputError as error:
        assert str(error).isprintable()
