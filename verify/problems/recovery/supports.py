"""Codes with what their supports need, and what dual vectors and null vectors prove of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .atoms import SLACK, TINY, Atoms, gamma, least_singular_values
from .codes import Codes

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]


class Supports:
    """Codes with the atoms on their supports.

    `least` holds proved lower bounds of the least singular values of the D'_S, 0 where none is proved; `inverse`
    approximates (D'_S^T D'_S)^-1.
    """

    def __init__(self, atoms: Atoms, codes: Codes) -> None:
        self._atoms = atoms
        self.on = codes.supports
        self.values = codes.signs
        self.signs = codes.spread(atoms.shape[1])
        self.rows = atoms.rows[codes.supports]
        off = np.sqrt((atoms.errors[codes.supports] ** 2).sum(axis=1))
        self.least, self.inverse = least_singular_values(self.rows, off)

    def least_squares(self, some: Indices) -> Floats:
        """Return the shortest v with <x_i, v> = s_i on the support. Estimated."""
        return self.combined(some, self.values[some])

    def combined(self, some: Indices, right: Floats) -> Floats:
        """Return the combination v of the atoms on the support with <x_i, v> near `right`. Estimated."""
        factors = np.einsum("bij,bj->bi", self.inverse[some], right)
        return np.einsum("bi,bim->bm", factors, self.rows[some])

    def recovered(self, some: Indices, duals: Floats) -> NDArray[np.bool_]:
        """Say for which codes a dual vector near `duals` is proved to exist.

        v' = v + D'_S (D'_S^T D'_S)^-1 rho with rho = s - D'_S^T v has <d'_i, v'> = s_i, and |<d'_j, v'>| <= |<d'_j, v>|
        + |d'_j| |rho|/sigma, sigma the least singular value of D'_S.
        """
        on = self.on[some]
        with np.errstate(all="ignore"):
            duals = duals + self.combined(
                some, self.values[some] - np.take_along_axis(duals @ self._atoms.rows.T, on, 1)
            )
            products, errors = self._atoms.products(duals)
            moduli = np.abs(products) + errors
            rest = np.abs(self.values[some] - np.take_along_axis(products, on, 1)) + np.take_along_axis(errors, on, 1)
            moved = np.sqrt((rest * rest).sum(axis=1)) / self.least[some] * SLACK
            bound = (moduli + moved[:, None] * self._atoms.norms) * SLACK
            np.put_along_axis(bound, on, 0.0, axis=1)
            proved: NDArray[np.bool_] = (bound.max(axis=1) < 1) & np.isfinite(moved)
        return proved

    def missed(self, some: Indices, null_vectors: Floats) -> NDArray[np.bool_]:
        """Say for which codes a null vector near `null_vectors` is proved to exist that makes the code no cheaper.

        r = D'h is D'g with |g|_1 <= sqrt(n) |g|_2 <= sqrt(n) |r|_2/sigma (`Atoms.least_singular_value`), and h - g is a
        null vector.
        """
        with np.errstate(all="ignore"):
            signs = self.signs[some]
            moduli = np.abs(null_vectors)
            whole = moduli.sum(axis=1)
            gain = (signs * null_vectors).sum(axis=1) - np.where(signs != 0, 0.0, moduli).sum(axis=1)
            hopeful = gain > 0
            if not hopeful.any():
                return hopeful
            n = moduli.shape[1]
            rest = null_vectors @ self._atoms.rows
            lost = moduli @ (self._atoms.errors + gamma(n + 2) * self._atoms.norms)
            length = (np.sqrt((rest * rest).sum(axis=1)) + lost + TINY) * SLACK
            moved = np.sqrt(n) * length / self._atoms.least_singular_value * SLACK
            proved: NDArray[np.bool_] = hopeful & (gain > (moved + 2 * gamma(n + 2) * whole) * SLACK)
        return proved
