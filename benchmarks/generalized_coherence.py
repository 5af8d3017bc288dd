"""Generalized mutual coherence, proved, beside linear programs in floats: times as ratios in one run, and growth.

    python benchmarks/generalized_coherence.py FILE     # FILE: an .npy dictionary, for instance the 250 x 500 of ALISTA
    python benchmarks/generalized_coherence.py --growth # Gaussian 50 x 100 .. 500 x 1000

"ours" is everything: approximation of all atoms, weights in integers with proved bounds for every atom, the exact null
vector that bounds mu~ from below. Beside it, on both cores: one HiGHS linear program per atom (min |u|_1, sum u_j d_j =
d_i; a sample of the atoms, spread over two processes, times n over the sample), and the loop over cvxpy that a
user would write (Clarabel, a smaller sample, one after the other, halved). Those two give floats and prove nothing.
"""

from __future__ import annotations

import argparse
import multiprocessing
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

HIGHS_SAMPLE, CVXPY_SAMPLE = 40, 4


def highs_program(columns: np.ndarray, i: int) -> float:
    """Return mu~_i in floats from one HiGHS linear program."""
    import highspy

    m, n = columns.shape
    others = np.delete(columns, i, axis=1)
    matrix = np.concatenate([others, -others], axis=1)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = 2 * (n - 1), m
    model.col_cost_ = np.ones(2 * (n - 1))
    model.col_lower_, model.col_upper_ = np.zeros(2 * (n - 1)), np.full(2 * (n - 1), highspy.kHighsInf)
    model.row_lower_ = model.row_upper_ = columns[:, i]
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = np.arange(0, 2 * (n - 1) * m + 1, m)
    model.a_matrix_.index_ = np.tile(np.arange(m), 2 * (n - 1))
    model.a_matrix_.value_ = matrix.T.ravel()
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.passModel(model)
    solver.run()
    return 1.0 / solver.getInfo().objective_function_value


def cvxpy_program(columns: np.ndarray, i: int) -> float:
    """Return mu~_i in floats from the problem as one would type it."""
    import cvxpy

    w = cvxpy.Variable(len(columns))
    others = np.delete(columns, i, axis=1)
    problem = cvxpy.Problem(cvxpy.Minimize(cvxpy.norm_inf(others.T @ w)), [columns[:, i] @ w == 1])
    return float(problem.solve(solver=cvxpy.CLARABEL))


def _half(arguments: tuple[np.ndarray, list[int]]) -> tuple[float, float]:
    columns, atoms = arguments
    highs_program(columns, atoms[0])  # the import
    start = time.perf_counter()
    best = max(highs_program(columns, i) for i in atoms)
    return best, time.perf_counter() - start


def beside(path: Path) -> None:
    from verify.dictionaries.sources import load
    from verify.dictionaries.working_space import working_space
    from verify.facts.generalized import generalized_coherence
    from verify.verdict import Scaling

    dictionary = load(str(path))
    entries = np.asarray(dictionary.real, dtype=np.float64)
    columns = entries / np.linalg.norm(entries, axis=0)
    m, n = columns.shape
    start = time.perf_counter()
    found = generalized_coherence(dictionary, working_space(dictionary, Scaling.unit))
    ours = time.perf_counter() - start
    width = float((found.enclosure.upper - found.enclosure.lower) / found.enclosure.upper)
    print(
        f"{m} x {n}: mu~ in [{float(found.enclosure.lower):.9f}, {float(found.enclosure.upper):.9f}], atom {found.atom}"
    )
    print(f"  ours, proved, relative width {width:.1e}, weights for all atoms: {ours:.2f} s")
    sample = np.linspace(0, n - 1, HIGHS_SAMPLE).astype(int).tolist()
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        halves = pool.map(_half, [(columns, sample[::2]), (columns, sample[1::2])])
    highs = max(seconds for _, seconds in halves) * n / len(sample)
    print(
        f"  HiGHS, one program per atom, two processes ({len(sample)} atoms timed): {highs:.1f} s, "
        f"{highs / ours:.1f} times ours"
    )
    cvxpy_program(columns, 0)
    start = time.perf_counter()
    for i in sample[:CVXPY_SAMPLE]:
        cvxpy_program(columns, i)
    loop = (time.perf_counter() - start) * n / CVXPY_SAMPLE
    print(f"  cvxpy loop ({CVXPY_SAMPLE} atoms timed): {loop:.1f} s = {loop / ours:.1f} times ours")
    certificate(path, found)


def certificate(path: Path, found: object) -> None:
    """Write the certificate of the enclosure alone and time the checker in a bare interpreter."""
    from verify.certify.writer import Writer, write_generalized_lower
    from verify.dictionaries.sources import load
    from verify.facts.generalized import GeneralizedCoherence
    from verify.facts.measure import Facts

    if not isinstance(found, GeneralizedCoherence):
        raise TypeError
    writer = Writer(load(str(path)), Facts.__new__(Facts))
    writer.generalized_upper(found)
    write_generalized_lower(writer, found)
    checker = Path(__file__).parent.parent / "certificates" / "checker.py"
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "certificate.json"
        file.write_bytes(writer.draft.sealed())
        start = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-I", "-S", str(checker), str(file), "--dictionary", str(path)],
            capture_output=True,
            text=True,
            check=False,
        )
        seconds = time.perf_counter() - start
        verdict = "accepted" if done.returncode == 0 else done.stdout
        print(f"  certificate of that: {file.stat().st_size / 1e6:.2f} MB, bare checker {seconds:.1f} s, {verdict}")


def growth() -> None:
    from verify.dictionaries.dictionary import Dictionary
    from verify.dictionaries.working_space import working_space
    from verify.facts.generalized import generalized_coherence
    from verify.verdict import Scaling

    for m in (50, 100, 200, 250, 400, 500):
        dictionary = Dictionary.from_array(np.random.default_rng(m).standard_normal((m, 2 * m)))
        start = time.perf_counter()
        found = generalized_coherence(dictionary, working_space(dictionary, Scaling.unit))
        seconds = time.perf_counter() - start
        lower, upper = float(found.enclosure.lower), float(found.enclosure.upper)
        print(f"{m} x {2 * m}: mu~ <= {upper:.6f}, relative width {(upper - lower) / upper:.1e}, {seconds:.1f} s")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--growth", action="store_true")
    options = parser.parse_args()
    if options.growth or options.file is None:
        growth()
    else:
        beside(options.file)
