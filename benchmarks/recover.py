"""Recovery trials decided by proof, beside the loop one would write with cvxpy: one problem and one tolerance a trial.

    python benchmarks/recover.py [MxN [TRIALS]]

Default 100x200 and 200 trials a level. The loop minimises the l1 norm with Clarabel (the problem is compiled once, with
the signal as a parameter) and calls a code recovered if the relative error is below 1e-4; some trials of each level are
timed. Both draw the same codes; trials on which they disagree are counted.
"""

from __future__ import annotations

import sys
import time

import numpy as np

from verify.dictionaries.families import build
from verify.problems.recovery.codes import Codes, draw
from verify.problems.recovery.experiment import Settings, run_levels
from verify.problems.recovery.kinds import Magnitudes
from verify.verdict import Scaling

TIMED = 8


def loop(columns: np.ndarray, codes: Codes) -> list[bool]:
    """Return which codes cvxpy finds."""
    import cvxpy

    x, y = cvxpy.Variable(columns.shape[1]), cvxpy.Parameter(columns.shape[0])
    problem = cvxpy.Problem(cvxpy.Minimize(cvxpy.norm1(x)), [columns @ x == y])
    found = []
    for support, values in zip(codes.supports, codes.values, strict=True):
        code = np.zeros(columns.shape[1])
        code[support] = values
        y.value = columns @ code
        problem.solve(solver=cvxpy.CLARABEL)
        found.append(bool(np.linalg.norm(x.value - code) < 1e-4 * np.linalg.norm(code)))
    return found


def main() -> None:
    size = sys.argv[1] if len(sys.argv) > 1 else "100x200"
    trials = int(sys.argv[2]) if len(sys.argv) > 2 else 200
    dictionary = build("gaussian", f"{size}:1")
    m, n = dictionary.shape
    settings = Settings(scaling=Scaling.as_given, magnitudes=Magnitudes.gaussian)
    columns = np.asarray(dictionary.real)
    levels = [max(1, round(m * share)) for share in (0.1, 0.2, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6)]
    for _ in run_levels(dictionary, settings, levels[:1], 1, {})[1]:
        pass  # the imports
    loop(columns, draw(0, [(1, 0)], n, 1, Magnitudes.gaussian))
    print(f"{size}, {trials} trials a level; trials per second")
    print("  k  recovered  missed  undecided    proved     cvxpy    ratio  disagree")
    ours = theirs = 0.0
    for k in levels:
        start = time.perf_counter()
        letters = "".join(found for _, _, found in run_levels(dictionary, settings, [k], trials, {})[1])
        proved = (time.perf_counter() - start) / trials
        start = time.perf_counter()
        claimed = loop(columns, draw(0, [(k, t) for t in range(min(TIMED, trials))], n, k, Magnitudes.gaussian))
        floats = (time.perf_counter() - start) / len(claimed)
        wrong = sum(letter != "u" and (letter == "r") != claim for letter, claim in zip(letters, claimed, strict=False))
        ours, theirs = ours + proved, theirs + floats
        counts = [letters.count(letter) for letter in "rmu"]
        print(
            f"{k:3}  {counts[0]:9}  {counts[1]:6}  {counts[2]:9}  {1 / proved:8.0f}  {1 / floats:8.1f}"
            f"  {floats / proved:7.1f}  {wrong:8}"
        )
    rates = f"{len(levels) / ours:.0f} and {len(levels) / theirs:.1f} trials per second"
    print(f"all levels: {rates}, ratio {theirs / ours:.1f}")


if __name__ == "__main__":
    main()
