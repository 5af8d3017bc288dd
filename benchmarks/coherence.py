"""Exact mutual coherence beside what one would type otherwise, in one run: time and peak memory as ratios.

    python benchmarks/coherence.py            # 512 x 8192 and 768 x 24576, float32
    python benchmarks/coherence.py --quick    # the first one only

Each measurement runs in a process of its own, so that peak memory is its own; the best of three times counts. The
dictionary is made before the clock starts. "above data" is the peak resident memory above that of a process
that only holds the dictionary.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import time
from collections.abc import Callable

import numpy as np


def dictionary(m: int, n: int) -> np.ndarray:
    return np.random.default_rng(0).standard_normal((m, n), dtype=np.float32)


def numpy_coherence(D: np.ndarray) -> float:
    """What people type: normalise, Gram matrix, mask the diagonal, maximum."""
    unit = D / np.linalg.norm(D, axis=0)
    gram = np.abs(unit.T @ unit)
    np.fill_diagonal(gram, 0)
    return float(gram.max())


def half_product(D: np.ndarray) -> float:
    """Half of the Gram matrix by numpy products and nothing else: the floor for any method that looks at every pair."""
    n, step, corner = D.shape[1], 2048, 0.0
    for start in range(0, n, step):
        corner += float((D[:, start : start + step].T @ D[:, start:])[0, 0])
    return corner


def ours(D: np.ndarray) -> float:
    from verify.dictionaries.dictionary import Dictionary
    from verify.facts.coherence import mutual_coherence

    return float(mutual_coherence(Dictionary.from_array(D, copy=False)).squared) ** 0.5


def nothing(D: np.ndarray) -> float:
    import verify.facts.coherence  # noqa: F401 - the same imports as `ours`

    return float(D[0, 0])


def _measure(work: Callable[[np.ndarray], float], shape: tuple[int, int], repeats: int, results) -> None:
    D = dictionary(*shape)
    times = []
    value = 0.0
    for _ in range(repeats):
        start = time.perf_counter()
        value = work(D)
        times.append(time.perf_counter() - start)
    results.put((min(times), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, value))


def measure(work: Callable[[np.ndarray], float], shape: tuple[int, int], repeats: int) -> tuple[float, float, float]:
    """Return (best seconds, peak MiB, value) of `work` in a process of its own."""
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    process = context.Process(target=_measure, args=(work, shape, repeats, results))
    process.start()
    answer = results.get()
    process.join()
    return answer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="only 512 x 8192")
    options = parser.parse_args()
    print(f"{'shape':>12}  {'method':<34} {'seconds':>8} {'ratio':>6} {'MiB above data':>15} {'ratio':>6}  value")
    shapes = [((512, 8192), numpy_coherence, "numpy abs(D.T @ D).max()", 3)]
    if not options.quick:
        shapes.append(((768, 24576), half_product, "numpy: half the Gram product", 2))
    for shape, peer, name, repeats in shapes:
        base = measure(nothing, shape, 1)[1]
        theirs, mine = measure(peer, shape, repeats), measure(ours, shape, repeats)
        for label, result in ((name, theirs), ("sparse-verify, exact with witness", mine)):
            memory, reference = result[1] - base, theirs[1] - base
            print(
                f"{shape[0]:>5} x {shape[1]:>5}  {label:<34} {result[0]:8.2f} {result[0] / theirs[0]:6.2f} "
                f"{memory:15.0f} {memory / reference:6.2f}  {result[2]:.6f}"
            )


if __name__ == "__main__":
    main()
