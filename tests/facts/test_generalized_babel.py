"""The generalized Babel function: what mu~ gives, and that no weights give less at the levels it guarantees."""

from __future__ import annotations

import dataclasses
from fractions import Fraction

import numpy as np
import pytest
from exact_null_space import NullSpace
from exact_reference import sample
from small_truths import assert_generalized_babel, small

from verify.dictionaries.dictionary import Dictionary
from verify.dictionaries.families import build
from verify.dictionaries.working_space import working_space
from verify.facts.generalized import GeneralizedCoherence, generalized_coherence, largest_level
from verify.facts.generalized_babel import GeneralizedBabel, generalized_babel
from verify.verdict import Scaling


def measured(dictionary: Dictionary) -> tuple[GeneralizedCoherence, GeneralizedBabel | None]:
    generalized = generalized_coherence(dictionary, working_space(dictionary, Scaling.unit))
    return generalized, generalized_babel(generalized)


def least_sums(rows: np.ndarray, atom: int, weights: tuple[float, ...]) -> float:
    """The least weighted sum of the largest |<w, x_j>|, j != i, over <w, x_i> = 1: a program of another solver.

    `weights` fall to 0, so the weighted sum is one of sums of the k largest.
    """
    import cvxpy

    others = np.delete(rows, atom, axis=0)
    w = cvxpy.Variable(rows.shape[1])
    moduli = cvxpy.abs(others @ w)
    steps = [a - b for a, b in zip(weights, (*weights[1:], 0.0), strict=True)]
    terms = [c * cvxpy.sum_largest(moduli, min(k, len(others))) for k, c in enumerate(steps, 1) if c]
    problem = cvxpy.Problem(cvxpy.Minimize(cvxpy.sum(terms)), [rows[atom] @ w == 1])
    return float(problem.solve(solver=cvxpy.CLARABEL))


def test_no_weights_have_smaller_sums_at_the_atom_that_attains_mu() -> None:
    """The proof in `generalized_babel`, by linear programs: P_i(k) and P_i(k) + P_i(k-1), for all k with k mu~ <= 1."""
    checked = 0
    named = [(name, dictionary) for name, dictionary, _ in small(52)]
    named += [(f"normal {seed}", sample("float64", seed, m, n)) for seed, (m, n) in enumerate([(9, 12), (14, 18)])]
    named += [("simplex", build("simplex", "9")), ("two bases", build("identity-hadamard", "8"))]
    for name, dictionary in named:
        generalized, babel = measured(dictionary)
        t = float(generalized.lower)
        rows = working_space(dictionary, Scaling.unit).rows
        n = len(rows)
        if t < 1e-9:
            continue
        for k in range(1, min(n, 5)):
            if k * t <= 1:
                assert least_sums(rows, generalized.atom, (1.0,) * k) > k * t - 1e-5, name
            if (2 * k - 1) * t <= 1:
                least = least_sums(rows, generalized.atom, (2.0,) * (k - 1) + (1.0,))
                assert least > (2 * k - 1) * t - 1e-5, name
                if babel is not None and k <= len(babel.sums):
                    assert least == pytest.approx(float(babel.sums[k - 1]), abs=1e-5), name
                    checked += 1
    assert checked > 20


def test_sums_of_small_dictionaries_are_proved_and_reach_the_level_of_generalized_coherence() -> None:
    found = 0
    for name, dictionary, truth in small(91):
        generalized, babel = measured(dictionary)
        expected = min(largest_level(generalized), truth.n)
        assert (0 if babel is None else len(babel.sums)) == expected, name
        if babel is None:
            continue
        found += 1
        assert_generalized_babel(truth, generalized, babel)
        assert len(babel.upper) == len(babel.sums)
        assert all(total < 1 for total in babel.sums)
        assert 2 * expected < truth.spark
    assert found > 30


def test_longer_sums() -> None:
    """The simplex: P_i(k) = k/(n-1) for all atoms."""
    dictionary = build("simplex", "12")
    generalized, babel = measured(dictionary)
    assert babel is not None
    assert_generalized_babel(NullSpace(dictionary), generalized, babel)
    assert len(babel.sums) == 5
    for k, (upper, total) in enumerate(zip(babel.upper, babel.sums, strict=True), 1):
        assert Fraction(k, 11) <= upper < Fraction(k, 11) * Fraction(1000001, 1000000)
        assert Fraction(2 * k - 1, 11) <= total < Fraction(2 * k - 1, 11) * Fraction(1000001, 1000000)


def test_no_level_gives_no_sums() -> None:
    generalized, babel = measured(Dictionary.from_array([[1, 1, 0], [0, 0, 1]]))
    assert largest_level(generalized) == 0
    assert babel is None
    nothing = dataclasses.replace(generalized, upper=(Fraction(0),) * 3)
    assert generalized_babel(nothing) == GeneralizedBabel(
        basis=nothing, upper=(Fraction(0),) * 3, sums=(Fraction(0),) * 3
    )
