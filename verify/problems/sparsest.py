"""The sparsest code of a signal: min |x|_0 over |y - Dx|_2 <= epsilon, optionally within a box."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import ClassVar

import numpy as np

from ..budget import Budget, Effort
from ..progress import Progress, silent
from ..solvers.threads import one_thread
from ..verdict import Question
from .all_supports import supports_up_to
from .cardinality import CardinalityProblem, SparseWork, proposed_by
from .exact_columns import signal_vector
from .guarantee import guaranteed_level
from .infeasible import far_from_span
from .leaf_bounds import Threshold
from .only_codes import other_codes
from .outcome import Outcome
from .problem import Code, SolveOptions, positive
from .proofs import (
    CodeBound,
    DualVector,
    Enumerated,
    InfeasibleByDual,
    LowerBound,
    MinimiserBound,
    SearchTree,
    SeveralMinimisers,
    UniqueByGuarantee,
    UniqueCounted,
    UniqueZero,
)
from .proposals import exchanges, pursued, swapped
from .second_codes import second_code
from .sparse_codes import Found

_NEAR = 1e-9
_TRIES = 8


@dataclass(frozen=True, kw_only=True, eq=False)
class Sparsest(CardinalityProblem):
    """min |x|_0 over codes with |y - Dx|_2 <= `epsilon` (0: Dx = y) and |x|_inf <= `box` (None: no box).

    Real dictionaries only. Source: Natarajan 1995 (it is NP-hard); bounds by weak duality of the relaxed cases.
    """

    epsilon: Fraction | float | str = Fraction(0)
    name: ClassVar[str] = "sparsest"

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "epsilon", positive(self.epsilon, "epsilon", zero=True))

    @property
    def statement(self) -> dict[str, bool | int | str | None]:
        """The problem as certificates spell it."""
        box = self.exact_box
        return {
            "box": None if box is None else str(box),
            "epsilon": str(self.epsilon),
            "name": self.name,
            "nonnegative": self.nonnegative,
        }

    def distance_allowed(self) -> Fraction:
        """Return epsilon squared."""
        return Fraction(self.epsilon) ** 2

    def objective(self, code: Code) -> float:
        """Return the number of entries that are not zero."""
        return float(np.count_nonzero(code))

    def optimality_residual(self, code: Code) -> float:
        """Return how far a code is from being feasible: the excess of its residual over epsilon, or over the box.

        Whether fewer nonzeros do has no local condition. Estimated.
        """
        residual = self.signal.floats - np.asarray(self.dictionary.real, dtype=np.float64) @ np.real(code)
        return max(0.0, float(np.linalg.norm(residual)) - float(self.epsilon), self.violation(code))

    def solve(self, options: SolveOptions | None = None, progress: Progress = silent) -> Outcome:
        """Solve the problem and prove what can be proved.

        `backend="auto"` is the search of this package: matching pursuit and relaxations propose supports, exact
        arithmetic makes codes of them; all supports are gone through if they are few, else branch and bound (with a
        box). `highs` (epsilon 0) and `scip` propose first, by a mixed-integer program whose big M is the box.
        Guarantee: `lower` and `upper` are proved, whatever is proposed. Raises InputError for a backend that is
        unknown, not installed or not for this problem, or a `guarantee` that is no certificate of this dictionary.
        """
        with one_thread():
            return _Solving(self, options or SolveOptions(), progress).outcome()


class _Solving:
    def __init__(self, problem: Sparsest, options: SolveOptions, progress: Progress) -> None:
        self.problem, self.options, self.progress = problem, options, progress
        self.budget = Budget(effort=Effort.thorough, time_limit=options.time_limit)
        self.work = SparseWork(problem)
        self.codes = self.work.codes
        self.allowed = problem.distance_allowed()
        self.threshold = Threshold(squared=self.allowed, strict=True)
        self.best: Found | None = None
        self.lower: LowerBound | None = None
        self.remarks: list[str] = []

    def outcome(self) -> Outcome:
        """Return all that was proved."""
        proposed = proposed_by(self.problem, self.codes, self.options)
        found = Outcome(problem=self.problem, claimed=() if proposed is None else (proposed[0],))
        if self.work.fits.signal_squared <= self.allowed:
            empty = Found(atoms=(), values=(), squared=self.work.fits.signal_squared)
            return replace(found, upper=CodeBound(code=empty.code, upper=Fraction(0)), unique=UniqueZero())
        with self.budget.interruptible():
            if proposed is not None:
                self.try_support(proposed[1])
            most, enough = min(self.work.m, self.work.n), float(self.allowed) ** 0.5
            signs = self.problem.nonnegative
            self._propose(pursued(self.codes.atoms, self.codes.signal, most, enough=enough, nonnegative=signs))
            if self.best is None and (signs or self.problem.box is not None):
                self.try_support(np.flatnonzero(self.codes.bounded(range(self.work.n))).tolist())
        unique = self._guaranteed()
        if unique is not None:
            return _located(found, unique)
        infeasible = self._infeasible() if self.best is None else None
        if infeasible is not None:
            return replace(found, infeasible=infeasible)
        with self.budget.interruptible():
            self._raise()
        several = self._several()
        only: UniqueCounted | None = None
        with self.budget.interruptible():
            if several is None and self.best is not None and self.proved == self.count:
                others = other_codes(self.work, self.best, self.allowed, self.budget, self._others)
                only = others.only
                if others.other is not None:
                    several = SeveralMinimisers(first=self.best.code, second=others.other.code)
                self.remarks += [others.remark] if others.remark else []
        upper = None
        if self.best is not None:
            upper = CodeBound(code=self.best.code, upper=Fraction(len(self.best.atoms)))
        found = replace(
            found,
            lower=self.lower,
            upper=upper,
            several=several,
            remarks=tuple(self.remarks),
            stopped=self.budget.cut_short,
        )
        return found if only is None else _located(found, only)

    @property
    def count(self) -> int:
        """The number of nonzeros of the best code, n + 1 without one."""
        return self.work.n + 1 if self.best is None else len(self.best.atoms)

    @property
    def proved(self) -> int:
        """The proved lower bound, at least 1 since zero is not feasible."""
        return 0 if self.lower is None else int(self.lower.lower)

    def try_support(self, support: Iterable[int]) -> bool:
        """Make an exact code on a support; keep it and say so if it is feasible and better than the best."""
        atoms = sorted(support)
        found = self.codes.least(atoms) if self.allowed == 0 else self.codes.near(atoms, self.allowed)
        if found is None or found.squared > self.allowed or len(found.atoms) >= self.count:
            return False
        self.best = found
        return True

    def _propose(self, supports: list[list[int]]) -> None:
        limit = float(self.allowed) * (1 + _NEAR) + 1e-18 * float(self.work.fits.signal_squared)
        for support in supports:
            squared = float((self._residual(support) ** 2).sum())
            if squared <= limit and self.try_support(support):
                break
        while self.best is not None and self.count > 1:
            smaller = next((s for s in supports if len(s) == self.count - 1), None)
            if smaller is None:
                return
            support = swapped(self.codes.atoms, self.codes.signal, smaller)
            if not (self._residual(support) ** 2).sum() <= limit or not self.try_support(support):
                return

    def _residual(self, support: list[int]) -> np.ndarray:
        atoms = self.codes.atoms[:, support]
        return self.codes.signal - atoms @ np.linalg.lstsq(atoms, self.codes.signal, rcond=None)[0]

    def _guaranteed(self) -> UniqueByGuarantee | None:
        certificate = self.options.guarantee
        if certificate is None:
            return None
        known = guaranteed_level(certificate, self.problem.dictionary, Question.l0)
        if self.allowed != 0:
            self.remarks.append("a guarantee shortens proofs of exact problems only, and epsilon is not 0")
        elif known is None or (self.best is not None and known.level < self.count):
            level = 0 if known is None else known.level
            self.remarks.append(f"the guarantee reaches level {level}, and {self.count} nonzeros were needed")
        elif self.best is not None:
            return UniqueByGuarantee(centre=self.best.code, certificate=certificate, claim=known.claim)
        return None

    def _infeasible(self) -> InfeasibleByDual | None:
        if self.work.bounds is not None:
            vector = self.work.separating(self.threshold)
            if vector is not None:
                return InfeasibleByDual(dual=DualVector(real=tuple(vector.tolist())))
        support = list(range(self.work.n))
        if self.problem.nonnegative:
            support = np.flatnonzero(self.codes.bounded(support, boxed=False) > 0).tolist()
        signal = signal_vector(self.problem.signal, is_complex=False)
        epsilon = Fraction(self.problem.epsilon)
        return far_from_span(self.problem.dictionary, signal, support, epsilon, nonnegative=self.problem.nonnegative)

    def _raise(self) -> None:
        """Raise the lower bound to the number of nonzeros of the best code, as far as the budget goes."""
        if self.work.bounds is None or self.work.enumerates(min(self.count - 1, self.work.n)):
            self._enumerate()
        if self.work.bounds is None:
            self._explain()
            return
        with self.budget.interruptible():
            self._from_roots()
        while self.proved < self.count and not self.budget.stopped():
            size = self.count - 1 if self.best is not None else self.proved
            if size >= self.work.n:
                return
            search = self.work.search(size, self.threshold, self._improved)
            if search.run(self.budget, self._cases, anytime=False):
                self.lower = search.proof(Fraction(size + 1))
            elif not search.ended:
                if not self.budget.cut_short:
                    self.remarks.append("some supports lie so close to what is allowed that rounding cannot decide")
                return

    def _explain(self) -> None:
        """Say why the lower bound is no better, without a box."""
        if self.proved >= self.count or self.budget.cut_short:
            return
        count, most = supports_up_to(self.work.n, self.proved), self.problem.most_supports
        if count > most:
            self.remarks.append(
                f"to show that more than {self.proved} nonzeros are needed, {count} supports would have to be gone "
                f"through, and the limit is {most}: give a box (a bound of |x|_inf)"
            )
        else:
            self.remarks.append(
                f"some {self.proved} atoms come near enough if signs do not matter, and without a box the proof sees "
                "no signs: give a box (a bound of |x|_inf)"
            )

    def _cases(self, work: str, done: int, total: int) -> None:
        upper = "?" if self.best is None else self.count
        self.progress(f"between {self.proved} and {upper} nonzeros: cases", done, total)

    def _others(self, work: str, done: int, total: int) -> None:
        self.progress(f"other codes with {self.count} nonzeros: {work}", done, total)

    def _improved(self, support: tuple[int, ...]) -> Threshold | None:
        return None if self.try_support(support) else self.threshold

    def _enumerate(self) -> None:
        """Go through all supports of 0, 1, .. atoms while they are few."""
        size = self.proved
        while size < min(self.count, self.work.n + 1) and self.work.enumerates(size) and not self.budget.stopped():
            nearest = self.work.nearest(size, self.budget, self.progress)
            if nearest is None:
                return
            if nearest.squared <= self.allowed:
                self.try_support(nearest.support)
                return
            size += 1
            self.lower = Enumerated(lower=Fraction(size))

    def _from_roots(self) -> None:
        """Let one relaxation for each number of nonzeros bound it, and propose supports."""
        sizes = list(range(self.proved, min(self.count, self.work.m + 1)))
        if not sizes:
            return
        roots = self.work.roots(sizes, self.threshold)
        for size, (vector, _code) in zip(sizes, roots, strict=True):
            if vector is not None and size + 1 > self.proved:
                self.lower = SearchTree(lower=Fraction(size + 1), tree=(0,), duals=vector[None, :], duals_exponent=0)
        supports = [np.argsort(-np.abs(code))[:size].tolist() for size, (_, code) in zip(sizes, roots, strict=True)]
        self._propose(supports)

    def _several(self) -> SeveralMinimisers | None:
        if self.best is None or self.proved < self.count:
            return None
        other = second_code(self.codes, self.best, self.allowed)
        if other is None and self.allowed == 0:
            for support in exchanges(self.codes.atoms, self.codes.signal, list(self.best.atoms), _TRIES):
                found = self.codes.exact(support)
                if (
                    found is not None
                    and found.squared == 0
                    and found.atoms != self.best.atoms
                    and len(found.atoms) <= self.count
                ):
                    other = found
                    break
        return None if other is None else SeveralMinimisers(first=self.best.code, second=other.code)


def _located(found: Outcome, unique: UniqueByGuarantee | UniqueCounted) -> Outcome:
    """Return the outcome whose bounds rest on the one minimiser."""
    count = Fraction(len(unique.centre.support))
    bound = MinimiserBound(unique=unique, lower=count, upper=count)
    return replace(found, lower=bound, upper=bound, unique=unique)
