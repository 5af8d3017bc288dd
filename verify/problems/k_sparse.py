"""The best code with at most k nonzeros: min |y - Dx|_2^2 over |x|_0 <= k, optionally within a box."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import ClassVar

import numpy as np

from ..budget import Budget, Effort
from ..errors import InputError
from ..progress import Progress, silent
from ..rounding import dyadic_lower
from ..solvers.threads import one_thread
from .all_supports import supports_up_to
from .cardinality import CardinalityProblem, SparseWork, proposed_by
from .case_search import CaseSearch
from .leaf_bounds import Threshold
from .only_codes import only_by_tree, other_codes, owns_its_support
from .outcome import Outcome
from .problem import Code, SolveOptions
from .proofs import (
    CodeBound,
    Enumerated,
    LowerBound,
    MinimiserBound,
    SearchTree,
    SeveralMinimisers,
    UniqueCounted,
    UpperBound,
)
from .proposals import exchanges, pursued, swapped
from .second_codes import equal_code
from .sparse_codes import Found

_TRIES = 8
_MOST_BITS = 12_000
_BITS = 60
_FINEST = 1e-9
"""Gaps up to this are not aimed at: the best value itself is, and what rounding leaves open is far less."""


@dataclass(frozen=True, kw_only=True, eq=False)
class KSparse(CardinalityProblem):
    """min |y - Dx|_2^2 over codes with at most `sparsity` nonzeros and |x|_inf <= `box` (None: no box).

    The value is the squared residual. Real dictionaries only; 1 <= sparsity <= n.
    """

    sparsity: int
    name: ClassVar[str] = "k-sparse"

    def __post_init__(self) -> None:
        super().__post_init__()
        n = self.dictionary.shape[1]
        if isinstance(self.sparsity, bool) or not isinstance(self.sparsity, int) or not 1 <= self.sparsity <= n:
            raise InputError(f"expected a sparsity from 1 to {n}, the number of atoms, got {self.sparsity!r}")

    @property
    def statement(self) -> dict[str, bool | int | str | None]:
        """The problem as certificates spell it."""
        box = self.exact_box
        return {
            "box": None if box is None else str(box),
            "name": self.name,
            "nonnegative": self.nonnegative,
            "sparsity": self.sparsity,
        }

    @property
    def most_nonzeros(self) -> int:
        """The sparsity."""
        return self.sparsity

    def distance_allowed(self) -> Fraction:
        """Return 0: every code is feasible, however far."""
        return Fraction(0)

    def objective(self, code: Code) -> float:
        """Return |y - Dx|_2^2."""
        residual = self.signal.floats - np.asarray(self.dictionary.real, dtype=np.float64) @ np.real(code)
        return float(residual @ residual)

    def optimality_residual(self, code: Code) -> float:
        """Return how far a code is from what every optimal code is: feasible, and least squares on its own support.

        The greatest of the violation of box and signs, the number of nonzeros above the sparsity, and the step that
        projected gradients of unit length would take on the support. Necessary conditions; estimated.
        """
        values = np.asarray(np.real(code), dtype=np.float64)
        atoms = np.asarray(self.dictionary.real, dtype=np.float64)
        support = np.flatnonzero(values)
        box = math.inf if self.exact_box is None else float(self.exact_box)
        moved = values[support] + atoms[:, support].T @ (self.signal.floats - atoms @ values)
        moved = np.clip(moved, 0.0 if self.nonnegative else -box, box)
        step = float(np.abs(moved - values[support]).max(initial=0.0))
        return max(self.violation(code), float(max(0, len(support) - self.sparsity)), step)

    def solve(self, options: SolveOptions | None = None, progress: Progress = silent) -> Outcome:
        """Solve the problem and prove what can be proved.

        `backend="auto"` is the search of this package: matching pursuit with swaps and relaxations propose supports;
        all supports are gone through if they are few, else branch and bound (with a box), whose bounds rise together.
        `scip` proposes first, by a mixed-integer program whose big M is the box. Guarantee: `lower` and `upper` are
        proved, whatever is proposed. Raises InputError for a backend that is unknown, not installed or not for this.
        """
        with one_thread():
            return _Solving(self, options or SolveOptions(), progress).outcome()


class _Solving:
    def __init__(self, problem: KSparse, options: SolveOptions, progress: Progress) -> None:
        self.problem, self.options, self.progress = problem, options, progress
        self.budget = Budget(effort=Effort.thorough, time_limit=options.time_limit)
        self.work = SparseWork(problem)
        self.codes = self.work.codes
        self.best = Found(atoms=(), values=(), squared=self.work.fits.signal_squared)
        self.lower: LowerBound | None = None
        self.finished: CaseSearch | None = None
        self.remarks: list[str] = []

    def outcome(self) -> Outcome:
        """Return all that was proved."""
        proposed = proposed_by(self.problem, self.codes, self.options)
        claimed = [] if proposed is None else proposed[1]
        with self.budget.interruptible():
            pursuit = self._pursued()
            for support in [claimed, swapped(self.codes.atoms, self.codes.signal, pursuit[-1]), *pursuit[::-1]]:
                self.try_support(support)
        with self.budget.interruptible():
            if self.best.squared > 0:
                self._raise()
        several = self._several()
        only: UniqueCounted | None = None
        with self.budget.interruptible():
            if several is None:
                several, only = self._only()
        if several is not None and self.lower is None:
            self.lower = self._zero()
        upper: UpperBound = CodeBound(code=self.best.code, upper=self.best.squared)
        if only is not None:
            upper = self.lower = MinimiserBound(unique=only, lower=self.best.squared, upper=self.best.squared)
        return replace(
            Outcome(problem=self.problem),
            lower=self.lower,
            upper=upper,
            unique=only,
            several=None if self.lower is None else several,
            claimed=() if proposed is None else (proposed[0],),
            remarks=tuple(self.remarks),
            stopped=self.budget.cut_short,
        )

    def _pursued(self) -> list[list[int]]:
        most = min(self.problem.sparsity, self.work.m, self.work.n)
        return pursued(self.codes.atoms, self.codes.signal, most, nonnegative=self.problem.nonnegative)

    @property
    def proved(self) -> Fraction:
        """The proved lower bound."""
        return Fraction(0) if self.lower is None else self.lower.lower

    def try_support(self, support: Iterable[int]) -> bool:
        """Make an exact code on a support, and keep it if it is better than the best."""
        atoms = sorted(support)
        found = self.codes.least(atoms)
        if found is None or found.squared.numerator.bit_length() > _MOST_BITS:
            found = self.codes.near(atoms, None)
        if found.squared >= self.best.squared:
            return False
        self.best = found
        return True

    def _target(self) -> Fraction:
        """Return the lower bound aimed at: the best value, less by the gap where a wide one is wanted."""
        target = self.best.squared
        if self.options.gap <= _FINEST:
            return target
        target *= 1 - Fraction(min(self.options.gap, 1.0))
        bits = _BITS + target.denominator.bit_length() - target.numerator.bit_length()
        return max(Fraction(0), dyadic_lower(target, max(0, bits)))

    def _threshold(self) -> Threshold:
        return Threshold(squared=self._target(), strict=False)

    def _raise(self) -> None:
        k = self.problem.sparsity
        if self.work.enumerates(k):
            nearest = self.work.nearest(k, self.budget, self.progress)
            if nearest is not None:
                self.try_support(nearest.support)
                self.lower = Enumerated(lower=nearest.squared) if nearest.squared > 0 else None
                if self.proved == self.best.squared:
                    return
                if self.work.bounds is None and self.problem.nonnegative:
                    self.remarks.append(
                        f"some {k} atoms come nearer if signs do not matter, and without a box the proof sees no "
                        "signs: give a box (a bound of |x|_inf)"
                    )
        elif self.work.bounds is None:
            count = supports_up_to(self.work.n, k)
            self.remarks.append(
                f"for a lower bound {count} supports would have to be gone through, and the limit is "
                f"{self.problem.most_supports}: give a box (a bound of |x|_inf)"
            )
        if self.work.bounds is None or self.budget.stopped() or self._target() <= self.proved:
            return
        search = self.work.search(k, self._threshold(), self._improved)
        if search.run(self.budget, self._cases, anytime=True):
            if self._target() > self.proved:
                self.lower = search.proof(self._target())
                self.finished = search
            return
        partial = search.proof_so_far()
        if partial is not None and partial.lower > self.proved:
            self.lower = partial

    def _cases(self, work: str, done: int, total: int) -> None:
        self.progress(f"squared residual at most {float(self.best.squared):.6g}: cases", done, total)

    def _improved(self, support: tuple[int, ...]) -> Threshold | None:
        self.try_support(support)
        return self._threshold() if self.best.squared > 0 else None

    def _several(self) -> SeveralMinimisers | None:
        if self.proved < self.best.squared:
            return None
        k = self.problem.sparsity
        other = equal_code(self.codes, self.best, k)
        if other is None:
            for support in exchanges(self.codes.atoms, self.codes.signal, list(self.best.atoms), _TRIES):
                found = self.codes.exact(support)
                if found is not None and found.squared == self.best.squared and found.atoms != self.best.atoms:
                    other = found
                    break
        return None if other is None else SeveralMinimisers(first=self.best.code, second=other.code)

    def _only(self) -> tuple[SeveralMinimisers | None, UniqueCounted | None]:
        """Return another code as good as the best one, or the proof that there is none, where one is found."""
        if self.proved < self.best.squared or len(self.best.atoms) < self.problem.sparsity:
            return None, None
        if self.finished is not None and isinstance(self.lower, SearchTree):
            fine = owns_its_support(self.work, self.best, self.best.squared)
            only = only_by_tree(self.finished, self.best) if fine else None
            if only is not None:
                return None, only
        others = other_codes(self.work, self.best, self.best.squared, self.budget, self._others)
        self.remarks += [others.remark] if others.remark else []
        if others.other is None:
            return None, others.only
        return SeveralMinimisers(first=self.best.code, second=others.other.code), None

    def _others(self, work: str, done: int, total: int) -> None:
        self.progress(f"other codes as near: {work}", done, total)

    def _zero(self) -> LowerBound | None:
        """Return that no residual is below 0, which the proof of several minimisers uses, where a rule can say so."""
        if self.problem.exact_box is not None:
            duals = np.zeros((1, self.work.m), dtype=np.int64)
            return SearchTree(lower=Fraction(0), tree=(0,), duals=duals, duals_exponent=0)
        return Enumerated(lower=Fraction(0)) if self.work.enumerates(self.problem.sparsity) else None
