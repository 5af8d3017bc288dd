"""spark > s where every s atoms are independent."""

from ..facts.measure import Facts
from .language.dictionary_variables import SET
from .theorem import Observable, Section, SparkBound, SparkTheorem, Status


def _lower(facts: Facts) -> SparkBound | None:
    if facts.enumeration is None or facts.enumeration.size < 2:
        return None
    return SparkBound(value=facts.enumeration.size + 1, theorem="spark-by-enumeration")


THEOREM = SparkTheorem(
    id="spark-by-enumeration",
    title="Spark bound from all sets of s atoms",
    section=Section.dictionary,
    variables=(SET,),
    hypotheses=("every s atoms are linearly independent modulo a prime",),
    constants={"spark_lower": "s + 1"},
    conclusion="spark(D) >= s + 1.",
    observables=(Observable(quantity="spark", relation=">=", bound="spark_lower"),),
    proof="A minor that is not 0 modulo a prime is not 0. So no s atoms are dependent.",
    source="definition of the spark; Gabizon, Raz 2008 for the map to s dimensions",
    status=Status.proved,
    lower=_lower,
)
