"""What the problems that count nonzeros share: a box, exact codes, relaxations, and searches over supports."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from ..budget import Budget
from ..errors import InputError
from ..progress import Progress
from ..solvers.backends import backend
from ..solvers.mixed_integer import CountingProgram
from ..solvers.sparse_relaxation import SparseRelaxation
from .all_supports import Nearest, nearest_support, supports_up_to
from .case_search import CaseSearch, Improve
from .exact_fit import ExactFits
from .leaf_bounds import Cases, LeafBounds, Threshold
from .outcome import Claimed
from .problem import Code, Problem, SolveOptions, positive
from .sparse_codes import SparseCodes

MOST_SUPPORTS = 200_000
FEW_SUPPORTS = 2_000
_ROOT_STEPS = 400
_FEW_ATOMS = 50
_USED = 1e-7
"""Of the box: what a backend returns below this is taken as 0."""


@dataclass(frozen=True, kw_only=True, eq=False)
class CardinalityProblem(Problem):
    """A problem about the number of nonzeros of a real code, with a box |x|_inf <= `box` or (None) without one."""

    box: Fraction | float | str | None = None
    most_supports: ClassVar[int] = MOST_SUPPORTS
    few_supports: ClassVar[int] = FEW_SUPPORTS

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.dictionary.field == "complex":
            raise InputError(f"{self.name} is for real dictionaries, and this one is complex")
        if self.box is not None:
            object.__setattr__(self, "box", positive(self.box, "box"))

    @property
    def exact_box(self) -> Fraction | None:
        """The box as the exact number it is."""
        return None if self.box is None else Fraction(self.box)

    @abstractmethod
    def distance_allowed(self) -> Fraction:
        """Return the squared distance up to which a code is feasible, or 0."""

    @property
    def most_nonzeros(self) -> int | None:
        """The number of nonzeros that codes may have, None where their number is the objective."""
        return None

    def violation(self, code: Code) -> float:
        """Return how far a code leaves the box and the signs, as the greatest violation of one entry. Estimated."""
        values = np.asarray(np.real(code), dtype=np.float64)
        outside = 0.0 if self.exact_box is None else float((np.abs(values) - float(self.exact_box)).max())
        return max(0.0, outside, float(-values.min()) if self.nonnegative else 0.0)


def proposed_by(
    problem: CardinalityProblem, codes: SparseCodes, options: SolveOptions
) -> tuple[Claimed, list[int]] | None:
    """Return what a backend claims and the support it proposes; None for `auto`, which is the search of this package.

    The backend gets half of the time limit, so that the proof has the rest. Raises InputError for a backend that is
    unknown, not installed or not for this problem, and without a box, whose value the program takes as its big M.
    """
    if options.backend == "auto":
        if options.backend_options:
            raise InputError("backend options need a backend by name, not auto")
        return None
    chosen = backend(options.backend, problem.name)
    chosen.refuse(problem.name, is_complex=False)
    if problem.exact_box is None:
        raise InputError(f"the program for {options.backend} needs a box (a bound of |x|_inf), or use auto")
    program = CountingProgram(
        atoms=codes.atoms,
        signal=codes.signal,
        box=float(problem.exact_box),
        nonnegative=problem.nonnegative,
        epsilon=float(problem.distance_allowed()) ** 0.5,
        sparsity=problem.most_nonzeros,
    )
    limit = None if options.time_limit is None else options.time_limit / 2
    assert chosen.counter is not None
    chosen.load()
    found = chosen.counter(program, limit, options.backend_options)
    claimed = Claimed(
        backend=options.backend,
        status=found.status,
        value=found.value,
        seconds=found.seconds,
        versions=found.versions,
        options={name: str(value) for name, value in options.backend_options.items()},
    )
    if found.code is None or not np.isfinite(found.code).all():
        return claimed, []
    order = np.argsort(-np.abs(found.code))
    used = int((np.abs(found.code) > _USED * program.box).sum())
    return claimed, order[: used if problem.most_nonzeros is None else min(used, problem.most_nonzeros)].tolist()


class SparseWork:
    """The exact and the numerical side of one problem, made once for all its searches."""

    def __init__(self, problem: CardinalityProblem) -> None:
        self.problem = problem
        self.m, self.n = problem.dictionary.shape
        self.fits = ExactFits(problem.dictionary, problem.signal)
        self.codes = SparseCodes(problem.dictionary, problem.signal, self.fits, problem.exact_box, problem.nonnegative)
        self.bounds: LeafBounds | None = None
        self.relaxation: SparseRelaxation | None = None
        if problem.exact_box is not None:
            self.bounds = LeafBounds(
                problem.dictionary, problem.signal, self.fits, problem.exact_box, problem.nonnegative
            )
            self.relaxation = SparseRelaxation(
                self.codes.atoms, self.codes.signal, float(problem.exact_box), nonnegative=problem.nonnegative
            )

    def search(self, size: int, threshold: Threshold, improve: Improve) -> CaseSearch:
        """Return a search over the codes with at most `size` nonzeros; needs a box."""
        assert self.bounds is not None and self.relaxation is not None
        return CaseSearch(self.codes, self.bounds, self.relaxation, size, threshold, improve)

    def roots(
        self, sizes: list[int], threshold: Threshold
    ) -> list[tuple[NDArray[np.int64] | None, NDArray[np.float64]]]:
        """Return for each number of nonzeros a vector that proves all such codes too far (or None), and a code."""
        assert self.bounds is not None and self.relaxation is not None
        cases = Cases(states=np.zeros((len(sizes), self.n), dtype=np.int8), left=np.array(sizes, dtype=np.intp))
        start = np.zeros((len(sizes), self.n), dtype=np.float32)
        wanted = float(threshold.squared) ** 0.5
        relaxed = self.relaxation.solve(cases.states, cases.left, start, wanted, _ROOT_STEPS)
        proved = self.bounds.close(cases, np.where(relaxed.closes[:, None], relaxed.vectors, 0.0), threshold)
        return list(zip(proved, np.nan_to_num(relaxed.codes.astype(np.float64)), strict=True))

    def separating(self, threshold: Threshold) -> NDArray[np.int64] | None:
        """Return a vector that proves every code in the box beyond the threshold, None if none is found."""
        assert self.bounds is not None
        vector = self.roots([self.n], threshold)[0][0]
        if vector is not None:
            return vector
        everything = Cases(states=np.zeros((1, self.n), dtype=np.int8), left=np.array([self.n], dtype=np.intp))
        residual = self.codes.signal - self.codes.atoms @ self.codes.bounded(range(self.n))
        return self.bounds.close(everything, residual[None, :], threshold)[0]

    def enumerates(self, size: int) -> bool:
        """Say whether all supports of a size are few enough to be gone through exactly."""
        if self.bounds is None:
            return supports_up_to(self.n, size) <= self.problem.most_supports
        return supports_up_to(self.n, size) <= self.problem.few_supports and self.n <= _FEW_ATOMS

    def nearest(
        self, size: int, budget: Budget, progress: Progress, but: tuple[int, ...] | None = None
    ) -> Nearest | None:
        """Return the nearest support of a size, other than `but`, by enumeration; None if the budget ended."""
        with budget.interruptible():
            return nearest_support(self.fits, self.n, size, but=but, progress=progress, stopped=budget.stopped)
        return None
