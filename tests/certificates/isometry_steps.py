"""Steps about restricted isometry constants."""

from __future__ import annotations

from fractions import Fraction

from certificate_dictionaries import Rows
from certificate_steps import derive

from certificates.format import rational

ULP = Fraction(1, 2**200)


def enumerated(level, upper):
    return ("isometry-by-enumeration", [], {"level": level, "upper": rational(upper)})


def vector(level, lower, support, real, imaginary=None):
    evidence = {"imaginary": imaginary, "level": level, "lower": rational(lower), "real": real, "support": support}
    return ("isometry-by-vector", [], evidence)


def is_derived(rows: Rows, *steps: tuple) -> bool:
    """Whether all steps are derived; if not, the last one must be the one that fails, for its own reason."""
    found = derive(rows, *steps)
    if found.step == "claim 0":
        return True
    assert found.step == f"step {len(steps) - 1} ({steps[-1][0]})", found
    return False
