"""Dictionaries that cannot be read: SubjectError from `check`, exit code 2 and one line at the command line."""

from __future__ import annotations

import io
import struct
import sys
import time
from fractions import Fraction

import pytest
from certificate_dictionaries import SIMPLEX
from certificate_samples import sample
from hypothesis import given, settings
from hypothesis import strategies as st

import certificates
from certificates.checker import main, read_dictionary
from certificates.rules import dictionary as dictionary_module

SECONDS = 20  # only a guard against hanging


def npy(shape: str = "(3, 4)", descr: str = "'<f8'", order: str = "False", body: bytes | None = None) -> bytes:
    header = f"{{'descr': {descr}, 'fortran_order': {order}, 'shape': {shape}, }}".encode("latin-1")
    header += b" " * (-(len(header) + 11) % 64) + b"\n"
    if body is None:
        body = struct.pack("<12d", *(x for row in SIMPLEX for x in row))
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + body


GOOD = npy()
NPY = {
    "empty": b"",
    "text": b"1 2 3\n4 5 6\n",
    "magic only": b"\x93NUMPY",
    "no length": b"\x93NUMPY\x01\x00",
    "truncated header": GOOD[:40],
    "truncated entries": GOOD[:-1],
    "extra bytes": GOOD + b"\0",
    "version 0": GOOD[:6] + b"\x00\x00" + GOOD[8:],
    "version 4": GOOD[:6] + b"\x04\x00" + GOOD[8:],
    "long header": b"\x93NUMPY\x02\x00" + struct.pack("<I", 2**32 - 1) + b"{}",
    "terabytes": npy("(1000000, 1000000)"),
    "10^18 rows": npy("(999999999999999999, 999999999999999999)"),
    "10^17 rows of nothing": npy("(100000000000000000, 0)", body=b""),
    "10^17 columns of nothing": npy("(0, 100000000000000000)", body=b""),
    "Fortran rows of nothing": npy("(100000000000000000, 0)", order="True", body=b""),
    "100 digits": npy(f"({10**100}, 2)"),
    "negative shape": npy("(-3, -4)"),
    "one dimension": npy("(12,)"),
    "three dimensions": npy("(3, 2, 2)"),
    "no shape": npy("()"),
    "float shape": npy("(3.0, 4)"),
    "expression": npy("(3, __import__('os').getpid())"),
    "objects": npy(descr="'|O'"),
    "pickle": npy(descr="'|O'", body=b"cos\nsystem\n(S'true'\ntR."),
    "records": npy(descr="[('a', '<f8')]"),
    "texts": npy(descr="'<U8'"),
    "booleans": npy(descr="'|b1'", body=b"\1" * 12),
    "long double": npy(descr="'<f16'", body=b"\1" * 192),
    "without byte order": npy(descr="'|f8'"),
    "native byte order": npy(descr="'=f8'"),
    "unknown order": npy(order="None"),
    "NaN": npy("(1, 2)", body=struct.pack("<2d", 1.0, float("nan"))),
    "infinite": npy("(1, 2)", body=struct.pack("<2d", 1.0, float("inf"))),
    "infinite half": npy("(1, 2)", descr="'<f2'", body=b"\x00\x3c\x00\x7c"),
    "zero atom": npy("(1, 2)", body=struct.pack("<2d", 1.0, -0.0)),
    "one atom": npy("(2, 1)", body=struct.pack("<2d", 1.0, 2.0)),
    "a zip": b"PK\x03\x04" + b"\0" * 100,
}
JSON = {
    "empty": b"",
    "no JSON": b"rows",
    "null": b"null",
    "number": b"1",
    "empty list": b"[]",
    "empty rows": b"[[],[]]",
    "one atom": b"[[1],[2]]",
    "ragged": b"[[1,2],[3]]",
    "flat": b"[1,2]",
    "nested": b"[[[1],[2]]]",
    "nested 4": b"[[[[1]]]]",
    "deep": b"[" * 10**6 + b"]" * 10**6,
    "deep unclosed": b"[" * 10**6,
    "deep objects": b'{"a":' * 10**6,
    "decimal point": b"[[1.5,2]]",
    "exponent": b"[[1e2,2]]",
    "NaN": b"[[NaN,2]]",
    "Infinity": b"[[Infinity,2]]",
    "true": b"[[true,2]]",
    "null entry": b"[[null,2]]",
    "text": b'[["one","2"]]',
    "zero denominator": b'[["1/0","2"]]',
    "zeros denominator": b'[["1/000","2"]]',
    "negative denominator": b'[["1/-2","2"]]',
    "decimal text": b'[["1.5","2"]]',
    "underscore": b'[["1_0","2"]]',
    "plus": b'[["+1","2"]]',
    "spaces": b'[[" 1","2"]]',
    "integer of 4001 digits": b"[[" + b"9" * 4001 + b",2]]",
    "integer of 10^6 digits": b"[[" + b"9" * 10**6 + b",2]]",
    "text of 10^5 digits": b'[["' + b"9" * 10**5 + b'","2"]]',
    "escape": b'[["\\u0031","2"]]',
    "non-ASCII digits": '[["١","2"]]'.encode(),
    "byte order mark": b"\xef\xbb\xbf[[1,2]]",
    "UTF-16": "[[1,2]]".encode("utf-16"),
    "UTF-16 hiding a depth": '["∀"'.encode("utf-16-le") + "[".encode("utf-16-le") * 10**5,
    "UTF-32": "[[1,2]]".encode("utf-32"),
    "not UTF-8": b'[["\xff","2"]]',
    "unknown key": b'{"real":[[1,2]],"unit":true}',
    "no real part": b'{"imaginary":[[1,2]]}',
    "empty object": b"{}",
    "key twice": b'{"real":[[1,2]],"real":[[3,4]]}',
    "parts of other shapes": b'{"real":[[1,2]],"imaginary":[[1,2],[3,4]]}',
    "ragged imaginary part": b'{"real":[[1,2]],"imaginary":[[1]]}',
    "null imaginary part": b'{"real":[[1,2]],"imaginary":null}',
    "zero atom": b'[[1,0],[2,"-0/5"]]',
    "two values": b"[[1,2]][[1,2]]",
    "comma at the end": b"[[1,2],]",
    "4 10^7 commas": b"[" + b"," * 40_000_001,
}
CASES = [(name, "npy") for name in NPY] + [(name, "json") for name in JSON]


@pytest.mark.parametrize("name, kind", CASES)
def test_unreadable_dictionaries(tmp_path, capsys, name, kind):
    path, certificate = tmp_path / f"d.{kind}", tmp_path / "c.json"
    path.write_bytes((NPY if kind == "npy" else JSON)[name])
    certificate.write_bytes(sample("simplex").data)
    start = time.monotonic()
    with pytest.raises(certificates.SubjectError) as caught:
        certificates.check(certificate, dictionary=path)
    assert str(path) in str(caught.value)
    assert len(str(caught.value)) < 500
    assert main([str(certificate), "--dictionary", str(path)]) == 2
    seen = capsys.readouterr()
    assert seen.out == ""
    assert seen.err.startswith("checker: ")
    assert seen.err.count("\n") == 1
    assert time.monotonic() - start < SECONDS


REASONS = {
    ("10^17 rows of nothing", "npy"): "has no entries",
    ("terabytes", "npy"): "more than 20000000",
    ("extra bytes", "npy"): "needs 96 bytes of entries, the file has 97",
    ("objects", "npy"): "does not describe a matrix of numbers",
    ("long double", "npy"): "entries of type <f16 are not read",
    ("zero atom", "npy"): "atom 1 is zero",
    ("NaN", "npy"): "an entry is not finite",
    ("one atom", "npy"): "at least one row and two atoms, not shape (2, 1)",
    ("ragged", "json"): "the rows do not all have length 2",
    ("flat", "json"): "the rows are not a list of lists",
    ("key twice", "json"): "a key that stands twice",
    ("nested 4", "json"): "nested more than 3 deep",
    ("decimal point", "json"): "neither an integer nor a text",
    ("integer of 4001 digits", "json"): "an integer of more than 4000 digits",
    ("UTF-16 hiding a depth", "json"): "not printable ASCII",
    ("escape", "json"): "not printable ASCII without backslash",
    ("4 10^7 commas", "json"): "more than 20000000 entries",
    ("unknown key", "json"): "a list of rows or",
}


@pytest.mark.parametrize("name, kind", REASONS)
def test_the_reason_is_said(tmp_path, name, kind):
    path = tmp_path / f"d.{kind}"
    path.write_bytes((NPY if kind == "npy" else JSON)[name])
    with pytest.raises(certificates.SubjectError) as caught:
        read_dictionary(path)
    assert REASONS[name, kind] in str(caught.value)


def test_missing_files_and_folders(tmp_path, capsys):
    good, certificate = tmp_path / "d.npy", tmp_path / "c.json"
    good.write_bytes(GOOD)
    certificate.write_bytes(sample("simplex").data)
    for path in (tmp_path / "none.npy", tmp_path):
        with pytest.raises(certificates.SubjectError, match=r"no such file|not a file"):
            certificates.check(certificate, dictionary=path)
        assert main([str(certificate), "--dictionary", str(path)]) == 2
        assert main([str(path), "--dictionary", str(good)]) == 2
        with pytest.raises(OSError):
            certificates.check(path, dictionary=good)
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 4
    assert all(line.startswith("checker: ") for line in lines)
    assert main([str(certificate), "--dictionary", str(good)]) == 0


def test_a_file_that_is_too_large(tmp_path):
    path = tmp_path / "d.npy"
    with path.open("wb") as file:
        file.truncate((1 << 30) + 1)  # sparse
    with pytest.raises(certificates.SubjectError, match="larger than 1073741824 bytes"):
        read_dictionary(path)


@pytest.mark.parametrize(
    "rows",
    [
        None,
        1,
        "[[1,2]]x",
        b"[[1, 2]]",
        [],
        [[]],
        [1, 2],
        ["12"],
        [[1, 2], [3]],
        [[1, "2"]],
        [[1, None]],
        [[1, True]],
        [[1, float("nan")]],
        [[1, float("inf")]],
        [[1, complex(0, float("inf"))]],
        [[1, 0]],
        [[1, 0j]],
        [[1], [2]],
        {"real": [[1, 2]]},
    ],
)
def test_values_that_are_no_dictionary(rows):
    with pytest.raises(certificates.SubjectError):
        certificates.check(sample("simplex").data, dictionary=rows)


def test_long_common_denominators_are_refused_early(monkeypatch):
    monkeypatch.setattr(dictionary_module, "MOST_BITS", 10**6)
    rows = [[Fraction(1, 10**50 + 2 * i + j) for j in range(2)] for i in range(100)]
    with pytest.raises(certificates.SubjectError, match="the common denominators of atoms 0 to 0"):
        certificates.check(b"", dictionary=rows)


def test_json_with_long_numbers_is_read_exactly(tmp_path):
    nines = "9" * 4000
    path = tmp_path / "d.json"
    path.write_text(f'[[{nines},"-{nines}/7"],\r\n\t[-{nines}, "0"]]\n')
    n = 10**4000 - 1
    assert (
        read_dictionary(path).digest
        == certificates.checker.dictionary_from_values([[n, Fraction(-n, 7)], [-n, 0]]).digest
    )


def test_python_s_own_limit_is_no_traceback(tmp_path):
    path = tmp_path / "d.json"
    before = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(640)
    try:
        for text in (f'[["{"9" * 700}", 1]]', f"[[{'9' * 700}, 1]]"):
            path.write_text(text)
            with pytest.raises(certificates.SubjectError):
                read_dictionary(path)
    finally:
        sys.set_int_max_str_digits(before)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.sampled_from([b"", b"\x93NUMPY\x01\x00", GOOD[:10], GOOD[:128], b"[["]))
def test_arbitrary_files(tmp_path_factory, data, start):
    path = tmp_path_factory.getbasetemp() / "arbitrary.json"
    path.write_bytes(start + data)
    try:
        handed_in = read_dictionary(path)
    except certificates.SubjectError:
        return
    assert handed_in.m >= 1
    assert handed_in.n >= 2


def test_numpy_files_of_every_type_mean_the_same(tmp_path):
    """Types, byte orders and layouts of the same numbers have one digest; numpy itself is the writer."""
    numpy = pytest.importorskip("numpy")
    values = [[1, 2, 3], [4, 5, 7]]
    wanted = certificates.checker.dictionary_from_values(values).digest
    for kind in ("f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"):
        for order in "<>":
            for layout in (numpy.ascontiguousarray, numpy.asfortranarray):
                for version in ((1, 0), (2, 0), (3, 0)):
                    buffer = io.BytesIO()
                    numpy.lib.format.write_array(buffer, layout(numpy.array(values, dtype=order + kind)), version)
                    path = tmp_path / "d.npy"
                    path.write_bytes(buffer.getvalue())
                    assert read_dictionary(path).digest == wanted
    wanted = certificates.checker.dictionary_from_values([[1 + 2j, 3], [4, 5j]]).digest
    for kind in ("<c8", ">c8", "<c16", ">c16"):
        for layout in (numpy.ascontiguousarray, numpy.asfortranarray):
            numpy.save(tmp_path / "c.npy", layout(numpy.array([[1 + 2j, 3], [4, 5j]], dtype=kind)))
            assert read_dictionary(tmp_path / "c.npy").digest == wanted


def test_digest_is_the_specification_s():
    """Section 3 of SPEC.md, written out by hand."""
    import hashlib

    head = b"sparse-verify dictionary\nreal 1 2\n"
    plain = hashlib.sha256(head + b"binary64\n" + struct.pack("<2d", 0.5, 3.0)).hexdigest()
    values = certificates.checker.dictionary_from_values
    assert values([[0.5, 3]]).digest == values([[Fraction(1, 2), 3.0]]).digest == plain
    thirds = hashlib.sha256(head + b"rational\n" + b"-1/3\n11/1\n").hexdigest()
    assert values([[Fraction(-1, 3), 17]]).digest == thirds
    long = hashlib.sha256(head + b"rational\n" + b"20000000000001/1\n1/2\n").hexdigest()
    assert values([[2**53 + 1, 0.5]]).digest == long
    signs = hashlib.sha256(
        b"sparse-verify dictionary\ncomplex 1 2\nbinary64\n" + struct.pack("<4d", 1.0, 0.0, 0.0, -2.0)
    )
    assert values([[complex(1, -0.0), complex(-0.0, -2)]]).digest == signs.hexdigest()
    huge = hashlib.sha256(head + b"rational\n1" + b"0" * 300 + b"/1\n1/1\n").hexdigest()
    assert values([[16**300, 1]]).digest == huge
