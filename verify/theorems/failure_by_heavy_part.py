"""A null vector whose k heaviest entries weigh half of it defeats basis pursuit."""

from __future__ import annotations

from ..facts.heavy_vectors import least_level_of_half
from ..facts.null_vectors import NullVector
from ..verdict import Question, Scaling
from .theorem import Case, Known, Observable, RefutationTheorem, Section, Status


def _best(known: Known, scaling: Scaling) -> tuple[int, NullVector] | None:
    """Return the lowest level that a known null vector refutes, and that vector."""
    facts = known.facts
    vectors = [] if facts.null_vector is None else [facts.null_vector]
    if facts.null_space is not None and facts.null_space.refuted is not None:
        vectors.append(facts.null_space.refuted.vector)
    levels = [(least_level_of_half(vector, scaling), vector) for vector in vectors]
    found = [(level, vector) for level, vector in levels if level is not None]
    return min(found, key=lambda item: item[0], default=None)


def _level(known: Known, case: Case) -> int | None:
    best = _best(known, case.scaling) if case.question is Question.l1 else None
    return None if best is None else best[0]


def _witness(known: Known, case: Case) -> object:
    best = _best(known, case.scaling)
    return None if best is None else best[1]


THEOREM = RefutationTheorem(
    id="failure-by-heavy-part",
    title="The null space condition fails",
    section=Section.recovery,
    hypotheses=("D h = 0, h != 0, and the k heaviest entries of h weigh at least half of sum w_i |h_i|",),
    conclusion="The code h on those k atoms is not the only minimiser: basis pursuit fails at level k.",
    observables=(Observable(quantity="code_share", relation=">=", bound="1/2"),),
    proof="Let S be those places and x = h on S. Then x - h has the signal of x and weight sum over i off S of "
    "w_i |h_i| <= sum over S: x is not the only minimiser.",
    source="Gribonval, Nielsen 2003 (null space condition); certificates/SPEC.md, section 6.4",
    status=Status.proved,
    level=_level,
    witness=_witness,
)
