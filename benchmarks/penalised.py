"""What l0bnb's gaps hide: its claim for min |y - Dx|^2/2 + penalty |x|_0, |x|_inf <= box, beside the proved optimum.

    python benchmarks/penalised.py --l0bnb PYTHON [--seeds 3] [--shape 30 60] [--nonzeros 5]

l0bnb solves another problem than we do, and the two meet here: the penalised optimum is the least of f_k/2 + penalty k,
f_k the squared residual of the best k-sparse code, which is proved (upper and lower) for every k that can matter.
`--l0bnb` names the interpreter of an environment with l0bnb (numpy<2, numba<0.60).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
import time
from fractions import Fraction
from pathlib import Path

import numpy as np

from verify.problems import KSparse
from verify.problems.problem import SolveOptions

PEER = """
import json, sys, time
import numpy as np
from l0bnb import BNBTree
data = np.load(sys.argv[1])
atoms, signal, penalty, box = data["atoms"], data["signal"], float(data["penalty"]), float(data["box"])
BNBTree(atoms, signal).solve(penalty, 0.0, box, gap_tol=1e-2, time_limit=60)  # compiles
for gap in (1e-2, 1e-6):
    start = time.perf_counter()
    found = BNBTree(atoms, signal).solve(penalty, 0.0, box, gap_tol=gap, time_limit=60)
    code = np.ravel(found.beta).copy()
    code[np.abs(code) < 1e-12] = 0
    print(json.dumps({"gap": gap, "said": float(found.gap), "seconds": time.perf_counter() - start,
                      "nonzeros": int((code != 0).sum()),
                      "value": float(((signal - atoms @ code) ** 2).sum() / 2 + penalty * (code != 0).sum())}))
"""


def proved(atoms: np.ndarray, signal: np.ndarray, penalty: float, box: float, seconds: float) -> tuple[float, float]:
    """Return the penalised optimum between two numbers that are proved, as floats."""
    lower = upper = float(signal @ signal) / 2
    k = 1
    while penalty * k < upper:
        outcome = KSparse.of(atoms, signal, sparsity=k, box=Fraction(box)).solve(SolveOptions(time_limit=seconds))
        upper = min(upper, float(outcome.value_upper) / 2 + penalty * k)
        lower = min(lower, float(outcome.value_lower) / 2 + penalty * k)
        k += 1
    return lower, upper


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--l0bnb", required=True, metavar="PYTHON")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--shape", type=int, nargs=2, default=[30, 60])
    parser.add_argument("--nonzeros", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=30.0, help="for each number of nonzeros")
    options = parser.parse_args()
    m, n = options.shape
    for seed in range(options.seeds):
        rng = np.random.default_rng(seed)
        atoms = rng.standard_normal((m, n))
        atoms /= np.linalg.norm(atoms, axis=0)
        code = np.zeros(n)
        code[rng.choice(n, options.nonzeros, replace=False)] = rng.choice([-1, 1], options.nonzeros)
        noise = rng.standard_normal(m)
        signal = atoms @ code + noise * (0.5 / np.linalg.norm(noise))
        penalty, box = 0.03125, 2.0
        start = time.perf_counter()
        lower, upper = proved(atoms, signal, penalty, box, options.seconds)
        print(f"seed {seed}: proved optimum between {lower:.9f} and {upper:.9f}, {time.perf_counter() - start:.1f} s")
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "instance.npz"
            np.savez(file, atoms=atoms, signal=signal, penalty=penalty, box=box)
            done = subprocess.run([options.l0bnb, "-c", PEER, str(file)], capture_output=True, text=True, check=False)
        for line in done.stdout.splitlines():
            said = json.loads(line)
            print(
                f"    l0bnb, gap {said['gap']:g}: {said['value']:.9f} with {said['nonzeros']} nonzeros in "
                f"{said['seconds']:.1f} s, it says gap {said['said']:.1e}, true excess {said['value'] / lower - 1:.1e}"
            )
        if done.returncode:
            print("    l0bnb failed:", (done.stderr.strip().splitlines() or ["no reason"])[-1])


if __name__ == "__main__":
    main()
