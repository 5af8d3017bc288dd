"""LASSO: this package, gap proved, beside scikit-learn, celer and skglm at the same true gap, in one run.

    python benchmarks/lasso.py [--gaps 1e-6 1e-10] [--share 0.1] [--repeats 3] [--peer-python PYTHON]

Gaussian atoms of length 1, m / 10 entries of modulus 1/2 .. 3/2, noise of 5 per cent of the signal's norm, weight
`share` times the least weight with the solution 0. Ours: the active-set method and `Lasso.enclosure` of its code, which
proves the gap by rounding bounds in memory. The exact fractions of the proofs (with the proof that the minimiser is
unique) and the writing of the certificate are timed apart. Each peer's tolerance is divided by 10 until the true gap,
its objective beside our proved lower bound, is small enough; then that tolerance alone is timed, after a fit that
compiles. Each time is the best of the repeats. `--peer-python` names the interpreter of an environment with the peers,
which run in a process of their own.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from fractions import Fraction
from pathlib import Path

import numpy as np

from verify.certify.solutions import certify_outcomes
from verify.dictionaries.dictionary import Dictionary
from verify.dictionaries.signals import Signals
from verify.problems import Lasso
from verify.problems.image import atom_image
from verify.problems.problem import SolveOptions
from verify.solvers.active_set import lasso_by_active_set
from verify.solvers.l1_programs import Effort

SIZES = [(60, 200), (250, 1000), (500, 5000)]
PEERS = """
import json, sys, time, warnings
import numpy as np
warnings.simplefilter("ignore")
data = np.load(sys.argv[1])
atoms, signal, weight = np.asfortranarray(data["atoms"]), data["signal"], float(data["weight"])
m = len(signal)
def scikit(tol):
    from sklearn.linear_model import Lasso
    return Lasso(alpha=weight / m, fit_intercept=False, tol=tol, max_iter=100000)
def celer(tol):
    from celer import Lasso
    return Lasso(alpha=weight / m, fit_intercept=False, tol=tol, max_iter=1000)
def skglm(tol):
    from skglm import Lasso
    return Lasso(alpha=weight / m, fit_intercept=False, tol=tol, max_iter=1000)
def objective(x):
    r = signal - atoms @ x
    return float(r @ r) / 2 + weight * float(np.abs(x).sum())
for name, make in (("scikit-learn", scikit), ("celer", celer), ("skglm", skglm)):
    try:
        make(1e-3).fit(atoms, signal)
    except ImportError as error:
        print(json.dumps({"name": name, "missing": str(error)}))
        continue
    for gap in data["gaps"].tolist():
        tol, model = 1e-2, None
        while tol > 1e-17:
            model = make(tol).fit(atoms, signal)
            value = objective(model.coef_)
            if value - float(data["lower"]) <= gap * value:
                break
            tol /= 10
        taken = []
        for _ in range(int(data["repeats"])):
            start = time.perf_counter()
            make(tol).fit(atoms, signal)
            taken.append(time.perf_counter() - start)
        said = getattr(model, "dual_gap_", None)
        if said is not None:
            said = float(np.ravel(said)[-1]) * m / value
        print(json.dumps({"name": name, "gap": gap, "tol": tol, "seconds": min(taken), "said": said,
                          "code": [c.hex() for c in model.coef_.tolist()]}))
"""


def instance(m: int, n: int, share: float) -> tuple[Dictionary, Signals, float]:
    rng = np.random.default_rng(m + n)
    atoms = rng.standard_normal((m, n))
    atoms /= np.linalg.norm(atoms, axis=0)
    code = np.zeros(n)
    k = m // 10
    code[rng.choice(n, k, replace=False)] = rng.choice([-1, 1], k) * rng.uniform(0.5, 1.5, k)
    signal, noise = atoms @ code, rng.standard_normal(m)
    signal += noise * (0.05 * np.linalg.norm(signal) / np.linalg.norm(noise))
    return Dictionary.from_array(atoms), Signals.from_array(signal), share * float(np.abs(signal @ atoms).max())


def relative(lower: Fraction, upper: Fraction) -> float:
    return float((upper - lower) / upper)


def ours(problem: Lasso, gap: float, repeats: int) -> tuple[float, float, Fraction]:
    """Return the seconds of code and proof from the dictionary on, the proved gap, and the proved lower bound."""
    best, enclosure = float("inf"), None
    for _ in range(repeats):
        atom_image.cache_clear()
        fresh = Lasso(dictionary=problem.dictionary, signal=problem.signal, weight=problem.weight)
        start = time.perf_counter()
        proposal = lasso_by_active_set(fresh.program, Effort(tolerance=gap))
        shifts = fresh.image.signal_exponent - np.array(fresh.image.atoms.exponents)
        assert proposal.code is not None
        enclosure = fresh.enclosure(np.ldexp(proposal.code, shifts))
        best = min(best, time.perf_counter() - start)
    assert enclosure is not None
    return best, relative(enclosure.lower, enclosure.upper), enclosure.lower


def exact_seconds(problem: Lasso, signals: Signals) -> str:
    """Return what the whole solve costs, in exact fractions, and the certificate."""
    start = time.perf_counter()
    outcome = problem.solve(SolveOptions())
    solved = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "certificate.json"
        certificate = certify_outcomes(problem.dictionary, signals, [outcome])
        size = 0 if certificate is None else file.write_bytes(certificate.data)
    written = time.perf_counter()
    where = "unique minimiser located" if outcome.unique is not None else "minimiser not located"
    return (
        f"exact fractions and uniqueness {solved - start:.2f} s with the solve ({where}), "
        f"certificate {written - solved:.2f} s, {size / 1e6:.2f} MB"
    )


def theirs(python: str, problem: Lasso, gaps: list[float], lower: Fraction, repeats: int) -> list[dict]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "instance.npz"
        np.savez(
            file,
            atoms=np.asarray(problem.dictionary.real),
            signal=np.asarray(problem.signal.real, dtype=np.float64),
            weight=float(problem.weight),
            gaps=gaps,
            lower=float(lower),
            repeats=repeats,
        )
        done = subprocess.run([python, "-c", PEERS, str(file)], capture_output=True, text=True, check=False)
    if done.returncode:
        print("    peers failed:", (done.stderr.strip().splitlines() or ["no reason"])[-1])
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gaps", type=float, nargs="*", default=[1e-6, 1e-10])
    parser.add_argument("--share", type=float, default=0.1)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--sizes", type=int, nargs="*", default=range(len(SIZES)), help="numbers of the sizes to run")
    parser.add_argument("--peer-python", default=sys.executable, help="an interpreter that has the peers")
    parser.add_argument("--no-exact", action="store_true", help="leave the exact fractions out")
    options = parser.parse_args()
    for m, n in [SIZES[i] for i in options.sizes]:
        dictionary, signals, weight = instance(m, n, options.share)
        problem = Lasso(dictionary=dictionary, signal=signals[0], weight=Fraction(weight))
        mine = {gap: ours(problem, gap, options.repeats) for gap in options.gaps}
        lower = max(found[2] for found in mine.values())
        found = theirs(options.peer_python, problem, options.gaps, lower, options.repeats)
        for gone in [line for line in found if "missing" in line]:
            print(f"{m} x {n}: {gone['name']} left out: {gone['missing']}")
        for gap, (seconds, proved, _) in mine.items():
            print(f"{m} x {n}, gap {gap:g}: ours {seconds * 1e3:.2f} ms, proved gap {proved:.1e}", flush=True)
            for line in [line for line in found if line.get("gap") == gap]:
                code = np.array([float.fromhex(c) for c in line["code"]])
                true = relative(lower, problem.enclosure(code).upper)
                said = "no gap" if line["said"] is None else f"gap {line['said']:.1e}"
                print(
                    f"    {line['name']} {line['seconds'] * 1e3:.2f} ms, ours {seconds / line['seconds']:.2g} "
                    f"times that; tol {line['tol']:.0e}, it says {said}, true gap at most {true:.1e}"
                    + ("" if true <= gap else ": never reached"),
                    flush=True,
                )
        if not options.no_exact:
            print("   ", exact_seconds(problem, signals), flush=True)


if __name__ == "__main__":
    main()
