"""The assertions for pytest: imported and as fixtures, what they accept, and what their failures say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import sympy
import torch  # noqa: F401 - loaded once; the runs within would load it anew
from toy import TRIAL

import verify.attack.engine
import verify.certify.check
import verify.theorems.language.algebra  # noqa: F401 - the same
from verify.attack import Trial, load_trial, read_counterexample
from verify.attack.experiments.unrolled_network import UnrolledNetwork
from verify.errors import InputError
from verify.pytest_plugin import assert_constant, assert_guaranteed, assert_never_violated
from verify.theorems import theorem

pytest_plugins = ["pytester"]
EXAMPLE = Path(__file__).parent.parent.parent / "examples/my_theorem.py"
WRONG = EXAMPLE.read_text().replace('{"bound": "s*energy"}', '{"bound": "s*energy/2"}')


def failure(function, *arguments, **named) -> str:
    with pytest.raises(pytest.fail.Exception) as failed:
        function(*arguments, **named)
    return str(failed.value)


def test_a_guaranteed_level() -> None:
    assert_guaranteed("builtin:identity-hadamard:4", level=1)
    assert_guaranteed([[1, 0], [0, 1]], level=2, question="l0", scaling="as-given")
    text = failure(assert_guaranteed, "builtin:identity-hadamard:4", level=4)
    assert text.startswith("not guaranteed: level 4, question l1\nRefuted: ")
    assert "x′" in text  # two codes of one signal
    command = (
        "verify check-dictionary builtin:identity-hadamard:4 --sparsity 4 --question l1 --scaling unit --effort quick"
    )
    assert text.endswith(f"\n  {command}")
    text = failure(assert_guaranteed, [[1, 0, 1], [0, 1, 1]], level=2, question="omp")
    assert "numpy.save('D.npy', ...), then verify check-dictionary D.npy --sparsity 2 --question omp" in text
    with pytest.raises(InputError, match="expected a sparsity level from 1 to 2"):
        assert_guaranteed([[1, 0], [0, 1]], level=3)


def test_an_unchecked_proof_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    from verify.certify import check

    monkeypatch.setattr(check, "_independent_check", lambda *_: check.Unchecked(10**12))
    text = failure(assert_guaranteed, "builtin:identity-hadamard:4")
    assert "Claimed, not checked" in text


def test_a_constant() -> None:
    s, mu, q = sympy.symbols("s mu q")
    assert_constant("lista-linf", "C_2", 2 / (1 - (2 * s - 1) * mu))
    assert_constant("lista-linf", "C2", "2/(1 - (2*s - 1)*mu)")
    assert_constant("lista-linf", "C2", -2 / (q - 1))
    assert_constant("lista-linf", "q", "2*s*mu - mu")
    text = failure(assert_constant, "lista-linf", "C2", 1 / (1 - (2 * s - 1) * mu))
    assert text.startswith("lista-linf: the constant C_2 is not 1/(-mu*(2*s - 1) + 1)\n  C_2 = 2/")
    assert text.endswith("\n  verify theorems show lista-linf")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("lista-lin", "C_2", "1"), "no theorem has the id 'lista-lin'; the nearest: lista-linf"),
        (("lista-linf", "C_3", "1"), "lista-linf has no constant 'C_3'; the nearest: C_"),
        (("lista-linf", "zzz", "1"), "lista-linf has no constant 'zzz'; the nearest: q, c"),
        (("lista-linf", "C_2", "muu"), "lista-linf has no variable 'muu'; the nearest: mu"),
        (("lista-linf", "C_2", sympy.Symbol("zzz")), "lista-linf has no variable 'zzz'; the nearest: "),
        (("lista-linf", "C_2", "import os"), "expected a formula in"),
        (("lista-linf", "C_2", "open('x')"), "expected a formula in"),
    ],
)  # fmt: skip
def test_names_that_are_not_there(arguments, message: str) -> None:
    with pytest.raises(InputError, match=message):
        assert_constant(*arguments)


def test_never_violated(tmp_path: Path) -> None:
    assert_never_violated("lista-linf", instances=20)
    assert_never_violated(EXAMPLE, instances=50)
    assert_never_violated(str(EXAMPLE), instances=50)
    assert_never_violated(TRIAL, instances=50)
    with pytest.raises(InputError, match=r"expected an id, a .py file or a verify.attack.Trial, got int"):
        assert_never_violated(5)
    wrong = tmp_path / "wrong.py"
    wrong.write_text(WRONG)
    text = failure(assert_never_violated, wrong, folder=tmp_path)
    assert text.startswith("sum-of-moduli is violated, proved exactly:\n  sum_squared = ")
    assert "\n  x: [" in text
    path = tmp_path / "counterexample.json"
    assert text.endswith(f"\n  verify theorems replay {path} --theorem {wrong}")
    assert read_counterexample(path).theorem == "sum-of-moduli"
    small = UnrolledNetwork(shapes=((3, 4),), layers=3)
    assert_never_violated(Trial(statement=theorem("lista-linf"), experiment=small), 50)
    text = failure(assert_never_violated, load_trial(wrong))
    assert "verify.attack.replayed(trial, verify.attack.read_counterexample('" in text


def test_the_fixtures(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(wrong=WRONG)
    pytester.makepyfile(
        """
        def test_passes(assert_guaranteed, assert_constant, assert_never_violated):
            assert_guaranteed([[1, 0], [0, 1]], level=2)
            assert_constant("lista-linf", "C2", "2/(1 - q)")
            assert_never_violated("lista-linf", instances=20)

        def test_fails(assert_never_violated):
            assert_never_violated("wrong.py", instances=50)
        """
    )
    # the entry point of the installed package brings the fixtures
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider", "-p", "no:xdist")
    result.assert_outcomes(passed=1, failed=1)
    text = result.stdout.str()
    assert "sum-of-moduli is violated, proved exactly:" in text
    assert "verify theorems replay" in text and "--theorem wrong.py" in text
    assert "pytest_plugin.py" not in text  # no traceback of ours


def test_the_plugin_loads_nothing_heavy() -> None:
    code = "import sys, verify.pytest_plugin; print(*(name.split('.')[0] for name in sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=EXAMPLE.parent.parent
    )
    assert not set(done.stdout.split()) & {"numpy", "torch", "sympy", "flint", "rich", "typer"}
