"""LASSO: min over x of 1/2 |y - Dx|_2^2 + weight sum w_i |x_i|."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import ClassVar

import numpy as np

from ..errors import InputError
from ..exact import Enclosure
from ..rounding import float_lower
from ..solvers.l1_programs import L1Program, Proposal
from .dyadic import exact_code
from .exact_lasso import exact_optimum
from .l1 import L1Problem, scaled, zeroed
from .lasso_bounds import image_weight, lasso_bounds
from .outcome import Outcome
from .problem import Code, SolveOptions, positive
from .proofs import CodeBound
from .unique_lasso import unique_lasso


@dataclass(frozen=True, kw_only=True, eq=False)
class Lasso(L1Problem):
    """min over x of 1/2 |y - Dx|_2^2 + `weight` sum w_i |x_i|, weight > 0."""

    weight: Fraction = field(default=Fraction(0))
    name: ClassVar[str] = "lasso"

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "weight", positive(self.weight, "the weight"))

    @property
    def statement(self) -> dict[str, bool | int | str | None]:
        """The problem as certificates spell it."""
        return {
            "name": self.name,
            "nonnegative": self.nonnegative,
            "scaling": self.scaling.value,
            "weight": str(self.weight),
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
            parameter=float_lower(image_weight(image, self.weight)),
            nonnegative=self.nonnegative,
        )

    @property
    def automatic(self) -> tuple[str, ...]:
        """The active-set method, which ends at rounding level; for complex codes Clarabel."""
        return ("clarabel",) if self.dictionary.field == "complex" else ("active-set", "clarabel")

    def image_value(self, value: float) -> float:
        """Return the value that a value of the image problem means, estimated."""
        return scaled(value, 2 * self.image.signal_exponent)

    def objective(self, code: Code) -> float:
        """Return 1/2 |y - Dx|^2 + weight sum w_i |x_i| at a code. Estimated."""
        return self.image_value(self.program.objective(self.in_image(code)))

    def optimality_residual(self, code: Code) -> float:
        """Return the relative duality gap of a code and its scaled residual: 0 exactly at minimisers. Estimated."""
        z, program = self.in_image(code), self.program
        residual = program.signal - program.atoms @ z
        value = program.objective(z)
        slopes = program.atoms.conj().T @ residual
        reach = float(((slopes if self.nonnegative else np.abs(slopes)) / program.costs).max())
        factor = min(1.0, program.parameter / reach) if reach > 0 else 1.0
        dual = (
            factor * float(np.vdot(residual, program.signal).real)
            - factor**2 * float(np.vdot(residual, residual).real) / 2
        )
        return max(0.0, value - dual) / value if value > 0 else 0.0

    def enclosure(self, code: Code) -> Enclosure:
        """Return a proved enclosure of the optimal value from a code x of shape (n,), by rounding bounds.

        The upper end is the objective at x, the lower end the dual objective at its residual, scaled to be feasible:
        the gap between them bounds how far x is from optimal. Guarantee: enclosed, whatever the code. Cost: a product
        of the residual with all atoms, and one on the support. Raises InputError for what is no feasible code.
        """
        z = self.in_image(code)
        bounds = lasso_bounds(self.image, self.weight, z, nonnegative=self.nonnegative)
        if bounds is None:
            raise InputError("expected finite numbers as a code, at least 0 where codes are non-negative")
        return bounds.enclosure

    def without_backend(self) -> Outcome | None:
        """Return None: zero is tried as any code is."""
        return None

    def _proved(self, proposal: Proposal, options: SolveOptions) -> Outcome:
        """Bound the value by the code and its residual, and locate the minimiser if it is proved to be the only one."""
        if proposal.code is None:
            return Outcome(problem=self)
        tried = [proposal.code]
        if self.dictionary.field == "complex":  # whose backends leave tiny entries where there should be none
            tried += [zeroed(proposal.code), np.zeros_like(proposal.code)]
        found = (lasso_bounds(self.image, self.weight, code, nonnegative=self.nonnegative) for code in tried)
        bounds = min((b for b in found if b is not None), key=lambda b: b.enclosure.upper, default=None)
        if bounds is None:
            return Outcome(problem=self)
        found = Outcome(problem=self, lower=bounds.dual_bound(self.image), upper=bounds.code_bound(self.image))
        if not np.any(self.image.signal):  # rounding bounds leave a little above the value 0
            zero = exact_code(self.image, np.zeros_like(proposal.code))
            found = replace(found, upper=CodeBound(code=zero, upper=Fraction(0)))
        if self.dictionary.field == "complex":
            return found
        code = self.in_uniform_image(proposal.code)
        unique = unique_lasso(self.uniform_image, self.weight, code, nonnegative=self.nonnegative)
        if unique is not None:
            return replace(found, unique=unique)
        exact = exact_optimum(self, code)
        if exact is None:
            return found
        return replace(found, lower=exact.lower, upper=exact.upper, several=exact.several)
