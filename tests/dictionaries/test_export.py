"""Exported files are read back with the same digest, by the loaders and by the independent checker."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from certificates.checker import read_dictionary
from certificates.subjects import MOST_ENTRIES as CHECKER_ENTRIES
from verify.dictionaries import entries as limits
from verify.dictionaries import export as export_module
from verify.dictionaries.dictionary import Dictionary
from verify.dictionaries.export import export
from verify.dictionaries.families import FAMILIES
from verify.dictionaries.sources import load
from verify.errors import InputError, LimitError


def same_everywhere(dictionary: Dictionary, path: Path) -> None:
    export(dictionary, path)
    assert read_dictionary(path).digest == dictionary.digest
    again = load(path)
    assert again.digest == dictionary.digest
    assert again.field == dictionary.field


@pytest.mark.parametrize("extension", [".npy", ".json"])
@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_builtins_survive_export(tmp_path: Path, family: object, extension: str) -> None:
    same_everywhere(load(family.example), tmp_path / f"d{extension}")  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "kind", ["f2", "f4", "f8", ">f4", ">f8", "i1", "i2", "i4", "i8", ">i8", "u1", "u2", "u4", "u8"]
)
@pytest.mark.parametrize("order", ["C", "F"])
def test_real_machine_types_are_kept(tmp_path: Path, kind: str, order: str) -> None:
    array = np.array([[1, 2, 3], [0, 5, 100]], dtype=kind, order=order)  # type: ignore[call-overload]
    dictionary = Dictionary.from_array(array)
    for extension in (".npy", ".json"):
        same_everywhere(dictionary, tmp_path / f"d{extension}")
    assert np.load(tmp_path / "d.npy", allow_pickle=False).dtype == np.dtype(kind)


@pytest.mark.parametrize("kind", ["c8", "c16", ">c8", ">c16"])
def test_complex_machine_types_are_kept(tmp_path: Path, kind: str) -> None:
    dictionary = Dictionary.from_array(np.array([[1 + 2j, 2, 3j], [0.5, -5, 1j]], dtype=kind))
    for extension in (".npy", ".json"):
        same_everywhere(dictionary, tmp_path / f"d{extension}")
    assert np.load(tmp_path / "d.npy", allow_pickle=False).dtype.newbyteorder("=") == np.dtype(kind).newbyteorder("=")


def test_a_row_of_every_hard_float(tmp_path: Path) -> None:
    values = [1e200, 1e-200, 5e-324, -0.0, 1.7976931348623157e308, 0.1]
    dictionary = Dictionary.from_array(np.array([values, [1.0] * 6]))
    for extension in (".npy", ".json"):
        same_everywhere(dictionary, tmp_path / f"d{extension}")


def test_fractions_that_are_binary64_go_to_npy_as_floats(tmp_path: Path) -> None:
    dictionary = Dictionary.from_array([[Fraction(1, 2), Fraction(3)], [Fraction(-1, 1 << 60), Fraction(0)]])
    assert dictionary.is_rational
    same_everywhere(dictionary, tmp_path / "d.npy")
    assert np.load(tmp_path / "d.npy", allow_pickle=False).dtype == np.float64


def test_complex_integers_go_to_npy_as_complex128(tmp_path: Path) -> None:
    dictionary = Dictionary.from_parts(np.array([[1, 2]]), np.array([[0, -3]]))
    same_everywhere(dictionary, tmp_path / "d.npy")
    assert np.load(tmp_path / "d.npy", allow_pickle=False).dtype == np.complex128


@pytest.mark.parametrize(
    ("real", "imaginary"),
    [
        ([[Fraction(1, 3), Fraction(1)]], None),
        ([[1, 2]], [[Fraction(1, 10), Fraction(1)]]),
        ([[2**53 + 1, 2]], [[0, 1]]),
    ],
)
def test_what_npy_cannot_hold_is_refused_and_json_holds_it(
    tmp_path: Path, real: list[list[object]], imaginary: list[list[object]] | None
) -> None:
    parts = [
        np.array(part, dtype=object if isinstance(part[0][0], Fraction) else None) for part in (real, imaginary) if part
    ]
    dictionary = Dictionary.from_parts(parts[0], parts[1] if len(parts) > 1 else None)
    with pytest.raises(InputError, match=r"d\.npy: .* write \.json instead") as error:
        export(dictionary, tmp_path / "d.npy")
    assert str(error.value).isprintable()
    assert not list(tmp_path.iterdir())
    same_everywhere(dictionary, tmp_path / "d.json")


@given(
    npst.arrays(np.float64, (2, 3), elements=st.floats(allow_nan=False, allow_infinity=False)).filter(
        lambda array: (array != 0).any(axis=0).all()
    )
)
@settings(max_examples=60, deadline=None)
def test_any_floats_survive(tmp_path_factory: pytest.TempPathFactory, array: np.ndarray) -> None:
    folder = tmp_path_factory.mktemp("floats")
    for extension in (".npy", ".json"):
        same_everywhere(Dictionary.from_array(array), folder / f"d{extension}")


@given(st.lists(st.fractions().filter(bool), min_size=2, max_size=4), st.booleans())
@settings(max_examples=60, deadline=None)
def test_any_fractions_survive(tmp_path_factory: pytest.TempPathFactory, row: list[Fraction], is_complex: bool) -> None:
    part = np.array([row], dtype=object)
    dictionary = Dictionary.from_parts(part, part[:, ::-1] if is_complex else None)
    same_everywhere(dictionary, tmp_path_factory.mktemp("fractions") / "d.json")


def test_json_is_one_row_a_line_and_large_integers_are_texts(tmp_path: Path) -> None:
    export(Dictionary.from_array([[1, 2**53], [Fraction(-1, 3), 0]]), tmp_path / "d.json")
    assert (tmp_path / "d.json").read_text() == '[[1, "9007199254740992"],\n["-1/3", 0]]\n'
    export(Dictionary.from_parts(np.array([[1, 2]]), np.array([[0, 3]])), tmp_path / "d.json")
    assert json.loads((tmp_path / "d.json").read_text()) == {"real": [[1, 2]], "imaginary": [[0, 3]]}


def test_the_longest_entries_that_can_be_read_are_written_and_longer_ones_refused(tmp_path: Path) -> None:
    longest = 10**4000 - 1
    same_everywhere(Dictionary.from_array([[longest, Fraction(-1, longest)]]), tmp_path / "d.json")
    for value in (10**4000, Fraction(1, 10**4000), 10**5000, Fraction(1, 2**20000)):
        with pytest.raises(InputError, match="more than 4000 decimal digits"):
            export(Dictionary.from_array([[value, 1]]), tmp_path / "e.json")
    assert not (tmp_path / "e.json").exists()


def test_other_extensions_are_refused(tmp_path: Path) -> None:
    for name in ("d.csv", "d", "d.npz", "d\n.x"):
        with pytest.raises(InputError, match=r"expected the extension \.npy or \.json") as error:
            export(load("builtin:simplex:3"), tmp_path / name)
        assert str(error.value).isprintable()


def test_an_old_file_is_kept_when_the_new_one_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "d.npy").write_bytes(b"old")
    with pytest.raises(InputError):
        export(Dictionary.from_array([[Fraction(1, 3), 1]]), tmp_path / "d.npy")
    assert (tmp_path / "d.npy").read_bytes() == b"old"
    with pytest.raises(InputError, match="its folder does not exist"):
        export(load("builtin:simplex:3"), tmp_path / "missing" / "d.npy")


def test_sizes_that_cannot_be_read_back_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert limits.MOST_ENTRIES == CHECKER_ENTRIES
    dictionary = load("builtin:simplex:9")
    monkeypatch.setattr(export_module, "MOST_ENTRIES", 80)
    monkeypatch.setattr(export_module, "MOST_TEXT_ENTRIES", 80)
    for name in ("d.npy", "d.json"):
        with pytest.raises(LimitError, match="9 x 9 entries are too many"):
            export(dictionary, tmp_path / name)
    monkeypatch.setattr(export_module, "MOST_TEXT_ENTRIES", 81)
    monkeypatch.setattr(export_module, "LARGEST_TEXT", 100)
    with pytest.raises(LimitError, match="MiB"):
        export(dictionary, tmp_path / "d.json")
    assert not list(tmp_path.iterdir())
