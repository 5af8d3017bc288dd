"""spark >= 2/mu for the union of two orthogonal families."""

import math

from ..facts.measure import Facts
from .theorem import DICTIONARY_VARIABLES, SparkBound, SparkTheorem


def _lower(facts: Facts) -> SparkBound | None:
    squared = facts.coherence.squared
    if facts.orthogonal_family is None or squared == 0:
        return None
    root = math.isqrt(math.floor(4 / squared))
    return SparkBound(value=root + (root * root * squared < 4), theorem="spark-by-orthogonal-families")


THEOREM = SparkTheorem(
    id="spark-by-orthogonal-families",
    title="Uncertainty principle: spark bound for two orthogonal families",
    variables=DICTIONARY_VARIABLES,
    hypotheses=("the atoms split into two non-empty families, each orthogonal",),
    constants={"spark_lower": "2/mu"},
    conclusion="spark(D) >= 2/mu. The families need not be bases.",
    source="Elad, Bruckstein 2002; Donoho, Huo 2001",
    status="proved",
    lower=_lower,
)
