"""Basis pursuit below (1 + 1/mu~)/2."""

from ..facts.generalized import largest_level
from ..verdict import Question, Scaling
from .theorem import DICTIONARY_VARIABLES, Case, GuaranteeTheorem, Known


def _level(known: Known, case: Case) -> int:
    facts = known.facts
    if case.question is not Question.l1 or facts.generalized is None:
        return 0
    if case.scaling is Scaling.as_given and not facts.norms.equal:
        return 0
    return min(largest_level(facts.generalized), facts.n)


THEOREM = GuaranteeTheorem(
    id="recovery-by-generalized-coherence",
    title="Recovery by generalized coherence",
    variables=DICTIONARY_VARIABLES,
    hypotheses=("(2k-1) mu~ < 1", "the atoms have equal norms, or the dictionary meant is that of unit atoms"),
    constants={"level_bound": "(1 + 1/mu_tilde)/2"},
    conclusion="Basis pursuit recovers every code with at most k nonzeros.",
    source="Juditsky, Nemirovski 2011 (alpha_1); certificates/SPEC.md, section 6.3",
    status="proved",
    level=_level,
    evidence=lambda known: known.facts.generalized,
)
