"""What popular solvers claim, and how far from the truth it is: defaults as one would type them, one run.

    python benchmarks/claims.py

For every instance and solver: the objective it reports, the true relative gap of the code it returns (its exact
objective minus the proved lower bound of the optimal value), how far the code misses the constraint, its support beside
the proved one, and the seconds. The first line of each instance is ours: the proved enclosure, and the seconds of
proposing and proving together. A solver that is missing is named and left out.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from verify import Dictionary
from verify.dictionaries.signals import Signals
from verify.problems import BasisPursuit, Lasso
from verify.problems.problem import Problem

Floats = NDArray[np.float64]
Solver = Callable[[], tuple[Floats, float]]


@dataclass(frozen=True, kw_only=True)
class Instance:
    """A problem, and the solvers one would call for it: each returns a code and the objective it reports."""

    name: str
    problem: Problem
    solvers: dict[str, Solver]
    weight: float = 0.0


def main() -> None:
    for instance in (lasso(60, 200, 7), lasso(250, 500, 8), basis_pursuit(60, 200, 9)):
        show(instance)


def show(instance: Instance) -> None:
    instance.problem.solve()  # once for the imports
    started = time.perf_counter()
    outcome = replace(instance.problem).solve()
    seconds = time.perf_counter() - started
    lower, upper = outcome.value_lower, outcome.value_upper
    assert lower is not None
    assert upper is not None
    support = () if outcome.unique is None else outcome.unique.centre.support
    print(f"\n{instance.name}")
    print(f"{'':28} {'value':>20} {'true gap':>9} {'|Dx-y|':>8} {'support':>14} {'seconds':>8}")
    name, gap = f"sparse-verify ({outcome.status})", f"{float((upper - lower) / upper):9.0e}"
    print(f"{name:28} {float(upper):20.14f} {gap} {0:8} {len(support):14} {seconds:8.3f}")
    for name, solver in instance.solvers.items():
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                solver()  # once for the imports
                started = time.perf_counter()
                code, reported = solver()
        except ImportError as error:
            print(f"{name:28} left out: {error}")
            continue
        seconds = time.perf_counter() - started
        cost, missed = exact_cost(instance, code)
        used = set(np.flatnonzero(np.abs(code) > 1e-6 * np.abs(code).max()).tolist())
        wrong = f"{len(used)} ({len(used - set(support))}+ {len(set(support) - used)}-)"
        gap = f"{float((cost - lower) / lower):9.0e}"
        print(f"{name:28} {reported:20.14f} {gap} {missed:8.0e} {wrong:>14} {seconds:8.3f}")


def exact_cost(instance: Instance, code: Floats) -> tuple[Fraction, float]:
    """Return the exact objective of a float code, and |Dx - y| where that is a constraint."""
    used = np.flatnonzero(code)
    rows = instance.problem.dictionary.real[:, used].tolist()
    x = [Fraction(value) for value in code[used].tolist()]
    real, _ = instance.problem.signal.fractions
    left = [
        y - sum((Fraction(a) * b for a, b in zip(row, x, strict=True)), Fraction(0))
        for row, y in zip(rows, real, strict=True)
    ]
    square = sum((value * value for value in left), Fraction(0))
    total = sum(map(abs, x), Fraction(0))
    if instance.weight:
        return square / 2 + Fraction(instance.weight) * total, 0.0
    return total, float(square) ** 0.5


def lasso(m: int, n: int, seed: int) -> Instance:
    generator = np.random.default_rng(seed)
    d = generator.standard_normal((m, n)) / np.sqrt(m)
    x = np.zeros(n)
    x[generator.choice(n, m // 10, replace=False)] = generator.standard_normal(m // 10)
    y = d @ x + 0.01 * generator.standard_normal(m)
    weight = float(2.0 ** np.round(np.log2(0.002 * np.abs(d.T @ y).max())))
    problem = Lasso(dictionary=Dictionary.from_array(d), signal=Signals.from_array(y)[0], weight=Fraction(weight))

    def scikit_learn() -> tuple[Floats, float]:
        from sklearn.linear_model import Lasso as Peer

        model = Peer(alpha=weight / m, fit_intercept=False).fit(d, y)
        return model.coef_, float(((y - d @ model.coef_) ** 2).sum() / 2 + weight * np.abs(model.coef_).sum())

    def through_cvxpy(solver: str) -> Solver:
        def solve() -> tuple[Floats, float]:
            import cvxpy

            v = cvxpy.Variable(n)
            program = cvxpy.Problem(cvxpy.Minimize(cvxpy.sum_squares(y - d @ v) / 2 + weight * cvxpy.norm1(v)))
            program.solve(solver=solver)
            return np.asarray(v.value), float(program.value)

        return solve

    peers = {f"cvxpy, {name}": through_cvxpy(name) for name in ("CLARABEL", "SCS", "OSQP")}
    solvers: dict[str, Solver] = {"scikit-learn Lasso": scikit_learn, **peers}
    return Instance(name=f"LASSO {m} x {n}, weight {weight:g}", problem=problem, solvers=solvers, weight=weight)


def basis_pursuit(m: int, n: int, seed: int) -> Instance:
    generator = np.random.default_rng(seed)
    d = generator.standard_normal((m, n)) / np.sqrt(m)
    x = np.zeros(n)
    x[generator.choice(n, m // 5, replace=False)] = np.round(8 * generator.standard_normal(m // 5)) / 8 + 0.0625
    dictionary = Dictionary.from_array(d)
    signal = Signals.from_codes(dictionary, Signals.from_array(x))[0]
    problem = BasisPursuit(dictionary=dictionary, signal=signal)
    y = np.asarray(signal.floats, dtype=np.float64)

    def through_cvxpy(solver: str) -> Solver:
        def solve() -> tuple[Floats, float]:
            import cvxpy

            v = cvxpy.Variable(n)
            program = cvxpy.Problem(cvxpy.Minimize(cvxpy.norm1(v)), [d @ v == y])
            program.solve(solver=solver)
            return np.asarray(v.value), float(program.value)

        return solve

    solvers = {f"cvxpy, {name}": through_cvxpy(name) for name in ("HIGHS", "CLARABEL", "SCS", "OSQP")}
    return Instance(
        name=f"Basis pursuit {m} x {n}, exact signal of a {m // 5}-sparse code", problem=problem, solvers=solvers
    )


if __name__ == "__main__":
    main()
