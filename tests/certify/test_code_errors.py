"""Bounds of the errors of codes against codes that are known, through the independent checker."""

from __future__ import annotations

import json
import math
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

import certificates
from verify.certify import code_errors
from verify.certify.check import Unchecked
from verify.certify.code_errors import ISOMETRY, check_codes
from verify.cli import main
from verify.dictionaries.families import build
from verify.dictionaries.signals import Signals
from verify.errors import InputError


@pytest.mark.parametrize("seed", range(6))
def test_the_true_code_is_within_the_bound(seed: int) -> None:
    random = np.random.default_rng(seed)
    dictionary = build("steiner", "28x64") if seed % 2 else build("identity-hadamard", "16")
    n, k, epsilon = dictionary.shape[1], 1 + seed % 2, 0.05
    truth, found = np.zeros(n), np.zeros(n)
    support = random.choice(n, k, replace=False)
    truth[support] = random.choice([-1, 1], k) * random.uniform(0.5, 1.5, k)
    noise = random.standard_normal(dictionary.shape[0])
    signal = dictionary.real @ truth + noise * (epsilon * 0.99 / np.linalg.norm(noise))
    found[support] = truth[support] + 0.01 * random.standard_normal(k)
    result = check_codes(
        dictionary, Signals.from_array(found), signals=Signals.from_array(signal), noise=Fraction(epsilon), sparsity=k
    )
    (code,) = result.codes
    assert isinstance(result.answer, certificates.Accepted)
    assert isinstance(result.level_answer, certificates.Accepted)
    assert code.upper is not None
    norms = np.linalg.norm(dictionary.real, axis=0)
    assert np.linalg.norm(norms * (truth - found)) <= float(code.upper)
    assert code.covered
    assert float(code.residual) >= np.linalg.norm(signal - dictionary.real @ found) * (1 - 1e-12)


def test_the_bound_is_that_of_theory() -> None:
    simplex = build("simplex", "6")
    code = np.zeros((6, 2))
    code[0, 0], code[:3, 1] = 1, 1
    result = check_codes(simplex, Signals.from_array(code), noise=Fraction(1, 10))
    one, three = result.codes
    assert float(one.upper or 0) == pytest.approx(0.1 / math.sqrt(1 - 1 / 5), rel=1e-10)
    assert (one.covered, three.covered) == (True, False)
    assert result.level.guaranteed == 2
    assert three.upper is None
    assert not result.all_covered


def test_a_code_of_zeros_and_one_without_error() -> None:
    dictionary = build("identity-hadamard", "16")
    code = np.zeros((32, 2))
    code[3, 1] = 2
    result = check_codes(dictionary, Signals.from_array(code))
    assert [found.upper for found in result.codes] == [0, 0]
    assert isinstance(result.answer, certificates.Accepted)


def test_complex_codes_and_isometry_constants_where_they_are_better() -> None:
    dictionary = build("dirac-dft", "16")
    code = np.zeros((32, 1), dtype=complex)
    code[2, 0] = 1 + 2j
    result = check_codes(dictionary, Signals.from_array(code), noise=Fraction(1, 4), sparsity=2)
    assert isinstance(result.answer, certificates.Accepted)
    (found,) = result.codes
    assert found.theorem == ISOMETRY
    # spikes and waves: delta_3 = 1/4 sqrt 2 for two of one kind and one of the other
    assert float(found.upper or 0) == pytest.approx(0.25 / math.sqrt(1 - math.sqrt(2) / 4), rel=1e-6)


def test_bad_input() -> None:
    simplex, code = build("simplex", "6"), Signals.from_array(np.eye(6))
    for arguments, message in (
        ({"noise": Fraction(-1)}, "a noise of at least 0, got -1"),
        ({"sparsity": 0}, "a sparsity from 1 to 6"),
        ({"sparsity": 7}, "a sparsity from 1 to 6"),
        ({"signals": Signals.from_array(np.ones((6, 2)))}, "one signal of length 6 for each of 6 codes"),
        ({"signals": Signals.from_array(np.eye(6) * 1j)}, "expected real signals for a real dictionary"),
    ):
        with pytest.raises(InputError, match=message):
            check_codes(simplex, code, **arguments)  # type: ignore[arg-type]


def test_nothing_unchecked_counts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(code_errors, "independent_check", lambda *_, **__: Unchecked(10**12))
    np.save(tmp_path / "x.npy", np.eye(6)[:, :1])
    assert main(["check-codes", str(tmp_path / "x.npy"), "--dictionary", "builtin:simplex:6"]) == 3
    out = capsys.readouterr().out
    assert "0 of 1 codes are covered" in out
    assert "was not run, so no code counts as covered" in out
    assert "claimed, not checked" in out


def test_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = np.zeros((6, 30))
    code[0], code[1, 1:4], code[2, 2] = 1, 1, 1
    np.save(tmp_path / "x.npy", code)
    np.save(tmp_path / "D.npy", build("simplex", "6").real)
    paths = [str(tmp_path / "x.npy"), "--dictionary", str(tmp_path / "D.npy"), "--noise", "0.1"]
    assert main(["check-codes", *paths, "--certificate", str(tmp_path / "c.json")]) == 3
    out = capsys.readouterr().out
    assert "29 of 30 codes are covered: l1 is guaranteed up to 2 nonzeros, by recovery-by-coherence." in out
    assert "  2: 3 nonzeros, no bound: too many nonzeros for this dictionary" in out
    assert "... and 10 more" in out
    assert "(accepted by the checker)" in out
    checked = ["check-certificate", str(tmp_path / "c.json"), "--dictionary", paths[2], "--code", paths[0]]
    assert main(checked) == 0
    capsys.readouterr()
    assert main(["check-codes", *paths, "--format", "json", "--sparsity", "1", "--question", "l0"]) == 3
    found = json.loads(capsys.readouterr().out)
    assert found["covered"] == 29
    assert found["codes"][0]["error"]["theorem"] == "code-error-by-coherence"
    assert found["checked"] is True
    np.save(tmp_path / "x.npy", code[:, :1])
    assert main(["check-codes", *paths]) == 0
    capsys.readouterr()
    np.save(tmp_path / "x.npy", np.ones((6, 1)))
    assert main(["check-codes", *paths, "--certificate", str(tmp_path / "c.json")]) == 2
    assert "no bound is proved" in capsys.readouterr().err
    np.save(tmp_path / "x.npy", np.ones((5, 1)))
    assert main(["check-codes", *paths]) == 2
    assert "x.npy: expected codes of length 6" in capsys.readouterr().err
