"""Bounds of the errors of codes against codes that are known, through the independent checker."""

from __future__ import annotations

import json
import math
from fractions import Fraction
from pathlib import Path

import jsonschema
import numpy as np
import pytest
import referencing

import certificates
from verify import report
from verify.certify import code_errors
from verify.certify.check import Unchecked
from verify.certify.code_errors import ISOMETRY, check_codes
from verify.cli import main
from verify.dictionaries.families import build
from verify.dictionaries.signals import Signals
from verify.errors import InputError
from verify.report import codes


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
    said = " ".join(out.split())
    assert "Unchecked: the check of the level takes too long and was not run, so no code counts as covered." in said
    assert "they are claimed, not checked" in said
    assert main(["check-codes", str(tmp_path / "x.npy"), "--dictionary", "builtin:simplex:6", "--format", "json"]) == 3
    found = validated(capsys.readouterr().out)
    assert found["guaranteed"] == {"level": None, "theorem": None, "checked": False}
    assert (found["covered"], found["checked"], found["codes"][0]["error"]) == (0, False, None)


def validated(text: str | bytes) -> dict:
    found = json.loads(text)
    folder = Path(report.__file__).parent
    schemas = [json.loads((folder / f"check-{name}.schema.json").read_text()) for name in ("codes", "dictionary")]
    registry = referencing.Registry().with_resource(
        "check-dictionary.schema.json", referencing.Resource.from_contents(schemas[1])
    )
    jsonschema.Draft202012Validator(schemas[0], registry=registry).validate(found)
    return found


def test_reports(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = "x<b>_*.npy"
    code = np.zeros((6, 2))
    code[0, 0], code[:3, 1] = 1, 1
    np.save(tmp_path / name, code)
    np.save(tmp_path / "y.npy", build("simplex", "6").real @ code + 0.01)
    reports = [x for end in ("html", "md", "json") for x in ("--report", str(tmp_path / f"r.{end}"))]
    signals = ["--signal", str(tmp_path / "y.npy"), "--noise", "1/10"]
    given = ["check-codes", str(tmp_path / name), "--dictionary", "builtin:simplex:6", *signals, *reports]
    assert main(given) == 3
    capsys.readouterr()
    page, text = ((tmp_path / f"r.{end}").read_text() for end in ("html", "md"))
    found = validated((tmp_path / "r.json").read_bytes())
    assert "<b>" not in page
    assert "x&lt;b&gt;\\_\\*.npy" in text
    bound = found["codes"][0]["error"]["upper"]
    for shown in (page, text):
        assert "1 of 2 codes are covered" in shown
        assert "code-error-by-coherence" in shown
        assert "no bound" in shown
        assert f"{bound:.3f}"[:4] in shown
    assert found["signal_source"].endswith("y.npy")
    assert found["codes"][1]["error"] is None
    assert main([*given, "--report", str(tmp_path / "r.txt")]) == 2
    assert "expected a report named" in capsys.readouterr().err
    with pytest.raises(InputError, match=r"written to \.html, \.md or \.json"):
        codes.write(None, tmp_path / "r.txt")  # type: ignore[arg-type]


@pytest.mark.parametrize("noise", ["-1", "nan", "inf", "1/0", "x"])
def test_bad_noise(noise: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    np.save(tmp_path / "x.npy", np.eye(6)[:, :1])
    given = ["check-codes", str(tmp_path / "x.npy"), "--dictionary", "builtin:simplex:6", f"--noise={noise}"]
    assert main(given) == 2
    captured = capsys.readouterr()
    assert captured.err.count("\n") == 1
    assert not captured.out


def test_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = np.zeros((6, 30))
    code[0], code[1, 1:4], code[2, 2] = 1, 1, 1
    np.save(tmp_path / "x.npy", code)
    np.save(tmp_path / "D.npy", build("simplex", "6").real)
    paths = [str(tmp_path / "x.npy"), "--dictionary", str(tmp_path / "D.npy"), "--noise", "0.1"]
    assert main(["check-codes", *paths, "--certificate", str(tmp_path / "c.json")]) == 3
    out = capsys.readouterr().out
    said = " ".join(out.split())
    assert "29 of 30 codes are covered: basis pursuit (l1) is guaranteed up to 2 nonzeros, by recovery-" in said
    assert "2 3 no 0 no bound" in said
    assert "... and 10 more" in out
    assert "(accepted by the checker)" in out
    checked = ["check-certificate", str(tmp_path / "c.json"), "--dictionary", paths[2], "--code", paths[0]]
    assert main(checked) == 0
    capsys.readouterr()
    assert main(["check-codes", *paths, "--format", "json", "--sparsity", "1", "--question", "l0"]) == 3
    found = validated(capsys.readouterr().out)
    assert found["covered"] == 29
    assert found["histogram"] == [
        {"nonzeros": 1, "codes": 27, "covered": True},
        {"nonzeros": 2, "codes": 2, "covered": True},
        {"nonzeros": 3, "codes": 1, "covered": False},
    ]
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
