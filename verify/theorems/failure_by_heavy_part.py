"""A null vector whose k heaviest entries weigh half of it defeats basis pursuit."""

from __future__ import annotations

from fractions import Fraction

from ..facts.null_vectors import NullVector
from ..verdict import Question, Scaling
from .theorem import DICTIONARY_VARIABLES, Case, Known, RefutationTheorem


def heavy_part(vector: NullVector, scaling: Scaling) -> tuple[int, ...] | None:
    """Return the fewest atoms whose entries of h provably weigh at least as much as all others, increasing."""
    weights = zip(vector.moduli(scaling), vector.support, strict=True)
    order = sorted(weights, key=lambda item: (-item[0].lower, -item[0].upper, item[1]))
    heavy, rest = Fraction(0), sum((weight.upper for weight, _ in order), Fraction(0))
    for level, (weight, _) in enumerate(order, 1):
        heavy, rest = heavy + weight.lower, rest - weight.upper
        if heavy >= rest:
            return tuple(sorted(atom for _, atom in order[:level]))
    return None


def _level(known: Known, case: Case) -> int | None:
    vector = known.facts.null_vector
    if case.question is not Question.l1 or vector is None:
        return None
    part = heavy_part(vector, case.scaling)
    return None if part is None else len(part)


THEOREM = RefutationTheorem(
    id="failure-by-heavy-part",
    title="The null space condition fails",
    variables=DICTIONARY_VARIABLES,
    hypotheses=("D h = 0, h != 0, and the k heaviest entries of h weigh at least half of sum w_i |h_i|",),
    conclusion="The code h on those k atoms is not the only minimiser: basis pursuit fails at level k.",
    source="Gribonval, Nielsen 2003 (null space condition); certificates/SPEC.md, section 6.4",
    status="proved",
    level=_level,
    witness=lambda known: known.facts.null_vector,
)
