"""delta_k < 1: any k atoms are independent."""

from ..facts.measure import Facts
from .theorem import DICTIONARY_VARIABLES, SparkBound, SparkTheorem


def _lower(facts: Facts) -> SparkBound | None:
    proved = [found.level for found in facts.isometries if found.upper < 1]
    if not proved or max(proved) >= facts.n:
        return None  # unknown, or independent: see independence-by-isometry
    return SparkBound(value=max(proved) + 1, theorem="spark-by-isometry")


THEOREM = SparkTheorem(
    id="spark-by-isometry",
    title="Spark bound from restricted isometry",
    variables=DICTIONARY_VARIABLES,
    hypotheses=("delta_k < 1",),
    conclusion="spark(D) >= k + 1: any k atoms are linearly independent.",
    source="definition of the restricted isometry constant; certificates/SPEC.md, section 6.2",
    status="proved",
    lower=_lower,
)
