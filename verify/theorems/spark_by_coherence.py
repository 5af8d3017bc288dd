"""spark >= 1 + 1/mu."""

import math

from ..facts.measure import Facts
from .language.dictionary_variables import MU
from .theorem import Condition, Observable, Section, SparkBound, SparkTheorem, Status


def _lower(facts: Facts) -> SparkBound | None:
    squared = facts.coherence.squared
    if (facts.n - 1) ** 2 * squared < 1:
        return None  # independent: see independence-by-coherence
    root = math.isqrt(math.floor(1 / squared))
    return SparkBound(value=1 + root + (root * root * squared < 1), theorem="spark-by-coherence")


THEOREM = SparkTheorem(
    id="spark-by-coherence",
    title="Spark bound from the mutual coherence",
    section=Section.dictionary,
    variables=(MU,),
    hypotheses=(Condition("mu > 0"),),
    constants={"spark_lower": "1 + 1/mu"},
    conclusion="spark(D) >= 1 + 1/mu.",
    observables=(Observable(quantity="spark", relation=">=", bound="spark_lower"),),
    proof="Let h be a null vector of D^ with p nonzeros and i the place of its largest entry. Then |h_i| is at "
    "most the sum of |<d^_i, d^_j>| |h_j| over the other p - 1 places, hence at most (p - 1) mu |h_i|: p >= "
    "1 + 1/mu.",
    source="Donoho, Elad 2003; Elad 2010, Lemma 2.1",
    status=Status.classical,
    remark="Attained: n atoms with sum zero and all cosines -1/(n-1) have mu = 1/(n-1) and spark n. For mu = 0 the "
    "atoms are independent.",
    lower=_lower,
)
