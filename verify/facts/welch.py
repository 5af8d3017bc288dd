"""The Welch bound: how small the coherence of any dictionary of this shape can be."""

from __future__ import annotations

from fractions import Fraction


def welch_bound_squared(m: int, n: int) -> Fraction:
    """Return (n-m)/(m(n-1)) if n > m, else 0: mu^2 is at least this for n unit atoms in m dimensions.

    Guarantee: exact. Attained exactly by equiangular tight frames. Source: Welch 1974.
    """
    return Fraction(max(n - m, 0), m * (n - 1))
