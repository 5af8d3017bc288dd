"""spark >= min{s : mu_1(s-1) >= 1}."""

from ..facts.measure import Facts
from .language.dictionary_variables import BABEL_SET, SET
from .theorem import Condition, Observable, Section, SparkBound, SparkTheorem, Status


def _lower(facts: Facts) -> SparkBound | None:
    if facts.babel is None:
        return None
    upper = facts.babel.upper
    value = next((s for s, bound in enumerate(upper, 2) if bound >= 1), len(upper) + 2)
    if value > facts.n:
        return None  # independent: see independence-by-babel
    return SparkBound(value=value, theorem="spark-by-babel")


THEOREM = SparkTheorem(
    id="spark-by-babel",
    title="Spark bound from the Babel function",
    section=Section.dictionary,
    variables=(SET, BABEL_SET),
    hypotheses=(Condition("babel < 1"),),
    constants={"spark_lower": "s + 1"},
    conclusion="spark(D) >= s + 1; for the best s, spark(D) >= min{s : mu_1(s-1) >= 1}.",
    observables=(Observable(quantity="spark", relation=">=", bound="spark_lower"),),
    proof="As in spark-by-coherence: at the largest entry of a null vector with p nonzeros, |h_i| <= mu_1(p-1) "
    "|h_i|, so mu_1(p-1) >= 1, and p > s because mu_1 increases.",
    source="Elad 2010; Tropp 2004 (Gram matrices that are strictly diagonally dominant are invertible)",
    status=Status.classical,
    lower=_lower,
)
