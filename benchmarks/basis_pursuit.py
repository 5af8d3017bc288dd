"""Basis pursuit: what the proof costs beside HiGHS's solve, in one run.

    python benchmarks/basis_pursuit.py [--repeats 3] [--size 250 500 20]

Gaussian atoms of length 1. Sparse: the signal is exactly that of a code of k normal entries. Generic: a Gaussian
signal, whose minimiser has m nonzeros. The solve is HiGHS alone, by its own interface; the proof is everything from its
answer to the located unique minimiser with an enclosure of the value. Where the located minimiser is not exact, the
exact rational one (python-flint, m unknowns) is timed apart. Each time is the best of the repeats, without imports.
"""

from __future__ import annotations

import argparse
import time

import numpy as np

from verify.dictionaries.dictionary import Dictionary
from verify.dictionaries.signals import Signals
from verify.exact import solve
from verify.problems import BasisPursuit
from verify.problems.exact_columns import ExactColumns, signal_vector
from verify.problems.problem import SolveOptions
from verify.solvers.highs import basis_pursuit_by_highs
from verify.solvers.l1_programs import Effort


def instances(m: int, n: int, k: int) -> list[tuple[str, BasisPursuit]]:
    rng = np.random.default_rng(m + n)
    atoms = rng.standard_normal((m, n))
    atoms /= np.linalg.norm(atoms, axis=0)
    dictionary, code = Dictionary.from_array(atoms), np.zeros(n)
    code[rng.choice(n, k, replace=False)] = rng.standard_normal(k)
    sparse = Signals.from_codes(dictionary, Signals.from_array(code))
    generic = Signals.from_array(rng.standard_normal(m))
    return [
        (f"signal of {k} atoms", BasisPursuit(dictionary=dictionary, signal=sparse[0])),
        ("Gaussian signal", BasisPursuit(dictionary=dictionary, signal=generic[0])),
    ]


def measured(name: str, problem: BasisPursuit, repeats: int) -> None:
    solves, proofs = [], []
    for _ in range(repeats):
        program = problem.program
        start = time.perf_counter()
        proposal = basis_pursuit_by_highs(program, Effort())
        solved = time.perf_counter()
        outcome = problem.proved(proposal, SolveOptions())
        proved = time.perf_counter()
        solves.append(solved - start)
        proofs.append(proved - solved)
    lower, upper, solution = outcome.value_lower, outcome.value_upper, outcome.solution
    gap = "none" if lower is None or upper is None else f"{float((upper - lower) / upper):.1e}"
    size = 0 if solution is None else len(solution.support)
    m, n = problem.dictionary.shape
    print(
        f"{m} x {n}, {name}: HiGHS {min(solves):.3f} s, proof {min(proofs):.3f} s, "
        f"{min(proofs) / min(solves):.2g} times that; "
        f"{outcome.status}, unique {outcome.is_unique}, {size} nonzeros, relative width {gap}",
        flush=True,
    )
    if outcome.unique is not None and outcome.unique.radius:
        start = time.perf_counter()
        columns = ExactColumns(problem.dictionary, outcome.unique.centre.support)
        signal = signal_vector(problem.signal, is_complex=False)
        unit = max(value.denominator for value in signal)
        rows = [list(row) for row in zip(*columns.columns, strict=True)]
        values = solve(rows, [int(value * unit) for value in signal])
        assert values is not None
        digits = max(value.denominator.bit_length() for value in values)
        print(f"    exact minimiser {time.perf_counter() - start:.1f} s, denominators of {digits} bits", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--size", type=int, nargs=3, default=[250, 500, 20], metavar=("M", "N", "K"))
    options = parser.parse_args()
    for _, problem in instances(20, 40, 3):  # what is imported when first used
        problem.solve()
    import scipy.linalg  # noqa: F401

    for name, problem in instances(*options.size):
        measured(name, problem, options.repeats)


if __name__ == "__main__":
    main()
