"""Basis pursuit with noise (BPDN): min over x of sum w_i |x_i| subject to |y - Dx|_2 <= epsilon."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import ClassVar

import numpy as np

from ..progress import Progress, silent
from ..rounding import float_lower
from ..solvers.l1_programs import L1Program, Proposal
from ..solvers.least_squares import nonnegative_residual
from .basis_pursuit import BasisPursuit, zero_outcome
from .bpdn_codes import code_bound, exact_code_bound
from .costs import cost_enclosed
from .dual_bounds import dual_bound
from .exact_columns import signal_vector
from .image import Numbers
from .infeasible import far_from_span
from .l1 import L1Problem, scaled, zeroed
from .outcome import Outcome
from .problem import Code, SolveOptions, positive
from .proofs import CodeBound, InfeasibleByDual, MinimiserBound, UpperBound
from .unique_bpdn import unique_bpdn

_NEARLY = 1 - 1e-9
_ROUNDING_LEVEL = 1e-5
NO_NOISE = "epsilon is 0: this is basis pursuit, and solved as such"


@dataclass(frozen=True, kw_only=True, eq=False)
class Bpdn(L1Problem):
    """min over x of sum w_i |x_i| subject to |y - Dx|_2 <= `epsilon`, epsilon >= 0."""

    epsilon: Fraction = field(default=Fraction(0))
    name: ClassVar[str] = "bpdn"

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "epsilon", positive(self.epsilon, "epsilon", zero=True))

    @property
    def statement(self) -> dict[str, bool | int | str | None]:
        """The problem as certificates spell it."""
        return {
            "epsilon": str(self.epsilon),
            "name": self.name,
            "nonnegative": self.nonnegative,
            "scaling": self.scaling.value,
        }

    @property
    def program(self) -> L1Program:
        """The image problem as solvers take it."""
        image = self.image
        return L1Program(
            kind=self.name,
            atoms=image.atoms.atoms,
            signal=image.signal,
            costs=image.atoms.costs,
            parameter=float_lower(self.epsilon / Fraction(2) ** image.signal_exponent),
            nonnegative=self.nonnegative,
        )

    @property
    def automatic(self) -> tuple[str, ...]:
        """The active-set method, which ends at rounding level; for complex codes Clarabel."""
        return ("clarabel",) if self.dictionary.field == "complex" else ("active-set", "clarabel")

    def image_value(self, value: float) -> float:
        """Return the value that a value of the image problem means, estimated."""
        return scaled(value, self.image.value_exponent)

    def objective(self, code: Code) -> float:
        """Return sum w_i |x_i| at a code. Estimated."""
        return self.image_value(self.program.objective(self.in_image(code)))

    def optimality_residual(self, code: Code) -> float:
        """Return the larger of the excess (|y - Dx| - epsilon) / |y| and the relative duality gap with v along y - Dx.

        0 exactly at minimisers with epsilon > 0. Estimated.
        """
        z, program = self.in_image(code), self.program
        residual = program.signal - program.atoms @ z
        size, norm = float(np.linalg.norm(program.signal)), float(np.linalg.norm(residual))
        excess = (norm - program.parameter) / size if size else 0.0
        value = program.objective(z)
        slopes = program.atoms.conj().T @ residual
        reach = float(((slopes if self.nonnegative else np.abs(slopes)) / program.costs).max())
        gain = float(np.vdot(residual, program.signal).real) - program.parameter * norm
        dual = max(0.0, gain / reach) if reach > 0 else 0.0
        return max(0.0, excess, (value - dual) / value if value > 0 else 0.0)

    def solve(self, options: SolveOptions | None = None, progress: Progress = silent) -> Outcome:
        """Solve the problem as every l1 problem is solved; with epsilon = 0 the outcome is that of basis pursuit."""
        if self.epsilon:
            return super().solve(options, progress)
        exact = BasisPursuit(
            dictionary=self.dictionary, signal=self.signal, nonnegative=self.nonnegative, scaling=self.scaling
        )
        outcome = exact.solve(options, progress)
        return replace(outcome, remarks=(NO_NOISE, *outcome.remarks))

    def without_backend(self) -> Outcome | None:
        """Return the outcome for |y| <= epsilon: zero is the one minimiser."""
        parts = [part for part in self.signal.fractions if part is not None]
        square = sum((value * value for part in parts for value in part), Fraction(0))
        return zero_outcome(self) if square <= self.epsilon**2 else None

    def _proved(self, proposal: Proposal, options: SolveOptions) -> Outcome:
        """Bound the value by a feasible code and a dual vector, and locate the minimiser if it is the only one."""
        code = proposal.code
        if code is None:
            return Outcome(problem=self, infeasible=self._infeasible())
        image, kept = self.image, zeroed(code)
        upper: UpperBound | None = code_bound(
            image, kept, self.epsilon, nonnegative=self.nonnegative
        ) or self._exact_bound(kept)
        residual = image.signal - image.atoms.atoms @ kept
        lowers = [
            dual_bound(image, dual, self.epsilon, nonnegative=self.nonnegative) for dual in (residual, proposal.dual)
        ]
        unique = None
        if self.dictionary.field == "real":
            moved = self.in_uniform_image(code)
            unique = unique_bpdn(self.uniform_image, moved, self.epsilon, nonnegative=self.nonnegative)
        if upper is None and unique is not None:
            cost = cost_enclosed(self.dictionary, self.scaling, unique.centre, unique.radius)
            upper = MinimiserBound(unique=unique, lower=max(cost.lower, Fraction(0)), upper=cost.upper)
        return Outcome(
            problem=self,
            lower=max(lowers, key=lambda bound: bound.lower),
            upper=upper,
            unique=unique,
            infeasible=self._infeasible() if upper is None else None,
        )

    def _exact_bound(self, code: Numbers) -> CodeBound | None:
        """Return an upper bound for an epsilon at the level of rounding, by exact residuals."""
        if self.program.parameter > _ROUNDING_LEVEL * float(np.linalg.norm(self.program.signal)):
            return None
        return exact_code_bound(self, code)

    def _infeasible(self) -> InfeasibleByDual | None:
        """Prove that every code is too far from the signal, if least squares say so."""
        program = self.program
        if self.nonnegative:
            support, norm = nonnegative_residual(program.atoms, program.signal)
        else:
            code = np.linalg.lstsq(program.atoms, program.signal, rcond=None)[0]
            norm = float(np.linalg.norm(program.signal - program.atoms @ code))
            support = independent(program.atoms)
        if norm < program.parameter * _NEARLY:
            return None
        signal = signal_vector(self.signal, is_complex=self.dictionary.field == "complex")
        return far_from_span(self.dictionary, signal, support, self.epsilon, nonnegative=self.nonnegative)


def independent(atoms: Numbers) -> list[int]:
    """Return atoms that span all others, by Gram-Schmidt with the longest remainder first. Estimated."""
    rest = atoms / np.linalg.norm(atoms, axis=0)
    chosen: list[int] = []
    for _ in range(min(atoms.shape)):
        norms = np.linalg.norm(rest, axis=0)
        at = int(np.argmax(norms))
        if norms[at] < 1e-9:
            break
        chosen.append(at)
        direction = rest[:, at] / norms[at]
        rest = rest - np.outer(direction, direction.conj() @ rest)
    return sorted(chosen)
