"""What basis pursuit, BPDN and LASSO share: weights by scaling, images in floats, and the way from backend to proof."""

from __future__ import annotations

import math
import time
from abc import abstractmethod
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

import numpy as np

from ..errors import InputError
from ..progress import Progress, silent
from ..solvers.backends import Backend, available, backend
from ..solvers.l1_programs import Effort, L1Program, Proposal
from ..verdict import Scaling
from .image import Floats, Image, Numbers, image
from .outcome import Claimed, Outcome
from .problem import Code, Problem, SolveOptions, scaling_of

_NEGLIGIBLE = 1e-7


def zeroed(code: Numbers) -> Numbers:
    """Return the code without entries at the level of a solver's tolerance."""
    moduli = np.abs(code)
    return np.where(moduli > _NEGLIGIBLE * moduli.max(initial=0.0), code, 0.0)


@dataclass(frozen=True, kw_only=True, eq=False)
class L1Problem(Problem):
    """A problem that minimises sum w_i |x_i|: w_i = 1 (`scaling` as-given) or N_i (unit)."""

    scaling: Scaling = Scaling.as_given

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "scaling", scaling_of(self.scaling))

    @cached_property
    def image(self) -> Image:
        """The problem in floats, with rigorous bounds of what they lose."""
        return image(self.dictionary, self.signal, self.scaling)

    @cached_property
    def uniform_image(self) -> Image:
        """The same with one exponent for all atoms."""
        return image(self.dictionary, self.signal, self.scaling, uniform=True)

    @property
    @abstractmethod
    def program(self) -> L1Program:
        """The image problem as solvers take it."""

    @property
    @abstractmethod
    def automatic(self) -> tuple[str, ...]:
        """The backends that `auto` tries, in order, until one is proved right."""

    def proved(self, proposal: Proposal, options: SolveOptions) -> Outcome:
        """Prove what can be proved of a proposal for the image problem.

        Arrays of another shape or with what is no finite number are dropped, imaginary parts and, where codes are
        non-negative, negative entries become 0. Guarantee: what is returned is proved, whatever the floats are.
        """
        with np.errstate(all="ignore"):
            return self._proved(self._cleaned(proposal), options)

    def _cleaned(self, proposal: Proposal) -> Proposal:
        m, n = self.dictionary.shape
        code, dual = self._usable(proposal.code, n), self._usable(proposal.dual, m)
        if code is not None and self.nonnegative:
            code = np.maximum(code, 0.0)
        return Proposal(code=code, dual=dual, status=proposal.status)

    def _usable(self, array: Numbers | None, length: int) -> Numbers | None:
        if array is None or np.shape(array) != (length,) or np.asarray(array).dtype.kind not in "fciu":
            return None
        if not np.isfinite(array).all():
            return None
        if self.dictionary.field == "complex":
            return np.asarray(array, dtype=np.complex128)
        return np.asarray(np.real(array), dtype=np.float64)

    @abstractmethod
    def _proved(self, proposal: Proposal, options: SolveOptions) -> Outcome:
        """Prove what can be proved of finite arrays of the right shapes."""

    @abstractmethod
    def without_backend(self) -> Outcome | None:
        """Return the outcome if no solver is needed, else None."""

    def in_image(self, code: Code) -> Numbers:
        """Return the code of the image for a code x of shape (n,); raise InputError for another shape."""
        _, n = self.dictionary.shape
        x = np.asarray(code)
        if x.shape != (n,) or x.dtype.kind not in "fciu":
            raise InputError(f"expected a code of {n} numbers, got an array of shape {x.shape} and type {x.dtype}")
        if x.dtype.kind == "c" and self.dictionary.field == "real":
            raise InputError("expected a real code for a real dictionary, got a complex one")
        shifts = np.array(self.image.atoms.exponents) - self.image.signal_exponent
        x = x.astype(np.complex128 if self.dictionary.field == "complex" else np.float64)
        return np.ldexp(x, shifts) if x.dtype.kind == "f" else np.ldexp(x.real, shifts) + 1j * np.ldexp(x.imag, shifts)

    def in_uniform_image(self, code: Numbers) -> Floats:
        """Return a real code of the image as one of the image with one exponent for all atoms."""
        shifts = self.uniform_image.atoms.exponents[0] - np.array(self.image.atoms.exponents)
        return np.ldexp(np.asarray(code, dtype=np.float64), shifts)

    def solve(self, options: SolveOptions | None = None, progress: Progress = silent) -> Outcome:
        """Solve the problem by a backend and prove what can be proved of its answer.

        `backend="auto"` tries the backends of `automatic` in turn until the minimiser is located or the relative gap is
        at most `options.gap`. Guarantee: all bounds and proofs hold, whatever the backends return. Raises InputError
        for a backend that is unknown, not installed, or not for this problem.
        """
        options = options or SolveOptions()
        chosen = self._chosen(options)
        known = self.without_backend()
        if known is not None:
            return known
        best = Outcome(problem=self)
        started = time.monotonic()
        try:
            for done, solver in enumerate(chosen):
                left = None if options.time_limit is None else options.time_limit - (time.monotonic() - started)
                if left is not None and left <= 0:
                    return replace(best, stopped=True)
                progress(f"{self.name} by {solver.name}", done, len(chosen))
                proposal, claimed = self._proposed(solver, left, options)
                best = _better(best, self.proved(proposal, options), claimed)
                if is_settled(best, options.gap):
                    break
        except KeyboardInterrupt:
            return replace(best, stopped=True)
        late = options.time_limit is not None and time.monotonic() - started > options.time_limit
        return replace(best, stopped=late and not is_settled(best, options.gap))

    def _chosen(self, options: SolveOptions) -> list[Backend]:
        if options.backend != "auto":
            chosen = backend(options.backend, self.program.kind)
            chosen.refuse(self.program.kind, is_complex=self.dictionary.field == "complex")
            return [chosen]
        if options.backend_options:
            raise InputError("backend options need a backend by name, not auto")
        return [backend(name, self.program.kind) for name in self.automatic]

    def _proposed(self, solver: Backend, seconds: float | None, options: SolveOptions) -> tuple[Proposal, Claimed]:
        effort = Effort(seconds=seconds, tolerance=min(options.gap, 1e-9), options=options.backend_options)
        program = self.program
        solver.load()
        started = time.monotonic()
        proposal = self._cleaned(solver.solve(program, effort))
        seconds = time.monotonic() - started
        value = None
        if proposal.code is not None:
            with np.errstate(all="ignore"):
                value = self.image_value(program.objective(proposal.code))
        claimed = Claimed(
            backend=solver.name,
            status=proposal.status,
            value=value if value is not None and math.isfinite(value) else None,
            seconds=seconds,
            versions=solver.versions(),
            options={name: str(value) for name, value in options.backend_options.items()},
        )
        return proposal, claimed

    @abstractmethod
    def image_value(self, value: float) -> float:
        """Return the value that a value of the image problem means, estimated."""


def available_backends(problem: L1Problem) -> tuple[str, ...]:
    """Return the names of the installed backends that can solve a problem."""
    return tuple(available(problem.program.kind, is_complex=problem.dictionary.field == "complex"))


def scaled(value: float, exponent: int) -> float:
    """Return value 2^exponent, infinite where that is too large."""
    with np.errstate(over="ignore", under="ignore"):
        return float(np.ldexp(value, exponent))


def is_settled(outcome: Outcome, gap: float) -> bool:
    """Say whether a minimiser is located, nothing is feasible, or the relative gap is at most `gap`."""
    if outcome.unique is not None or outcome.infeasible is not None:
        return True
    lower, upper = outcome.value_lower, outcome.value_upper
    return lower is not None and upper is not None and upper - lower <= Fraction(gap) * upper


def _better(old: Outcome, new: Outcome, claimed: Claimed) -> Outcome:
    """Return the best of what two outcomes prove."""
    lowers = [o.lower for o in (old, new) if o.lower is not None]
    uppers = [o.upper for o in (old, new) if o.upper is not None]
    return Outcome(
        problem=new.problem,
        lower=max(lowers, key=lambda bound: bound.lower, default=None),
        upper=min(uppers, key=lambda bound: bound.upper, default=None),
        unique=new.unique or old.unique,
        several=new.several or old.several,
        infeasible=new.infeasible or old.infeasible,
        claimed=(*old.claimed, claimed),
        remarks=tuple(dict.fromkeys((*old.remarks, *new.remarks))),
    )
