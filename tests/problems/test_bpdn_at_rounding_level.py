"""BPDN with the rounding radius of the signal's type as epsilon: y = fl(D x) has a feasible code and an enclosure."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import certificates
from verify.certify.solve import solve_problem
from verify.dictionaries.dictionary import Dictionary
from verify.dictionaries.rounding_radius import rounding_radius
from verify.dictionaries.signals import Signals
from verify.problems import Bpdn
from verify.problems.bpdn_codes import feasible_code
from verify.problems.proofs import CodeBound, ExactCode


def posed(
    kind: Any, seed: int, *, nonnegative: bool = False, shape: tuple[int, int] = (20, 40)
) -> tuple[np.ndarray, np.ndarray, np.ndarray, Bpdn]:
    rng = np.random.default_rng(seed)
    n = shape[1]
    D, x = rng.standard_normal(shape), np.zeros(n)
    if np.issubdtype(kind, np.complexfloating):
        D = D + 1j * rng.standard_normal(shape)
    D, support = D.astype(kind), rng.choice(n, 3, replace=False)
    x[support] = np.float32(rng.uniform(0.5, 2, 3) * (1 if nonnegative else rng.choice([-1, 1], 3)))
    y = (D @ x.astype(kind)).astype(kind)
    signals = Signals.from_array(y)
    epsilon = rounding_radius(signals, 0)
    problem = Bpdn(
        dictionary=Dictionary.from_array(D), signal=signals[0], epsilon=epsilon, nonnegative=nonnegative, scaling="unit"
    )
    return D, x, y, problem


def exact_parts(values: np.ndarray) -> list[tuple[Fraction, Fraction]]:
    return [(Fraction(float(v.real)), Fraction(float(v.imag))) for v in values]


def squared_residual(D: np.ndarray, y: np.ndarray, code: ExactCode) -> Fraction:
    """|y - Dx|^2 by complex arithmetic written out in fractions."""
    real, imaginary = code.values
    total = Fraction(0)
    for row, (a, b) in zip(D, exact_parts(y), strict=True):
        entries = exact_parts(row)
        for at, i in enumerate(code.support):
            (p, q), r, s = entries[i], real[at], imaginary[at] if imaginary else Fraction(0)
            a, b = a - (p * r - q * s), b - (p * s + q * r)
        total += a * a + b * b
    return total


@pytest.mark.parametrize(
    ("kind", "nonnegative"),
    [(np.float64, False), (np.float64, True), (np.float32, False), (np.float32, True), (np.complex128, False)],
)
@pytest.mark.parametrize("seed", range(4))
def test_a_rounded_signal_has_a_feasible_code_and_an_enclosure(kind: Any, nonnegative: bool, seed: int) -> None:
    D, x, y, problem = posed(kind, seed, nonnegative=nonnegative)
    outcome = problem.solve()
    assert outcome.status in {"enclosed", "proved-optimal"}
    if isinstance(outcome.upper, CodeBound):
        code = outcome.upper.code
        assert squared_residual(D, y, code) <= problem.epsilon**2
        assert not nonnegative or min(code.values[0]) >= 0
    else:  # no feasible code was written down, but the minimiser is located
        assert outcome.upper.unique is outcome.unique
    cost = float(np.abs(x) @ np.linalg.norm(D.astype(np.complex128), axis=0))
    assert 0 < outcome.value_lower <= outcome.value_upper
    assert float(outcome.value_upper) == pytest.approx(cost, rel=1e-5 if kind is np.float32 else 1e-12)
    assert float(outcome.value_lower) == pytest.approx(cost, rel=1e-5 if kind is np.float32 else 1e-7)


@pytest.mark.parametrize(("kind", "seed", "nonnegative"), [(np.float64, 0, False), (np.float32, 0, True)])
def test_the_checker_accepts_both_bounds(kind: Any, seed: int, nonnegative: bool) -> None:
    """Seed 0 of float32 has a located minimiser and no written code."""
    result = solve_problem(posed(kind, seed, nonnegative=nonnegative)[3])
    assert isinstance(result.answer, certificates.Accepted)
    assert {"value-lower", "value-upper"} <= {claim["kind"] for claim in result.answer.claims}


@pytest.mark.parametrize("seed", range(3))
def test_a_dictionary_that_does_not_span_is_no_obstacle(seed: int) -> None:
    """Integer atoms, so that the rounded signal is D x but for the last multiplication."""
    rng = np.random.default_rng(seed)
    D = rng.integers(-9, 10, (12, 5)).astype(np.float64)
    y = D @ np.array([0.75, 0, 0, -1.5, 0.25])
    y[3] = np.nextafter(y[3], 100.0)  # out of the range, and within the radius
    signals = Signals.from_array(y)
    problem = Bpdn(dictionary=Dictionary.from_array(D), signal=signals[0], epsilon=2 * rounding_radius(signals, 0))
    outcome = problem.solve()
    assert outcome.infeasible is None
    assert squared_residual(D, y, outcome.upper.code) <= problem.epsilon**2
    assert outcome.value_lower <= Fraction(5, 2) <= outcome.value_upper + Fraction(1, 10**12)


def test_what_is_no_code_of_the_problem_is_no_bound() -> None:
    _D, _x, _y, problem = posed(np.float64, 0, nonnegative=True)
    negative = ExactCode(support=(3,), real=(-1,))
    assert feasible_code(problem, negative) is None
    far = ExactCode(support=(3,), real=(1,))
    assert feasible_code(problem, far) is None
    wide = Bpdn(dictionary=problem.dictionary, signal=problem.signal, epsilon=1000, nonnegative=True)
    assert feasible_code(wide, far).upper == 1
    assert feasible_code(wide, negative) is None


def test_a_radius_that_is_too_small_is_not_forgiven() -> None:
    """The same signal, moved out of the range by ten times the radius, is proved to be out of reach."""
    D = np.array([[1.0, 2.0], [1.0, 2.0], [0.0, 0.0]])
    y = np.array([1.0, 1.0, 2.0**-49])
    signals = Signals.from_array(y)
    radius = rounding_radius(signals, 0)
    outcome = Bpdn(dictionary=Dictionary.from_array(D), signal=signals[0], epsilon=radius).solve()
    assert outcome.upper is None
    assert outcome.infeasible is not None or outcome.status == "not-solved"
