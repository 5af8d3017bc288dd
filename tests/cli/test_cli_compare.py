"""`verify compare A B`: facts and levels side by side, and which is proved to be better."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from verify.cli import main

STEINER, HADAMARD, SIMPLEX = "builtin:steiner:6x16", "builtin:identity-hadamard:8", "builtin:simplex:5"


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = main(["compare", *map(str, arguments)])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def rows(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict[str, dict]:
    code, out, err = run(capsys, *arguments, "--format", "json")
    assert (code, err) == (0, "")
    return {row["name"]: row for row in json.loads(out)["rows"]}


def test_each_is_better_at_something(capsys: pytest.CaptureFixture[str]) -> None:
    # mu = 1/3 and sqrt(1/8); an equiangular tight frame attains Welch's bound; sparks 4 and 6 (2 n / sqrt(n), rounded up).
    found = rows(capsys, STEINER, HADAMARD)
    assert found["μ"]["better"] == found["μ over Welch's bound"]["better"] == "first"
    assert found["μ over Welch's bound"]["first"] == "1"
    assert (found["spark"]["first"], found["spark"]["second"], found["spark"]["better"]) == ("4", "6", "second")
    assert found["uniqueness (l0)"]["better"] == "second"
    assert found["unrolled network (network)"]["better"] == "open"  # both guarantee level 1 alone; one is refuted later
    swapped = rows(capsys, HADAMARD, STEINER)
    turned = {"first": "second", "second": "first"}
    assert {name: row["better"] for name, row in swapped.items()} == {
        name: turned.get(row["better"], row["better"]) for name, row in found.items()
    }


def test_the_same_numbers_are_the_same_dictionary(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    np.save(tmp_path / "D.npy", np.array([[1, 0, 1], [0, 1, 1]]))
    (tmp_path / "D.json").write_text('[["1", 0, "2/2"], [0, 1, 1]]')
    code, out, _ = run(capsys, tmp_path / "D.npy", tmp_path / "D.json", "--format", "json", "--effort", "glance")
    assert (code, json.loads(out)["same"]) == (0, True)
    code, out, _ = run(capsys, tmp_path / "D.npy", tmp_path / "D.json", "--format", "markdown", "--effort", "glance")
    assert "The same dictionary" in out
    assert "better" not in out.split("Better is")[0]
    independent = rows(capsys, HADAMARD, "builtin:gaussian:6x5:1", "--effort", "glance")
    assert independent["spark"]["better"] == "second"
    assert independent["spark"]["second"] == "infinite"


def test_certificates_take_the_place_of_a_search(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    first, second = tmp_path / "a.json", tmp_path / "b.json"
    for source, path, effort in ((STEINER, first, "glance"), (STEINER, second, "quick")):
        assert main(["check-dictionary", source, "--certificate", str(path), "--effort", effort]) == 0
    capsys.readouterr()
    both = ("--certificate", first, "--certificate", second)
    found = rows(capsys, STEINER, STEINER, *both)
    assert found["spark"]["first"] == "from 4 to 7"
    assert found["spark"]["second"] == "4"
    code, out, _ = run(capsys, STEINER, SIMPLEX, *both)
    assert code == 4
    assert out.startswith("rejected: ")
    assert out.count("\n") == 1


def test_what_was_not_checked_is_not_compared(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, SIMPLEX, HADAMARD, "--check-seconds", 0, "--format", "json", "--effort", "glance")
    assert code == 3
    body = json.loads(out)
    assert not body["first"]["checked"]
    assert all(row["better"] is None for row in body["rows"])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((SIMPLEX,), "Missing argument"),
        ((SIMPLEX, "builtin:nope"), "unknown built-in"),
        ((SIMPLEX, SIMPLEX, "--certificate", "c.json"), "one for each"),
        ((SIMPLEX, SIMPLEX, "--certificate", "c.json", "--certificate", "d.json"), "cannot be read"),
    ],
)
def test_bad_input_is_one_line(capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], words: str) -> None:
    code, out, err = run(capsys, *arguments)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert words in err


def test_a_name_is_shown_as_text(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "[b]<i>|.npy"
    np.save(path, np.array([[1.0, 0, 1], [0, 1, 1]]))
    _, out, _ = run(capsys, path, SIMPLEX, "--format", "markdown", "--effort", "glance")
    assert "&lt;i&gt;" in out
    assert "<i>" not in out
    assert run(capsys, path, SIMPLEX, "--effort", "glance")[0] == 0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda D: D[:, [0, 1, 2, 4, 5, 6]], "The second is the first without atoms 3 and 7."),
        (lambda D: np.hstack([D, [[1], [5], [-3]]]), "The first is the second without atom 8."),
        (lambda D: -2 * D[:, ::-1], "They have the same atoms in another order, up to factors."),
        (
            lambda D: np.hstack([D[:, :7], [[5], [1], [7]]]),
            "They share 7 atoms; the first alone has atom 7, the second",
        ),
        (lambda D: D + 100 * np.arange(24).reshape(3, 8), "Two dictionaries, unit atoms."),
    ],
)
def test_the_atoms_by_which_they_differ_are_named(
    change: Callable[[np.ndarray], np.ndarray], words: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    D = np.array([[1.0, 2, 3, 4, 5, 6, 7, 8], [0, 1, -1, 2, 3, -2, 1, 5], [1, 1, 2, -3, 0, 4, 1, 1]])
    np.save(tmp_path / "A.npy", D)
    np.save(tmp_path / "B.npy", change(D))
    code, out, _ = run(capsys, tmp_path / "A.npy", tmp_path / "B.npy", "--effort", "glance")
    assert code == 0
    head = " ".join(out.split("\n\n")[0].split("/")[0].split())
    assert words in head
    assert (head[-6:] == "atoms.") == (words == "Two dictionaries, unit atoms.")
