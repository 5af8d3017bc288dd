"""Does basis pursuit recover these codes? Dual vectors prove that it does, null vectors that it does not."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...dictionaries.dictionary import Dictionary
from ...solvers.signed_duals import SignedDuals, heaviest_vertex, least_dual
from ...verdict import Scaling
from .atoms import Atoms
from .codes import Codes
from .exact_misses import dependent, missed_by
from .outcomes import MISSED, RECOVERED, UNDECIDED, Outcomes
from .supports import Supports

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]

_ROUNDS, _ITERATIONS = 60, 10
_NEARLY = 1e-7


class BasisPursuitTrials:
    """Decides whether a code x is the only minimiser of sum w_i |x'_i| over Dx' = Dx, w_i = N_i (`unit`) or 1.

    Only support S and signs s matter. With D' the atoms scaled as asked, x is recovered if and only if D'_S is
    injective and there is v with <d'_i, v> = s_i on S and |<d'_j, v>| < 1 off it; if and only if sum_S s_i h_i <
    sum_off |h_j| for all h != 0 with D'h = 0 (Fuchs 2004; Zhang, Yin, Cheng 2015).

    Guarantee: what is called recovered or missed is proved, by floats with bounds of their rounding or exactly. Cost: a
    few products of n x m matrices for each code; near the transition some hundred, or a linear program.
    """

    def __init__(self, dictionary: Dictionary, scaling: Scaling) -> None:
        self.atoms = Atoms(dictionary, scaling)

    @np.errstate(all="ignore")  # what overflows proves nothing
    def __call__(self, codes: Codes) -> Outcomes:
        """Return what every code comes to."""
        outcomes = np.full(len(codes), UNDECIDED, dtype=np.uint8)
        m, _ = self.atoms.shape
        if codes.supports.shape[1] > m:  # more atoms than dimensions are dependent
            outcomes[:] = MISSED
            return outcomes
        supports = Supports(self.atoms, codes)
        for at in np.flatnonzero(supports.least == 0):
            if dependent(self.atoms.dictionary, codes.supports[at].tolist()):
                outcomes[at] = MISSED
        left = np.flatnonzero(supports.least > 0)
        start = supports.least_squares(left)
        recovered = supports.recovered(left, start)
        outcomes[left[recovered]] = RECOVERED
        left, start = left[~recovered], start[~recovered]
        left = self._iterate(supports, left, start @ self.atoms.rows.T, outcomes)
        for at in left:
            outcomes[at] = self._alone(supports, at)
        return outcomes

    def _iterate(self, supports: Supports, left: Indices, start: Floats, outcomes: Outcomes) -> Indices:
        """Decide what projections decide; return the codes that are left."""
        if not len(left):
            return left
        search = SignedDuals(self.atoms.projector, supports.signs[left], start)
        for _ in range(_ROUNDS):
            search.advance(_ITERATIONS)
            found = search.proposals()
            recovered = supports.recovered(left, found.dual)
            missed = supports.missed(left, found.null_vector)
            outcomes[left[recovered]] = RECOVERED
            outcomes[left[missed]] = MISSED
            some = ~(recovered | missed)
            left = left[some]
            if not len(left):
                break
            search.keep(some)
        return left

    def _alone(self, supports: Supports, at: int) -> int:
        """Decide one code by an interior point method, or where it is near a tie by a vertex and exactly."""
        here = np.array([at])
        for propose in (least_dual, heaviest_vertex):
            found = propose(self.atoms.rows, supports.signs[at])
            if found is None:
                continue
            if supports.recovered(here, found.dual)[0]:
                return RECOVERED
            if supports.missed(here, found.null_vector)[0]:
                return MISSED
            if propose is heaviest_vertex:
                support = np.abs(found.null_vector[0]) > _NEARLY
                on = np.flatnonzero(support | (supports.signs[at] != 0)).tolist()
                if missed_by(self.atoms.dictionary, on, supports.signs[at].tolist(), self.atoms.scaling):
                    return MISSED
        return UNDECIDED
