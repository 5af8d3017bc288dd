"""Dual vectors with given signs on a support, or null vectors against them, for many supports at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .candidate import Candidate
from .row_space import RowSpace

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_BOX = 0.998
"""Off the support duals are sought a little below 1, so that those found are strictly below."""
_RANK = 1e-10
_TOLERANCE = 1e-9
_CLEARLY = 1e-5


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposals(Candidate):
    """For every problem `dual` v, wanted with <x_i, v> = s_i on the support and |<x_j, v>| < 1 off it.

    And `null_vector` h in the kernel of X^T, wanted with sum_S s_i h_i >= sum_off |h_j|. One of the two exists.
    """

    dual: Floats
    null_vector: Floats


class RowProjector:
    """Orthogonal projection onto the vectors X v, X an n x m matrix of floats, by a singular value decomposition."""

    def __init__(self, rows: Floats) -> None:
        left, singular, right = np.linalg.svd(rows, full_matrices=False)
        rank = int((singular > _RANK * singular[0]).sum())
        self._basis = np.ascontiguousarray(left[:, :rank])
        self._transposed = np.ascontiguousarray(self._basis.T)
        self._inverse = np.ascontiguousarray((left[:, :rank] / singular[:rank]) @ right[:rank])

    def projected(self, vectors: Floats) -> Floats:
        """Return the projection of every row."""
        return (vectors @ self._basis) @ self._transposed

    def preimage(self, vectors: Floats) -> Floats:
        """Return the shortest v with X v nearest to every row."""
        return vectors @ self._inverse


class SignedDuals:
    """The iteration of Douglas and Rachford between the row space and {u : u = s on S, |u| <= 1 off S}.

    If the sets meet, its shadows converge to a common point, a dual vector; if not, the steps converge to the shortest
    vector between them, which is a null vector against the signs (Bauschke, Combettes, Luke 2004). All problems share
    the row space, so one iteration is two matrix products for all of them. `signs` is (count, n), zero off the support;
    `start` (count, n).
    """

    def __init__(self, projector: RowProjector, signs: Floats, start: Floats) -> None:
        self._projector = projector
        self._signs = signs
        self._on = signs != 0
        self._point = start
        self._shadow, self._step = start, np.zeros_like(start)

    def advance(self, iterations: int) -> None:
        """Iterate for all problems."""
        for _ in range(iterations):
            self._shadow = self._projector.projected(self._point)
            turned = 2 * self._shadow - self._point
            np.clip(turned, -_BOX, _BOX, out=turned)
            np.copyto(turned, self._signs, where=self._on)
            turned -= self._shadow
            self._step = turned
            self._point = self._point + turned

    def keep(self, some: Bools) -> None:
        """Go on with some of the problems only."""
        self._signs, self._on, self._point = self._signs[some], self._on[some], self._point[some]
        self._shadow, self._step = self._shadow[some], self._step[some]

    def proposals(self) -> Proposals:
        """Return what is found so far, one row for every problem."""
        null_vector = self._step - self._projector.projected(self._step)
        return Proposals(dual=self._projector.preimage(self._shadow), null_vector=null_vector)


def least_dual(rows: Floats, signs: Floats) -> Proposals | None:
    """Propose both vectors for one problem by an interior point method: min max_off |<x_j, v>| over X_S v = s.

    `rows` is X, n x m; `signs` has length n, zero off the support, whose atoms are independent and fewer than m. With
    v = v_0 - Z y, v_0 the shortest one and Z a basis of what is orthogonal to the support's atoms, it is best uniform
    approximation (`RowSpace`). Stops as soon as the least maximum is clearly below or above 1. None if it fails.
    """
    on, off = rows[signs != 0], rows[signs == 0]
    if not len(off) or len(on) >= rows.shape[1]:
        return None
    try:
        shortest = np.linalg.lstsq(on, signs[signs != 0], rcond=None)[0]
        free = np.linalg.svd(on)[2][len(on) :].T
        spread = off @ free
        if np.abs(spread).max() <= _RANK * np.abs(rows).max():  # nothing is left to choose
            return None
        found = RowSpace(spread).approximate(
            (off @ shortest)[None], tolerance=_TOLERANCE, enough=1 - _CLEARLY, hopeless=1 + _CLEARLY
        )
        null_vector = np.zeros(len(rows))
        null_vector[signs == 0] = -found.primal[0]
        null_vector[signs != 0] = np.linalg.lstsq(on.T, found.primal[0] @ off, rcond=None)[0]
    except np.linalg.LinAlgError:
        return None
    return Proposals(dual=(shortest - free @ found.dual[0])[None], null_vector=null_vector[None])


def heaviest_vertex(rows: Floats, signs: Floats) -> Proposals | None:
    """Propose both vectors for one problem by a linear program: max sum_S s_i h_i over X^T h = 0, sum_off |h_j| <= 1.

    `rows` is X, n x m; `signs` has length n, zero off the support. Solved by the dual simplex method of HiGHS, so
    that h has few nonzeros. None if it fails, as where some h has no entries off the support.
    """
    from scipy.optimize import linprog

    n, m = rows.shape
    on, off = np.flatnonzero(signs), np.flatnonzero(signs == 0)
    k, count = len(on), len(off)
    equations = np.concatenate([rows[on].T, rows[off].T, -rows[off].T], axis=1)
    cost = np.concatenate([-signs[on], np.zeros(2 * count)])
    length = np.concatenate([np.zeros(k), np.ones(2 * count)])[None]
    bounds = [(None, None)] * k + [(0, None)] * (2 * count)
    try:
        found = linprog(cost, length, [1.0], equations, np.zeros(m), bounds, method="highs-ds")
    except (ValueError, ArithmeticError):
        return None
    if found.status != 0:
        return None
    null_vector = np.zeros(n)
    null_vector[on] = found.x[:k]
    null_vector[off] = found.x[k : k + count] - found.x[k + count :]
    dual = -np.asarray(found.eqlin.marginals, dtype=np.float64)
    return Proposals(dual=dual[None], null_vector=null_vector[None])
