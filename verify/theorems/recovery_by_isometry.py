"""Basis pursuit where delta_2k < 1/sqrt 2."""

from ..verdict import Question, Scaling
from .language.dictionary_variables import DELTA_2K, K
from .theorem import Case, Condition, GuaranteeTheorem, IsometryBound, Known, Observable, Section, Status


def _greatest(known: Known) -> int:
    n = known.facts.n
    levels = (bound.level for bound in known.isometry_bounds if 2 * bound.upper**2 < 1)
    return max((n if level >= n else level // 2 for level in levels), default=0)


def _evidence(known: Known) -> IsometryBound | None:
    return known.isometry_bound(2 * _greatest(known))


def _level(known: Known, case: Case) -> int:
    if case.question is not Question.l1 or (case.scaling is Scaling.as_given and not known.facts.norms.equal):
        return 0
    return _greatest(known)


THEOREM = GuaranteeTheorem(
    id="recovery-by-isometry",
    title="Recovery by restricted isometry",
    section=Section.recovery,
    variables=(K, DELTA_2K),
    hypotheses=(
        Condition("delta < 1/sqrt(2)"),
        "the atoms have equal norms, or the dictionary meant is that of unit atoms",
    ),
    constants={"delta_bound": "1/sqrt(2)"},
    conclusion="Basis pursuit recovers every code with at most k nonzeros.",
    observables=(Observable(quantity="nsc", relation="<", bound="1/2"),),
    proof="Let w be the k largest entries of a null vector h and v the rest, and suppose |v|_1 <= |w|_1. Then v "
    "is an average of k-sparse u_i with |u_i|_2 <= |w|_2, and an identity for the norms of D^(w + t u_i), t "
    "= sqrt 2 - 1, gives delta_2k >= 1/sqrt 2. Line by line: certificates/SPEC.md, section 6.3.",
    source="Cai, Zhang 2014; certificates/SPEC.md, section 6.3",
    status=Status.proved,
    remark="The bound is sharp: above it basis pursuit fails for some dictionary (Cai, Zhang 2014).",
    level=_level,
    evidence=_evidence,
)
