"""Basis pursuit as a linear program, by HiGHS directly."""

from __future__ import annotations

import numpy as np

from ..errors import InputError
from .l1_programs import Effort, L1Program, Proposal


def basis_pursuit_by_highs(program: L1Program, effort: Effort) -> Proposal:
    """Propose a vertex and dual values of min costs.(p + q) over A (p - q) = b, p, q >= 0 (nonnegative: without q).

    Real programs of the kind `basis-pursuit`. Raises InputError for options that HiGHS does not have.
    """
    import highspy

    m, n = program.atoms.shape
    matrix = program.atoms if program.nonnegative else np.hstack([program.atoms, -program.atoms])
    columns = matrix.shape[1]
    linear = highspy.HighsLp()
    linear.num_col_, linear.num_row_ = columns, m
    linear.col_cost_ = np.tile(program.costs, columns // n)
    linear.col_lower_, linear.col_upper_ = np.zeros(columns), np.full(columns, np.inf)
    linear.row_lower_ = linear.row_upper_ = np.asarray(program.signal)
    rows, places = np.nonzero(matrix.T)[::-1]
    linear.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    linear.a_matrix_.start_ = np.concatenate([[0], np.cumsum(np.bincount(places, minlength=columns))]).astype(np.int32)
    linear.a_matrix_.index_ = rows.astype(np.int32)
    linear.a_matrix_.value_ = matrix.T[places, rows]
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    settings: dict[str, object] = {
        "primal_feasibility_tolerance": 1e-9,
        "dual_feasibility_tolerance": 1e-9,
        **effort.options,
    }
    if effort.seconds is not None:
        settings["time_limit"] = max(effort.seconds, 0.0)
    for name, value in settings.items():
        if solver.setOptionValue(name, value) != highspy.HighsStatus.kOk:
            raise InputError(f"HiGHS has no option {name!r} with the value {value!r}")
    solver.passModel(linear)
    solver.run()
    status = solver.modelStatusToString(solver.getModelStatus())
    solution = solver.getSolution()
    if not solution.value_valid:
        return Proposal(code=None, dual=None, status=status)
    values = np.array(solution.col_value)
    code = values if program.nonnegative else values[:n] - values[n:]
    return Proposal(code=code, dual=np.array(solution.row_dual) if solution.dual_valid else None, status=status)
