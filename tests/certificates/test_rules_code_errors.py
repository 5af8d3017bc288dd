"""Distances from written codes: the bound is attained, and no smaller one is accepted."""

from __future__ import annotations

from fractions import Fraction

import pytest
from problem_samples import ProblemWriter, code, problem

import certificates
from certificates.format import integers

ROWS = [[1, Fraction(3, 5)], [0, Fraction(4, 5)]]


def answer(upper: str, epsilon: str = "0", rows: list = ROWS, given: tuple = (1, 0)) -> object:
    signal = [[value] for value in given]
    w = ProblemWriter(rows, signal)
    w.error(0, problem("bpdn", epsilon=epsilon), code([1], integers([1])), w.coherence(), 1, str(Fraction(upper)))
    return certificates.check(w.sealed(), dictionary=rows, signal=signal)


@pytest.mark.parametrize(("upper", "accepted"), [("141422/100000", True), ("141421/100000", False)])
def test_the_bound_is_attained(upper: str, accepted: bool) -> None:
    # x = e_0 explains y = d_0, c = e_1 does not: |x - c| = sqrt 2, and (1 - 3/5) |x - c|^2 = |y - D c|^2
    assert isinstance(answer(upper), certificates.Accepted) is accepted


@pytest.mark.parametrize(("upper", "accepted"), [("157233/100000", True), ("157232/100000", False)])
def test_epsilon_adds_to_the_residual(upper: str, accepted: bool) -> None:
    # sqrt 2 + (1/10)/sqrt(2/5) = 1.5723273...
    assert isinstance(answer(upper, "1/10"), certificates.Accepted) is accepted


def test_weights_are_the_norms_of_the_atoms() -> None:
    longer = [[value * 10 for value in row] for row in ROWS]
    assert isinstance(answer("10", rows=longer), certificates.Rejected)
    # y = d_0/10 is 1/10 of the longer atom: |y - D c| = sqrt(1 + 100 - 12) and h = (1, -10)
    assert isinstance(answer("14917/1000", rows=longer), certificates.Accepted)
    assert isinstance(answer("14916/1000", rows=longer), certificates.Rejected)
