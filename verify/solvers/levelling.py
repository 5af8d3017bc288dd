"""A correction of an almost best uniform approximation, from the little that its largest residuals differ by."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .candidate import Candidate

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction(Candidate):
    """Proposed: a small change of y and a long move along given directions, and the rows that decide.

    `multipliers` belong to the rows with the largest residuals, `others` to the other rows.
    """

    change: Floats
    move: Floats
    multipliers: Floats
    others: Floats


def correction(
    rows: Floats, excess: Floats, effect: Floats, others: Floats, room: tuple[Floats, Floats]
) -> Correction | None:
    """Propose d and c that minimise the largest entry of `excess` - `rows` d - `effect` c, by HiGHS; None if it fails.

    `rows` are the rows with the largest residuals, each times the sign of its own, and `excess` says by how much the
    residuals differ, scaled to about 1 (iterative refinement: Gleixner, Steffy, Wolter 2016). c moves y far along
    directions that change these residuals by little, `effect` on the same scale; `others` c, its effect on the other
    residuals, stays between -`room`[0] and `room`[1].
    """
    from scipy.optimize import linprog

    near, m = rows.shape
    q = effect.shape[1]
    matrix = np.zeros((near + 2 * len(others), m + q + 1))
    matrix[:near] = np.hstack([-rows, -effect, -np.ones((near, 1))])
    matrix[near:, m : m + q] = np.concatenate([others, -others])
    cost = np.zeros(m + q + 1)
    cost[-1] = 1.0
    try:
        right = np.concatenate([-excess, room[1], room[0]])
        found = linprog(cost, A_ub=matrix, b_ub=right, bounds=(None, None), method="highs-ds")
    except ValueError:
        return None
    if found.status != 0 or found.x is None or not np.isfinite(found.x).all():
        return None
    multipliers = -np.asarray(found.ineqlin.marginals, dtype=np.float64)
    above, below = multipliers[near:].reshape(2, -1)
    return Correction(
        change=np.asarray(found.x[:m]),
        move=np.asarray(found.x[m : m + q]),
        multipliers=multipliers[:near],
        others=above + below,
    )
