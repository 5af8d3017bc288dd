"""spark >= min{s : mu_1(s-1) >= 1}."""

from ..facts.measure import Facts
from .theorem import DICTIONARY_VARIABLES, SparkBound, SparkTheorem


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
    variables=DICTIONARY_VARIABLES,
    hypotheses=(),
    conclusion="spark(D) >= min{s : mu_1(s-1) >= 1}.",
    source="Elad 2010; Tropp 2004 (Gram matrices that are strictly diagonally dominant are invertible)",
    status="classical",
    lower=_lower,
)
