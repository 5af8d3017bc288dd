"""spark >= 2/mu for the union of two orthogonal families."""

import math

from ..facts.measure import Facts
from .language.dictionary_variables import MU
from .theorem import Condition, Observable, Section, SparkBound, SparkTheorem, Status


def _lower(facts: Facts) -> SparkBound | None:
    squared = facts.coherence.squared
    if facts.orthogonal_family is None or squared == 0:
        return None
    root = math.isqrt(math.floor(4 / squared))
    return SparkBound(value=root + (root * root * squared < 4), theorem="spark-by-orthogonal-families")


THEOREM = SparkTheorem(
    id="spark-by-orthogonal-families",
    title="Uncertainty principle: spark bound for two orthogonal families",
    section=Section.dictionary,
    variables=(MU,),
    hypotheses=(Condition("mu > 0"), "the atoms split into two non-empty families, each orthogonal"),
    constants={"spark_lower": "2/mu"},
    conclusion="spark(D) >= 2/mu. The families need not be bases.",
    observables=(Observable(quantity="spark", relation=">=", bound="spark_lower"),),
    proof="A null vector with p and q nonzeros in the two families is one signal written in both. Its largest "
    "coefficient in one family is at most mu times the sum of the moduli in the other, for both: 1 <= mu^2 "
    "p q, so p + q >= 2 sqrt(p q) >= 2/mu. If p = 0 or q = 0 the atoms involved are orthogonal.",
    source="Elad, Bruckstein 2002; Donoho, Huo 2001",
    status=Status.proved,
    remark="Attained by spikes and Hadamard vectors where n is a power of 4.",
    lower=_lower,
)
