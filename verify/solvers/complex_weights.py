"""Complex weights of least coherence: one second-order cone problem per atom, through cvxpy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .candidate import Candidate

Complexes = NDArray[np.complex128]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeastRepresentation(Candidate):
    """Proposed: `weights` w with small |<w, x_j>| / |<w, x_i>|, and `null_vector` h with h_i = 1 and small |h|_1."""

    weights: Complexes
    null_vector: Complexes


def least_representation(atoms: Complexes, atom: int) -> LeastRepresentation | None:
    """Propose min |u|_1 under sum over j != i of u_j x_j = x_i, and its dual weights; None if there is no such u.

    `atoms` are columns x_j. Solved by Clarabel.
    """
    import cvxpy
    from cvxpy.error import SolverError

    others = np.delete(atoms, atom, axis=1)
    u = cvxpy.Variable(others.shape[1], complex=True)
    represents = others @ u == atoms[:, atom]
    problem = cvxpy.Problem(cvxpy.Minimize(cvxpy.norm1(u)), [represents])
    try:
        problem.solve(solver=cvxpy.CLARABEL)
    except (SolverError, ArithmeticError, ValueError):
        return None
    if u.value is None or represents.dual_value is None:
        return None
    null_vector = np.insert(-np.asarray(u.value, dtype=np.complex128), atom, 1.0)
    dual = np.asarray(represents.dual_value, dtype=np.complex128)
    weights = min((dual, dual.conj()), key=lambda w: _coherence(atoms, w, atom))
    return LeastRepresentation(weights=weights, null_vector=null_vector)


def _coherence(atoms: Complexes, weights: Complexes, atom: int) -> float:
    moduli = np.abs(weights.conj() @ atoms)
    own = moduli[atom]
    return float(np.delete(moduli, atom).max(initial=0.0) / own) if own > 0 else np.inf
