"""The Babel function mu_1(k), enclosed."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ..dictionaries.dictionary import Dictionary
from ..dictionaries.unit_atoms import unit_atoms
from ..exact import rational_root
from ..progress import Progress, silent
from ..rounding import BINARY64, dyadic_lower, dyadic_upper
from .coherence import MutualCoherence

_ROWS_AT_ONCE = 256
_LONGEST = 1024
_SHORTEST = 8
_BITS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Babel:
    """lower[k-1] <= mu_1(k) <= upper[k-1] for k = 1 .. K."""

    lower: tuple[Fraction, ...]
    upper: tuple[Fraction, ...]


def babel(dictionary: Dictionary, coherence: MutualCoherence, progress: Progress = silent) -> Babel:
    """Enclose mu_1(k) = max_i of the sum of the k largest |<d^_i, d^_j>|, j != i, for k = 1 .. K.

    K is where the function has passed 1 (no theorem looks further), at least 8, at most 1024, or n - 1.

    Guarantee: enclosed, by binary64 products with a proven rounding error; where mu is rational also mu_1(k) <= k mu.
    Cost: one product of the Gram matrix and a partial sort of its rows. Source: Tropp 2004, section 2.
    """
    n = dictionary.shape[1]
    order = min(n - 1, _LONGEST)
    atoms = unit_atoms(dictionary)
    greatest = np.zeros(order)
    for start in range(0, n, _ROWS_AT_ONCE):
        rows = slice(start, min(start + _ROWS_AT_ONCE, n))
        moduli = atoms.moduli(rows, slice(0, n))
        moduli[np.arange(rows.stop - start), np.arange(start, rows.stop)] = 0
        largest = np.partition(moduli, n - order, axis=1)[:, n - order :]
        sums = np.cumsum(np.sort(largest, axis=1)[:, ::-1], axis=1)
        np.maximum(greatest, sums.max(axis=0), out=greatest)
        progress("Babel function", rows.stop, n)
    return enclosed_sums(greatest.tolist(), atoms.error, rational_root(coherence.squared))


def enclosed_sums(sums: list[float], error: Fraction, mu: Fraction | None) -> Babel:
    """Enclose sums of 1, 2, .. terms, each known up to `error`, and at most k `mu` for k terms where mu is given."""
    lower: list[Fraction] = []
    upper: list[Fraction] = []
    # Each root is rounded up before summing, as the checker does, so that k times a dyadic bound is one it reaches.
    dyadic = None if mu is None else dyadic_upper(mu, _BITS)
    for k, value in enumerate(sums, 1):
        # k terms, each within `error`; k - 1 additions of numbers whose sum is at most 2 k round in any order.
        slack = k * error + 2 * k * k * BINARY64.unit_roundoff
        lower.append(max(lower[-1] if lower else Fraction(0), dyadic_lower(Fraction(value) - slack, _BITS)))
        bound = dyadic_upper(Fraction(value) + slack, _BITS)
        upper.append(bound if dyadic is None else min(bound, k * dyadic))
        if k >= _SHORTEST and lower[-1] >= 1:
            break
    return Babel(lower=tuple(lower), upper=tuple(upper))
