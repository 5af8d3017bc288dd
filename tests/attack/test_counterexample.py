"""Counterexamples as files: what is written comes back exactly, and hostile files are refused in one line."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from toy import THEOREM, TRIAL, Codes

import verify
from verify.attack import Trial, attack, examined, read_counterexample, replayed
from verify.attack.counterexample import document, subject, write_counterexample
from verify.attack.numbers_text import number_text, value_json
from verify.attack.words import both_sides, told
from verify.errors import InputError
from verify.exact import Enclosure
from verify.theorems import Root

WRONG = Trial(statement=replace(THEOREM, constants={"bound": "s*energy/3"}), experiment=Codes())
SCHEMA = json.loads((Path(verify.__file__).parent / "report/theorems-test.schema.json").read_text())


@pytest.fixture
def written() -> dict:
    return document(WRONG, examined(WRONG, {"x": np.array([1.0, 0.0, 2.5, 1e-300])}), "folder/mine.py")


def read(tmp_path: Path, value: object) -> object:
    path = tmp_path / "c.json"
    path.write_text(value if isinstance(value, str) else json.dumps(value))
    return read_counterexample(path)


def test_what_is_written_comes_back(tmp_path: Path, written: dict) -> None:
    jsonschema.validate(written, {**SCHEMA["$defs"]["counterexample"], "$defs": SCHEMA["$defs"]})
    write_counterexample(tmp_path / "c.json", written)
    found = read_counterexample(tmp_path / "c.json")
    assert (found.theorem, found.file, found.subject) == ("toy", "mine.py", subject(WRONG))
    np.testing.assert_array_equal(found.instance["x"], [1.0, 0.0, 2.5, 1e-300])
    again = replayed(WRONG, found.instance)
    assert again.violation is not None
    assert value_json(again.violation.observed) == written["observed"]
    assert replayed(TRIAL, found.instance).violation is None  # the true statement is not violated by it
    assert subject(TRIAL) != subject(WRONG)


def test_arrays_of_every_kind(tmp_path: Path, written: dict) -> None:
    arrays = {
        "c": np.array([[1 + 2j, -0.5j]]),
        "i": np.array(-(2**63)),
        "b": np.array([True, False]),
        "e": np.zeros((0, 3)),
    }
    found = examined(WRONG, {"x": np.array([1.0])})
    value = document(WRONG, replace(found, instance={**found.instance, **arrays}))
    back = read(tmp_path, value).instance
    for name, array in arrays.items():
        np.testing.assert_array_equal(back[name], array)
        assert back[name].dtype == array.dtype and back[name].shape == array.shape
    with pytest.raises(InputError, match="an instance holds floats, complex numbers or integers, got object"):
        document(WRONG, replace(found, instance={"x": np.array([Fraction(1)], dtype=object)}))


def changed(**fields: object):
    return lambda value: {**value, **fields}


def array(**fields: object):
    return lambda value: {**value, "instance": {"x": {**value["instance"]["x"], **fields}}}


HOSTILE = [
    (lambda _: "", "not a counterexample"),
    (lambda _: "[" * 100_000, "nested too deeply"),
    (lambda _: '{"kind": 1, "kind": 2}', "a key stands twice"),
    (lambda _: '{"schema": 1.5}', "got the number 1.5"),
    (lambda _: '{"schema": NaN}', "got the number NaN"),
    (lambda _: '{"schema": ' + "9" * 5000 + "}", "not a counterexample: Exceeds the limit"),
    (lambda _: [], 'expected an object with "kind": "counterexample"'),
    (changed(kind="certificate"), 'expected an object with "kind": "counterexample"'),
    (changed(schema=2), "expected schema 1, got '2'"),
    (changed(schema=True), "expected schema 1, got 'True'"),
    (changed(theorem=5), "expected a text for 'theorem'"),
    (changed(subject=None), "expected a text for 'subject'"),
    (changed(file=5), "expected a text for 'file'"),
    (changed(instance={}), "expected an instance"),
    (changed(instance=[1]), "expected an instance"),
    (changed(instance={"x": [1]}), "the array 'x': expected an object with type, shape and entries"),
    (array(more=1), "expected an object with type, shape and entries"),
    (array(type="object"), "expected one of the types float64, complex128, int64, bool"),
    (array(type=[]), "expected one of the types"),
    (array(shape=4), "expected a shape of at most 4 sizes"),
    (array(shape=[-4]), "expected a shape of at most 4 sizes"),
    (array(shape=[True]), "expected a shape of at most 4 sizes"),
    (array(shape=[1] * 5), "expected a shape of at most 4 sizes"),
    (array(shape=[5]), "expected as many entries as its shape says"),
    (array(shape=[3]), "expected as many entries as its shape says"),
    (array(shape=[10**30]), "expected as many entries as its shape says"),
    (array(shape=[10**6 + 1], entries=["0x0.0p+0"] * (10**6 + 1)), "at most 1000000"),
    (array(entries=["nan"] * 4), "expected finite floats in hexadecimal"),
    (array(entries=["inf"] * 4), "expected finite floats in hexadecimal"),
    (array(entries=[1] * 4), "expected finite floats in hexadecimal"),
    (array(entries=["0x1.0p+9999"] * 4), "expected binary64 numbers, got a larger one"),
    (array(type="int64", entries=[2**63] * 4), "expected integers from -9223372036854775808"),
    (array(type="int64", entries=[True] * 4), "expected integers from"),
    (array(type="bool", entries=[2] * 4), "expected integers from 0 to 1"),
]  # fmt: skip


@pytest.mark.parametrize(("spoil", "message"), HOSTILE)
def test_hostile_files(tmp_path: Path, written: dict, spoil, message: str) -> None:
    with pytest.raises(InputError, match=message) as refused:
        read(tmp_path, spoil(written))
    assert "\n" not in str(refused.value) and len(str(refused.value)) < 400


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    for path, message in (
        (tmp_path / "none.json", "no such file"),
        (tmp_path, "cannot be read"),
        ("a\0b", "not a counterexample"),
    ):
        with pytest.raises(InputError, match=message):
            read_counterexample(path)
    (tmp_path / "bytes.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="not a counterexample"):
        read_counterexample(tmp_path / "bytes.json")
    with (tmp_path / "large.json").open("wb") as file:
        file.truncate((64 << 20) + 1)
    with pytest.raises(InputError, match="at most 64 MiB"):
        read_counterexample(tmp_path / "large.json")


@pytest.mark.parametrize(
    ("instance", "message"),
    [
        ({"z": np.ones(4)}, "an instance of toy has x; this one has z"),
        ({"x": np.ones(4), "z": np.ones(4)}, "an instance of toy has x; this one has x, z"),
        ({"x": np.ones((4, 1))}, "x has 1 axes of 'f', got 2 of 'f'"),
        ({"x": np.ones(4, dtype=int)}, "x has 1 axes of 'f', got 1 of 'i'"),
        ({"x": np.zeros(4)}, "no instance of toy: x is a code of a kind that never is"),
        ({"x": np.array([np.inf])}, "no instance of toy: OverflowError: cannot convert Infinity"),
    ],
)  # fmt: skip
def test_an_instance_of_something_else_is_refused(instance, message: str) -> None:
    with pytest.raises(InputError, match=message):
        replayed(TRIAL, instance)


def test_numbers_as_text() -> None:
    assert number_text(Fraction(3, 4)) == "3/4"
    assert number_text(Fraction(-5)) == "-5"
    assert number_text(Fraction(-1, 2**300)) == f"-0x1/{hex(2**300)}"
    assert len(number_text(Fraction(2**60000 + 1))) > 15000  # beyond what int() takes as decimal digits
    assert value_json((Root(Fraction(2)), None, Enclosure(Fraction(1), Fraction(2)))) == [
        "sqrt(2)",
        None,
        {"lower": "1", "upper": "2"},
    ]


def test_words() -> None:
    found = examined(WRONG, {"x": np.array([1.0, 0.0, 2.5])})
    assert found.violation is not None
    assert both_sides(found.violation) == "sum_squared = 49/4 > 29/6 = bound"
    assert list(told(found)) == ["s = 2", "energy = 29/4", "x: [1.0, 0.0, 2.5]"]
    long = examined(WRONG, {"x": np.where(np.arange(30) == 4, 1.5, 0)})
    assert list(told(long))[-1] == "x: 30 entries, 4: 1.5"
    assert list(told(examined(WRONG, {"x": np.ones(30)})))[-1] == "x: 30 float64"


def test_a_search_ends_in_a_file_that_replays(tmp_path: Path) -> None:
    found = attack(WRONG, instances=100).counterexample
    assert found is not None
    write_counterexample(tmp_path / "c.json", document(WRONG, found))
    assert replayed(WRONG, read_counterexample(tmp_path / "c.json").instance).violation == found.violation
