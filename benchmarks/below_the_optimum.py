"""A mixed-integer solver that claims an optimum below what is possible, beside the proved one.

    python benchmarks/below_the_optimum.py [--seed 1] [--seconds 120]

The best code with 4 nonzeros in a 20 x 40 Gaussian dictionary, box 2. SCIP (pyscipopt must be installed) satisfies its
constraints up to a tolerance, 1e-6 by default, so a small squared residual that it calls optimal can be less than any
code has. Its claim is printed beside the proved value; the support that it proposes may well be the best one.
"""

from __future__ import annotations

import argparse

import numpy as np

from verify.dictionaries.dictionary import Dictionary
from verify.dictionaries.signals import Signals
from verify.errors import InputError
from verify.problems import KSparse
from verify.problems.problem import SolveOptions

M, N, K, BOX, NOISE = 20, 40, 4, 2, 0.1


def instance(seed: int) -> tuple[Dictionary, Signals]:
    """Atoms of length about 1, K entries of modulus 1/2 .. 3/2, and noise of length about NOISE."""
    rng = np.random.default_rng(seed)
    atoms = rng.standard_normal((M, N)) / np.sqrt(M)
    code = np.zeros(N)
    code[rng.choice(N, K, replace=False)] = rng.choice([-1, 1], K) * rng.uniform(0.5, 1.5, K)
    signal = atoms @ code + NOISE * rng.standard_normal(M) / np.sqrt(M)
    return Dictionary.from_array(atoms), Signals.from_array(signal)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=120.0)
    options = parser.parse_args()
    dictionary, signals = instance(options.seed)
    problem = KSparse(dictionary=dictionary, signal=signals[0], box=BOX, sparsity=K)
    proved = problem.solve()
    lower, upper = proved.value_lower, proved.value_upper
    assert lower is not None
    assert upper is not None
    print(f"proved: {proved.status}, between {float(lower):.10f} and {float(upper):.10f}; unique: {proved.is_unique}")
    try:
        found = problem.solve(SolveOptions(backend="scip", time_limit=2 * options.seconds))
    except InputError as error:
        print(f"not compared: {error}")
        return
    claim = found.claimed[0]
    if claim.value is None:
        print(f"SCIP: {claim.status}, no value")
        return
    verdict = "below what any code has" if claim.value < float(lower) else "possible"
    print(f"SCIP: {claim.status}, {claim.value:.10f} in {claim.seconds:.1f} s: {verdict}")


if __name__ == "__main__":
    main()
