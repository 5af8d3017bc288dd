"""Complex weights of least coherence: one second-order cone problem per atom, by Clarabel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

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

    `atoms` are columns x_j. The unknowns are bounds t_j of |u_j|, then the real and the imaginary parts of u, and
    (t_j, Re u_j, Im u_j) is in a second-order cone.
    """
    import clarabel
    from scipy import sparse

    solver: Any = clarabel  # compiled, without types

    others = np.delete(atoms, atom, axis=1)
    m, count = others.shape
    nothing = np.zeros((m, count))
    equations = np.block([[nothing, others.real, -others.imag], [nothing, others.imag, others.real]])
    cones = sparse.csc_matrix(-np.eye(3 * count)[np.arange(3 * count).reshape(3, count).T.ravel()])
    matrix = sparse.vstack([sparse.csc_matrix(equations), cones], format="csc")
    right = np.concatenate([atoms[:, atom].real, atoms[:, atom].imag, np.zeros(3 * count)])
    cost = np.concatenate([np.ones(count), np.zeros(2 * count)])
    settings = solver.DefaultSettings()
    settings.verbose = False
    kinds = [solver.ZeroConeT(2 * m), *(solver.SecondOrderConeT(3) for _ in range(count))]
    quadratic = sparse.csc_matrix((3 * count, 3 * count))
    found = solver.DefaultSolver(quadratic, cost, matrix, right, kinds, settings).solve()
    if found.status not in (solver.SolverStatus.Solved, solver.SolverStatus.AlmostSolved):
        return None
    u = np.array(found.x[count : 2 * count]) + 1j * np.array(found.x[2 * count :])
    dual = np.array(found.z[:m]) + 1j * np.array(found.z[m : 2 * m])
    weights = min((dual, dual.conj()), key=lambda w: _coherence(atoms, w, atom))
    return LeastRepresentation(weights=weights, null_vector=np.insert(-u, atom, 1.0))


def _coherence(atoms: Complexes, weights: Complexes, atom: int) -> float:
    moduli = np.abs(weights.conj() @ atoms)
    own = moduli[atom]
    return float(np.delete(moduli, atom).max(initial=0.0) / own) if own > 0 else np.inf
