"""From a proposed code and dual vector of basis pursuit to what is proved of the problem."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..solvers.flat_duals import flat_dual
from ..solvers.highs import completed_by_highs, flattest_dual
from ..solvers.l1_programs import Effort, L1Program, Proposal
from ..solvers.least_squares import nonnegative_residual
from ..verdict import Scaling
from .completed_codes import completed
from .costs import cost_enclosed
from .dual_bounds import dual_bound
from .exact_columns import ExactColumns, Vector, signal_vector
from .exact_duals import exact_dual
from .image import Image, Numbers
from .infeasible import far_from_span, outside_of_range
from .outcome import Outcome
from .proofs import (
    CodeBound,
    DualBound,
    ExactCode,
    InfeasibleByDual,
    MinimiserBound,
    SeveralMinimisers,
    UniqueBasisPursuit,
)
from .refined_codes import refined, rounded
from .several_minimisers import another_minimiser
from .unique_basis_pursuit import LeftInverse, feasible_within, left_inverse, smallest, unique_basis_pursuit

if TYPE_CHECKING:
    from .basis_pursuit import BasisPursuit

Floats = NDArray[np.float64]

_SIGNIFICANT = 1e-7
_ROUNDING_LEVEL = 1e-10
DENSE = (
    "{small} of the {all} entries of the exact minimiser are at rounding level, at most {size:.1e} of the largest: a "
    "rounded signal is exactly reproduced by no sparse code. If the code is known, hand it in (--code); else "
    "solve bpdn with the rounding radius (--epsilon auto)"
)
OUTSIDE = (
    "no code was found that gives the signal exactly: it may be rounded (bpdn with --epsilon auto allows for that)"
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Located:
    """Exact or refined values on a support with a left inverse: D_S x = y has one solution, within `radius` of them."""

    columns: ExactColumns
    values: Vector
    radius: Fraction
    inverse: LeftInverse

    @property
    def code(self) -> ExactCode:
        return self.columns.code(self.values)


def complex_outcome(problem: BasisPursuit, proposal: Proposal) -> Outcome:
    """Return the bounds that are proved of a complex problem of basis pursuit, or that nothing is feasible."""
    signal = signal_vector(problem.signal, is_complex=True)
    image, code = problem.uniform_image, proposal.code
    upper = None
    lowers = [dual_bound(problem.image, proposal.dual, Fraction(0), nonnegative=False)]
    if code is not None:
        shifts = image.atoms.exponents[0] - np.array(problem.image.atoms.exponents)
        code = np.ldexp(np.real(code), shifts) + 1j * np.ldexp(np.imag(code), shifts)
        upper = feasible_bound(problem, image, code)
        moduli = np.abs(code)
        support = np.flatnonzero(moduli > _SIGNIFICANT * moduli.max(initial=0.0))
        columns = image.atoms.atoms[:, support]
        if proposal.dual is not None:  # made tight on the support, which a solver does to its tolerance only
            missing = image.atoms.costs[support] * code[support] / moduli[support] - columns.conj().T @ proposal.dual
            dual = proposal.dual + np.linalg.lstsq(columns.conj().T, missing, rcond=None)[0]
            lowers.append(dual_bound(problem.image, dual, Fraction(0), nonnegative=False))
    infeasible = outside_of_range(problem.dictionary, signal) if upper is None else None
    if infeasible is not None:
        return Outcome(problem=problem, infeasible=infeasible)
    return Outcome(problem=problem, lower=max(lowers, key=lambda bound: bound.lower), upper=upper)


def feasible_bound(problem: BasisPursuit, image: Image, code: Numbers) -> CodeBound | None:
    """Return the cost of an exact code with D x = y near a code of the uniform image: a short one, or a long one."""
    is_complex = problem.dictionary.field == "complex"
    signal = signal_vector(problem.signal, is_complex=is_complex)
    moduli = np.abs(code)
    support = np.flatnonzero(moduli > _SIGNIFICANT * moduli.max(initial=0.0))
    columns = image.atoms.atoms[:, support]
    found: ExactCode | None = None
    if is_complex and len(support) <= len(columns):
        inverse = np.linalg.pinv(columns)
        embedded = np.block([[inverse.real, -inverse.imag], [inverse.imag, inverse.real]])
        exact = ExactColumns(problem.dictionary, support.tolist())
        values, fits = refined(image, exact, signal, embedded)
        found = exact.code(values) if fits else None
    if found is None:
        found = completed(problem.dictionary, image, signal, code)
    if found is None or (problem.nonnegative and min(found.values[0], default=Fraction(0)) < 0):
        return None
    return CodeBound(code=found, upper=cost_enclosed(problem.dictionary, problem.scaling, found).upper)


class BasisPursuitProof:
    """What is proved of one real problem of basis pursuit, from one proposal in floats."""

    def __init__(self, problem: BasisPursuit, proposal: Proposal, seconds: float | None) -> None:
        self.problem, self.image = problem, problem.uniform_image
        self.effort = Effort(seconds=seconds)
        self.nonnegative = problem.nonnegative
        self.code = None if proposal.code is None else problem.in_uniform_image(proposal.code)
        self.dual = None if proposal.dual is None else np.asarray(proposal.dual, dtype=np.float64)

    @cached_property
    def signal(self) -> Vector:
        """The exact signal."""
        return signal_vector(self.problem.signal, is_complex=False)

    def outcome(self) -> Outcome:
        """Return the bounds, and what else is proved."""
        lower = dual_bound(self.problem.image, self.dual, Fraction(0), nonnegative=self.nonnegative)
        located = None if self.code is None else self._located(self.code)
        if located is None:
            return self._without_vertex(lower)
        unique = self._unique(located)
        code = located.code
        cost = cost_enclosed(self.problem.dictionary, self.problem.scaling, code, located.radius)
        if unique is not None:
            bound = MinimiserBound(unique=unique, lower=max(cost.lower, Fraction(0)), upper=cost.upper)
            upper = bound if located.radius else CodeBound(code=code, upper=cost.upper)
            return Outcome(problem=self.problem, lower=bound, upper=upper, unique=unique, remarks=self._remarks(code))
        if located.radius or (self.nonnegative and min(code.values[0], default=Fraction(0)) < 0):
            return self._without_vertex(lower)
        upper = CodeBound(code=code, upper=cost.upper)
        exact, several = self._at_equality(upper)
        return Outcome(problem=self.problem, lower=exact or lower, upper=upper, several=several)

    def _located(self, code: Floats) -> _Located | None:
        """Return exact values on the large entries, or refined ones on as many atoms as there are dimensions."""
        largest = float(np.abs(code).max(initial=0.0))
        support = np.flatnonzero(np.abs(code) > _SIGNIFICANT * largest)
        found = self._on(support)
        if found is not None:
            return found
        other = self._completed(code, support)
        return None if other is None else self._on(other)

    def _on(self, support: NDArray[np.intp]) -> _Located | None:
        inverse = left_inverse(self.image, support)
        if inverse is None:
            return None
        columns = ExactColumns(self.problem.dictionary, support.tolist())
        values, exact = refined(self.image, columns, self.signal, inverse.matrix)
        if exact and all(values):
            return _Located(columns=columns, values=values, radius=Fraction(0), inverse=inverse)
        if exact:
            return self._on(support[[bool(value) for value in values]])
        values = rounded(values, smallest(values) / 2**40)
        radius = feasible_within(self.image, columns, self.signal, values, inverse)
        if radius is None or radius >= smallest(values):
            return None
        return _Located(columns=columns, values=values, radius=radius, inverse=inverse)

    def _completed(self, code: Floats, support: NDArray[np.intp]) -> NDArray[np.intp] | None:
        """Return a larger support of a vertex whose further entries are far smaller: the rest of the signal decides."""
        m, _ = self.image.atoms.atoms.shape
        inverse = left_inverse(self.image, support)
        if inverse is None or len(support) >= m:
            return None
        columns = ExactColumns(self.problem.dictionary, support.tolist())
        values, _ = refined(self.image, columns, self.signal, inverse.matrix, rounds=2)
        residual = columns.residual(self.signal, values)
        scale = max(abs(r) for r in residual)
        if not scale:
            return None
        signs = np.sign(code[support])
        rest = L1Program(
            kind="basis-pursuit",
            atoms=self.image.atoms.atoms,
            signal=np.array([float(r / scale) for r in residual]),
            costs=self.image.atoms.costs,
            nonnegative=self.nonnegative,
        )
        dual = min(self._duals(inverse, signs), key=self._reach)
        change = completed_by_highs(rest, support, dual, self.effort)
        if change.code is None or not np.isfinite(change.code).all():
            return None
        largest = float(np.abs(change.code).max(initial=0.0))
        added = np.flatnonzero(np.abs(change.code) > _SIGNIFICANT * largest)
        return np.union1d(support, added) if len(added) else None

    def _reach(self, dual: Floats) -> float:
        """Return the largest |<a_j, v>| / costs_j, estimated."""
        slopes = dual @ self.image.atoms.atoms / self.image.atoms.costs
        return float((slopes if self.nonnegative else np.abs(slopes)).max())

    def _unique(self, located: _Located) -> UniqueBasisPursuit | None:
        signs = np.array([1.0 if value > 0 else -1.0 for value in located.values])
        for dual in self._duals(located.inverse, signs):
            found = unique_basis_pursuit(
                self.image,
                located.columns,
                located.values,
                located.radius,
                dual,
                located.inverse,
                nonnegative=self.nonnegative,
            )
            if found is not None:
                return found
        return None

    def _duals(self, inverse: LeftInverse, signs: Floats) -> Iterator[Floats]:
        """Yield dual vectors with <a_i, v> = c_i signs_i on the support: of least norm, the proposed one, flat ones."""
        support, matrix = inverse.support, inverse.matrix
        columns = self.image.atoms.atoms[:, support]
        wanted = self.image.atoms.costs[support] * signs
        least = wanted @ matrix
        least = least + (wanted - least @ columns) @ matrix
        yield least
        if len(support) == len(matrix.T):
            return
        if self.dual is not None:
            yield self.dual + (wanted - self.dual @ columns) @ matrix
        flat = flat_dual(self.image.atoms.atoms, self.image.atoms.costs, support, least)
        if flat is not None:
            yield flat + (wanted - flat @ columns) @ matrix
        if self.nonnegative:
            flattest = flattest_dual(self.image.atoms.atoms, self.image.atoms.costs, support, wanted, self.effort).dual
            if flattest is not None and np.isfinite(flattest).all():
                yield flattest + (wanted - flattest @ columns) @ matrix

    def _at_equality(self, upper: CodeBound) -> tuple[DualBound | None, SeveralMinimisers | None]:
        """Return a lower bound equal to the upper one, and a second minimiser, where exact arithmetic finds them."""
        problem = self.problem
        if self.dual is None or problem.scaling is not Scaling.as_given:
            return None, None
        slopes = self.dual @ self.image.atoms.atoms
        true_dual = np.ldexp(self.dual, -self.image.atoms.dual_exponent)
        dual = exact_dual(problem.dictionary, true_dual, slopes, nonnegative=self.nonnegative)
        if dual is None:
            return None, None
        lower = sum((v * y for v, y in zip(dual.values, self.signal, strict=True)), Fraction(0))
        bound = DualBound(dual=dual.vector(), lower=lower)
        if lower != upper.upper:
            return bound, None
        second = another_minimiser(self.image, problem.dictionary, self.signal, dual, upper.code)
        if second is None:
            return bound, None
        return bound, SeveralMinimisers(first=upper.code, second=second)

    def _without_vertex(self, lower: DualBound) -> Outcome:
        """Return what is proved where no vertex was recognised: that nothing is feasible, or a long feasible code."""
        infeasible = self._infeasible()
        if infeasible is not None:
            return Outcome(problem=self.problem, infeasible=infeasible)
        upper = None
        if self.code is not None:
            upper = feasible_bound(self.problem, self.image, self.code)
        remarks = (OUTSIDE,) if upper is None and self.code is not None else ()
        return Outcome(problem=self.problem, lower=lower, upper=upper, remarks=remarks)

    def _infeasible(self) -> InfeasibleByDual | None:
        found = outside_of_range(self.problem.dictionary, self.signal)
        if found is not None or not self.nonnegative:
            return found
        support, norm = nonnegative_residual(self.image.atoms.atoms, self.image.signal)
        if norm <= 1e-9 * float(np.linalg.norm(self.image.signal)):
            return None
        return far_from_span(self.problem.dictionary, self.signal, support, Fraction(0), nonnegative=True)

    def _remarks(self, code: ExactCode) -> tuple[str, ...]:
        """Return a remark if some entries of the code are far below the others."""
        moduli = [abs(value) for value in code.values[0]]
        largest = max(moduli, default=Fraction(0))
        small = [value for value in moduli if value <= _ROUNDING_LEVEL * largest]
        if not small:
            return ()
        return (DENSE.format(small=len(small), all=len(moduli), size=float(max(small) / largest)),)
