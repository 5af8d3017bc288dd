"""Files of results: what is written is read, and anything else is refused in one line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from verify.errors import InputError
from verify.problems.recovery.clopper_pearson import MOST_TRIALS
from verify.problems.recovery.state import FORMAT, read_state, write_state

IDENTITY = {"dictionary": "ab" * 32, "method": "l1", "seed": 3}
GOOD = {"format": FORMAT, "experiment": IDENTITY, "outcomes": {"2": "rrmu"}}


def read(path: Path) -> dict:
    return read_state(path, IDENTITY, lambda cell: len(cell) == 1 and 1 <= cell[0] <= 5)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    assert read(path) == {}
    write_state(path, IDENTITY, {(5,): "rm", (2,): "uuu"})
    assert read(path) == {(2,): "uuu", (5,): "rm"}
    assert list(tmp_path.iterdir()) == [path]
    grid = tmp_path / "grid.json"
    write_state(grid, IDENTITY, {(3, 1): "r"})
    assert read_state(grid, IDENTITY, lambda cell: len(cell) == 2) == {(3, 1): "r"}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"format": "another"}, "expected a file that an experiment wrote"),
        ({"format": None}, "expected a file that an experiment wrote"),
        ({"experiment": []}, "expected the fields"),
        ({"outcomes": "rr"}, "expected the fields"),
        ({"more": 1}, "expected the fields"),
        ({"experiment": {**IDENTITY, "seed": 4}}, "another experiment: 'seed' is 4 there and 3 here"),
        ({"experiment": {**IDENTITY, "seed": "3"}}, "another experiment: 'seed'"),
        ({"experiment": {**IDENTITY, "seed": 3.0}}, "another experiment: 'seed'"),
        ({"experiment": {**IDENTITY, "method": "omp"}}, "another experiment: 'method'"),
        ({"experiment": {**IDENTITY, "new": "x" * 500}}, "another experiment: 'new'"),
        ({"experiment": {"seed": 3}}, "another experiment: 'dictionary'"),
        ({"outcomes": {"6": "r"}}, "'6' is no level"),
        ({"outcomes": {"0": "r"}}, "'0' is no level"),
        ({"outcomes": {"-1": "r"}}, "'-1' is no level"),
        ({"outcomes": {"2,1": "r"}}, "'2,1' is no level"),
        ({"outcomes": {"²": "r"}}, "is no level"),
        ({"outcomes": {"": "r"}}, "is no level"),
        ({"outcomes": {"9" * 5000: "r"}}, "is no level"),
        ({"outcomes": {"2": "rx"}}, "damaged: the outcomes of 2"),
        ({"outcomes": {"2": ["r"]}}, "damaged: the outcomes of 2"),
        ({"outcomes": {"2": "r" * (MOST_TRIALS + 1)}}, "damaged: the outcomes of 2"),
    ],
)
def test_other_content_is_refused(tmp_path: Path, changes: dict, message: str) -> None:
    path = tmp_path / "state.json"
    path.write_text(json.dumps({**GOOD, **changes}))
    with pytest.raises(InputError, match=message) as caught:
        read(path)
    assert str(caught.value).startswith(str(path))
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"[" * 100_000, b"{", b'"text"', b"null", b"12", b"\x80\x04N."])
def test_other_files_are_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "state.json"
    path.write_bytes(data)
    with pytest.raises(InputError, match="expected a file that an experiment wrote"):
        read(path)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not a file of results"):
        read(tmp_path)
    large = tmp_path / "large.json"
    with large.open("wb") as file:
        file.truncate((1 << 26) + 1)
    with pytest.raises(InputError, match="not a file of results"):
        read(large)
    with pytest.raises(InputError, match="cannot be read"):
        read(large / "below")
    with pytest.raises(InputError, match="cannot be written"):
        write_state(tmp_path / "nowhere" / "state.json", IDENTITY, {})
