"""Basis pursuit below (1 + 1/mu~)/2."""

from ..facts.generalized import largest_level
from ..verdict import Question, Scaling
from .language.dictionary_variables import MU_TILDE, K
from .theorem import Case, Condition, GuaranteeTheorem, Known, Observable, Section, Status


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
    section=Section.recovery,
    variables=(K, MU_TILDE),
    hypotheses=(
        Condition("(2*k - 1)*mu_tilde < 1"),
        "the atoms have equal norms, or the dictionary meant is that of unit atoms",
    ),
    constants={"level_bound": "(1 + 1/mu_tilde)/2"},
    conclusion="Basis pursuit recovers every code with at most k nonzeros.",
    observables=(Observable(quantity="nsc", relation="<", bound="1/2"),),
    proof="nsc_k <= k mu~/(1 + mu~) < 1/2 iff 2k mu~ < 1 + mu~.",
    source="Juditsky, Nemirovski 2011 (alpha_1); certificates/SPEC.md, section 6.3",
    status=Status.proved,
    remark="It says nothing of OMP: the atoms e1, e2, (1, 1, 0.1)/norm have mu~ = 0, and for x = (1, 1, 0) OMP "
    "picks the third.",
    depends=("null-space-by-generalized-coherence", "recovery-by-null-space"),
    level=_level,
    evidence=lambda known: known.facts.generalized,
)
