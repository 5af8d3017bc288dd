"""Intervals hold the exact results, and are not much wider than they must be."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from verify.exact import Enclosure
from verify.networks.intervals import IntervalMatrix, IntervalVector, Midpoints


@pytest.mark.parametrize("seed", range(4))
def test_products_sums_and_relus_hold_the_exact_ones(seed: int) -> None:
    random = np.random.default_rng(seed)
    A = np.array([[Fraction(float(x)) / 3 for x in row] for row in random.standard_normal((8, 6))], dtype=object)
    v = [Fraction(float(x)) for x in random.standard_normal(6)]
    b = np.array([Fraction(float(x)) / 7 for x in random.standard_normal(8)], dtype=object)
    exact = A @ np.array(v, dtype=object)
    work = Midpoints()
    dyadic = np.array([[Fraction(float(x)) for x in row] for row in A.tolist()], dtype=object)
    for matrix in (A, dyadic):  # rounded entries, and products that are rounded alone
        wanted = matrix @ np.array(v, dtype=object)
        holds(work.times(IntervalMatrix.of(matrix), IntervalVector.of(v)), wanted)
    found = work.times(IntervalMatrix.of(A), IntervalVector.of(v))
    holds(work.shift(found, b), exact + b)
    holds(work.add(found, found), exact + exact)
    holds(work.relu(found), np.array([max(x, Fraction(0)) for x in exact], dtype=object))


def holds(found: IntervalVector, exact: np.ndarray) -> None:
    for interval, value in zip(found.enclosures, exact.tolist(), strict=True):
        assert interval.lower <= value <= interval.upper
        assert interval.upper - interval.lower < Fraction(1, 2**46)


def test_a_sum_of_exact_numbers_is_rounded() -> None:
    small = Fraction(1, 2**60)
    holds(Midpoints().add(IntervalVector.of([1]), IntervalVector.of([small])), np.array([1 + small], dtype=object))


def test_wide_intervals_give_all_products() -> None:
    wide = IntervalVector.of([Enclosure(Fraction(-1, 3), Fraction(2, 3)), Fraction(1)])
    matrix = IntervalMatrix.of(np.array([[Fraction(3), Fraction(-1)]], dtype=object))
    (found,) = Midpoints().times(matrix, wide).enclosures
    assert found.lower <= -2
    assert found.upper >= 1
    assert found.upper - found.lower < 3 + Fraction(1, 2**30)
    (none,) = Midpoints().relu(IntervalVector.of([Enclosure(Fraction(-2), Fraction(-1))])).enclosures
    assert none.lower == none.upper == 0
