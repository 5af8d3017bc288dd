"""Basis pursuit: min over x of sum w_i |x_i| subject to Dx = y."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

import numpy as np

from ..solvers.l1_programs import L1Program, Proposal
from .basis_pursuit_proof import BasisPursuitProof, complex_outcome
from .l1 import L1Problem, scaled
from .outcome import Outcome
from .problem import Code, SolveOptions
from .proofs import CodeBound, DualBound, DualVector, UniqueZero


@dataclass(frozen=True, kw_only=True, eq=False)
class BasisPursuit(L1Problem):
    """min over x of sum w_i |x_i| subject to Dx = y, exactly."""

    name: ClassVar[str] = "basis-pursuit"

    @property
    def statement(self) -> dict[str, bool | int | str | None]:
        """The problem as certificates spell it."""
        return {"name": self.name, "nonnegative": self.nonnegative, "scaling": self.scaling.value}

    @property
    def program(self) -> L1Program:
        """The image problem as solvers take it."""
        return L1Program(
            kind=self.name,
            atoms=self.image.atoms.atoms,
            signal=self.image.signal,
            costs=self.image.atoms.costs,
            nonnegative=self.nonnegative,
        )

    @property
    def automatic(self) -> tuple[str, ...]:
        """HiGHS, then Clarabel; for complex codes Clarabel."""
        return ("clarabel",) if self.dictionary.field == "complex" else ("highs", "clarabel")

    def image_value(self, value: float) -> float:
        """Return the value that a value of the image problem means, estimated."""
        return scaled(value, self.image.value_exponent)

    def objective(self, code: Code) -> float:
        """Return sum w_i |x_i| at a code. Estimated."""
        return self.image_value(self.program.objective(self.in_image(code)))

    def optimality_residual(self, code: Code) -> float:
        """Return the larger of |y - Dx| / |y| and the violation of |<d_i, v>| <= w_i, = on the support, by some v.

        v starts as the least-squares solution on the support and is projected onto what is violated. 0 at
        minimisers, up to rounding and the projections' slow end. Estimated.
        """
        z, program = self.in_image(code), self.program
        size = float(np.linalg.norm(program.signal))
        residual = float(np.linalg.norm(program.signal - program.atoms @ z))
        feasible = residual / size if size else residual
        return max(feasible, stationarity(program, z))

    def without_backend(self) -> Outcome | None:
        """Return the outcome for y = 0: zero is the one minimiser."""
        if any(part.any() for part in self.signal.parts):
            return None
        return zero_outcome(self)

    def _proved(self, proposal: Proposal, options: SolveOptions) -> Outcome:
        """Bound the value, and locate the minimiser or show that there are several, or none."""
        if self.dictionary.field == "complex":
            return complex_outcome(self, proposal)
        return BasisPursuitProof(self, proposal, options.time_limit).outcome()


def zero_outcome(problem: L1Problem) -> Outcome:
    """Return what is proved where zero is feasible and costs nothing."""
    m = problem.dictionary.shape[0]
    imaginary = (0,) * m if problem.dictionary.field == "complex" else None
    unique = UniqueZero()
    if imaginary is not None:
        unique = UniqueZero(centre=unique.centre.as_complex())
    return Outcome(
        problem=problem,
        lower=DualBound(dual=DualVector(real=(0,) * m, imaginary=imaginary), lower=Fraction(0)),
        upper=CodeBound(code=unique.centre, upper=Fraction(0)),
        unique=unique,
    )


def stationarity(program: L1Program, code: np.ndarray) -> float:
    """Return how far a dual vector is from |<a_i, v>| <= costs_i with equality of sign x_i on the support, relative."""
    moduli = np.abs(code)
    used = moduli > 1e-9 * moduli.max(initial=0.0)
    atoms = program.atoms / program.costs
    signs = np.where(used, code / np.where(used, moduli, 1.0), 0.0)
    if program.nonnegative and (code < 0).any():
        return float("inf")
    best = 1.0
    inverse = np.linalg.pinv(atoms[:, used].conj().T)
    dual = inverse @ signs[used]
    for _ in range(200):
        slopes = atoms.conj().T @ dual
        excess = np.maximum((slopes.real if program.nonnegative else np.abs(slopes)) - 1, 0.0)
        excess[used] = 0.0
        on = float(np.abs(slopes[used] - signs[used]).max(initial=0.0))
        best = min(best, max(on, float(excess.max(initial=0.0))))
        if best <= 1e-12:
            break
        violated = (excess > 0) | used
        wanted = np.where(used, signs, slopes / np.maximum(np.abs(slopes), 1e-300))
        dual = dual + np.linalg.pinv(atoms[:, violated].conj().T) @ (wanted - slopes)[violated]
    return best
