"""Basis pursuit and OMP below (1 + 1/mu)/2."""

from ..verdict import Question, Scaling
from .language.dictionary_variables import MU, K
from .theorem import Case, Condition, GuaranteeTheorem, Known, Observable, Section, Status


def _level(known: Known, case: Case) -> int:
    facts = known.facts
    if case.question not in (Question.l1, Question.omp) or (case.scaling is Scaling.as_given and not facts.norms.equal):
        return 0
    level = facts.coherence.largest_level
    return facts.n if level is None else min(level, facts.n)


THEOREM = GuaranteeTheorem(
    id="recovery-by-coherence",
    title="Recovery by coherence",
    section=Section.recovery,
    variables=(K, MU),
    hypotheses=(
        Condition("(2*k - 1)*mu < 1"),
        "the atoms have equal norms, or the dictionary meant is that of unit atoms",
    ),
    constants={"level_bound": "(1 + 1/mu)/2"},
    conclusion="Basis pursuit and OMP recover every code with at most k nonzeros.",
    observables=(
        Observable(quantity="nsc", relation="<", bound="1/2"),
        Observable(quantity="greedy", relation="<", bound="1"),
    ),
    proof="mu_1(k) <= k mu, so mu_1(k-1) + mu_1(k) <= (2k-1) mu < 1: recovery-by-babel.",
    source="Tropp 2004, Corollary 3.6; Donoho, Elad 2003; Gribonval, Nielsen 2003",
    status=Status.classical,
    remark="Strict: n atoms with sum zero and all cosines -1/(n-1), n even, attain equality at k = n/2 and fail there.",
    depends=("recovery-by-babel", "babel-by-coherence"),
    level=_level,
    evidence=lambda known: known.facts.coherence,
)
