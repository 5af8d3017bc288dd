"""A code with fewer than spark/2 nonzeros is the only one that sparse."""

from ..verdict import Question
from .theorem import DICTIONARY_VARIABLES, Case, GuaranteeTheorem, Known


def _level(known: Known, case: Case) -> int:
    bound = known.spark_lower
    if case.question is not Question.l0 or bound is None or bound.value is None:
        return 0
    return min((bound.value - 1) // 2, known.facts.n)


THEOREM = GuaranteeTheorem(
    id="uniqueness-by-spark",
    title="Uniqueness of sparse codes",
    variables=DICTIONARY_VARIABLES,
    hypotheses=("2k < spark(D)",),
    conclusion="No two different codes with at most k nonzeros have the same signal.",
    source="Donoho, Elad 2003; Gorodnitsky, Rao 1997",
    status="proved",
    level=_level,
    evidence=lambda known: known.spark_lower,
)
