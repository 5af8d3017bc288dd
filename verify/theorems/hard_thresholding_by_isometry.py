"""Iterative hard thresholding converges at the rate (1 + sqrt 5)/2 delta_3k."""

from __future__ import annotations

import math
from fractions import Fraction

from .language.dictionary_variables import DELTA_3K, K
from .theorem import Condition, IsometryBound, IterationTheorem, Known, Observable, Section, Status

_RATE_BITS = 32


def _rate_upper(delta: Fraction) -> Fraction:
    """Return the least multiple of 2^-32 that is at least (1 + sqrt 5)/2 delta."""
    guess = math.isqrt(math.floor(5 * delta**2 * 4**_RATE_BITS)) + math.floor(delta * 2**_RATE_BITS)
    rate = Fraction(guess // 2, 2**_RATE_BITS)  # at most two units too small
    while 2 * rate < delta or (2 * rate - delta) ** 2 < 5 * delta**2:
        rate += Fraction(1, 2**_RATE_BITS)
    return rate


def _rate(known: Known, level: int) -> Fraction | None:
    bound = known.isometry_bound(3 * level)
    if bound is None or bound.upper >= 1:
        return None
    rate = _rate_upper(bound.upper)
    return rate if rate < 1 else None


def _level(known: Known) -> int:
    n = known.facts.n
    levels = (bound.level for bound in known.isometry_bounds if bound.upper < 1 and _rate_upper(bound.upper) < 1)
    return max((n if level >= n else level // 3 for level in levels), default=0)


def _evidence(known: Known, level: int) -> IsometryBound | None:
    return known.isometry_bound(3 * level)


THEOREM = IterationTheorem(
    id="hard-thresholding-by-isometry",
    title="Convergence of iterative hard thresholding",
    section=Section.networks,
    variables=(K, DELTA_3K),
    hypotheses=(Condition("delta < 2/(1 + sqrt(5))"),),
    constants={"rate": "(1 + sqrt(5))*delta/2"},
    conclusion="From y = D^x with at most k nonzeros in x, the iteration x' <- H_k(x' + D^*(y - D^x')), started at 0, "
    "comes closer to x by the factor (1 + sqrt 5)/2 delta_3k in each step, however H_k breaks ties.",
    proof="Let u = x' + D^*(y - D^x'), S and S' the supports of x and of H_k(u), and T their union with that of "
    "x'. On T, |x - u| <= delta_3k |x - x'|. With a = |(x - u) on S minus S'| and b = |(x - u) on S' minus "
    "S|, the part of x off S' has norm at most a + b, because the entries of u on S' minus S are no smaller "
    "than those on S minus S'; and (a + b)^2 + b^2 <= phi^2 (a^2 + b^2) with phi = (1 + sqrt 5)/2, the "
    "largest singular value of (1 1; 0 1).",
    source="Foucart, Rauhut 2013, theorem 6.18, with a sharper constant; certificates/SPEC.md, section 6.7",
    status=Status.proved,
    rate=_rate,
    level=_level,
    evidence=_evidence,
    observables=(Observable(quantity="contraction", relation="<=", bound="rate"),),
)
