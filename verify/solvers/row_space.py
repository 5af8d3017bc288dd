"""Best uniform approximation from the row space of a matrix, many targets at once, by an interior point method.

For a target b in R^n the pair of linear programs

    min over y of |b - X y|_inf      =      max of <b, h> over X^T h = 0, |h|_1 <= 1,

X the n x m matrix whose rows are the atoms (Mehrotra 1992 for the method). With b = e_i the value is mu~_i/(1 + mu~_i);
with b the signs on a support it bounds |h_S|_1/|h|_1 on the null space.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .candidate import Candidate
from .normal_equations import NormalEquations

Floats = NDArray[np.float64]

_CUT = 1e-10
_STEP = 0.99
_MOST_ITERATIONS = 40
_LEAST_PROGRESS = 0.999
_PATIENCE = 2
"""So many steps in a row may fail to lessen the gap: the first ones often widen it before it falls."""
_COARSE = 1e-5
_ROUGH = 1e-2
_NOTHING = 1e-15
_LEAST_NORM = 1e-12
_BATCH_ENTRIES = 4_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Approximation(Candidate):
    """Proposed for every target b: `distance` |b - X y|_inf, y = `dual`; h = `primal`, |h|_1 = 1, <b, h> = `value`."""

    distance: Floats
    dual: Floats
    primal: Floats
    value: Floats


class RowSpace:
    """The row space of an n x m matrix of finite floats, ready for approximation.

    Cost: one singular value decomposition; then per target and iteration about n r^2 operations, r the smaller of rank
    and nullity. Memory: batches of about 100 MB.
    """

    def __init__(self, rows: Floats, device: str = "cpu") -> None:
        n = rows.shape[0]
        left, singular, right = np.linalg.svd(rows, full_matrices=n <= 4 * rows.shape[1])
        rank = int((singular > _CUT * singular[0]).sum())
        self._inverse = (right[:rank].T / singular[:rank]) @ left[:, :rank].T  # pseudo-inverse: y = inverse c
        self._rows = rows
        self.count = n
        self.nullity = n - rank
        self._range = NormalEquations(np.ascontiguousarray(left[:, :rank]), kernel=False, device=device)
        self._rough = self._range
        if self._range.is_large:
            self._rough = NormalEquations(np.ascontiguousarray(left[:, :rank]), kernel=False, single=True)
        self._kernel: NormalEquations | None = None
        if left.shape[1] == n and 0 < self.nullity < rank:
            self._kernel = NormalEquations(np.ascontiguousarray(left[:, rank:]), kernel=True, device=device)

    def projected(self, vectors: Floats) -> Floats:
        """Return the orthogonal projection of every row onto the row space."""
        return self._range.projected(vectors)

    def preimage(self, vectors: Floats) -> Floats:
        """Return the shortest y with X y near every row of `vectors`."""
        return vectors @ self._inverse.T

    def in_row_space(self, dual: Floats) -> Floats:
        """Return X y for every row y of `dual` that `approximate` returned."""
        return dual @ self._rows.T

    def approximate(
        self, targets: Floats, *, tolerance: float = 1e-8, enough: float = _NOTHING, hopeless: float = np.inf
    ) -> Approximation:
        """Approximate every row of `targets`, shape (count, n).

        Stops for a target when the relative gap between distance and value is at most `tolerance`, the distance is at
        most `enough`, the value is above `hopeless`, or nothing improves. Estimated: nothing of the result is proved.
        """
        if not len(targets):
            none = np.empty(0)
            dual = np.empty((0, self._inverse.shape[0]))
            return Approximation(distance=none, dual=dual, primal=np.empty((0, self.count)), value=none)
        normal = self._range if tolerance < _ROUGH else self._rough
        if self._kernel is not None and tolerance >= _COARSE:
            normal = self._kernel  # the smaller equations, and the worse conditioned ones towards the end
        step = max(1, _BATCH_ENTRIES // max(self.count, normal.size**2))
        with normal.one_thread_each():
            chunks = [
                self._approximate(targets[at : at + step], normal, tolerance, enough, hopeless)
                for at in range(0, len(targets), step)
            ]
        distance, dual, primal, value = (np.concatenate(parts) for parts in zip(*chunks, strict=True))
        return Approximation(distance=distance, dual=dual, primal=primal, value=value)

    def _approximate(
        self, targets: Floats, normal: NormalEquations, tolerance: float, enough: float, hopeless: float
    ) -> tuple[Floats, ...]:
        state = self._start(targets)
        residual = state.residual.copy()
        active = np.arange(len(targets))
        gap = state.gap
        least, failures = gap.copy(), np.zeros(len(targets), dtype=np.intp)
        primal, loss = np.zeros_like(residual), np.full(len(targets), np.inf)
        for _ in range(_MOST_ITERATIONS):
            now = np.abs(state.residual).max(axis=1)
            busy = (gap > tolerance * now) & (now > enough) & (state.bound - gap <= hopeless)
            busy &= failures[active] <= _PATIENCE
            active, state, gap = active[busy], state.taken(busy), gap[busy]
            if not len(active) or not _advance(state, normal):
                break
            gap = state.gap
            better = gap < _LEAST_PROGRESS * least[active]  # also false for what is not a number
            least[active[better]] = gap[better]
            residual[active[better]] = state.residual[better]
            failures[active] = np.where(better, 0, failures[active] + 1)
            lost, inside = self._feasible(state, gap)
            nearer = lost < loss[active]
            loss[active[nearer]], primal[active[nearer]] = lost[nearer], inside[nearer]
        primal /= np.maximum(np.abs(primal).sum(axis=1, keepdims=True), _LEAST_NORM)
        return (
            np.abs(residual).max(axis=1),
            (targets - residual) @ self._inverse.T,
            primal,
            (targets * primal).sum(axis=1),
        )

    def _feasible(self, state: _State, gap: Floats) -> tuple[Floats, Floats]:
        """Return p - q projected onto the null space, and the gap and at most what the projection costs."""
        change = state.positive - state.negative
        outside = self._range.projected(change)
        return gap + state.bound * np.abs(outside).sum(axis=1), change - outside

    def _start(self, targets: Floats) -> _State:
        residual = targets - self._range.projected(targets)
        bound = np.abs(residual).max(axis=1) * 1.05 + 1e-12
        even = np.full(targets.shape, 0.5 / targets.shape[1])
        return _State(residual, bound, even, even.copy())


@np.errstate(divide="ignore", over="ignore", invalid="ignore")  # what is not a number is no progress
def _advance(state: _State, normal: NormalEquations) -> bool:
    """Take one predictor-corrector step from a strictly feasible state; say whether the equations could be solved.

    Unknowns: residual e in b + row space, bound t; multipliers p of t - e >= 0 and q of t + e >= 0, p - q in the
    null space, sum p + q = 1.
    """
    t = state.bound[:, None]
    above, below = t - state.residual, t + state.residual
    p, q = state.positive, state.negative
    pull, push = p / above, q / below
    weights, skew = pull + push, pull - push
    try:
        balance = normal.factored(weights)
    except np.linalg.LinAlgError:
        return False
    toward = balance(skew)
    slope = weights.sum(axis=1) - (skew * toward).sum(axis=1)

    def step(first: Floats, second: Floats) -> tuple[Floats, Floats, Floats, Floats, Floats]:
        offset = balance(second - first - (p - q))  # p - q in the null space, up to rounding: rounding is taken back
        rate = ((first + second).sum(axis=1) + (skew * offset).sum(axis=1)) / slope
        change = offset + toward * rate[:, None]
        up, down = rate[:, None] - change, rate[:, None] + change
        return change, rate, first - pull * up, second - push * down, np.stack([up, down])

    gap = state.gap
    change, rate, dp, dq, (up, down) = step(-p, -q)
    primal_step = np.minimum(_longest(p, dp), _longest(q, dq))[:, None]
    dual_step = np.minimum(_longest(above, up), _longest(below, down))[:, None]
    after = ((p + primal_step * dp) * (above + dual_step * up)).sum(axis=1)
    after += ((q + primal_step * dq) * (below + dual_step * down)).sum(axis=1)
    center = (gap / (2 * state.residual.shape[1]) * (np.maximum(after, 0) / gap) ** 3)[:, None]
    change, rate, dp, dq, (up, down) = step((center - dp * up) / above - p, (center - dq * down) / below - q)
    primal_step = _STEP * np.minimum(_longest(p, dp), _longest(q, dq))
    dual_step = _STEP * np.minimum(_longest(above, up), _longest(below, down))
    state.positive = p + primal_step[:, None] * dp
    state.negative = q + primal_step[:, None] * dq
    state.residual = state.residual + dual_step[:, None] * change
    state.bound = state.bound + dual_step * rate
    return True


@dataclass(slots=True)
class _State:
    residual: Floats
    bound: Floats
    positive: Floats
    negative: Floats

    @property
    def gap(self) -> Floats:
        """Return bound - value, the sum of all products of slacks and multipliers."""
        t = self.bound[:, None]
        return ((t - self.residual) * self.positive).sum(axis=1) + ((t + self.residual) * self.negative).sum(axis=1)

    def taken(self, rows: NDArray[Any]) -> _State:
        """Return some rows, copied."""
        return _State(self.residual[rows], self.bound[rows], self.positive[rows], self.negative[rows])


def _longest(values: Floats, change: Floats) -> Floats:
    """Return for each row the longest step at most 1 that keeps `values` + step `change` from falling below zero."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = np.where(change < 0, -values / change, np.inf)
    return np.minimum(1.0, ratios.min(axis=1))
