"""delta_k < 1: any k atoms are independent."""

from ..facts.measure import Facts
from .language.dictionary_variables import DELTA_K, K
from .theorem import Condition, Observable, Section, SparkBound, SparkTheorem, Status


def _lower(facts: Facts) -> SparkBound | None:
    proved = [found.level for found in facts.isometries if found.upper < 1]
    if not proved or max(proved) >= facts.n:
        return None  # unknown, or independent: see independence-by-isometry
    return SparkBound(value=max(proved) + 1, theorem="spark-by-isometry")


THEOREM = SparkTheorem(
    id="spark-by-isometry",
    title="Spark bound from restricted isometry",
    section=Section.dictionary,
    variables=(K, DELTA_K),
    hypotheses=(Condition("delta < 1"),),
    constants={"spark_lower": "k + 1"},
    conclusion="spark(D) >= k + 1: any k atoms are linearly independent.",
    observables=(Observable(quantity="spark", relation=">=", bound="spark_lower"),),
    proof="|D^ z|^2 >= (1 - delta_k) |z|^2 > 0 for every z != 0 with at most k nonzeros.",
    source="definition of the restricted isometry constant; certificates/SPEC.md, section 6.2",
    status=Status.proved,
    lower=_lower,
)
