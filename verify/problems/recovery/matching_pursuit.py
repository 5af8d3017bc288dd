"""Does orthogonal matching pursuit recover these codes? Its steps, with every comparison proved."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...dictionaries.dictionary import Dictionary
from ...verdict import Scaling
from .atoms import SLACK, TINY, Atoms, gamma
from .codes import Codes
from .exact_misses import dependent
from .exact_pursuit import exact_pursuit
from .outcomes import MISSED, RECOVERED, UNDECIDED, Outcomes
from .supports import Supports

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]


class MatchingPursuitTrials:
    """Decides whether OMP returns a code x from its signal in |x|_0 steps, in exact arithmetic and whatever the ties.

    It does if and only if every step chooses an atom of the support S: a step spent on another atom leaves one of S
    out. The signal is D'x and the inner products are those with the atoms d'_j, scaled as asked. Guarantee: what is
    called recovered or missed is proved, by floats with bounds of their rounding, by the exact recovery condition of
    Tropp (2004), or exactly. Cost: for each code k products of n x m matrices and k systems of size k.
    """

    def __init__(self, dictionary: Dictionary, scaling: Scaling) -> None:
        self.atoms = Atoms(dictionary, scaling)

    @np.errstate(all="ignore")  # what overflows proves nothing
    def __call__(self, codes: Codes) -> Outcomes:
        """Return what every code comes to."""
        outcomes = np.full(len(codes), UNDECIDED, dtype=np.uint8)
        m, _ = self.atoms.shape
        k = codes.supports.shape[1]
        if k > m:  # OMP never chooses dependent atoms, and those of S are
            outcomes[:] = MISSED
            return outcomes
        supports = Supports(self.atoms, codes)
        for at in np.flatnonzero(supports.least == 0):
            if dependent(self.atoms.dictionary, codes.supports[at].tolist()):
                outcomes[at] = MISSED
        left = np.flatnonzero(supports.least > 0)
        pursuit = _Pursuit(self.atoms, supports, codes, left)
        for _ in range(k):
            if not len(pursuit.at):
                break
            pursuit.step(outcomes)
        outcomes[pursuit.at] = RECOVERED
        left = np.flatnonzero((outcomes == UNDECIDED) & (supports.least > 0))
        if len(left):
            outcomes[left[self._never_leaves(supports, left)]] = RECOVERED
        for at in np.flatnonzero(outcomes == UNDECIDED):
            outcomes[at] = exact_pursuit(
                self.atoms.dictionary, codes.supports[at].tolist(), codes.values[at].tolist(), self.atoms.scaling
            )
        return outcomes

    def _never_leaves(self, supports: Supports, some: Indices) -> NDArray[np.bool_]:
        """Say for which supports |D'_S^+ d'_j|_1 < 1 is proved for all j off S, which keeps every step within S.

        With G = D'_S^T D'_S, c = D'_S^T d'_j, any M, and e >= |I - M G|_1, e < 1: |G^-1 c|_1 <= |M c|_1/(1 - e).
        """
        atoms = self.atoms
        rows, inverse, on = supports.rows[some], supports.inverse[some], supports.on[some]
        _, k, m = rows.shape
        with np.errstate(all="ignore"):
            products = rows @ atoms.rows.T
            norms = atoms.norms
            # |<x_i, d'_j> computed - <d'_i, d'_j>|, for all pairs
            pairs = (atoms.errors[on][:, :, None] * norms + norms[on][:, :, None] * atoms.errors) * SLACK
            pairs += gamma(m + 2) * norms[on][:, :, None] * norms + TINY
            size = np.abs(inverse).sum(axis=1).max(axis=1)  # |M|_1
            inside = np.take_along_axis(products, np.broadcast_to(on[:, None, :], (len(on), k, k)), 2)
            wrong = (
                np.take_along_axis(pairs, np.broadcast_to(on[:, None, :], (len(on), k, k)), 2).sum(axis=1).max(axis=1)
            )
            residual = np.abs(np.eye(k) - inverse @ inside).sum(axis=1).max(axis=1)
            largest = np.abs(inside).sum(axis=1).max(axis=1)
            e = (residual + size * (gamma(k + 2) * largest + wrong)) * SLACK
            sums = np.abs(inverse @ products).sum(axis=1)
            lost = size[:, None] * (gamma(k + 2) * np.abs(products).sum(axis=1) + pairs.sum(axis=1))
            bound = (sums + lost) * SLACK
            np.put_along_axis(bound, on, 0.0, axis=1)
            proved: NDArray[np.bool_] = (e < 1) & (bound.max(axis=1) * SLACK < 1 - e)
        return proved


class _Pursuit:
    """OMP for some codes side by side, all of them with the same number of nonzeros.

    r' = D'_S c is kept, c_i = x_i off the chosen set A; the true residual is r = r' - P_A r', and |P_A r'| <= |D'_A^T
    r'|/sigma with sigma the least singular value of D'_S, which is at most that of D'_A.
    """

    def __init__(self, atoms: Atoms, supports: Supports, codes: Codes, at: Indices) -> None:
        self.at = at
        self._atoms = atoms
        self._supports = supports
        self._factors = codes.values[at].copy()
        self._chosen = np.zeros(self._factors.shape, dtype=bool)

    def step(self, outcomes: Outcomes) -> None:
        """Choose one more atom for every code; note those that leave the support, and drop those too close to tell."""
        rows, on = self._supports.rows[self.at], self._supports.on[self.at]
        residual = np.einsum("bi,bim->bm", self._factors, rows)
        products, bounds = self._bounded(residual, on)
        moduli = np.abs(products)
        # The residual is orthogonal to what is chosen, exactly.
        chosen = np.where(self._chosen, 0.0, np.take_along_axis(moduli, on, 1))
        np.put_along_axis(moduli, on, chosen, axis=1)
        np.put_along_axis(bounds, on, np.where(self._chosen, 0.0, np.take_along_axis(bounds, on, 1)), axis=1)
        # No product is below the largest lower bound and chosen.
        possible = moduli + bounds >= (moduli - bounds).max(axis=1, keepdims=True)
        among = np.take_along_axis(possible, on, 1)
        inside = among.sum(axis=1)
        every = possible.sum(axis=1)
        outcomes[self.at[inside == 0]] = MISSED
        go_on = (inside == 1) & (every == 1)
        self._chosen |= among & go_on[:, None]
        inner = np.take_along_axis(products, on, 1)
        self.at, self._factors, self._chosen = self.at[go_on], self._factors[go_on], self._chosen[go_on]
        self._project(rows[go_on], inner[go_on])

    def _bounded(self, residual: Floats, on: Indices) -> tuple[Floats, Floats]:
        """Return the computed <d'_j, r> and bounds of their errors."""
        atoms, k = self._atoms, on.shape[1]
        products, errors = atoms.products(residual)
        lost = (np.abs(self._factors) * (atoms.errors[on] + gamma(k + 2) * atoms.norms[on])).sum(axis=1) * SLACK + TINY
        of_chosen = np.abs(np.take_along_axis(products, on, 1)) + np.take_along_axis(errors, on, 1)
        of_chosen = np.where(self._chosen, of_chosen + atoms.norms[on] * lost[:, None], 0.0)
        length = np.sqrt((of_chosen * of_chosen).sum(axis=1)) * SLACK
        off = (lost + length / self._supports.least[self.at]) * SLACK
        return products, (errors + atoms.norms * off[:, None]) * SLACK

    def _project(self, rows: Floats, inner: Floats) -> None:
        """Move the factors of the chosen atoms so that the residual is about orthogonal to them. Estimated."""
        pairs = self._chosen[:, :, None] & self._chosen[:, None, :]
        gram = np.where(pairs, rows @ rows.transpose(0, 2, 1), np.eye(rows.shape[1]))
        right = np.where(self._chosen, inner, 0.0)
        self._factors -= np.linalg.solve(gram, right[:, :, None])[:, :, 0]
