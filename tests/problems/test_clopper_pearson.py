"""Ends of intervals lie beside the quantiles of the beta distribution, on the right side of the exact tails."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from scipy.stats import beta, binom

from verify.errors import InputError
from verify.problems.recovery.clopper_pearson import MOST_TRIALS, clopper_pearson, confidence_level

STEP = Fraction(1, 10**6)


def tail(count: int, trials: int, p: Fraction) -> Fraction:
    """P(Bin(trials, p) >= count), exactly."""
    return sum((math.comb(trials, i) * p**i * (1 - p) ** (trials - i) for i in range(count, trials + 1)), Fraction(0))


@pytest.mark.parametrize("confidence", ["0.95", "0.99", "0.5", "1/1000"])
def test_ends_are_the_neighbours_of_the_exact_ones(confidence: str) -> None:
    level = Fraction(confidence)
    for trials in (1, 2, 3, 10, 33):
        for recovered in range(trials + 1):
            missed = trials - recovered
            found = clopper_pearson(recovered, missed, trials, level)
            for count, end in ((recovered, found.lower), (missed, 1 - found.upper)):
                assert tail(count, trials, end) <= (1 - level) / 2 or count == 0
                assert count == 0 or tail(count, trials, end + STEP) > (1 - level) / 2
                assert count or end == 0


@pytest.mark.parametrize("trials", [7, 100, 1000, MOST_TRIALS])
def test_ends_agree_with_scipy_and_lie_outside(trials: int) -> None:
    for recovered in sorted({0, 1, trials // 3, trials // 2, trials - 1, trials}):
        found = clopper_pearson(recovered, trials - recovered, trials, Fraction(19, 20))
        lower = beta.ppf(0.025, recovered, trials - recovered + 1) if recovered else 0.0
        upper = beta.ppf(0.975, recovered + 1, trials - recovered) if recovered < trials else 1.0
        assert -1e-10 <= lower - float(found.lower) <= 1e-6 + 1e-10
        assert -1e-10 <= float(found.upper) - upper <= 1e-6 + 1e-10


def test_undecided_trials_widen_the_interval() -> None:
    known = clopper_pearson(30, 10, 40, Fraction(19, 20))
    for recovered, missed in ((30, 5), (20, 10), (0, 0)):
        wider = clopper_pearson(recovered, missed, 40, Fraction(19, 20))
        assert wider.lower <= known.lower
        assert wider.upper >= known.upper
        assert wider != known
    nothing = clopper_pearson(0, 0, 40, Fraction(19, 20))
    assert (nothing.lower, nothing.upper) == (0, 1)


@pytest.mark.parametrize("p", [0.02, 0.3, 0.77])
def test_coverage_is_at_least_the_confidence(p: float) -> None:
    trials, level = 25, Fraction(9, 10)
    intervals = [clopper_pearson(r, trials - r, trials, level) for r in range(trials + 1)]
    holds = [interval.lower <= Fraction(p) <= interval.upper for interval in intervals]
    assert float(np.dot(binom.pmf(np.arange(trials + 1), trials, p), holds)) >= 0.9


@pytest.mark.parametrize("counts", [(-1, 0, 5), (3, 3, 5), (0, -1, 5), (0, 0, 0), (0, 0, MOST_TRIALS + 1)])
def test_counts_that_do_not_fit_are_refused(counts: tuple[int, int, int]) -> None:
    with pytest.raises(InputError, match="expected recovered and missed trials"):
        clopper_pearson(*counts, Fraction(19, 20))


def test_confidence_levels() -> None:
    assert confidence_level("0.95") == confidence_level(0.95) == confidence_level("19/20") == Fraction(19, 20)
    for bad in ("0", "1", "-0.5", "nan", "inf", "1.5", "x", "", "1/0", "0.12345678", None, "0." + "1" * 50):
        with pytest.raises(InputError, match="expected a confidence level"):
            confidence_level(bad)  # pyright: ignore[reportArgumentType]  that is the test
