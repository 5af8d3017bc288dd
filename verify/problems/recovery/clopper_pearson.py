"""Confidence intervals of a probability from independent trials, with ends decided in exact arithmetic."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from ...errors import InputError

MOST_TRIALS = 10_000
_GRID = 10**6


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """Rational numbers `lower` <= `upper`, multiples of 10^-6."""

    lower: Fraction
    upper: Fraction


def confidence_level(value: Fraction | float | str) -> Fraction:
    """Return a confidence level as the rational number that is written ("0.95" or 0.95 is 19/20).

    Raises InputError unless it lies between 0 and 1.
    """
    try:
        exact = Fraction(str(value))
    except (ValueError, ZeroDivisionError):
        exact = Fraction(0)
    if not 0 < exact < 1 or exact.denominator > _GRID:
        raise InputError(
            f"expected a confidence level between 0 and 1 with at most 6 decimals, got {str(value)[:40]!r}"
        )
    return exact


def clopper_pearson(recovered: int, missed: int, trials: int, confidence: Fraction) -> Interval:
    """Return the Clopper-Pearson interval of the probability of recovery, rounded outward to multiples of 10^-6.

    The lower end is the p with P(Bin(N, p) >= r) = (1 - confidence)/2, r = `recovered` (0 if r = 0), the upper end the
    p with P(Bin(N, p) <= N - f) = (1 - confidence)/2, f = `missed` (1 if f = 0); trials that are neither widen the
    interval. Guarantee: it contains the exact interval, and each end is within 10^-6 of it; tails are compared as
    integers. If N independent trials succeed with probability p, it contains p with at least the probability
    `confidence`. Cost: a few sqrt(N) products of a long with a short integer for each end. Raises InputError for counts
    that do not fit. Source: Clopper, Pearson 1934.
    """
    if not 0 <= recovered + missed <= trials or min(recovered, missed) < 0 or not 1 <= trials <= MOST_TRIALS:
        raise InputError(
            f"expected recovered and missed trials among 1 to {MOST_TRIALS}, got {recovered} + {missed} of {trials}"
        )
    tail = (1 - confidence) / 2
    lower = _largest_below(recovered, trials, tail)
    upper = _GRID - _largest_below(missed, trials, tail)
    return Interval(lower=Fraction(lower, _GRID), upper=Fraction(upper, _GRID))


@cache
def _largest_below(count: int, trials: int, tail: Fraction) -> int:
    """Return the largest a with P(Bin(trials, a 10^-6) >= count) <= tail; 0 if count = 0."""
    if count == 0:
        return 0
    a = _guess(count, trials, float(tail))
    step = 1
    while a > 0 and not _is_at_most(count, trials, a, tail):
        a, step = max(0, a - step), 2 * step
    low, high = a, min(_GRID, a + 1)
    while _is_at_most(count, trials, high, tail):
        low, high = high, min(_GRID, high + step)
        step *= 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _is_at_most(count, trials, middle, tail) else (low, middle)
    return low


def _is_at_most(count: int, trials: int, a: int, tail: Fraction) -> bool:
    """Say whether the sum over i >= count of C(N, i) a^i b^(N-i), a + b = 10^6, is at most tail 10^(6 N); exactly.

    Every term is the one before times a fraction, without remainder; these fractions fall, so that a geometric series
    bounds what is left.
    """
    if a in (0, _GRID):
        return a == 0
    b = _GRID - a
    p, q = tail.numerator * _GRID**trials, tail.denominator
    term = math.comb(trials, count) * a**count * b ** (trials - count)
    total = term
    for i in range(count, trials):
        up, down = (trials - i) * a, (i + 1) * b
        if i % 32 == 0 and up < down:
            if total * q > p:
                return False
            if (total * (down - up) + term * up) * q <= p * (down - up):
                return True
        term = term * up // down
        total += term
    return total * q <= p


def _guess(count: int, trials: int, tail: float) -> int:
    """Return about the answer, by bisection with logarithms in floats."""

    def log_term(i: int, p: float) -> float:
        binomial = math.lgamma(trials + 1) - math.lgamma(i + 1) - math.lgamma(trials - i + 1)
        return binomial + i * math.log(p) + (trials - i) * math.log1p(-p)

    def above(p: float) -> float:
        terms = [log_term(i, p) for i in range(count, min(trials, count + 200) + 1)]
        return math.fsum(math.exp(term) for term in terms)

    low, high = 0.0, count / trials
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if middle == 0 or above(middle) < tail else (low, middle)
    return min(_GRID - 1, math.floor(low * _GRID))
