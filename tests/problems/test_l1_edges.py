"""l1 problems at their edges: nothing to solve, everything allowed, extreme magnitudes, and input that is refused."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from verify.dictionaries.dictionary import Dictionary
from verify.dictionaries.signals import Signals
from verify.errors import InputError, LimitError
from verify.problems import BasisPursuit, Bpdn, Lasso, Outcome, exact_minimiser
from verify.problems import exact_minimisers as module
from verify.problems.proofs import UniqueZero

rng = np.random.default_rng(11)
D = rng.standard_normal((10, 16))
CODE = np.zeros((16, 1))
CODE[[3, 9]] = [[1.25], [-0.7]]
C = D + 1j * rng.standard_normal((10, 16))


def exact_problem(array: np.ndarray, code: np.ndarray, **parameters: object) -> BasisPursuit:
    dictionary = Dictionary.from_array(array)
    signal = Signals.from_codes(dictionary, Signals.from_array(code))[0]
    return BasisPursuit(dictionary=dictionary, signal=signal, **parameters)  # type: ignore[arg-type]


@pytest.mark.parametrize("scaling", ["as-given", "unit"])
@pytest.mark.parametrize("array", [D, C], ids=["real", "complex"])
def test_zero_is_the_answer(array: np.ndarray, scaling: str) -> None:
    y = array[:, 0]
    size = float(np.linalg.norm(y)) + 1e-9
    weight = float(np.abs(array.conj().T @ y).max()) * 100
    for problem in (BasisPursuit.of(array, 0 * y, scaling=scaling), Bpdn.of(array, y, epsilon=size, scaling=scaling)):
        outcome = problem.solve()
        assert isinstance(outcome.unique, UniqueZero)
        assert outcome.value_lower == outcome.value_upper == 0
        assert outcome.claimed == ()
    outcome = Lasso.of(array, 0 * y, weight=1, scaling=scaling).solve()
    assert outcome.value_lower == outcome.value_upper == 0
    outcome = Lasso.of(array, y, weight=weight, scaling=scaling).solve()
    assert outcome.solution is not None
    assert outcome.solution.support == ()
    assert float(outcome.value_upper) == pytest.approx(float(np.vdot(y, y).real) / 2)
    assert outcome.value_upper - outcome.value_lower <= Fraction(1, 10**12) * outcome.value_upper


def test_epsilon_zero_is_basis_pursuit() -> None:
    exact = exact_problem(D, CODE)
    outcome = Bpdn(dictionary=exact.dictionary, signal=exact.signal, epsilon=Fraction(0)).solve()
    assert isinstance(outcome.problem, BasisPursuit)
    assert outcome.unique.centre.support == (3, 9)
    assert outcome.value_upper == abs(Fraction(1.25)) + abs(Fraction(-0.7))
    assert "epsilon is 0" in outcome.remarks[0]


def test_epsilon_exactly_at_the_size_of_the_signal() -> None:
    outcome = Bpdn.of([[3, 1, 0], [4, 1, 1]], [3, 4], epsilon=5).solve()
    assert isinstance(outcome.unique, UniqueZero)
    below = Bpdn.of([[3, 1, 0], [4, 1, 1]], [3, 4], epsilon=Fraction(5) - Fraction(1, 10**9)).solve()
    assert below.solution.support
    assert below.value_lower > 0


def test_duplicate_atoms_have_several_minimisers() -> None:
    array = D.copy()
    array[:, 5] = array[:, 3]
    outcome = exact_problem(array, CODE).solve()
    assert outcome.is_unique is False
    assert outcome.status == "proved-optimal"
    assert {outcome.several.first.support, outcome.several.second.support} == {(3, 9), (5, 9)}
    array[:, 5] = -array[:, 3]
    assert exact_problem(array, CODE).solve().is_unique is False
    assert exact_problem(array, CODE, nonnegative=True).solve().is_unique is not True


def test_a_rounded_signal_is_dense_at_rounding_level_and_said_to_be() -> None:
    outcome = BasisPursuit.of(D, (D @ CODE)[:, 0]).solve()
    assert outcome.status == "proved-optimal"
    assert len(outcome.solution.support) == 10
    (remark,) = outcome.remarks
    assert "8 of the 10 entries" in remark
    assert "--code" in remark
    assert "--epsilon auto" in remark
    assert exact_problem(D, CODE).solve().remarks == ()


@pytest.mark.parametrize("factor", [1e-200, 1e-12, 1e12, 1e200])
@pytest.mark.parametrize("scaling", ["as-given", "unit"])
def test_magnitudes_of_signal_and_dictionary_change_nothing(factor: float, scaling: str) -> None:
    power = float(2.0 ** round(np.log2(factor)))
    plain = [
        exact_problem(D, CODE, scaling=scaling).solve(),
        Bpdn.of(D, D @ CODE[:, 0] + 0.01, epsilon=Fraction(1, 10), scaling=scaling).solve(),
        Lasso.of(D, D @ CODE[:, 0] + 0.01, weight=Fraction(1, 2), scaling=scaling).solve(),
    ]
    tall = Fraction(power)
    scaled = [
        exact_problem(D * power, CODE, scaling=scaling).solve(),
        Bpdn.of(D, (D @ CODE[:, 0] + 0.01) * power, epsilon=tall / 10, scaling=scaling).solve(),
        Lasso.of(D, (D @ CODE[:, 0] + 0.01) * power, weight=tall / 2, scaling=scaling).solve(),
    ]
    units = [tall if scaling == "unit" else Fraction(1), tall, tall**2]
    for before, after, unit in zip(plain, scaled, units, strict=True):
        assert before.status == after.status == "proved-optimal"
        assert before.unique.centre.support == after.unique.centre.support
        assert abs(after.value_upper / unit - before.value_upper) <= before.value_upper / 10**11


def test_wildly_scaled_atoms() -> None:
    lengths = 2.0 ** rng.integers(-300, 300, 16)
    for scaling in ("unit", "as-given"):
        y = D @ CODE[:, 0]
        for problem in (
            BasisPursuit.of(D * lengths, y, scaling=scaling),
            Bpdn.of(D * lengths, y, epsilon=0.1, scaling=scaling),
            Lasso.of(D * lengths, y, weight=0.1, scaling=scaling),
        ):
            outcome = problem.solve()
            assert outcome.infeasible is None
            if outcome.value_lower is not None and outcome.value_upper is not None:
                assert outcome.value_lower <= outcome.value_upper
    unit = Lasso.of(D * lengths, y, weight=0.1, scaling="unit").solve()
    assert unit.value_upper - unit.value_lower <= Fraction(1, 10**10) * unit.value_upper


def test_extreme_parameters() -> None:
    y = D[:, 0]
    assert isinstance(Bpdn.of(D, y, epsilon=Fraction(10) ** 299).solve().unique, UniqueZero)
    assert Lasso.of(D, y, weight=Fraction(10) ** 299).solve().solution.support == ()
    small = Lasso.of(D, y, weight=Fraction(1, 10**299)).solve()
    assert small.value_lower is not None
    assert small.value_lower <= small.value_upper
    assert Bpdn.of(D, y, epsilon=Fraction(1, 10**299)).solve().infeasible is None


def test_signals_outside_of_the_range() -> None:
    tall = rng.integers(-9, 10, (6, 3))
    y = rng.integers(-9, 10, 6)
    assert BasisPursuit.of(tall, y).solve().status == "proved-infeasible"
    assert BasisPursuit.of(tall + 1j, y).solve().status == "proved-infeasible"
    least = float(np.linalg.norm(y - tall @ np.linalg.lstsq(tall, y, rcond=None)[0]))
    assert Bpdn.of(tall, y, epsilon=least * (1 - 1e-6)).solve().status == "proved-infeasible"
    assert Bpdn.of(tall + 0j, y, epsilon=least * (1 - 1e-6)).solve().status == "proved-infeasible"
    assert Bpdn.of(tall, y, epsilon=least * (1 + 1e-6)).solve().value_upper is not None
    positive = Bpdn.of(np.abs(tall) + 1, -np.abs(y) - 1, epsilon=Fraction(1, 2), nonnegative=True)
    assert positive.solve().status == "proved-infeasible"
    assert BasisPursuit.of(np.abs(D), -np.ones(10), nonnegative=True).solve().status == "proved-infeasible"


@pytest.mark.parametrize("kind", [BasisPursuit, Bpdn, Lasso])
def test_input_that_is_refused(kind: type) -> None:
    more = {"lasso": {"weight": 1}, "bpdn": {"epsilon": 1}}.get(kind.name, {})
    for array, signal, wanted in (
        (D, np.ones(9), "expected a signal of length 10"),
        (D, np.ones((10, 2)), "expected one signal"),
        (D, np.full(10, np.nan), "expected finite numbers"),
        (D, np.full(10, 1j), "expected a real signal"),
        (np.zeros((10, 2)), np.ones(10), "nonzero atoms"),
    ):
        with pytest.raises(InputError, match=wanted):
            kind.of(array, signal, **more)
    with pytest.raises(InputError, match="non-negative codes are for real"):
        kind.of(C, np.ones(10), nonnegative=True, **more)
    with pytest.raises(InputError, match="expected a scaling among"):
        kind.of(D, np.ones(10), scaling="metric", **more)
    for code in (np.ones(15), np.ones((16, 1)), np.full(16, "1")):
        with pytest.raises(InputError, match="expected a code of 16 numbers"):
            kind.of(D, np.ones(10), **more).objective(code)
    with pytest.raises(InputError, match="expected a real code"):
        kind.of(D, np.ones(10), **more).optimality_residual(np.full(16, 1j))


@pytest.mark.parametrize("value", [-1, float("nan"), float("inf"), "much", None, "1/0"])
def test_parameters_that_are_refused(value: object) -> None:
    with pytest.raises(InputError, match="expected a number above 0 as the weight"):
        Lasso.of(D, np.ones(10), weight=value)
    with pytest.raises(InputError, match="expected a number of at least 0 as epsilon"):
        Bpdn.of(D, np.ones(10), epsilon=value)


def test_a_lasso_needs_a_weight() -> None:
    with pytest.raises(InputError, match="above 0 as the weight"):
        Lasso.of(D, np.ones(10))


def test_exact_minimisers_that_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="locates no minimiser"):
        exact_minimiser(Outcome(problem=exact_problem(D, CODE)))
    with pytest.raises(InputError, match="this bpdn problem is not rational"):
        exact_minimiser(Bpdn.of(D, D @ CODE[:, 0], epsilon=0.1).solve())
    lasso = Lasso.of(D, D @ CODE[:, 0], weight=0.1, scaling="unit").solve()
    with pytest.raises(InputError, match="this lasso problem is not rational"):
        exact_minimiser(lasso)
    monkeypatch.setattr(module, "_MOST_UNKNOWNS", 1)
    with pytest.raises(LimitError, match="solved up to 1"):
        exact_minimiser(lasso)


def test_statements_are_spelled_as_certificates_spell_them() -> None:
    assert BasisPursuit.of(D, D[:, 0]).statement == {
        "name": "basis-pursuit",
        "nonnegative": False,
        "scaling": "as-given",
    }
    assert Bpdn.of(D, D[:, 0], epsilon="0.1", scaling="unit").statement == {
        "epsilon": "1/10",
        "name": "bpdn",
        "nonnegative": False,
        "scaling": "unit",
    }
    assert Lasso.of(D, D[:, 0], weight=2, nonnegative=True).statement == {
        "name": "lasso",
        "nonnegative": True,
        "scaling": "as-given",
        "weight": "2",
    }
