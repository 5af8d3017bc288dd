"""What solvers of l1 problems are given and what they return: floats only, nothing proved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .candidate import Candidate

Numbers = NDArray[Any]
"""Of dtype float64 or complex128."""
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class L1Program:
    """An l1 problem of the name `kind` in floats, b = `signal` and A = `atoms` (m x n), real or complex.

    `basis-pursuit`: min sum costs_i |x_i| over A x = b; `bpdn`: over |b - A x|_2 <= parameter; `lasso`: min 1/2 |b - A
    x|_2^2 + parameter sum costs_i |x_i|. `nonnegative`: over x >= 0.
    """

    kind: str
    atoms: Numbers
    signal: Numbers
    costs: Floats
    parameter: float = 0.0
    nonnegative: bool = False

    @property
    def is_complex(self) -> bool:
        """Whether codes are complex."""
        return np.iscomplexobj(self.atoms)

    def objective(self, code: Numbers) -> float:
        """Return the objective at a code, estimated."""
        cost = float(self.costs @ np.abs(code))
        if self.kind != "lasso":
            return cost
        residual = self.signal - self.atoms @ code
        return float(np.vdot(residual, residual).real) / 2 + self.parameter * cost


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Proposal(Candidate):
    """A proposed code x and, or None, dual vector v (|<a_i, v>| <= costs_i at best; for lasso times the parameter).

    `status` is what the solver said, in its words; `code` is None where it returned none.
    """

    code: Numbers | None
    dual: Numbers | None
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """What a solver may use: seconds (None: no limit), a relative tolerance, and options of its own."""

    seconds: float | None = None
    tolerance: float = 1e-9
    options: Mapping[str, object] = field(default_factory=dict)


Solver = Callable[[L1Program, Effort], Proposal]
