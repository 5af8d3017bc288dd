"""Sparse codes as mixed-integer programs, as one would write them: x_i between -B z_i and B z_i, z_i in {0, 1}."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError
from .candidate import Candidate

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class MixedInteger(Candidate):
    """Proposed: a code (None without one), and what the solver says of itself."""

    code: Floats | None
    value: float | None
    status: str
    seconds: float
    versions: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CountingProgram:
    """Codes within a box: least |x|_0 with |y - Dx|_2 <= `epsilon`, or least |y - Dx|_2^2 with `sparsity` nonzeros."""

    atoms: Floats
    signal: Floats
    box: float
    nonnegative: bool
    epsilon: float = 0.0
    sparsity: int | None = None


def by_highs(program: CountingProgram, time_limit: float | None, options: Mapping[str, object]) -> MixedInteger:
    """Propose the sparsest code with Dx = y by HiGHS; raise InputError for what HiGHS does not solve."""
    if program.sparsity is not None or program.epsilon > 0:
        raise InputError("HiGHS solves integer programs that are linear, and this one is quadratic: use scip or auto")
    from scipy.optimize import Bounds, LinearConstraint, milp

    make_bounds: Any = Bounds  # the stubs know single numbers only
    make_constraint: Any = LinearConstraint

    m, n = program.atoms.shape
    none, eye = np.zeros((m, n)), np.eye(n)
    constraints = [
        make_constraint(np.hstack([program.atoms, none]), program.signal, program.signal),
        make_constraint(np.hstack([eye, -program.box * eye]), -np.inf, 0.0),
    ]
    if not program.nonnegative:
        constraints.append(make_constraint(np.hstack([eye, program.box * eye]), 0.0, np.inf))
    least = 0.0 if program.nonnegative else -program.box
    bounds = make_bounds(np.r_[np.full(n, least), np.zeros(n)], np.r_[np.full(n, program.box), np.ones(n)])
    limits = {} if time_limit is None else {"time_limit": time_limit}
    start = time.perf_counter()
    found = milp(
        np.r_[np.zeros(n), np.ones(n)],
        integrality=np.r_[np.zeros(n), np.ones(n)],
        bounds=bounds,
        constraints=constraints,
        options={**limits, **options},
    )
    status = {0: "optimal", 1: "time limit", 2: "infeasible", 3: "unbounded"}.get(int(found.status), "failed")
    return MixedInteger(
        code=None if found.x is None else np.asarray(found.x[:n]),
        value=None if found.fun is None else float(found.fun),
        status=status,
        seconds=time.perf_counter() - start,
        versions={"scipy": version("scipy")},
    )


def by_scip(program: CountingProgram, time_limit: float | None, options: Mapping[str, object]) -> MixedInteger:
    """Propose a code by SCIP, which must be installed."""
    from pyscipopt import Model, quicksum  # pyright: ignore[reportMissingImports]  # optional

    m, n = program.atoms.shape
    model = Model()
    model.hideOutput()
    if time_limit is not None:
        model.setParam("limits/time", time_limit)
    for name, value in options.items():
        model.setParam(name, value)
    least = 0.0 if program.nonnegative else -program.box
    x = [model.addVar(lb=least, ub=program.box) for _ in range(n)]
    z = [model.addVar(vtype="B") for _ in range(n)]
    for code, used in zip(x, z, strict=True):
        model.addCons(code <= program.box * used)
        if not program.nonnegative:
            model.addCons(code >= -program.box * used)
    images = [quicksum(float(program.atoms[r, i]) * x[i] for i in range(n)) for r in range(m)]
    if program.epsilon == 0 and program.sparsity is None:
        for row, image in enumerate(images):
            model.addCons(image == float(program.signal[row]))
    else:
        residual = [model.addVar(lb=None) for _ in range(m)]
        for row, image in enumerate(images):
            model.addCons(residual[row] + image == float(program.signal[row]))
        squared = quicksum(r * r for r in residual)
        if program.sparsity is None:
            model.addCons(squared <= program.epsilon**2)
        else:
            value = model.addVar(lb=0.0)
            model.addCons(squared <= value)
            model.addCons(quicksum(z) <= program.sparsity)
            model.setObjective(value)
    if program.sparsity is None:
        model.setObjective(quicksum(z))
    start = time.perf_counter()
    model.optimize()
    seconds = time.perf_counter() - start
    solved = model.getNSols() > 0
    return MixedInteger(
        code=np.array([model.getVal(code) for code in x]) if solved else None,
        value=float(model.getObjVal()) if solved else None,
        status=str(model.getStatus()),
        seconds=seconds,
        versions={"pyscipopt": version("pyscipopt"), "scip": str(model.version())},
    )


Counter = Callable[[CountingProgram, float | None, Mapping[str, object]], MixedInteger]
"""Takes a program, the seconds it may use (None: no limit), and options of the solver."""
