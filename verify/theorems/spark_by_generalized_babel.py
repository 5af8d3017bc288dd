"""spark >= min{s : W_1(s-1) >= 1}."""

from ..facts.measure import Facts
from .language.dictionary_variables import GENERALIZED_BABEL_SET, SET
from .theorem import Condition, Observable, Section, SparkBound, SparkTheorem, Status


def _lower(facts: Facts) -> SparkBound | None:
    if facts.generalized_babel is None or facts.generalized is not None:
        return None  # no weights have smaller sums than those of mu~, whose bound of the spark says as much
    upper = facts.generalized_babel.upper
    value = next((s for s, bound in enumerate(upper, 2) if bound >= 1), len(upper) + 2)
    return None if value > facts.n else SparkBound(value=value, theorem="spark-by-generalized-babel")


THEOREM = SparkTheorem(
    id="spark-by-generalized-babel",
    title="Spark bound from the generalized Babel function",
    section=Section.dictionary,
    variables=(SET, GENERALIZED_BABEL_SET),
    hypotheses=(Condition("W_1 < 1"),),
    constants={"spark_lower": "s + 1"},
    conclusion="spark(D) >= s + 1; for the best s, spark(D) >= min{s : W_1(s-1) >= 1}.",
    observables=(Observable(quantity="spark", relation=">=", bound="spark_lower"),),
    proof="At the largest entry h_i of a null vector with p nonzeros, h_i = -(sum of w_i^T d_j h_j over j != i), "
    "so |h_i| <= P_i(p-1) |h_i| and W_1(p-1) >= 1; W_1 increases.",
    source="at the largest entry of a null vector; certificates/SPEC.md, section 6.2",
    status=Status.proved,
    lower=_lower,
)
