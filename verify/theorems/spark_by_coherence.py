"""spark >= 1 + 1/mu."""

import math

from ..facts.measure import Facts
from .theorem import DICTIONARY_VARIABLES, SparkBound, SparkTheorem


def _lower(facts: Facts) -> SparkBound | None:
    squared = facts.coherence.squared
    if (facts.n - 1) ** 2 * squared < 1:
        return None  # independent: see independence-by-coherence
    root = math.isqrt(math.floor(1 / squared))
    return SparkBound(value=1 + root + (root * root * squared < 1), theorem="spark-by-coherence")


THEOREM = SparkTheorem(
    id="spark-by-coherence",
    title="Spark bound from the mutual coherence",
    variables=DICTIONARY_VARIABLES,
    hypotheses=(),
    constants={"spark_lower": "1 + 1/mu"},
    conclusion="spark(D) >= 1 + 1/mu.",
    source="Donoho, Elad 2003; Elad 2010, Lemma 2.1",
    status="classical",
    lower=_lower,
)
