"""Basis pursuit where delta_2k < 1/sqrt 2."""

from ..verdict import Question, Scaling
from .theorem import DICTIONARY_VARIABLES, Case, GuaranteeTheorem, IsometryBound, Known


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
    variables=DICTIONARY_VARIABLES,
    hypotheses=(
        "delta_2k < 1/sqrt 2",
        "the atoms have equal norms, or the dictionary meant is that of unit atoms",
    ),
    constants={"delta_bound": "1/sqrt(2)"},
    conclusion="Basis pursuit recovers every code with at most k nonzeros.",
    source="Cai, Zhang 2014; certificates/SPEC.md, section 6.3",
    status="proved",
    level=_level,
    evidence=_evidence,
)
