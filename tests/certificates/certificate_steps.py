"""Steps written by hand: what a rule derives from them, and why it refuses."""

from __future__ import annotations

from certificate_writer import answer, draft

import certificates
from certificates.format import integers

BIG = 10**3999


def derive(rows, *steps):
    """Check a certificate with these (rule, uses, evidence); each step is claimed to derive nonsense."""
    written = draft(rows)
    for rule, uses, evidence in steps:
        written.claim(written.step(rule, uses, **evidence), "nonsense")
    return answer(rows, written)


def derived(rows, *steps):
    """What the last of these steps derives, found by searching the claim that is accepted among `candidates`."""
    found = derive(rows, *steps)
    assert isinstance(found, certificates.Rejected)
    assert found.step == "claim 0", found  # every step was derived, only the nonsense was refused


def refused(rows, *steps):
    """The reason for which the last of these steps is refused."""
    found = derive(rows, *steps)
    assert isinstance(found, certificates.Rejected), found
    assert found.step == f"step {len(steps) - 1} ({steps[-1][0]})", found
    return found.why


def asked(level, question, scaling="unit"):
    return {"level": level, "question": question, "scaling": scaling}


def coherence(i, j):
    return ("mutual-coherence", [], {"pair": [i, j]})


def bounds(*upper, lower=None):
    lower = lower or ["0"] * len(upper)
    return ("babel", [], {"lower": list(lower), "upper": list(upper)})


def null(support, real, imaginary=None):
    return ("null-vector", [], {"imaginary": imaginary, "real": real, "support": support})


def minor(rows, columns, modulus=10007, root=0):
    return ("rank", [], {"columns": columns, "modulus": modulus, "root": root, "rows": rows})


NORMS = ("atom-norms", [], {})
SIMPLEX_NULL = null([0, 1, 2, 3], integers([1, 1, 1, 1]))
REPEATED = [[1, 1, 0], [0, 0, 1]]
