"""l1 problems through cvxpy, by any of its solvers."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from ..errors import InputError
from .l1_programs import Effort, L1Program, Proposal

_OPTIONS: dict[str, tuple[str, dict[str, float]]] = {
    "CLARABEL": ("time_limit", {"tol_gap_rel": 1.0, "tol_gap_abs": 1.0, "tol_feas": 1.0}),
    "SCS": ("time_limit_secs", {"eps_rel": 1e3, "eps_abs": 1e3}),
    "OSQP": ("time_limit", {"eps_rel": 1e3, "eps_abs": 1e3}),
}
"""Of each solver: the name of its time limit, and its tolerances as multiples of the one that is asked for."""


def by_cvxpy(solver: str, program: L1Program, effort: Effort) -> Proposal:
    """Propose a code and, where there is one, a dual vector for an l1 program, by a solver that cvxpy knows.

    Raises InputError for options that the solver does not take.
    """
    import cvxpy
    from cvxpy.error import SolverError

    m, n = program.atoms.shape
    x = cvxpy.Variable(n, complex=program.is_complex, nonneg=program.nonnegative and not program.is_complex)
    cost: Any = cvxpy.sum(cvxpy.multiply(program.costs, cvxpy.abs(x)))
    image = program.atoms @ x
    link: Any = None
    if program.kind == "basis-pursuit":
        link = image == program.signal
        problem = cvxpy.Problem(cvxpy.Minimize(cost), [link])
    elif program.kind == "bpdn":
        residual = cvxpy.Variable(m, complex=program.is_complex)
        link = image + residual == program.signal
        problem = cvxpy.Problem(cvxpy.Minimize(cost), [link, cvxpy.norm(residual, 2) <= program.parameter])
    else:
        fit = cvxpy.sum_squares(program.signal - image) / 2
        problem = cvxpy.Problem(cvxpy.Minimize(fit + program.parameter * cost))
    limit, tolerances = _OPTIONS.get(solver, ("", {}))
    options: dict[str, Any] = {name: effort.tolerance * factor for name, factor in tolerances.items()}
    if effort.seconds is not None and limit:
        options[limit] = max(effort.seconds, 1e-3)
    options.update(effort.options)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            problem.solve(solver=solver, **options)
    except SolverError as error:
        return Proposal(code=None, dual=None, status=f"failed: {str(error).splitlines()[0][:120]}")
    except (TypeError, AttributeError) as error:
        if effort.options:
            raise InputError(f"{solver} does not take the options {dict(effort.options)}: {error}") from None
        raise
    except (ArithmeticError, ValueError) as error:
        return Proposal(code=None, dual=None, status=f"failed: {str(error).splitlines()[0][:120]}")
    if x.value is None:
        return Proposal(code=None, dual=None, status=str(problem.status))
    kind = np.complex128 if program.is_complex else np.float64
    code = np.asarray(x.value, dtype=kind)
    dual = None
    if link is not None and link.dual_value is not None:
        dual = np.asarray(link.dual_value, dtype=kind)
        dual = _best(program, dual)
    return Proposal(code=code, dual=dual, status=str(problem.status))


def _best(program: L1Program, dual: Any) -> Any:
    """Return the dual vector, its conjugate, or the opposite of one of them: conventions differ."""
    return max(
        (dual, -dual, dual.conj(), -dual.conj()), key=lambda v: np.vdot(v, program.signal).real / _excess(program, v)
    )


def _excess(program: L1Program, dual: Any) -> float:
    return float(max(1.0, (np.abs(dual.conj() @ program.atoms) / program.costs).max()))
