"""A code with fewer than spark/2 nonzeros is the only one that sparse."""

from ..verdict import Question
from .language.dictionary_variables import SPARK, K
from .theorem import Case, Condition, GuaranteeTheorem, Known, Observable, Section, Status


def _level(known: Known, case: Case) -> int:
    bound = known.spark_lower
    if case.question is not Question.l0 or bound is None or bound.value is None:
        return 0
    return min((bound.value - 1) // 2, known.facts.n)


THEOREM = GuaranteeTheorem(
    id="uniqueness-by-spark",
    title="Uniqueness of sparse codes",
    section=Section.recovery,
    variables=(K, SPARK),
    hypotheses=(Condition("2*k < spark"),),
    conclusion="No two different codes with at most k nonzeros have the same signal.",
    observables=(Observable(quantity="dependent_sets", relation="<=", bound="0"),),
    proof="The difference of two codes of one signal is a null vector with at most 2k nonzeros: fewer than the "
    "spark, so it is 0.",
    source="Donoho, Elad 2003; Gorodnitsky, Rao 1997",
    status=Status.proved,
    level=_level,
    evidence=lambda known: known.spark_lower,
)
