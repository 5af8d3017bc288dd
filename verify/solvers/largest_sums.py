"""Weights with small sums of the k largest inner products: one linear program, through cvxpy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .candidate import Candidate

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights(Candidate):
    """Proposed weights w with <w, x_i> = 1."""

    weights: Floats


def least_largest_sums(rows: Floats, atom: int, level: int) -> Weights | None:
    """Propose w that minimises P(k) + P(k-1) under <w, x_i> = 1, x_i the row `atom` and k = `level`.

    P(k) is the sum of the k largest |<w, x_j>|, j != i: a linear program, solved by Clarabel. None if it fails.
    """
    import cvxpy
    from cvxpy.error import SolverError

    others = np.delete(rows, atom, axis=0)
    w = cvxpy.Variable(rows.shape[1])
    moduli = cvxpy.abs(others @ w)
    terms = [cvxpy.sum_largest(moduli, min(k, len(others))) for k in (level, level - 1) if k > 0]
    problem = cvxpy.Problem(cvxpy.Minimize(sum(terms)), [rows[atom] @ w == 1])
    try:
        problem.solve(solver=cvxpy.CLARABEL)
    except (SolverError, ArithmeticError, ValueError):
        return None
    value = w.value
    if value is None or not np.isfinite(value).all():
        return None
    return Weights(weights=np.asarray(value, dtype=np.float64))
