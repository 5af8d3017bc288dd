"""Sparsest codes within a box: this package, proof included, beside the big-M programs one would write, in one run.

    python benchmarks/sparsest.py [--seconds 60] [--seeds 1]

Gaussian atoms of length 1, k entries of modulus 1/2 .. 3/2, box 2. Noiseless: the signal is that of the code exactly,
epsilon 0. Noisy: a residual of the norm named, epsilon 1 per cent more. Columns: seconds, and the number of nonzeros
proved (or claimed, with the bound claimed for it); * where the time limit ended the work. HiGHS solves the noiseless
programs; SCIP both, if pyscipopt is installed. l0bnb is no peer here: it solves another problem, with a penalty in
place of both bounds, so neither its times nor its values answer what is asked.
"""

from __future__ import annotations

import argparse
import time
from fractions import Fraction

import numpy as np

from verify.dictionaries.dictionary import Dictionary
from verify.dictionaries.signals import Signals
from verify.errors import InputError
from verify.problems import Sparsest
from verify.problems.problem import SolveOptions
from verify.solvers.mixed_integer import CountingProgram, by_highs, by_scip

BOX = 2
CASES = [
    (50, 100, 5, 0.0),
    (50, 100, 10, 0.0),
    (100, 500, 5, 0.0),
    (100, 500, 10, 0.0),
    (100, 1000, 5, 0.0),
    (100, 1000, 10, 0.0),
    (50, 100, 5, 0.2),
    (50, 100, 10, 0.2),
    (100, 500, 5, 0.2),
    (100, 500, 10, 0.2),
    (100, 1000, 5, 0.2),
    (100, 1000, 10, 0.1),
]
PROGRAMS = {"highs": by_highs, "scip": by_scip}


def instance(m: int, n: int, k: int, noise: float, seed: int) -> tuple[Dictionary, Signals, list[int]]:
    rng = np.random.default_rng(seed)
    atoms = rng.standard_normal((m, n))
    atoms /= np.linalg.norm(atoms, axis=0)
    code = np.zeros(n)
    support = rng.choice(n, k, replace=False)
    code[support] = rng.choice([-1, 1], k) * rng.uniform(0.5, 1.5, k)
    dictionary = Dictionary.from_array(atoms)
    if noise == 0:
        return dictionary, Signals.from_codes(dictionary, Signals.from_array(code)), sorted(support.tolist())
    error = rng.standard_normal(m)
    return (
        dictionary,
        Signals.from_array(atoms @ code + error * (noise / np.linalg.norm(error))),
        sorted(support.tolist()),
    )


def ours(problem: Sparsest, seconds: float) -> tuple[float, str]:
    start = time.perf_counter()
    outcome = problem.solve(SolveOptions(time_limit=seconds))
    taken = time.perf_counter() - start
    text = f"{outcome.value_lower}..{outcome.value_upper}" if outcome.status == "enclosed" else f"{outcome.value_upper}"
    return taken, text + "*" * outcome.stopped


def theirs(name: str, problem: Sparsest, seconds: float) -> tuple[float | None, str]:
    program = CountingProgram(
        atoms=np.asarray(problem.dictionary.real),
        signal=np.asarray(problem.signal.real, dtype=np.float64),
        box=float(BOX),
        nonnegative=False,
        epsilon=float(Fraction(problem.epsilon)),
    )
    start = time.perf_counter()
    try:
        found = PROGRAMS[name](program, seconds, {})
    except (InputError, ImportError) as error:
        return None, str(error).split(":")[0]
    value = "none" if found.value is None else f"{found.value:.6g}"
    return time.perf_counter() - start, value + "*" * ("limit" in found.status) + f" {found.status}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--cases", type=int, nargs="*", help="numbers of the cases to run")
    options = parser.parse_args()
    for case in [CASES[i] for i in options.cases or range(len(CASES))]:
        for seed in range(options.seeds):
            m, n, k, noise = case
            dictionary, signals, _ = instance(m, n, k, noise, seed)
            problem = Sparsest(dictionary=dictionary, signal=signals[0], box=BOX, epsilon=1.01 * noise)
            taken, text = ours(problem, options.seconds)
            line = f"{m} x {n}, k {k}, noise {noise:g}: ours {taken:.2f} s ({text})"
            for name in PROGRAMS:
                their, what = theirs(name, problem, options.seconds)
                ratio = "" if their is None else f" {their:.2f} s, {their / taken:.2g} times ours"
                line += f"; {name}{ratio} ({what})"
            print(line, flush=True)


if __name__ == "__main__":
    main()
