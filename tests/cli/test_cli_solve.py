"""`verify solve` as a user meets it: exit codes, JSON, certificates, reports, errors in one line."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from solve_samples import filled, result, run, words

from verify.cli.numbers import exact_number
from verify.errors import InputError


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return filled(tmp_path, monkeypatch)


EXIT_CODES = {
    "basis-pursuit D.npy --signal y.npy": 0,
    "basis-pursuit D.npy --signal y.csv": 0,
    "basis-pursuit D.npy --code x.npy": 0,
    "basis-pursuit D.npy --code x.json --scaling unit": 0,
    "basis-pursuit D.npy --signal zero.npy": 0,
    "basis-pursuit twice.npy --signal one.npy": 0,
    "basis-pursuit twice.npy --signal minus.npy --nonnegative": 1,
    "basis-pursuit plane.npy --signal off.npy": 1,
    "basis-pursuit plane.npy --signal mixed.npy": 1,
    "bpdn D.npy --signal y.npy --epsilon 100": 0,
    "bpdn D.npy --signal y.npy --epsilon 1/3": 0,
    "lasso D.npy --signal y.npy --weight 0.1": 0,
    "lasso D.npy --signal y.npy --weight 1000 --nonnegative": 0,
    "sparsest D.npy --signal y.npy": 0,
    "sparsest D.npy --signal y.npy --epsilon auto --box 9": 0,
    "k-sparse D.npy --signal one.npy --sparsity 1": 0,
    "k-sparse plane.npy --signal off.npy --sparsity 2 --box 5/2": 0,
    "basis-pursuit D.npy --signal many.npy": 0,
    "basis-pursuit D.npy --signal y.npy --check-seconds 0": 3,
}


@pytest.mark.parametrize("text", EXIT_CODES)
def test_exit_codes(capsys: pytest.CaptureFixture[str], folder: Path, text: str) -> None:
    code, out, err = run(capsys, *words(text))
    assert (code, err) == (EXIT_CODES[text], "")
    assert out


REFUSED = {
    "basis-pursuit D.npy": "expected either --signal FILE or --code FILE, got neither",
    "basis-pursuit D.npy --signal y.npy --code x.npy": "got both",
    "basis-pursuit D.npy --signal y.npy --epsilon 1": "--epsilon does not belong to basis-pursuit, which takes --nonnegative, --scaling",
    "lasso D.npy --signal y.npy --box 1 --weight 1": "--box does not belong to lasso",
    "sparsest D.npy --signal y.npy --scaling unit": "--scaling does not belong to sparsest",
    "bpdn D.npy --signal y.npy": "bpdn needs --epsilon",
    "lasso D.npy --signal y.npy": "lasso needs --weight",
    "k-sparse D.npy --signal y.npy": "k-sparse needs --sparsity",
    "bpdn D.npy --signal y.npy --epsilon -1": "expected a number of at least 0 as epsilon, got -1",
    "bpdn D.npy --signal y.npy --epsilon nan": "--epsilon: expected a number, as 0.1, 1e-6 or 1/3, got 'nan'",
    "bpdn D.npy --signal y.npy --epsilon 1/0": "expected a number",
    "bpdn D.npy --code x.npy --epsilon auto": "--epsilon auto is for rounded signals (--signal)",
    "bpdn D.npy --signal exact.npy --epsilon auto": "got exact ones (int64): give epsilon",
    "lasso D.npy --signal y.npy --weight 0": "expected a number above 0 as the weight, got 0",
    "lasso D.npy --signal y.npy --weight -0.5": "expected a number above 0 as the weight, got -1/2",
    "lasso D.npy --signal y.npy --weight 1e999": "from 1e-300 to 1e300",
    "lasso D.npy --signal y.npy --weight 1e9999999": "--weight: expected a number",
    "sparsest D.npy --signal y.npy --box 0": "expected a number above 0 as box, got 0",
    "k-sparse D.npy --signal y.npy --sparsity 0": "expected a sparsity from 1 to 3, the number of atoms, got 0",
    "k-sparse D.npy --signal y.npy --sparsity 4": "expected a sparsity from 1 to 3, the number of atoms, got 4",
    "basis-pursuit D.npy --signal off.npy": "off.npy: expected signals of length 2, the dictionary's dimension, as columns, got shape (3, 1)",
    "basis-pursuit plane.npy --signal many.npy": "expected signals of length 3",
    "basis-pursuit D.npy --code y.npy": "y.npy: expected codes of length 3, one entry for each atom, got shape (2, 1)",
    "basis-pursuit D.npy --signal complex.npy": "expected a real signal for a real dictionary, got a complex one",
    "basis-pursuit D.npy --signal nan.npy": "nan.npy: expected finite numbers, got nan at row 1, column 0",
    "basis-pursuit D.npy --signal missing.npy": "missing.npy: no such file",
    "basis-pursuit missing.npy --signal y.npy": "missing.npy: no such file",
    "basis-pursuit D.npy --signal y.npy --backend nothing": "expected a backend among auto, ",
    "basis-pursuit D.npy --signal y.npy --backend scikit-learn": "does not solve basis-pursuit",
    "basis-pursuit D.npy --signal y.npy --gap nan": "--gap: expected a number of at least 0, got nan",
    "basis-pursuit D.npy --signal y.npy --time-limit 0": "--time-limit: expected seconds above 0, got 0.0",
    "basis-pursuit D.npy --signal y.npy --report r.pdf": "expected a report named .html, .md or .json",
    "basis-pursuit D.npy --signal y.npy --certificate none/c.json": "cannot be written",
    "basis-pursuit D.npy --signal y.npy --certificate y.npy": "the same file is named twice",
    "basis-pursuit D.npy --signal y.npy --certificate D.npy": "the same file is named twice",
    "basis-pursuit D.npy --code x.npy --certificate x.npy": "the same file is named twice",
    "basis-pursuit D.npy --signal y.npy --report c.json --certificate c.json": "the same file is named twice",
    "basis-pursuit D.npy --signal y.npy --dictionary-certificate y.npy": "cannot be used",
    "basis-pursuit D.npy --signal y.npy --dictionary-certificate none.json": "none.json: no such file",
    "basis-pursuit D.npy --signal y.npy --dictionary-certificate .": "not a file",
    "basis-pursuit D.npy --signal builtin:digits": "there are no built-in signals",
    "basis-pursuit builtin:dirac-dft:2 --signal y.npy --nonnegative": "non-negative codes are for real dictionaries",
    "sparsest builtin:dirac-dft:2 --signal y.npy": "real dictionaries",
    "nothing D.npy --signal y.npy": "is not one of 'basis-pursuit'",
}


@pytest.mark.parametrize("text", REFUSED)
def test_bad_input_gets_one_line(capsys: pytest.CaptureFixture[str], folder: Path, text: str) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    code, out, err = run(capsys, *words(text))
    assert (code, out) == (2, "")
    assert REFUSED[text] in err
    assert err.count("\n") == 1
    assert err.startswith("verify: ")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_signals_that_stand_in_rows_are_noticed(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    np.save(folder / "rows.npy", np.ones((5, 2)))
    assert "are the signals its rows?" in run(capsys, *words("basis-pursuit D.npy --signal rows.npy"))[2]


def test_a_solver_that_is_missing_is_named(
    capsys: pytest.CaptureFixture[str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from verify.solvers import backends

    monkeypatch.setattr(backends, "_is_installed", lambda package: package != "scs")
    code, _, err = run(capsys, *words("lasso D.npy --signal y.npy --weight 1 --backend scs"))
    assert code == 2
    assert "the backend scs needs scs: pip install scs" in err


# --- json ---


@pytest.mark.parametrize("text", EXIT_CODES)
def test_json_follows_the_published_schema(capsys: pytest.CaptureFixture[str], folder: Path, text: str) -> None:
    assert result(capsys, text)["schema"] == 1


def test_json_says_what_theory_says(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    body = result(capsys, "basis-pursuit D.npy --signal y.npy --certificate c.json")
    (one,) = body["results"]
    assert one["problem"] == {"name": "basis-pursuit", "nonnegative": False, "scaling": "as-given"}
    assert one["status"] == "proved-optimal"
    assert one["value"] == {"lower": 2.0, "upper": 2.0, "exact_lower": "2", "exact_upper": "2"}
    assert (one["unique"], one["support"], one["signs"]) == (True, [2], [1])
    assert one["solution"]["exact"] == ["2"]
    assert one["solution"]["decimal"] == [2.0]
    assert one["solution"]["radius"] == {"exact": "0", "upper": 0.0}
    assert one["certificate"] == body["certificate"] == "c.json"
    assert one["backend"][0]["name"] == "highs"
    assert one["backend"][0]["versions"]


def test_json_of_an_enclosed_value_is_rounded_outward(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    (one,) = result(capsys, "basis-pursuit D.npy --code x.json --scaling unit")["results"]
    low, high = Fraction(one["value"]["exact_lower"]), Fraction(one["value"]["exact_upper"])
    # 1/10 3 + 1/3 sqrt(8) is irrational; both lie around it.
    assert (low - Fraction(3, 10)) ** 2 <= Fraction(8, 9) <= (high - Fraction(3, 10)) ** 2
    assert Fraction(one["value"]["lower"]) <= low < high <= Fraction(one["value"]["upper"])


def test_json_of_two_minimisers(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    (one,) = result(capsys, "basis-pursuit twice.npy --signal one.npy")["results"]
    assert one["unique"] is False
    first, second = one["minimisers"]
    assert first != second
    for code in (first, second):
        x = dict(zip(code["support"], map(Fraction, code["exact"]), strict=True))
        assert x.get(0, 0) + x.get(1, 0) == 1
        assert x[2] == 1
        assert sum(map(abs, x.values())) == 2


def test_json_of_what_is_unchecked(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    body = result(capsys, "basis-pursuit D.npy --signal y.npy --check-seconds 0")
    assert body["checked"] is False
    (one,) = body["results"]
    assert [one[name] for name in ("status", "unique", "support", "solution", "rules")] == 5 * [None]
    assert {claim["kind"] for claim in body["claimed_not_checked"]} >= {"unique-minimiser", "value-lower"}


def test_many_signals_keep_their_order(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    body = result(capsys, "basis-pursuit D.npy --signal many.npy")
    assert [one["signal"] for one in body["results"]] == [0, 1, 2, 3]
    assert [one["value"]["exact_upper"] for one in body["results"]][:3] == ["2", "0", "1"]


def test_epsilon_auto_is_the_radius_of_each_signal(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    body = result(capsys, "sparsest D.npy --signal many.npy --epsilon auto")
    epsilons = [Fraction(one["problem"]["epsilon"]) for one in body["results"]]
    assert epsilons[0] ** 2 >= 2 * Fraction(1, 2**51) ** 2  # half an ulp of 4, twice
    assert epsilons[0] ** 2 <= 2 * Fraction(1, 2**51) ** 2 * (1 + Fraction(1, 2**29))
    assert len(set(epsilons)) == 4


def test_decimals_in_options_are_exact(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    (one,) = result(capsys, "lasso D.npy --signal y.npy --weight 0.1")["results"]
    assert one["problem"]["weight"] == "1/10"
    assert exact_number("1/3", "--x") == Fraction(1, 3)
    assert exact_number("-2.5e-3", "--x") == Fraction(-1, 400)
    for text in ("", "0x10", "1_0", "1/0", "1e9999", "inf", " 1", "1/2/3", "9" * 900, "."):
        with pytest.raises(InputError, match="--x: expected a number"):
            exact_number(text, "--x")
