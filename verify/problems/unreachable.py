"""No code comes near the signal: exact vectors that separate it from everything the dictionary makes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from ..dictionaries.dictionary import Dictionary
from ..exact import echelon_pivots
from ..solvers.bounded_least_squares import bounded_least_squares
from .proofs import DualVector, InfeasibleByDual
from .sparse_codes import SparseCodes

_PRIME = (1 << 61) - 1
_MOST_BITS = 13_000
"""Of an entry: certificates hold numbers of at most 4000 digits."""


def separated_from_range(
    dictionary: Dictionary, codes: SparseCodes, epsilon: Fraction, *, nonnegative: bool
) -> InfeasibleByDual | None:
    """Return v with <d_i, v> = 0 (non-negative codes: <= 0) for all i and <v, y> > epsilon |v|_2, or None.

    v is the exact residual of y on independent atoms that span the range, or on those that non-negative least squares
    uses. Exact; None says nothing. Cost: a system of at most m equations, and n exact inner products.
    """
    _, n = dictionary.shape
    if nonnegative:
        values = bounded_least_squares(codes.atoms, codes.signal, 0.0, math.inf)
        atoms = np.flatnonzero(values > 0).tolist()
    else:
        rows = [codes.fits.atom(i)[1] for i in range(n)]
        atoms, _ = echelon_pivots([[x % _PRIME for x in row] for row in zip(*rows, strict=True)], _PRIME)
    fit = codes.fits.fit(atoms)
    if fit.squared <= epsilon**2:
        return None
    vector = _integers(codes.fits.residual(fit.atoms, fit.values))
    if max(abs(x).bit_length() for x in vector) > _MOST_BITS:
        return None
    _, products = codes.fits.inner_products(vector, range(n))
    fine = all(c <= 0 for c in products) if nonnegative else not any(products)
    return InfeasibleByDual(dual=DualVector(real=tuple(vector))) if fine else None


def _integers(values: Sequence[Fraction]) -> list[int]:
    common = math.lcm(*(value.denominator for value in values))
    integers = [int(value * common) for value in values]
    divisor = math.gcd(*integers) or 1
    return [x // divisor for x in integers]
