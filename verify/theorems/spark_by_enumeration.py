"""spark > s where every s atoms are independent."""

from ..facts.measure import Facts
from .theorem import DICTIONARY_VARIABLES, SparkBound, SparkTheorem


def _lower(facts: Facts) -> SparkBound | None:
    if facts.enumeration is None or facts.enumeration.size < 2:
        return None
    return SparkBound(value=facts.enumeration.size + 1, theorem="spark-by-enumeration")


THEOREM = SparkTheorem(
    id="spark-by-enumeration",
    title="Spark bound from all sets of s atoms",
    variables={**DICTIONARY_VARIABLES, "s": "number of atoms in a set, at least 2"},
    hypotheses=("every s atoms are linearly independent modulo a prime",),
    constants={"spark_lower": "s + 1"},
    conclusion="spark(D) >= s + 1.",
    source="definition of the spark; Gabizon, Raz 2008 for the map to s dimensions",
    status="proved",
    lower=_lower,
)
