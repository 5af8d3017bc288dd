"""Least squares over boxes and l1-balls, many at once: the relaxations of cases of a sparse problem."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .candidate import Candidate

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]

_CHECK_EVERY = 8
_COLUMNS = 40
_NEWTON_STEPS = 2
_HOPELESS = 3.0
"""A case is left open if, falling as in the last steps this many times more, its residual is small enough."""
_MARGIN = 1e-4
_TINY = 1e-5


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxed(Candidate):
    """Proposed for every case: a code, a vector, the `distance` that it suggests, and whether that closes the case."""

    codes: Singles
    vectors: Floats
    distance: Floats
    closes: NDArray[np.bool_]


class SparseRelaxation:
    """min |y - Dx|_2 over |x_i| <= B on counted atoms, and |x_j| <= B with sum |x_j| <= q B on free atoms.

    The convex hull of the codes of a case. Solved for all cases side by side by accelerated projected gradients
    (Beck, Teboulle 2009, with restarts) in binary32, on the columns that matter, scaled to |y| = 1 and B = 1.
    """

    def __init__(self, atoms: Floats, signal: Floats, box: float, *, nonnegative: bool) -> None:
        self._scale = float(np.linalg.norm(signal)) or 1.0
        scaled = atoms * (box / self._scale)
        norms = np.sqrt((scaled**2).sum(axis=0))
        self._weights = np.asarray(1.0 / np.maximum(norms**2, 1e-30), dtype=np.float32)
        unit = scaled / np.maximum(norms, 1e-15)
        small = unit @ unit.T if unit.shape[0] <= unit.shape[1] else unit.T @ unit
        self._step = 1.0 / (1.01 * float(np.linalg.eigvalsh(small)[-1]))
        self._atoms = np.asarray(scaled, dtype=np.float32)
        self._signal = np.asarray(signal / self._scale, dtype=np.float32)
        self._nonnegative = nonnegative

    def solve(
        self, states: NDArray[np.int8], left: NDArray[np.intp], start: Singles, wanted: float, most: int
    ) -> Relaxed:
        """Approximate every case from codes `start` (in units of B), until a vector shows a distance above `wanted`.

        States are 0 free, 1 counted, 2 excluded. Stops a case after `most` steps, or once its distance looks small.
        """
        run = _Run(self, states, left, start, wanted / self._scale)
        steps = 0
        while True:
            run.check(last=steps >= most, early=steps < 2 * _CHECK_EVERY)
            if not len(run.active):
                break
            run.advance()
            steps += _CHECK_EVERY
        return Relaxed(codes=run.codes, vectors=run.vectors, distance=run.best * self._scale, closes=run.closes)


def largest_sums(values: NDArray[Any], counts: NDArray[np.intp]) -> NDArray[Any]:
    """Return for each row the sum of its `counts` largest entries, of all of them if there are fewer."""
    sums = np.zeros(len(values), dtype=values.dtype)
    n = values.shape[1]
    for count in np.unique(counts):
        rows = counts == count
        if count >= n:
            sums[rows] = values[rows].sum(axis=1)
        elif count > 0:
            sums[rows] = np.partition(values[rows], n - count, axis=1)[:, n - count :].sum(axis=1)
    return sums


class _Run:
    """The state of one batch: cases that are done are written out and dropped."""

    def __init__(
        self,
        relaxation: SparseRelaxation,
        states: NDArray[np.int8],
        left: NDArray[np.intp],
        start: Singles,
        wanted: float,
    ) -> None:
        self.relaxation, self.wanted = relaxation, wanted
        count, _ = states.shape
        m = len(relaxation._signal)
        self.active = np.arange(count)
        self.left = left
        self.free = (states == 0).astype(np.float32)
        self.counted = states == 1
        self.x = np.where(states == 2, np.float32(0), start)
        self.ahead = self.x
        self.theta = np.zeros(count, dtype=np.float32)
        self.momentum = np.ones(count, dtype=np.float32)
        self.previous = np.full(count, np.inf)
        self.codes = self.x.copy()
        self.vectors = np.zeros((count, m))
        self.best = np.full(count, -np.inf)
        self.closes = np.zeros(count, dtype=bool)

    def check(self, *, last: bool, early: bool) -> None:
        """Compute what the residuals show, and drop the cases that are closed or hopeless."""
        problem = self.relaxation
        used = np.flatnonzero((self.x != 0).any(axis=0))
        residual = problem._signal - self.x[:, used] @ problem._atoms[:, used].T
        products = residual @ problem._atoms
        moduli = np.maximum(products, 0) if problem._nonnegative else np.abs(products)
        self.moduli = moduli * self.free
        squared = np.einsum("ij,ij->i", residual, residual, dtype=np.float64)
        norms = np.sqrt(squared)
        spent = np.einsum("ij,ij->i", moduli, self.counted) + largest_sums(self.moduli, self.left[self.active])
        shown = (residual @ problem._signal - spent) / np.maximum(norms, 1e-30)
        better = shown > self.best[self.active]
        rows = self.active[better]
        self.best[rows], self.vectors[rows] = shown[better], residual[better]
        closed = shown > self.wanted * (1 + _MARGIN) + _TINY
        done = closed | (norms <= self.wanted + _TINY) | ~np.isfinite(norms) | last
        if not early:
            done |= squared - _HOPELESS * (self.previous - squared) <= self.wanted**2
        self.previous = squared
        self.closes[self.active[closed]] = True
        self.codes[self.active[done]] = self.x[done]
        if done.any():
            keep = ~done
            for name in ("active", "free", "counted", "x", "ahead", "theta", "momentum", "previous", "moduli"):
                setattr(self, name, getattr(self, name)[keep])

    def advance(self) -> None:
        """Take some accelerated steps on the columns that are used or have large products with the residual."""
        problem = self.relaxation
        n = self.x.shape[1]
        matter = (self.x != 0).any(axis=0) | (self.ahead != 0).any(axis=0) | self.counted.any(axis=0)
        most = min(_COLUMNS, n) - 1
        matter[np.argpartition(-self.moduli, most, axis=1)[:, : most + 1].ravel()] = True
        columns = np.flatnonzero(matter)
        atoms = np.ascontiguousarray(problem._atoms[:, columns])
        transposed = np.ascontiguousarray(atoms.T)
        step = problem._weights[columns] * np.float32(problem._step)
        free = self.free[:, columns]
        allowed = np.maximum(free, self.counted[:, columns])
        shrink = free * problem._weights[columns]
        radius = self.left[self.active].astype(np.float32)
        x, ahead = self.x[:, columns], self.ahead[:, columns]
        for _ in range(_CHECK_EVERY):
            target = (problem._signal - ahead @ transposed) @ atoms
            target *= step
            target += ahead
            target *= allowed
            moduli = np.maximum(target, 0) if problem._nonnegative else np.abs(target)
            for _ in range(_NEWTON_STEPS):
                clipped = np.clip(moduli - self.theta[:, None] * shrink, 0, 1)
                excess = np.einsum("ij,ij->i", clipped, free) - radius
                slope = np.einsum("ij,ij->i", (clipped > 0) & (clipped < 1), shrink)
                self.theta = np.maximum(self.theta + excess / np.maximum(slope, 1e-30), 0).astype(np.float32)
            moved = np.copysign(np.clip(moduli - self.theta[:, None] * shrink, 0, 1), target)
            change = moved - x
            restart = np.einsum("ij,ij->i", ahead - moved, change) > 0
            following = (1 + np.sqrt(1 + 4 * self.momentum**2)) / 2
            factor = np.where(restart, 0, (self.momentum - 1) / following).astype(np.float32)
            self.momentum = np.where(restart, 1, following).astype(np.float32)
            ahead = moved + factor[:, None] * change
            x = moved
        self.x = np.zeros_like(self.x)
        self.ahead = np.zeros_like(self.x)
        self.x[:, columns], self.ahead[:, columns] = x, ahead
