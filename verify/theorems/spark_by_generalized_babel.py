"""spark >= min{s : W_1(s-1) >= 1}."""

from ..facts.measure import Facts
from .theorem import DICTIONARY_VARIABLES, SparkBound, SparkTheorem


def _lower(facts: Facts) -> SparkBound | None:
    if facts.generalized_babel is None or facts.generalized is not None:
        return None  # no weights have smaller sums than those of mu~, whose bound of the spark says as much
    upper = facts.generalized_babel.upper
    value = next((s for s, bound in enumerate(upper, 2) if bound >= 1), len(upper) + 2)
    return None if value > facts.n else SparkBound(value=value, theorem="spark-by-generalized-babel")


THEOREM = SparkTheorem(
    id="spark-by-generalized-babel",
    title="Spark bound from the generalized Babel function",
    variables=DICTIONARY_VARIABLES,
    hypotheses=(),
    conclusion="spark(D) >= min{s : W_1(s-1) >= 1}.",
    source="at the largest entry of a null vector; certificates/SPEC.md, section 6.2",
    status="proved",
    lower=_lower,
)
