"""spark >= k / nsc_k."""

from ..facts.measure import Facts
from ..facts.null_space import best_for_spark
from .theorem import DICTIONARY_VARIABLES, SparkBound, SparkTheorem


def _lower(facts: Facts) -> SparkBound | None:
    found = None if facts.null_space is None else best_for_spark(facts.null_space, facts.n)
    return None if found is None else SparkBound(value=found[0], theorem="spark-by-null-space")


THEOREM = SparkTheorem(
    id="spark-by-null-space",
    title="Spark bound from the null-space constant",
    variables={**DICTIONARY_VARIABLES, "nsc": "null-space constant at level k"},
    hypotheses=("nsc_k < 1",),
    constants={"spark_lower": "k/nsc"},
    conclusion="spark(D) >= k / nsc_k.",
    source="the k largest of s entries hold the share k/s at least; certificates/SPEC.md, section 6.2",
    status="proved",
    lower=_lower,
)
