"""False statements, each a true one with an error planted in it: how soon an attack refutes them, and how clearly.

    python benchmarks/planted.py [--instances 2000] [--seed 0] > docs/planted-errors.md

The statements are those that the tests refute. Each row has what is wrong, the instances that the attack took, seconds,
and the ratio of both sides of the smallest counterexample found, from exact arithmetic.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "attack"))

from planted_codes import PLANTED as CODES
from planted_facts import PLANTED as FACTS
from planted_networks import PLANTED as NETWORKS
from planted_stripes import PLANTED as STRIPES

from verify.attack import attack

HEAD = """# Planted errors

`python benchmarks/planted.py` takes true statements, plants an error in each, and attacks what comes out. A row is
refuted by a counterexample that is proved in exact arithmetic; the ratio is that of both sides, above 1 where the
statement is violated (1 where a strict one meets equality, infinite where the bound is 0). Seconds on one thread of a
2.6 GHz server processor, other programs running.

| statement | what is wrong | refuted | ratio | instances | seconds |
|---|---|---|---|---|---|"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--instances", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    print(HEAD)
    for planted in [*FACTS, *CODES, *NETWORKS, *STRIPES]:
        name = planted.of if isinstance(planted.of, str) else planted.of.id
        start = time.perf_counter()
        outcome = attack(planted.trial, instances=max(options.instances, planted.instances), seed=options.seed)
        seconds = time.perf_counter() - start
        found = outcome.counterexample
        violation = None if found is None else found.violation
        ratio = "" if violation is None else "infinite" if violation.ratio is None else f"{float(violation.ratio):.4g}"
        wrong = planted.wrong.replace("|", "\\|")
        refuted = "no" if violation is None else "yes"
        print(f"| {name} | {wrong} | {refuted} | {ratio} | {outcome.instances} | {seconds:.1f} |", flush=True)


if __name__ == "__main__":
    main()
