"""Null-space constants from the columns of I - W^T D': Juditsky and Nemirovski's alpha_k."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..dictionaries.working_space import WorkingSpace
from ..solvers.column_sums import small_columns

_BITS = 40
_SLACK = 1.0 + 2.0**-40
_ITERATIONS = 200
_TOLERANCE = 1e-2
_AIM = 0.4995


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnSums:
    """nsc_level <= `upper`: the `level` largest entries of each column of |I - W^T D'| sum to no more.

    The rows of W^T are `weights` times 2^`exponent`; `bits` is the precision at which the rule of certificates/SPEC.md
    6.6 sees the atoms.
    """

    level: int
    weights: NDArray[np.int64]
    exponent: int
    bits: int
    upper: float


def column_sums_work(n: int, m: int) -> float:
    """Return the floating-point operations that `column_sums` plans."""
    return _ITERATIONS * (2.0 * n**3 + 100.0 * n * n) + 20.0 * n * n * m * m


def column_sums(space: WorkingSpace, level: int) -> ColumnSums | None:
    """Return weights whose column sums bound nsc_level, aiming just below 1/2; None if rounding leaves no bound.

    alpha_k = min over W of max over j of the sum of the k largest entries of column j of |I - W^T D'| >= nsc_k.
    Guarantee: `upper` is proved for the weights returned, in products with a rigorous error bound; that they are the
    best is not promised. Cost: see `column_sums_work`. Source: Juditsky, Nemirovski 2011.
    """
    n = len(space.rows)
    start = space.row_space.approximate(np.eye(n), tolerance=_TOLERANCE)
    if not np.isfinite(start.dual).all():
        return None
    found = small_columns(space.row_space, start.dual, level, _AIM, _ITERATIONS)
    largest = float(np.abs(found.dual).max())
    if not np.isfinite(found.dual).all() or largest == 0.0:
        return None
    exponent = math.frexp(largest)[1] - _BITS
    weights = np.rint(np.ldexp(found.dual, -exponent)).astype(np.int64)
    if not weights.any(axis=1).all():
        return None
    products, errors = space.products(weights.astype(np.float64))
    entries = np.abs(np.eye(n) - np.ldexp(products, exponent)) + np.ldexp(errors, exponent)
    weight = float(np.abs(weights).sum(axis=1, dtype=np.float64).max())
    bits = max(0, 60 + math.frexp(weight)[1] + exponent + space.exponent)
    upper = float(np.sort(entries, axis=0)[n - level :].sum(axis=0).max()) * _SLACK + level * 2.0**-50
    return ColumnSums(level=level, weights=weights, exponent=exponent + space.exponent, bits=bits, upper=upper)
