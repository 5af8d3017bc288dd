"""l1 problems against the exact truth of small instances, degenerate ones among them."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import numpy as np
import pytest
from l1_truths import assert_true, basis_pursuit, dense, fractions, lasso, small_problems

from verify.problems import BasisPursuit, Lasso, Outcome, exact_minimiser

COUNT = 240
WEIGHTS = (Fraction(1, 3), Fraction(2), Fraction(7))


def outcomes_of_basis_pursuit() -> list[tuple[Outcome, Fraction | None, set]]:
    found = []
    for D, y, nonnegative in small_problems(COUNT):
        truth = basis_pursuit(fractions(D), [Fraction(v) for v in y.tolist()], nonnegative)
        found.append((BasisPursuit.of(D, y, nonnegative=nonnegative).solve(), *truth))
    return found


def test_basis_pursuit_is_solved_and_nothing_proved_is_false() -> None:
    seen = Counter()
    for outcome, value, minimisers in outcomes_of_basis_pursuit():
        assert_true(outcome, value, minimisers)
        assert outcome.status == ("proved-infeasible" if value is None else "proved-optimal")
        if value is not None:
            assert outcome.is_unique is (len(minimisers) == 1)
            assert outcome.value_upper == value
        seen[outcome.status, outcome.is_unique] += 1
        if outcome.unique is not None:
            assert dense(exact_minimiser(outcome), outcome.problem.dictionary.shape[1]) in minimisers
    assert min(seen.values()) > 20, seen
    assert len(seen) == 3


@pytest.mark.parametrize("weight", WEIGHTS)
@pytest.mark.sampled(2)
def test_lasso_is_solved_and_nothing_proved_is_false(weight: Fraction) -> None:
    unique = several = 0
    for D, y, nonnegative in small_problems(COUNT // 2):
        outcome = Lasso.of(D, y, nonnegative=nonnegative, weight=weight).solve()
        value, minimisers = lasso(fractions(D), [Fraction(v) for v in y.tolist()], weight, nonnegative)
        assert_true(outcome, value, minimisers)
        assert outcome.status == "proved-optimal"
        if outcome.is_unique:
            assert dense(exact_minimiser(outcome), D.shape[1]) in minimisers
        unique += outcome.is_unique is True
        several += outcome.is_unique is False
        if len(minimisers) > 1:
            assert outcome.is_unique is False
    assert unique > 50
    assert several > 5


def test_unit_weights_are_those_of_scaled_atoms() -> None:
    """With norms that are rational the unit problem is that of the dictionary of unit atoms, exactly."""
    rng = np.random.default_rng(0)
    lengths = [Fraction(5), Fraction(13), Fraction(1, 4), Fraction(3), Fraction(10)]
    directions = [(3, 4), (5, 12), (1, 0), (0, 1), (-8, 6)]
    unit = [[Fraction(a, int(np.hypot(*d))) for d in directions for a in [d[k]]] for k in range(2)]
    given = np.array([[row[i] * lengths[i] for i in range(5)] for row in unit], dtype=object)
    for _ in range(20):
        y = [Fraction(int(v)) for v in rng.integers(-9, 10, 2)]
        for nonnegative in (False, True):
            value, minimisers = basis_pursuit(unit, y, nonnegative)
            scaled = {tuple(z / length for z, length in zip(x, lengths, strict=True)) for x in minimisers}
            outcome = BasisPursuit.of(given, np.array(y, dtype=object), nonnegative=nonnegative, scaling="unit").solve()
            if outcome.unique is not None:
                assert_true(outcome, value, scaled)
            assert (outcome.infeasible is not None) == (value is None)
            weight = Fraction(1, 2)
            value, minimisers = lasso(unit, y, weight, nonnegative)
            scaled = {tuple(z / length for z, length in zip(x, lengths, strict=True)) for x in minimisers}
            outcome = Lasso.of(
                given, np.array(y, dtype=object), nonnegative=nonnegative, scaling="unit", weight=weight
            ).solve()
            assert_true(outcome, value, scaled)
            if outcome.unique is not None:
                assert dense(exact_minimiser(outcome), 5) in scaled
