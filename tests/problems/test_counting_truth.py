"""Sparsest and k-sparse codes of small instances: what is proved is true, is accepted, and is all that is true."""

from __future__ import annotations

from fractions import Fraction

import pytest
from counted_certificates import assert_accepted
from counting_truths import Truth, dot, instances

from verify.dictionaries.dictionary import Dictionary
from verify.dictionaries.signals import Signals
from verify.exact import rational_root
from verify.problems import KSparse, Sparsest
from verify.problems.outcome import Outcome, Status
from verify.problems.proofs import ExactCode


def subjects(truth: Truth) -> tuple[Dictionary, Signals]:
    return Dictionary.from_array(truth.array), Signals.from_array([list(row) for row in zip(truth.signal, strict=True)])


def code_of(code: ExactCode) -> dict[int, Fraction]:
    return dict(zip(code.support, code.values[0], strict=True))


def assert_sparsest(truth: Truth, epsilon: Fraction, outcome: Outcome, values: list[Fraction]) -> None:
    feasible = [k for k, value in enumerate(values) if value <= epsilon**2]
    if not feasible:
        assert outcome.status in (Status.proved_infeasible, Status.not_solved), truth.name
    else:
        assert outcome.infeasible is None, truth.name
        best = feasible[0]
        assert (outcome.value_lower or 0) <= best, truth.name
        assert outcome.upper is None or best <= outcome.upper.upper, truth.name
        assert outcome.is_unique in (None, truth.only(best, epsilon**2)), truth.name
    for code in [outcome.solution, *(c for s in [outcome.several] if s for c in (s.first, s.second))]:
        if code is not None:
            values_of = code_of(code)
            left = truth.residual(values_of)
            assert sum(r * r for r in left) <= epsilon**2
            assert truth.allows(list(values_of.values()))
            assert all(values_of.values())


def epsilons(values: list[Fraction]) -> list[Fraction]:
    """0, one in between, and ones that are exactly a distance, as far as distances are rational."""
    exact = [root for root in map(rational_root, values) if root]
    return [Fraction(0), Fraction(1, 2), *exact[:2]]


@pytest.mark.thorough
@pytest.mark.parametrize("part", range(4))
def test_sparsest_codes(part: int) -> None:
    solved = open_ = only = 0
    for truth in list(instances(216))[part::4]:
        dictionary, signals = subjects(truth)
        values = truth.values()
        for epsilon in epsilons(values):
            problem = Sparsest(
                dictionary=dictionary, signal=signals[0], box=truth.box, nonnegative=truth.nonnegative, epsilon=epsilon
            )
            outcome = problem.solve()
            assert_sparsest(truth, epsilon, outcome, values)
            assert_accepted(outcome, dictionary, signals)
            if outcome.status in (Status.proved_optimal, Status.proved_infeasible):
                solved += 1
            elif not (truth.nonnegative and truth.box is None):  # the proofs without a box see no signs
                open_ += 1
            only += outcome.unique is not None
    assert solved > 100
    assert only > 30
    assert open_ == 0


@pytest.mark.thorough
@pytest.mark.parametrize("part", range(4))
def test_k_sparse_codes(part: int) -> None:
    solved = open_ = only = 0
    for truth in list(instances(216))[part::4]:
        dictionary, signals = subjects(truth)
        values = truth.values()
        for k in range(1, truth.n + 1):
            problem = KSparse(
                dictionary=dictionary, signal=signals[0], box=truth.box, nonnegative=truth.nonnegative, sparsity=k
            )
            outcome = problem.solve()
            assert outcome.upper is not None
            assert (outcome.value_lower or 0) <= values[k] <= outcome.upper.upper, truth.name
            assert outcome.upper.upper <= values[k] * (1 + Fraction(1, 10**6)) + Fraction(1, 10**12), truth.name
            assert_accepted(outcome, dictionary, signals)
            if outcome.unique is not None:
                only += 1
                assert truth.only(k, values[k]), truth.name
            if outcome.several is not None:
                first, second = (code_of(code) for code in (outcome.several.first, outcome.several.second))
                assert first != second
                assert all(dot(r, r) == values[k] for r in map(truth.residual, (first, second)))
            if (outcome.value_lower or 0) >= outcome.upper.upper * (1 - Fraction(1, 10**8)):
                solved += 1
            elif not (truth.nonnegative and truth.box is None):  # the proofs without a box see no signs
                open_ += 1
    assert solved > 100
    assert only > 15
    assert open_ == 0
