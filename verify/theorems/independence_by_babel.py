"""mu_1(n-1) < 1: the atoms are independent."""

from ..facts.measure import Facts
from .theorem import DICTIONARY_VARIABLES, SparkBound, SparkTheorem


def _lower(facts: Facts) -> SparkBound | None:
    if facts.babel is None or len(facts.babel.upper) < facts.n - 1 or max(facts.babel.upper) >= 1:
        return None
    return SparkBound(value=None, theorem="independence-by-babel")


THEOREM = SparkTheorem(
    id="independence-by-babel",
    title="Independence from the Babel function",
    variables=DICTIONARY_VARIABLES,
    hypotheses=("mu_1(n-1) < 1",),
    conclusion="The atoms are linearly independent: spark(D) is infinite.",
    source="Tropp 2004 (Gram matrices that are strictly diagonally dominant are invertible)",
    status="classical",
    lower=_lower,
)
