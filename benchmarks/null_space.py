"""Null-space levels of dictionaries, decided and certified: one line per file.

    python benchmarks/null_space.py FILES... [--effort quick standard thorough] [--scaling as-given]

For every .npy file and effort: the guaranteed and the refuted level of basis pursuit, the seconds of the search and of
writing the certificate, the size of the certificate, and the processor seconds of the checker in a bare interpreter.
Levels between the two are undecided and listed with the bounds of their null-space constants.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import verify


def measure(path: Path, effort: str, scaling: str) -> tuple[float, int]:
    start, cpu = time.perf_counter(), time.process_time()
    result = verify.check_dictionary(verify.load(str(path)), effort=effort, scaling=scaling, check_seconds=0)
    seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
    level = result.levels["l1"]
    checker = Path(__file__).parent.parent / "certificates" / "checker.py"
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "certificate.json"
        result.certificate.save(file)
        start = children_seconds()
        done = subprocess.run(
            [sys.executable, "-I", "-S", str(checker), str(file), "--dictionary", str(path)],
            capture_output=True,
            check=False,
        )
        checked = children_seconds() - start
    refuted = level.refuted if level.refuted is not None else result.facts.n + 1
    print(
        f"{path.stem:24} guaranteed to {level.guaranteed}, refuted from {refuted}; {seconds:6.1f} s "
        f"({cpu:.1f} s of processors), "
        f"{len(result.certificate.data) / 1e6:5.2f} MB, checker {checked:5.1f} s of a processor "
        f"{'accepted' if done.returncode == 0 else 'REJECTED'}",
        flush=True,
    )
    constants = result.facts.null_space
    for k in range(level.guaranteed + 1, refuted):
        upper = min((float(b.upper) for b in constants.uppers if b.level >= k), default=1.0) if constants else 1.0
        lower = max((float(b.lower) for b in constants.lowers if b.level <= k), default=0.0) if constants else 0.0
        print(f"{'':24} level {k} undecided: nsc between {lower:.16f} and {upper:.9f}")
    return seconds, refuted - level.guaranteed - 1


def children_seconds() -> float:
    """Return the processor seconds of the programs run so far."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--effort", nargs="+", default=["standard"], help="one or more of quick, standard, thorough")
    parser.add_argument("--scaling", default="as-given")
    options = parser.parse_args()
    results: list[tuple[float, int]] = []
    for effort in options.effort:
        print(f"effort {effort}")
        results += [measure(path, effort, options.scaling) for path in options.files]
    times = sorted(seconds for seconds, _ in results)
    print(
        f"median {times[len(times) // 2]:.1f} s a matrix for all levels; undecided levels: {sum(u for _, u in results)}"
    )
