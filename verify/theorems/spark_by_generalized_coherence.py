"""spark >= 1 + 1/mu~."""

import math

from ..facts.measure import Facts
from .language.dictionary_variables import MU_TILDE
from .theorem import Condition, Observable, Section, SparkBound, SparkTheorem, Status


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
    section=Section.dictionary,
    variables=(MU_TILDE,),
    hypotheses=(Condition("mu_tilde > 0"),),
    constants={"spark_lower": "1 + 1/mu_tilde"},
    conclusion="spark(D) >= 1 + 1/mu~.",
    observables=(Observable(quantity="spark", relation=">=", bound="spark_lower"),),
    proof="At the largest entry h_i of a null vector with p nonzeros, 0 = w_i^T D^ h gives |h_i| <= (p - 1) mu~ |h_i|.",
    source="as for the coherence, at the largest entry of a null vector; certificates/SPEC.md, section 6.2",
    status=Status.proved,
    remark="For mu~ = 0 no atom lies in the span of the others.",
    lower=_lower,
)
