"""Linear programs around basis pursuit, by HiGHS directly."""

from __future__ import annotations

from typing import Any

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


def completed_by_highs(program: L1Program, support: NDArray[np.intp], dual: Floats, effort: Effort) -> Proposal:
    """Propose the entries off the support of a change h of a code with A h = b at least cost; those on it are free.

    The free entries cost what v = `dual` says, <a_i, v> each, so h_j costs costs_j |h_j| - <a_j, v> h_j. The equations
    are those across the atoms of the support.
    """
    n = program.atoms.shape[1]
    off = np.setdiff1d(np.arange(n), support)
    across = np.linalg.qr(program.atoms[:, support], mode="complete")[0][:, len(support) :].T
    matrix, slopes = across @ program.atoms[:, off], dual @ program.atoms[:, off]
    costs = program.costs[off] - slopes
    if not program.nonnegative:
        matrix = np.hstack([matrix, -matrix])
        costs = np.concatenate([costs, program.costs[off] + slopes])
    found = least_cost(matrix, across @ program.signal, costs, np.zeros(len(costs)), effort)
    if found.code is None:
        return found
    code = np.zeros(n)
    code[off] = found.code[: len(off)]
    if not program.nonnegative:
        code[off] -= found.code[len(off) :]
    return Proposal(code=code, dual=None, status=found.status)


def flattest_dual(atoms: Floats, costs: Floats, support: NDArray[np.intp], right: Floats, effort: Effort) -> Proposal:
    """Propose v with <a_i, v> = right_i on the support and the least max <a_j, v> / costs_j off it, if above 0."""
    m, n = atoms.shape
    off = np.setdiff1d(np.arange(n), support)
    scaled = (atoms[:, off] / costs[off]).T
    ones = np.ones((len(off), 1))
    rows = np.block([[scaled, -ones], [atoms[:, support].T, np.zeros((len(support), 1))]])
    lower = np.concatenate([np.full(len(off), -np.inf), right])
    upper = np.concatenate([np.zeros(len(off)), right])
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
    solver: Any = highspy.Highs.__base__()  # type: ignore[misc] - without the callbacks that write a banner to stdout
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
