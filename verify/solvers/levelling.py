"""A correction of an almost best uniform approximation, from the little that its largest residuals differ by."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .candidate import Candidate

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction(Candidate):
    """Proposed: a change of y, and the multiplier of every row, not negative and with sum 1."""

    change: Floats
    multipliers: Floats


def correction(rows: Floats, excess: Floats) -> Correction | None:
    """Propose d that minimises the largest entry of `excess` - `rows` d, by HiGHS; None if it fails.

    `rows` are the rows with the largest residuals, each times the sign of its own, and `excess` says by how much the
    residuals differ, scaled to about 1 (iterative refinement: Gleixner, Steffy, Wolter 2016).
    """
    from scipy.optimize import linprog

    count, m = rows.shape
    matrix = np.hstack([-rows, -np.ones((count, 1))])
    cost = np.zeros(m + 1)
    cost[m] = 1.0
    try:
        found = linprog(cost, A_ub=matrix, b_ub=-excess, bounds=(None, None), method="highs-ds")
    except ValueError:
        return None
    if found.status != 0 or found.x is None or not np.isfinite(found.x).all():
        return None
    return Correction(change=np.asarray(found.x[:m]), multipliers=-np.asarray(found.ineqlin.marginals))
