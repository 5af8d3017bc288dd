"""Is the "optimal" answer of a popular solver optimal? Not for a signal of some nanovolts.

A signal of three atoms, in units that make it small. SciPy's linear programming (HiGHS) ends with success and the code
zero: the constraint D x = y is met within its absolute tolerance of 1e-7, and so is everything else. The exact minimum,
with the support of its one minimiser, is proved, and a certificate says so to anybody.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from scipy.optimize import linprog

import certificates
import verify
from verify.problems import BasisPursuit


def main() -> None:
    """Ask both, and compare."""
    rng = np.random.default_rng(1)
    D = np.round(rng.standard_normal((8, 20)), 2)
    code = np.zeros(20)
    code[[2, 7, 13]] = 3e-9, -2e-9, 4e-9
    y = D @ code

    # What one writes: min sum u + v over D (u - v) = y, u, v >= 0.
    claimed = linprog(np.ones(40), A_eq=np.hstack([D, -D]), b_eq=y, method="highs")
    assert claimed.success
    print(f"scipy {claimed.message.split('(')[0].strip()} value {claimed.fun:g}")

    dictionary, signals = verify.Dictionary.from_array(D), verify.Signals.from_array(y)
    result = verify.solve_problems([BasisPursuit(dictionary=dictionary, signal=signals[0])], signals)
    (outcome,) = result.outcomes
    assert outcome.value_lower is not None
    assert outcome.value_upper is not None
    print(
        f"proved between {float(outcome.value_lower):.9g} and {float(outcome.value_upper):.9g}, status {outcome.status}"
    )
    assert outcome.value_lower > 2 * claimed.fun
    assert outcome.value_lower > 8e-9

    # The certificate is accepted by a checker that shares no code with what wrote it, also from files.
    assert result.certificate is not None
    with TemporaryDirectory() as name:
        folder = Path(name)
        np.save(folder / "D.npy", D)
        np.save(folder / "y.npy", y)
        result.certificate.save(folder / "c.json")
        answer = certificates.check(folder / "c.json", dictionary=folder / "D.npy", signal=folder / "y.npy")
    assert isinstance(answer, certificates.Accepted)
    lower = next(claim for claim in answer.claims if claim["kind"] == "value-lower")
    print(f"accepted: no code with D x = y has an absolute sum below {lower['lower']}")


if __name__ == "__main__":
    main()
