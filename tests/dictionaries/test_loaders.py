"""Loaders: the values as the file holds them, whatever its kind, byte order or layout; and they say what they did."""

from __future__ import annotations

import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certificates.checker import read_dictionary
from verify.dictionaries import load
from verify.dictionaries.dictionary import Dictionary
from verify.errors import InputError


def saved(path: Path, array: np.ndarray, version: tuple[int, int] = (1, 0)) -> Path:
    with path.open("wb") as file:
        np.lib.format.write_array(file, array, version=version, allow_pickle=False)
    return path


def text(path: Path, content: str) -> Path:
    path.write_bytes(content.encode())
    return path


REAL = ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"]
COMPLEX = ["c8", "c16"]


@pytest.mark.parametrize(("order", "swap"), [("C", "<"), ("C", ">"), ("F", "<"), ("F", ">")])
@pytest.mark.parametrize("kind", REAL + COMPLEX)
def test_npy_of_every_type_and_order_has_the_checkers_digest(tmp_path: Path, kind: str, order: str, swap: str) -> None:
    array = np.array([[1, 2, 0], [7, 100, 3]], dtype=swap + kind, order=order)  # type: ignore[call-overload]
    path = saved(tmp_path / "d.npy", array)
    dictionary = load(path)
    assert dictionary.digest == read_dictionary(path).digest == Dictionary.from_array(array).digest
    assert dictionary.shape == (2, 3)
    assert dictionary.origin.loader == "npy"
    assert dictionary.origin.source == str(path)
    assert ("Fortran order" if order == "F" else "C order") in dictionary.origin.remarks[0]
    assert ("foreign" in dictionary.origin.remarks[0]) == (not array.dtype.isnative)
    assert array.dtype.name in dictionary.origin.remarks[0]


@pytest.mark.parametrize("version", [(1, 0), (2, 0), (3, 0)])
def test_npy_of_every_version(tmp_path: Path, version: tuple[int, int]) -> None:
    path = saved(tmp_path / "d.npy", np.eye(3, dtype=np.float32), version)
    assert load(path).digest == read_dictionary(path).digest


@pytest.mark.parametrize("swap", "<>")
def test_npy_in_extended_precision_is_exact(tmp_path: Path, swap: str) -> None:
    third = np.longdouble(1) / 3
    array = np.array([[third, 2]]).astype(np.dtype(np.longdouble).newbyteorder(swap))
    dictionary = load(saved(tmp_path / "d.npy", array))
    assert dictionary.real[0, 0] == Fraction(*third.as_integer_ratio())
    assert any("fractions" in remark for remark in dictionary.origin.remarks)
    both = load(saved(tmp_path / "c.npy", array.astype(np.clongdouble) * 1j))
    assert both.field == "complex"
    assert both.imaginary is not None
    assert both.imaginary[0, 0] == Fraction(*third.as_integer_ratio())


@pytest.mark.parametrize(
    "header",
    [
        "{'descr': '<f8', 'fortran_order': False, 'shape': (1, 2), }\n",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (1, 2)}",
        "{'shape': (1L, 2L), 'fortran_order': False, 'descr': '<f8'}   \n",
        '{"descr":"<f8","fortran_order":False,"shape":(1,2),}\n',
        "{'descr': '=f8', 'fortran_order': True, 'shape': ( 1 , 2 , ) , }\n",
    ],
)
def test_npy_headers_of_other_writers(tmp_path: Path, header: str) -> None:
    data = b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode() + np.array([1.5, -2.0]).tobytes()
    (tmp_path / "d.npy").write_bytes(data)
    assert load(tmp_path / "d.npy").real.tolist() == [[1.5, -2.0]]


def test_content_goes_before_the_extension(tmp_path: Path) -> None:
    for name in ("d.csv", "d.json", "d", "d.dat"):
        assert load(saved(tmp_path / name, np.eye(2))).origin.loader == "npy"


@pytest.mark.parametrize("value", [1e200, 1e-200, 5e-324, 2.5e-310, -0.0, 1.7976931348623157e308])
def test_extreme_floats_work_in_npy_and_csv(tmp_path: Path, value: float) -> None:
    array = np.array([[value, 1.0], [1.0, value]])
    digest = load(saved(tmp_path / "d.npy", array)).digest
    assert load(text(tmp_path / "d.csv", f"{value!r},1.0\n1.0,{value!r}\n")).digest == digest


CSV = {
    "commas": ("1,2\n3,4\n", "commas"),
    "commas and blanks": (" 1 , 2\n3,\t4", "commas"),
    "semicolons": ("1;2\n3;4", "semicolons"),
    "tabs": ("1\t2\n3\t4\n", "tabs"),
    "blanks": ("  1   2\n3 4  \n", "blanks"),
    "carriage returns": ("1,2\r\n3,4\r\n", "commas"),
    "old carriage returns": ("1,2\r3,4\r", "commas"),
    "byte order mark": ("\ufeff1,2\n3,4\n", "commas"),
    "signs": ("+1,2\n3,+4\n", "commas"),
}


@pytest.mark.parametrize("name", CSV)
def test_csv_integers_are_exact(tmp_path: Path, name: str) -> None:
    content, separator = CSV[name]
    dictionary = load(text(tmp_path / "d.csv", content))
    assert dictionary.real.dtype == np.int64
    assert dictionary.real.tolist() == [[1, 2], [3, 4]]
    assert dictionary.origin.remarks == ("2 x 2 integers, kept exactly", f"entries separated by {separator}")
    assert dictionary.origin.loader == "csv"


@pytest.mark.parametrize("extension", [".csv", ".txt", ".tsv", ".CSV"])
def test_csv_extensions(tmp_path: Path, extension: str) -> None:
    assert load(text(tmp_path / f"d{extension}", "1 2\n3 4")).shape == (2, 2)


def test_csv_comments_are_skipped_and_said(tmp_path: Path) -> None:
    dictionary = load(text(tmp_path / "d.csv", "# x, y\n\n1,2\n   \n  # more\n3,4\n"))
    assert dictionary.real.tolist() == [[1, 2], [3, 4]]
    assert "2 comment lines skipped" in dictionary.origin.remarks
    assert "1 comment line skipped" in load(text(tmp_path / "e.csv", "#\n1,2\n")).origin.remarks


def test_csv_large_integers_become_fractions(tmp_path: Path) -> None:
    dictionary = load(text(tmp_path / "d.csv", f"{2**63},1\n{-(2**63)},{10**3999}\n"))
    assert dictionary.is_rational
    assert dictionary.real.tolist() == [[2**63, 1], [-(2**63), 10**3999]]
    assert dictionary.origin.remarks[0] == "2 x 2 integers beyond 64 bits, kept exactly"
    assert load(text(tmp_path / "e.csv", f"{2**63 - 1},{-(2**63)}")).real.dtype == np.int64


def test_csv_with_a_fraction_is_all_exact(tmp_path: Path) -> None:
    dictionary = load(text(tmp_path / "d.csv", "1/3,0.1,-2\n+2/4,1e-3,.5E1\n"))
    assert dictionary.real.tolist() == [[Fraction(1, 3), Fraction(1, 10), -2], [Fraction(1, 2), Fraction(1, 1000), 5]]
    assert dictionary.origin.remarks[0] == "2 x 3 fractions, decimals as what they say, kept exactly"
    integral = load(text(tmp_path / "e.csv", "4/2,3\n"))
    assert integral.real.dtype == np.int64


def test_csv_decimals_are_the_nearest_floats(tmp_path: Path) -> None:
    dictionary = load(text(tmp_path / "d.csv", "0.1,1\n-2.5e-3,.5\n3.,12345678901234567890\n"))
    assert dictionary.real.dtype == np.float64
    assert dictionary.real.tolist() == [[0.1, 1.0], [-0.0025, 0.5], [3.0, 12345678901234567890.0]]
    assert dictionary.origin.remarks[0] == "3 x 2 decimals, read as the nearest binary64"


def test_csv_zeros_are_zeros_in_every_notation(tmp_path: Path) -> None:
    dictionary = load(text(tmp_path / "d.csv", "0.0,-0,0e5,1e-320,0.0e-999\n1,1,1,1,1"))
    assert dictionary.real[0].tolist() == [0, 0, 0, 1e-320, 0]


def test_csv_complex(tmp_path: Path) -> None:
    dictionary = load(text(tmp_path / "d.txt", "(1+2j) 3 -1j\n0.5-1e-3j (2j) 1\n"))
    assert dictionary.imaginary is not None
    assert dictionary.real.tolist() == [[1, 3, 0], [0.5, 0, 1]]
    assert dictionary.imaginary.tolist() == [[2, 0, -1], [-0.001, 2, 0]]
    assert "complex" in dictionary.origin.remarks[0]


@pytest.mark.parametrize("array", [np.array([[1.5, 2], [0.1, -3]]), np.array([[1 + 2j, 2], [0, -0.1 - 3j]])])
def test_what_numpy_writes_as_text_is_read(tmp_path: Path, array: np.ndarray) -> None:
    for delimiter in (" ", ",", ";", "\t"):
        np.savetxt(tmp_path / "d.txt", array, delimiter=delimiter, header="two atoms", fmt="%.17g")
        assert load(tmp_path / "d.txt").digest == Dictionary.from_array(array).digest


def test_json_forms(tmp_path: Path) -> None:
    path = text(tmp_path / "d.json", '[[1, "1/3"], ["-2/4", "7"]]')
    dictionary = load(path)
    assert dictionary.real.tolist() == [[1, Fraction(1, 3)], [Fraction(-1, 2), 7]]
    assert dictionary.digest == read_dictionary(path).digest
    assert dictionary.origin.loader == "json"
    assert dictionary.origin.remarks == ("2 x 2 fractions, kept exactly",)
    assert load(text(tmp_path / "e.json", '{"real": [["4/2", -1]]}')).real.dtype == np.int64
    path = text(tmp_path / "c.json", '{"real": [[1, 0]], "imaginary": [["1/2", 1]]}')
    both = load(path)
    assert both.field == "complex"
    assert both.real.dtype == object
    assert both.imaginary is not None
    assert both.imaginary.tolist() == [[Fraction(1, 2), 1]]
    assert both.digest == read_dictionary(path).digest
    zero = text(tmp_path / "z.json", '{"imaginary": [[0, 0]], "real": [[1, 2]]}')
    assert load(zero).field == "complex"
    assert load(zero).digest == read_dictionary(zero).digest


@given(st.lists(st.lists(st.integers(-(2**31), 2**31 - 1), min_size=3, max_size=3), min_size=1, max_size=4))
@settings(max_examples=60, deadline=None)
def test_every_format_gives_the_same_digest(tmp_path_factory: pytest.TempPathFactory, rows: list[list[int]]) -> None:
    rows.append([1, 1, 1])  # no zero atoms
    folder = tmp_path_factory.mktemp("same")
    array = np.array(rows)
    paths = [
        saved(folder / "integers.npy", array),
        saved(folder / "floats.npy", array.astype(">f8")),
        saved(folder / "fortran.npy", np.asfortranarray(array)),
        text(folder / "commas.csv", "\n".join(",".join(map(str, row)) for row in rows)),
        text(folder / "floats.txt", "\n".join(" ".join(f"{v}.0" for v in row) for row in rows)),
        text(folder / "fractions.tsv", "\n".join("\t".join(f"{2 * v}/2" for v in row) for row in rows)),
        text(folder / "rows.json", str(rows)),
        text(folder / "texts.json", str([[f"{3 * v}/3" for v in row] for row in rows]).replace("'", '"')),
    ]
    digests = {load(path).digest for path in paths}
    digests |= {read_dictionary(path).digest for path in paths if path.suffix in (".npy", ".json")}
    transposed = text(
        folder / "rows_are_atoms.csv", "\n".join(",".join(map(str, column)) for column in array.T.tolist())
    )
    digests.add(load(transposed, atoms="rows").digest)
    assert len(digests) == 1


@pytest.mark.parametrize("name", ["d.npy", "d.csv", "d.json"])
def test_atoms_in_rows_are_transposed_and_it_is_said(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name == "d.npy":
        saved(path, np.array([[1, 2, 3], [4, 5, 6]]))
    else:
        text(path, "1,2,3\n4,5,6" if name == "d.csv" else "[[1,2,3],[4,5,6]]")
    dictionary = load(path, atoms="rows")
    assert dictionary.real.tolist() == [[1, 4], [2, 5], [3, 6]]
    assert "transposed: the rows of the file are the atoms" in dictionary.origin.remarks
    assert not any("transposed" in remark for remark in load(path).origin.remarks)


def test_atoms_in_rows_of_complex_json(tmp_path: Path) -> None:
    path = text(tmp_path / "d.json", '{"real": [[1, 2, 3], [4, 5, 6]], "imaginary": [[0, 1, 0], [0, 0, 2]]}')
    dictionary = load(path, atoms="rows")
    assert dictionary.imaginary is not None
    assert dictionary.imaginary.tolist() == [[0, 0], [1, 0], [0, 2]]


def test_a_zero_atom_in_a_row_is_found_after_transposing(tmp_path: Path) -> None:
    path = text(tmp_path / "d.csv", "0,0,0\n1,2,3\n1,1,1")
    assert load(path).shape == (3, 3)
    with pytest.raises(InputError, match=r"zero column at index 0 \(after transposing: atoms are rows\)"):
        load(path, atoms="rows")


def test_bad_atoms_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="expected 'columns' or 'rows', got 'row'"):
        load(saved(tmp_path / "d.npy", np.eye(2)), atoms="row")
    with pytest.raises(InputError, match="the atoms of a built-in dictionary are its columns"):
        load("builtin:simplex:5", atoms="rows")


def test_sources_of_other_types(tmp_path: Path) -> None:
    path = saved(tmp_path / "d.npy", np.eye(2))
    assert load(os.fsencode(path)).shape == (2, 2)
    assert load(np.eye(2)).shape == (2, 2)
    for source in (5, None, [[1, 2]]):
        with pytest.raises(InputError, match="expected a path, builtin:NAME:ARGS, an array"):
            load(source)


def test_a_forgotten_prefix_is_noticed() -> None:
    with pytest.raises(InputError, match="did you mean builtin:simplex:5"):
        load("simplex:5")


def test_a_path_object_is_never_a_builtin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match="no such file"):
        load(Path("builtin:simplex:5"))


def test_importing_dictionaries_loads_nothing_heavy() -> None:
    heavy = ("torch", "cvxpy", "sympy", "scipy", "sklearn", "matplotlib")
    code = f"import sys, verify.dictionaries; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
