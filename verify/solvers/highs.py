"""Linear programs around basis pursuit, by HiGHS directly."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError
from .l1_programs import Effort, Floats, L1Program, Proposal

_TOLERANCES = ("primal_feasibility_tolerance", "dual_feasibility_tolerance")


def basis_pursuit_by_highs(program: L1Program, effort: Effort) -> Proposal:
    """Propose a vertex and dual values of min costs.(p + q) over A (p - q) = b, p, q >= 0 (nonnegative: without q).

    Real programs of the kind `basis-pursuit`. Raises InputError for options that HiGHS does not have.
    """
    n = program.atoms.shape[1]
    if program.nonnegative:
        return least_cost(program.atoms, program.signal, program.costs, np.zeros(n), effort)
    both = np.hstack([program.atoms, -program.atoms])
    found = least_cost(both, program.signal, np.tile(program.costs, 2), np.zeros(2 * n), effort)
    if found.code is None:
        return found
    return Proposal(code=found.code[:n] - found.code[n:], dual=found.dual, status=found.status)


def refined_by_highs(program: L1Program, signs: Floats, effort: Effort) -> Proposal:
    """Propose how to change a code so that A x changes by b, at least cost.

    Entries with a sign are free, and cost signs_i costs_i for each unit; the others cost costs_i |x_i|, and are at
    least 0 where codes are non-negative.
    """
    free, rest = np.flatnonzero(signs), np.flatnonzero(signs == 0)
    away = np.empty(0, dtype=np.intp) if program.nonnegative else rest
    matrix = np.hstack([program.atoms[:, free], program.atoms[:, rest], -program.atoms[:, away]])
    costs = np.concatenate([(signs * program.costs)[free], program.costs[rest], program.costs[away]])
    least = np.concatenate([np.full(len(free), -np.inf), np.zeros(len(rest) + len(away))])
    found = least_cost(matrix, program.signal, costs, least, effort)
    if found.code is None:
        return found
    code = np.zeros(len(signs))
    code[free] = found.code[: len(free)]
    code[rest] = found.code[len(free) : len(free) + len(rest)]
    code[away] -= found.code[len(free) + len(rest) :]
    return Proposal(code=code, dual=found.dual, status=found.status)


def flattest_dual(atoms: Floats, costs: Floats, support: NDArray[np.intp], right: Floats, effort: Effort) -> Proposal:
    """Propose v that minimises max |<a_j, v>| / costs_j off the support under <a_i, v> = right_i on it."""
    m, n = atoms.shape
    off = np.setdiff1d(np.arange(n), support)
    scaled = (atoms[:, off] / costs[off]).T
    ones = np.ones((len(off), 1))
    rows = np.block([[scaled, -ones], [-scaled, -ones], [atoms[:, support].T, np.zeros((len(support), 1))]])
    lower = np.concatenate([np.full(2 * len(off), -np.inf), right])
    upper = np.concatenate([np.zeros(2 * len(off)), right])
    least = np.append(np.full(m, -np.inf), 0.0)
    found = _solved(rows, (lower, upper), np.append(np.zeros(m), 1.0), least, effort)
    dual = None if found.code is None else found.code[:m]
    return Proposal(code=None, dual=dual, status=found.status)


def least_cost(matrix: Floats, signal: Floats, costs: Floats, least: Floats, effort: Effort) -> Proposal:
    """Propose a vertex and dual values of min costs.x over matrix x = signal, x >= least."""
    return _solved(matrix, (signal, signal), costs, least, effort)


def _solved(matrix: Floats, bounds: tuple[Floats, Floats], costs: Floats, least: Floats, effort: Effort) -> Proposal:
    import highspy

    rows, columns = matrix.shape
    linear = highspy.HighsLp()
    linear.num_col_, linear.num_row_ = columns, rows
    linear.col_cost_, linear.col_lower_, linear.col_upper_ = costs, least, np.full(columns, np.inf)
    linear.row_lower_, linear.row_upper_ = bounds
    places, entries = np.nonzero(matrix.T)
    linear.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    linear.a_matrix_.start_ = np.concatenate([[0], np.cumsum(np.bincount(places, minlength=columns))]).astype(np.int32)
    linear.a_matrix_.index_ = entries.astype(np.int32)
    linear.a_matrix_.value_ = matrix.T[places, entries]
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    settings: dict[str, object] = dict.fromkeys(_TOLERANCES, 1e-9)
    if effort.seconds is not None:
        settings["time_limit"] = max(effort.seconds, 0.0)
    for name, value in {**settings, **effort.options}.items():
        if solver.setOptionValue(name, value) != highspy.HighsStatus.kOk:
            raise InputError(f"HiGHS has no option {name!r} with the value {value!r}")
    solver.passModel(linear)
    solver.run()
    status = solver.modelStatusToString(solver.getModelStatus())
    solution = solver.getSolution()
    if not solution.value_valid:
        return Proposal(code=None, dual=None, status=status)
    dual = np.array(solution.row_dual) if solution.dual_valid else None
    return Proposal(code=np.array(solution.col_value), dual=dual, status=status)
