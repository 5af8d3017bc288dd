"""spark >= 1 + 1/mu~."""

import math

from ..facts.measure import Facts
from .theorem import DICTIONARY_VARIABLES, SparkBound, SparkTheorem


def _lower(facts: Facts) -> SparkBound | None:
    if facts.generalized is None:
        return None
    largest = max(facts.generalized.upper)
    if (facts.n - 1) * largest < 1:
        return None  # independent: see independence-by-rank
    return SparkBound(value=math.ceil(1 / largest) + 1, theorem="spark-by-generalized-coherence")


THEOREM = SparkTheorem(
    id="spark-by-generalized-coherence",
    title="Spark bound from the generalized coherence",
    variables=DICTIONARY_VARIABLES,
    hypotheses=("mu~ > 0",),
    constants={"spark_lower": "1 + 1/mu_tilde"},
    conclusion="spark(D) >= 1 + 1/mu~.",
    source="as for the coherence, at the largest entry of a null vector; certificates/SPEC.md, section 6.2",
    status="proved",
    lower=_lower,
)
