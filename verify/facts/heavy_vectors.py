"""Null vectors with much of their weight on few entries: lower bounds of the null-space constants."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from ..budget import Budget
from ..dictionaries.dictionary import Dictionary
from ..dictionaries.working_space import WorkingSpace
from ..progress import Progress
from ..rounding import dyadic_lower
from ..verdict import Scaling
from .null_vectors import NullVector
from .support_values import approximation_work
from .vertices import exact_vertex

Floats = NDArray[np.float64]

_TOLERANCE = 1e-5
_FINE = 1e-9
_NEAR = 1e-3
_ROUNDS = 12
_MOST_STARTS = {"glance": 2, "quick": 64, "standard": 256, "thorough": 1024}
_PART = 8  # of the budget
_PROGRESS = 1e-6
_LOWER_BITS = 60
_HALF = 0.5 - 1e-9
_MOST_LEVELS = 12
_SMALL_NULL_VECTOR = 64
_MOST_SOLVING = 3e12
_CANDIDATES = 4
_ATTEMPTS = 12
HALF = Fraction(1, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class NullSpaceLower:
    """nsc_level >= `lower`, shown by the exact null vector `vector`."""

    level: int
    lower: Fraction
    vector: NullVector


def share_of_heaviest(vector: NullVector, level: int, scaling: Scaling) -> Fraction:
    """Return a lower bound of the share that the `level` heaviest entries of a null vector have."""
    moduli = sorted(vector.moduli(scaling), key=lambda root: -root.lower)
    heavy = sum((root.lower for root in moduli[:level]), Fraction(0))
    rest = sum((root.upper for root in moduli[level:]), Fraction(0))
    return dyadic_lower(heavy / (heavy + rest), _LOWER_BITS)


def least_level_of_half(vector: NullVector, scaling: Scaling) -> int | None:
    """Return the least level whose heaviest entries provably weigh at least as much as all others."""
    order = sorted(vector.moduli(scaling), key=lambda root: (-root.lower, -root.upper))
    heavy, rest = Fraction(0), sum((root.upper for root in order), Fraction(0))
    for level, root in enumerate(order, 1):
        heavy, rest = heavy + root.lower, rest - root.upper
        if heavy >= rest:
            return level
    return None


def heaviest(vector: NullVector, scaling: Scaling, level: int) -> tuple[int, ...]:
    """Return the `level` atoms with the heaviest entries, increasing (certificates/SPEC.md 6.4)."""
    weights = zip(vector.moduli(scaling), vector.support, strict=True)
    order = sorted(weights, key=lambda item: (-item[0].lower, -item[0].upper, item[1]))
    return tuple(sorted(atom for _, atom in order[:level]))


def heavy_vectors(
    dictionary: Dictionary, space: WorkingSpace, budget: Budget, progress: Progress
) -> tuple[tuple[NullSpaceLower, ...], int]:
    """Return lower bounds of nsc_k by exact null vectors, up to the first level found with nsc_k >= 1/2, and it.

    The level is n + 1 if there is none. Rounding may leave its exact bound just below 1/2.

    Alternates: with S the k heaviest entries of h and s their signs, the next h maximises <s, h_S> over D'h = 0,
    |h|_1 <= 1, so that the share of the k heaviest never falls; from single atoms and random null vectors. Guarantee:
    each bound is exact for its vector; that the vectors are the heaviest is not promised. Vectors that are exact when
    the budget or Ctrl-C ends the search are kept.
    """
    n = dictionary.shape[1]
    found: list[NullSpaceLower] = []
    level = n + 1
    if budget.stopped() or space.row_space.nullity == 0:
        return (), level
    with budget.interruptible():
        search = _Search(space, budget)
        level = search.first_half(progress)
        if level > 1 and search.share(level - 1) > 0.5 - _NEAR:  # exact arithmetic says on which side it is
            near = _exact(dictionary, space, search, level - 1)
            if near is not None and float(near.lower) >= _HALF:
                level -= 1
                found.append(near)
        for k in range(level + bool(found), n + 1):  # the first exact vector of half the weight; a tie may miss it
            exact = _exact(dictionary, space, search, k)
            found += [exact] if exact is not None else []
            if exact is None or exact.lower >= HALF:
                break
        wanted = range(1, min(level, _MOST_LEVELS + 1)) if min(dictionary.shape) < _SMALL_NULL_VECTOR else range(0)
        for lower in wanted:
            search.improve(lower)
            progress("null vectors", lower, level)
        for k in sorted(set(wanted) - {bound.level for bound in found}, reverse=True):
            best = _exact(dictionary, space, search, k)
            if best is not None:
                found.append(best)
    return tuple(sorted(found, key=lambda bound: bound.level)), level


def _exact(dictionary: Dictionary, space: WorkingSpace, search: _Search, level: int) -> NullSpaceLower | None:
    """Return the best exact bound for a level; where it falls short of 1/2 by rounding only, try others."""
    best: NullSpaceLower | None = None
    candidates = search.best(level)
    for attempt in range(_ATTEMPTS):
        for h in candidates:
            vector = exact_vertex(dictionary, space.rows, h, _MOST_SOLVING, attempt)
            if vector is None:
                continue
            lower = share_of_heaviest(vector, level, space.scaling)
            if best is None or lower > best.lower:
                best = NullSpaceLower(level=level, lower=lower, vector=vector)
            if best.lower >= HALF or float(best.lower) < _HALF:
                return best
        if search.budget.stopped():
            break
    return best


class _Search:
    """A pool of null vectors in floats, |h|_1 = 1, and the best shares they show."""

    def __init__(self, space: WorkingSpace, budget: Budget) -> None:
        self.space, self.budget = space, budget
        n = len(space.rows)
        self.n = n
        self.generator = np.random.default_rng(0)
        each = approximation_work(space.shape, 1)
        most = budget.operations / _PART / each / _ROUNDS / _MOST_LEVELS
        self.starts = int(np.clip(most, 2, _MOST_STARTS[budget.effort.value]))
        singles = np.eye(n)[self.generator.permutation(n)[: 2 * self.starts]] if n > 2 * self.starts else np.eye(n)
        self.pool = self._solved(singles)

    def _solved(self, targets: Floats) -> Floats:
        primal = self.space.row_space.approximate(targets, tolerance=_TOLERANCE).primal
        norms = np.abs(primal).sum(axis=1)
        return primal[np.isfinite(norms) & (norms > 0.5)]

    def shares(self, vectors: Floats, level: int) -> Floats:
        """Return the share of the `level` heaviest entries of every vector, 0 where it is no vector."""
        moduli = np.abs(vectors)
        heavy = np.partition(moduli, self.n - level, axis=1)[:, self.n - level :].sum(axis=1)
        total = moduli.sum(axis=1)
        return np.divide(heavy, total, out=np.zeros_like(total), where=(total > 0) & np.isfinite(total))

    def share(self, level: int) -> float:
        """Return the best share in the pool."""
        return float(self.shares(self.pool, level).max(initial=0.0))

    def best(self, level: int) -> Floats:
        """Return the vectors of the pool with the best shares, solved once more and sharply."""
        order = np.argsort(-self.shares(self.pool, level), kind="stable")[:_CANDIDATES]
        found = self.space.row_space.approximate(self._targets(self.pool[order], level), tolerance=_FINE)
        again, known = found.primal, self.pool[order]
        better = self.shares(again, level) >= self.shares(known, level) - _PROGRESS
        return np.where(better[:, None], again, known)

    def first_half(self, progress: Progress) -> int:
        """Return the least level with a share of 1/2 in the pool, n + 1 if it is empty, improving while it falls."""
        if not len(self.pool):
            return self.n + 1
        level = self._least()
        while level > 1 and not self.budget.stopped():
            progress("null vectors", 0, level)
            self.improve(level - 1)
            if self._least() >= level:
                break
            level = self._least()
        return level

    def _least(self) -> int:
        moduli = -np.sort(-np.abs(self.pool), axis=1)
        sums = np.cumsum(moduli, axis=1) / moduli.sum(axis=1, keepdims=True)
        return int((sums < _HALF).sum(axis=1).min()) + 1

    def _targets(self, vectors: Floats, level: int) -> Floats:
        heaviest = np.argpartition(-np.abs(vectors), level - 1, axis=1)[:, :level]
        targets = np.zeros_like(vectors)
        np.put_along_axis(targets, heaviest, np.sign(np.take_along_axis(vectors, heaviest, axis=1)), axis=1)
        return targets

    def improve(self, level: int) -> None:
        """Alternate from the best vectors of the pool and from random ones, and keep the best."""
        order = np.argsort(-self.shares(self.pool, level), kind="stable")[: self.starts]
        random = self.generator.standard_normal((self.starts, self.n))
        random -= self.space.row_space.projected(random)
        current = np.concatenate([self.pool[order], random])
        shares = self.shares(current, level)
        for _ in range(_ROUNDS):
            if self.budget.stopped():
                break
            following = self._solved(self._targets(current, level))
            if len(following) != len(current):
                break
            after = self.shares(following, level)
            better = after > shares + _PROGRESS
            if not better.any():
                break
            current, shares = following[better], after[better]
            self.pool = np.concatenate([self.pool, current])
        self.pool = self.pool[np.argsort(-self.shares(self.pool, level), kind="stable")[: 4 * self.starts + self.n]]
