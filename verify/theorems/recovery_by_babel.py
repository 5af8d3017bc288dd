"""Basis pursuit and OMP where mu_1(k-1) + mu_1(k) < 1."""

from fractions import Fraction

from ..verdict import Question, Scaling
from .language.dictionary_variables import BABEL, BABEL_BEFORE, K
from .theorem import Case, Condition, GuaranteeTheorem, Known, Observable, Section, Status


def _level(known: Known, case: Case) -> int:
    facts = known.facts
    if facts.babel is None or case.question not in (Question.l1, Question.omp):
        return 0
    if case.scaling is Scaling.as_given and not facts.norms.equal:
        return 0
    values = [Fraction(0), *facts.babel.upper]
    if len(facts.babel.upper) == facts.n - 1:
        values.append(values[-1])
    level = 0
    while level + 1 < len(values) and values[level] + values[level + 1] < 1:
        level += 1
    return level


THEOREM = GuaranteeTheorem(
    id="recovery-by-babel",
    title="Recovery by the Babel function",
    section=Section.recovery,
    variables=(K, BABEL_BEFORE, BABEL),
    hypotheses=(
        Condition("babel_before + babel < 1"),
        "the atoms have equal norms, or the dictionary meant is that of unit atoms",
    ),
    conclusion="Basis pursuit and OMP recover every code with at most k nonzeros.",
    observables=(
        Observable(quantity="nsc", relation="<", bound="1/2"),
        Observable(quantity="greedy", relation="<", bound="1"),
    ),
    proof="For |S| <= k the inverse Gram matrix of D^_S has row sums of at most 1/(1 - mu_1(k-1)), so |D^_S^+ "
    "d^_i|_1 <= mu_1(k)/(1 - mu_1(k-1)) < 1 for every i off S: exact-recovery.",
    source="Tropp 2004, Theorem 3.5",
    status=Status.classical,
    depends=("exact-recovery",),
    level=_level,
    evidence=lambda known: known.facts.babel,
)
