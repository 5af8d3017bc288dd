"""Iterative hard thresholding converges at the rate (1 + sqrt 5)/2 delta_3k."""

from __future__ import annotations

import math
from fractions import Fraction

from .theorem import DICTIONARY_VARIABLES, IsometryBound, IterationTheorem, Known

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
    variables=DICTIONARY_VARIABLES,
    hypotheses=("delta_3k < 2/(1 + sqrt 5)",),
    constants={"rate": "(1 + sqrt(5))/2*delta"},
    conclusion="From y = D^x with at most k nonzeros in x, the iteration x' <- H_k(x' + D^*(y - D^x')), started at 0, "
    "comes closer to x by the factor (1 + sqrt 5)/2 delta_3k in each step, however H_k breaks ties.",
    source="Foucart, Rauhut 2013, theorem 6.18, with a sharper constant; certificates/SPEC.md, section 6.7",
    status="proved",
    rate=_rate,
    level=_level,
    evidence=_evidence,
)
