"""Facts of small dictionaries beside cr-sparse and toqito: values, times, and where they are wrong.

    python benchmarks/peers.py --cr-sparse PYTHON --toqito PYTHON      # either may be left out

PYTHON is the interpreter of an environment that has the peer (benchmarks/README.md says how to make them). Each peer
runs in processes of its own on the same .npy files; the time is the second call's, without imports and compilation
(the spark is computed once), and a process is given 60 seconds. "babel" is mu_1(2); our spark is the proved bounds of a
whole check, with its time. A value is wrong where it differs from the exact one by more than 1e-5 of it, which is more
than binary32 explains; a spark where it is outside the proved bounds.
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np

LIMIT = 60

_COMMON = """
import json, sys, time, warnings
warnings.simplefilter("ignore")
import numpy as np
matrix = np.load(sys.argv[1], allow_pickle=False)
def said(work):
    work()
    start = time.perf_counter()
    value = work()
    print(json.dumps([value, time.perf_counter() - start]))
"""
CODES = {
    ("cr-sparse", "coherence"): """
import cr.sparse.dict as crdict, jax.numpy as jnp
given = jnp.asarray(matrix)
said(lambda: float(crdict.coherence(given)))
""",
    ("cr-sparse", "babel"): """
import cr.sparse.dict as crdict, jax.numpy as jnp
given = jnp.asarray(matrix)
said(lambda: float(crdict.babel(given)[1]))
""",
    ("toqito", "coherence"): """
from toqito.matrix_props import mutual_coherence
given = list(matrix.T)
said(lambda: float(mutual_coherence(given)))
""",
    ("toqito", "spark"): """
from toqito.matrix_props import spark
start = time.perf_counter()
value = int(spark(matrix))
print(json.dumps([value, time.perf_counter() - start]))
""",
}


def dictionaries() -> dict[str, np.ndarray]:
    """Return what is measured: built-ins, and what peers may not expect."""
    from verify.dictionaries import load

    named: dict[str, np.ndarray] = {}
    for name in ("identity-hadamard:8", "identity-hadamard:16", "digits", "dirac-dft:16"):
        found = load(f"builtin:{name}")
        real = np.asarray(found.real, dtype=np.float64)
        imaginary = found.imaginary
        matrix = real if imaginary is None else real + 1j * np.asarray(imaginary, dtype=np.float64)
        named[name] = matrix / np.linalg.norm(matrix, axis=0)
    random = np.random.default_rng(0)
    named["gaussian 4 x 8, as drawn"] = random.standard_normal((4, 8))
    complex_ = random.standard_normal((6, 20)) + 1j * random.standard_normal((6, 20))
    named["gaussian 6 x 20, complex, unit atoms"] = complex_ / np.linalg.norm(complex_, axis=0)
    named["an entry of 1e-17"] = np.array([[1, 0, 1], [0, 1e-17, 1]])
    named["entries of 1e-30"] = np.array([[1, 1e-30, 0, 1], [0, 1e-30, 1, 0], [0, 0, 0, 1e-30]])
    return named


def ours(matrix: np.ndarray) -> dict[str, tuple[object, float]]:
    """Return our values with their times; for the spark its proved bounds, from a whole quick check."""
    import verify
    from verify.dictionaries.dictionary import Dictionary
    from verify.facts.babel import babel
    from verify.facts.coherence import mutual_coherence

    dictionary = Dictionary.from_array(matrix)
    found: dict[str, tuple[object, float]] = {}
    for name, work in (
        ("coherence", lambda: math.sqrt(mutual_coherence(dictionary).squared)),
        ("babel", lambda: float(babel(dictionary, mutual_coherence(dictionary)).upper[1])),
        ("spark", lambda: spark_bounds(verify.check_dictionary(dictionary))),
    ):
        if name != "spark":
            work()
        start = time.perf_counter()
        value = work()
        found[name] = (value, time.perf_counter() - start)
    return found


def spark_bounds(result: object) -> tuple[int, int | None]:
    """Return the bounds of the spark that the checker accepted."""
    claims = result.answer.claims  # type: ignore[attr-defined]
    n = result.dictionary.shape[1]  # type: ignore[attr-defined]
    if any(claim["kind"] == "independent" for claim in claims):
        return n + 1, n + 1
    lower = max((claim["value"] for claim in claims if claim["kind"] == "spark-lower"), default=2)
    return lower, min((claim["value"] for claim in claims if claim["kind"] == "spark-upper"), default=None)


def theirs(python: str, peer: str, quantity: str, path: Path) -> tuple[object, float] | str:
    """Return a peer's value and time, or why there is none."""
    command = [python, "-c", _COMMON + CODES[peer, quantity], str(path)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT, check=False)
    except subprocess.TimeoutExpired:
        return f"not done in {LIMIT} s"
    if done.returncode:
        return (done.stderr.strip().splitlines() or ["failed"])[-1][:60]
    value, seconds = json.loads(done.stdout.splitlines()[-1])
    return value, seconds


def judged(quantity: str, value: object, true: object) -> str:
    """Return `wrong` for a value that ours rules out, `right` where it settles it."""
    if quantity == "spark":
        lower, upper = true  # type: ignore[misc]
        if value < lower or (upper is not None and value > upper):
            return "wrong"
        return "right" if lower == upper else "possible"
    return "right" if math.isclose(value, true, rel_tol=1e-5) else "wrong"  # type: ignore[arg-type]


def shown(value: object) -> str:
    """Return a value as the table shows it."""
    if isinstance(value, tuple):
        lower, upper = value
        return str(lower) if lower == upper else f"{lower} to {upper}" if upper is not None else f"{lower} or more"
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def main() -> None:
    """Print the table, as Markdown."""
    parser = argparse.ArgumentParser(description="Facts beside cr-sparse and toqito.")
    parser.add_argument("--cr-sparse", metavar="PYTHON", help="interpreter of an environment with cr-sparse")
    parser.add_argument("--toqito", metavar="PYTHON", help="interpreter of an environment with toqito")
    options = parser.parse_args()
    pythons = {"cr-sparse": options.cr_sparse, "toqito": options.toqito}
    wrong: dict[str, int] = {}
    asked: dict[str, int] = {}
    print("| dictionary | quantity | ours | peer | its value | its time, ours | |\n|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for name, matrix in dictionaries().items():
            path = Path(folder) / "D.npy"
            np.save(path, matrix, allow_pickle=False)
            true = ours(matrix)
            for peer, quantity in CODES:
                if pythons[peer] is None:
                    continue
                found = theirs(pythons[peer], peer, quantity, path)
                own, seconds = true[quantity]
                answer, value, took = ("", found, f"-, {seconds:.1e} s")
                asked[peer] = asked.get(peer, 0) + 1
                if not isinstance(found, str):
                    answer, value = judged(quantity, found[0], own), found[0]
                    took = f"{found[1]:.1e} s, {seconds:.1e} s"
                    wrong[peer] = wrong.get(peer, 0) + (answer == "wrong")
                mark = "**wrong**" if answer == "wrong" else answer
                print(f"| {name} | {quantity} | {shown(own)} | {peer} | {shown(value)} | {took} | {mark} |", flush=True)
    for peer, count in asked.items():
        print(f"\n{peer}: {wrong.get(peer, 0)} of {count} values are wrong")


if __name__ == "__main__":
    main()
