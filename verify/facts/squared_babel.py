"""The squares of the Babel function in the 2-norm, mu_2(k)^2, from above."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from ..dictionaries.dictionary import Dictionary
from ..dictionaries.unit_atoms import unit_atoms
from ..rounding import BINARY64, dyadic_upper

_ROWS_AT_ONCE = 256
_BITS = 60


def squared_babel_upper(dictionary: Dictionary, order: int) -> tuple[Fraction, ...]:
    """Return upper bounds of mu_2(k)^2 = max_i of the sum of the k largest <d^_i, d^_j>^2, j != i, for k = 1 .. order.

    Guarantee: upper bounds, by binary64 products with a proven rounding error. Cost: one product of the Gram matrix and
    a partial sort of its rows. Source: Schnass, Vandergheynst 2007.
    """
    n = dictionary.shape[1]
    order = min(order, n - 1)
    atoms = unit_atoms(dictionary)
    greatest = np.zeros(order)
    for start in range(0, n, _ROWS_AT_ONCE):
        rows = slice(start, min(start + _ROWS_AT_ONCE, n))
        moduli = atoms.moduli(rows, slice(0, n))
        moduli[np.arange(rows.stop - start), np.arange(start, rows.stop)] = 0
        largest = np.sort(np.partition(moduli, n - order, axis=1)[:, n - order :], axis=1)[:, ::-1]
        np.maximum(greatest, np.cumsum(largest**2, axis=1).max(axis=0), out=greatest)
    return sums_of_squares_upper(greatest.tolist(), atoms.error)


def sums_of_squares_upper(sums: list[float], error: Fraction) -> tuple[Fraction, ...]:
    """Return upper bounds of sums of 1, 2, .. squares of numbers up to 1, each known within `error` before squaring."""
    found: list[Fraction] = []
    for k, value in enumerate(sums, 1):
        # (g + e)^2 <= g^2 + 3 e as g <= 1 + e and e < 1/3; k squares and k - 1 additions of at most 2 k round.
        slack = 3 * k * error + 3 * k * k * BINARY64.unit_roundoff
        found.append(dyadic_upper(Fraction(value) + slack, _BITS))
    return tuple(found)
