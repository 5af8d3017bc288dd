"""Branch and bound over supports: relaxations of many cases at once, each case closed with proof.

Cases count some atoms, exclude others, and leave q more to be counted. A case is closed by a rounded vector that its
relaxation suggests, or, where nothing is left to count, by the exact distance of y from the span of its atoms.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from ..budget import Budget
from ..progress import Progress
from ..rounding import dyadic_lower, float_upper
from ..solvers.sparse_relaxation import SparseRelaxation
from .case_tree import CaseTree
from .leaf_bounds import Cases, LeafBounds, Threshold, rounded_vectors
from .proofs import SearchTree
from .sparse_codes import SparseCodes

Floats = NDArray[np.float64]
Codes = NDArray[np.float32]

_BATCH_ENTRIES = 1 << 17
_LEAST_BATCH, _MOST_BATCH = 32, 512
_STEPS = 48
_BITS = 14
_LOWER_BITS = 60
_MOST_BITS = 60
_MOST_PROPOSED = 64

Improve = Callable[[tuple[int, ...]], Threshold | None]
"""Told a support whose codes may be better than the best known: returns the new threshold, None to end the search."""


@dataclass(slots=True)
class _Open:
    node: int
    bound: float
    used: NDArray[np.intp]
    values: Codes
    vector: NDArray[np.int64]


class CaseSearch:
    """The search for one problem and one number q of nonzeros; proves that every such code is beyond a threshold."""

    def __init__(
        self,
        codes: SparseCodes,
        bounds: LeafBounds,
        relaxation: SparseRelaxation,
        size: int,
        threshold: Threshold,
        improve: Improve,
    ) -> None:
        self.codes, self.bounds, self.relaxation = codes, bounds, relaxation
        self.threshold, self.improve = threshold, improve
        self.m, self.n = codes.atoms.shape
        self.tree = CaseTree(self.n, size)
        none = np.zeros(0, dtype=np.intp)
        self.open = [_Open(0, 0.0, none, np.zeros(0, dtype=np.float32), np.zeros(self.m, dtype=np.int64))]
        self.stuck: list[_Open] = []
        self.seen: set[tuple[int, ...]] = set()
        self.visited: list[_Open] = []
        self.ended = False
        self.own: frozenset[int] = frozenset()

    def leave_open(self, support: tuple[int, ...]) -> None:
        """Close no cases of codes on these atoms: only that there are no others is to be proved."""
        self.own = frozenset(support)
        self.seen.add(support)

    def run(self, budget: Budget, progress: Progress, *, anytime: bool, most: float = math.inf) -> bool:
        """Search until every case is closed; say whether they all are.

        Depth first. With `anytime` the cases with the least bounds come first, so that all bounds rise together.
        Ends early when the budget ends, after about `most` cases, or when `improve` says so.
        """
        batch = int(np.clip(_BATCH_ENTRIES // self.n, _LEAST_BATCH, _MOST_BATCH))
        with budget.interruptible():
            while self.open and not self.ended and self.tree.leaves < most and not budget.stopped():
                if anytime:
                    self.open.sort(key=lambda case: -case.bound)
                self.visited = self.open[-batch:]
                del self.open[-len(self.visited) :]
                self._visit(self.visited)
                self.visited = []
                progress("cases", self.tree.leaves, self.tree.leaves + len(self.open))
        self.open += self.visited  # what Ctrl-C left; some of it may be done, and is then done again
        self.visited = []
        return not self.open and not self.stuck and not self.ended

    def proof(self, lower: Fraction) -> SearchTree:
        """Return the tree, whose leaves are all closed at the threshold that goes with this lower bound."""
        return self.tree.proof(lower, self.m)

    def holds_strictly(self, own: Sequence[int]) -> bool:
        """Say whether all closed cases, but those of codes on the atoms `own`, are beyond the threshold, not at it."""
        beyond, within = replace(self.threshold, strict=True), set(own)
        closed = list(self.tree.closed())
        for support in (self.tree.decided(node)[0] for node, vector in closed if vector is None):
            if not (within.issuperset(support) or self.codes.fits.squared_distance(support) > beyond.squared):
                return False
        by_vector = [(node, vector) for node, vector in closed if vector is not None]
        for at in range(0, len(by_vector), _MOST_BATCH):
            nodes, vectors = zip(*by_vector[at : at + _MOST_BATCH], strict=True)
            cases = self.tree.cases(nodes)
            bounds = self.bounds.squared_bounds(cases, np.array(vectors))
            for row in np.flatnonzero(~(bounds > float_upper(beyond.squared))).tolist():
                if not self.bounds.closed_exactly(cases, row, vectors[row], beyond):
                    return False
        return True

    def proof_so_far(self) -> SearchTree | None:
        """Return a tree with the best lower bound of the squared distance that open cases allow; None if it is 0."""
        lower = self.threshold.squared
        for case in self.stuck:
            exact = self.bounds.exact_squared_bound(self.tree.cases([case.node]), 0, case.vector)
            lower = min(lower, dyadic_lower(exact, _digits(exact)))
        for case in self.open:
            bound = float(self.bounds.squared_bounds(self.tree.cases([case.node]), case.vector[None, :])[0])
            lower = min(lower, dyadic_lower(Fraction(bound), _digits(Fraction(bound))))
        if lower <= 0:
            return None
        for case in [*self.open, *self.stuck]:
            self.tree.close(case.node, case.vector)
        self.open, self.stuck = [], []
        return self.proof(lower)

    def _visit(self, taken: list[_Open]) -> None:
        cases = self.tree.cases([case.node for case in taken])
        counted_only = (cases.left <= 0) | ~(cases.states == 0).any(axis=1)
        self._end(taken, cases, np.flatnonzero(counted_only))
        rows = np.flatnonzero(~counted_only)
        if not len(rows) or self.ended:
            self.open += [taken[int(i)] for i in rows]
            return
        inner, cases = [taken[int(i)] for i in rows], cases.taken(rows)
        start = np.zeros((len(inner), self.n), dtype=np.float32)
        for row, case in enumerate(inner):
            start[row, case.used] = case.values
        wanted = math.sqrt(max(0.0, float(self.threshold.squared)))
        relaxed = self.relaxation.solve(cases.states, cases.left, start, wanted, _STEPS)
        proved = self.bounds.close(cases, np.where(relaxed.closes[:, None], relaxed.vectors, 0.0), self.threshold)
        branching = np.where(cases.states == 0, np.abs(relaxed.codes), -1.0)
        fallback = np.abs(relaxed.vectors @ self.codes.atoms)
        for row, (case, vector) in enumerate(zip(inner, proved, strict=True)):
            if vector is not None:
                self.tree.close(case.node, vector)
                continue
            score = branching[row]
            if not score.max() > 0:
                score = np.where(cases.states[row] == 0, np.nan_to_num(fallback[row]), -1.0)
            self._branch(
                case, int(score.argmax()), relaxed.codes[row], relaxed.vectors[row], float(relaxed.distance[row])
            )
        self._propose(cases, relaxed.codes, np.flatnonzero([vector is None for vector in proved]))

    def _branch(self, case: _Open, atom: int, code: Codes, vector: Floats, distance: float) -> None:
        if np.isfinite(vector).all() and vector.any() and distance > case.bound:
            integers, bound = rounded_vectors(vector[None, :], _BITS)[0], distance
        else:
            integers, bound = case.vector, case.bound
        used = np.flatnonzero(np.isfinite(code) & (code != 0))
        for node in self.tree.branch(case.node, atom):
            self.open.append(_Open(node, bound, used, code[used], integers))

    def _end(self, taken: list[_Open], cases: Cases, rows: NDArray[np.intp]) -> None:
        """Close cases that have nothing left to count, or learn that their supports are better than what was known."""
        if not len(rows):
            return
        supports = [tuple(sorted(self.tree.decided(taken[int(i)].node)[0])) for i in rows]
        proved = self.bounds.close(cases.taken(rows), self._residuals(supports), self.threshold)
        for row, support, vector in zip(rows.tolist(), supports, proved, strict=True):
            if self.ended:
                self.open.append(taken[row])
            elif self.own and self.own.issuperset(support):
                self.tree.close(taken[row].node, None)
            elif vector is not None:
                self.tree.close(taken[row].node, vector)
            else:
                self._end_exactly(taken[row], cases.taken(np.array([row])), support)

    def _end_exactly(self, case: _Open, single: Cases, support: tuple[int, ...]) -> None:
        squared = self.codes.fits.squared_distance(support)
        if self._far(squared):
            self.tree.close(case.node, None)
            return
        self._improve(support)
        if self.ended:
            self.open.append(case)
            return
        if self._far(squared):
            self.tree.close(case.node, None)
            return
        vector = self._integer_residual(support)
        if vector is None:
            self.stuck.append(case)
        elif self.bounds.closed_exactly(single, 0, vector, self.threshold):
            self.tree.close(case.node, vector)
        else:
            case.vector = vector
            self.stuck.append(case)

    def _integer_residual(self, support: Sequence[int]) -> NDArray[np.int64] | None:
        """Return integers near (where they are short: at) a multiple of the residual of the best code on a support."""
        found = self.codes.least(support) or self.codes.near(support)
        residual = self.codes.fits.residual(found.atoms, found.values)
        largest = max(map(abs, residual))
        if largest == 0:
            return None
        common = math.lcm(*(value.denominator for value in residual))
        unit = Fraction(1, common)
        if largest * common >= 1 << _MOST_BITS:
            unit = largest / (1 << _MOST_BITS)
        return np.array([round(value / unit) for value in residual], dtype=np.int64)

    def _far(self, squared: Fraction) -> bool:
        return squared > self.threshold.squared or (squared == self.threshold.squared and not self.threshold.strict)

    def _residuals(self, supports: Sequence[tuple[int, ...]]) -> Floats:
        """Return y minus its projection onto the span of each support, in floats."""
        residuals = np.repeat(self.codes.signal[None, :], len(supports), axis=0)
        for size in {len(support) for support in supports} - {0}:
            rows = [row for row, support in enumerate(supports) if len(support) == size]
            basis, _ = np.linalg.qr(self.codes.atoms.T[np.array([supports[row] for row in rows])].transpose(0, 2, 1))
            for _ in range(2):
                inside = np.einsum("bmk,bm->bk", basis, residuals[rows])
                residuals[rows] -= np.einsum("bmk,bk->bm", basis, inside)
        return residuals

    def _propose(self, cases: Cases, codes: Codes, rows: NDArray[np.intp]) -> None:
        """Try the supports that open relaxations suggest."""
        fresh: list[tuple[int, ...]] = []
        for row in rows.tolist():
            state = cases.states[row]
            moduli = np.where(state == 0, np.abs(codes[row]), 0.0)
            left = min(int(cases.left[row]), int((moduli > 0).sum()))
            largest = np.argpartition(-moduli, left - 1)[:left] if left else np.zeros(0, dtype=np.intp)
            support = tuple(sorted({*np.flatnonzero(state == 1).tolist(), *largest.tolist()}))
            if support not in self.seen:
                self.seen.add(support)
                fresh.append(support)
        if not fresh:
            return
        squared = (self._residuals(fresh) ** 2).sum(axis=1)
        limit = (
            float(self.threshold.squared) * (1 - 1e-9 * (not self.threshold.strict))
            + 1e-18 * float((self.codes.signal**2).sum()) * self.threshold.strict
        )
        for i in np.argsort(squared)[:_MOST_PROPOSED]:
            if self.ended or not squared[i] <= limit:
                return
            self._improve(fresh[int(i)])

    def _improve(self, support: tuple[int, ...]) -> None:
        threshold = self.improve(support)
        if threshold is None:
            self.ended = True
        else:
            self.threshold = threshold


def _digits(value: Fraction) -> int:
    """Return how many fractional bits keep about 60 significant ones of a value."""
    return max(0, _LOWER_BITS + value.denominator.bit_length() - value.numerator.bit_length())
