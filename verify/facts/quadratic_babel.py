"""The l2 Babel function mu_2(k), enclosed, and its squares from above."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ..dictionaries.dictionary import Dictionary
from ..dictionaries.unit_atoms import UnitAtoms, unit_atoms
from ..exact import root_enclosure
from ..progress import Progress, silent
from ..rounding import BINARY64, dyadic_lower, dyadic_upper

_ROWS_AT_ONCE = 256
_LONGEST = 64
_BITS = 50
_SQUARED_BITS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class QuadraticBabel:
    """lower[k-1] <= mu_2(k) <= upper[k-1] for k = 1 .. K."""

    lower: tuple[Fraction, ...]
    upper: tuple[Fraction, ...]


def quadratic_babel(dictionary: Dictionary, progress: Progress = silent) -> QuadraticBabel:
    """Enclose mu_2(k), the largest root of the sum of k values |<d^_i, d^_j>|^2 for one i, j != i, for k = 1 .. K.

    K is 64, or n - 1. Guarantee: enclosed, by binary64 products with a proved rounding error. Cost: one product of the
    Gram matrix and a partial sort of its rows. Source: Schnass, Vandergheynst 2007 (theorem thresholding-typical).
    """
    n = dictionary.shape[1]
    atoms = unit_atoms(dictionary)
    lower, upper = [Fraction(0)], [Fraction(0)]
    for k, total in enumerate(_greatest_sums(atoms, n, min(n - 1, _LONGEST), progress), 1):
        # a square is off by (2 + error) error and its rounding, each of k - 1 additions by that of a sum of at most 2 k
        slack = k * atoms.error * (3 + atoms.error) + 2 * k * (k + 2) * BINARY64.unit_roundoff
        lower.append(
            max(lower[-1], dyadic_lower(root_enclosure(max(Fraction(total) - slack, Fraction(0))).lower, _BITS))
        )
        upper.append(dyadic_upper(root_enclosure(Fraction(total) + slack).upper, _BITS))
    return QuadraticBabel(lower=tuple(lower[1:]), upper=tuple(upper[1:]))


def squared_babel_upper(dictionary: Dictionary, order: int) -> tuple[Fraction, ...]:
    """Return upper bounds of mu_2(k)^2 = max_i of the sum of the k largest <d^_i, d^_j>^2, j != i, for k = 1 .. order.

    Guarantee, cost, source: as `quadratic_babel`, upper bounds only. No k beyond n - 1 is returned.
    """
    n = dictionary.shape[1]
    atoms = unit_atoms(dictionary)
    return sums_of_squares_upper(_greatest_sums(atoms, n, min(order, n - 1), silent), atoms.error)


def sums_of_squares_upper(sums: list[float], error: Fraction) -> tuple[Fraction, ...]:
    """Return upper bounds of sums of 1, 2, .. squares of numbers up to 1, each known within `error` before squaring."""
    found: list[Fraction] = []
    for k, value in enumerate(sums, 1):
        # (g + e)^2 <= g^2 + 3 e as g <= 1 + e and e < 1/3; k squares and k - 1 additions of at most 2 k round.
        slack = 3 * k * error + 3 * k * k * BINARY64.unit_roundoff
        found.append(dyadic_upper(Fraction(value) + slack, _SQUARED_BITS))
    return tuple(found)


def _greatest_sums(atoms: UnitAtoms, n: int, order: int, progress: Progress) -> list[float]:
    """Return, for k = 1 .. order, the largest sum for one atom of its k largest squared products, in floats."""
    greatest = np.zeros(order)
    for start in range(0, n, _ROWS_AT_ONCE):
        rows = slice(start, min(start + _ROWS_AT_ONCE, n))
        moduli = atoms.moduli(rows, slice(0, n))
        moduli[np.arange(rows.stop - start), np.arange(start, rows.stop)] = 0
        largest = np.partition(moduli, n - order, axis=1)[:, n - order :]
        sums = np.cumsum(np.sort(largest, axis=1)[:, ::-1] ** 2, axis=1)
        np.maximum(greatest, sums.max(axis=0), out=greatest)
        progress("l2 Babel function", rows.stop, n)
    return greatest.tolist()
