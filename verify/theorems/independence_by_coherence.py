"""(n-1) mu < 1: the atoms are independent."""

from ..facts.measure import Facts
from .theorem import DICTIONARY_VARIABLES, SparkBound, SparkTheorem


def _lower(facts: Facts) -> SparkBound | None:
    if (facts.n - 1) ** 2 * facts.coherence.squared >= 1:
        return None
    return SparkBound(value=None, theorem="independence-by-coherence")


THEOREM = SparkTheorem(
    id="independence-by-coherence",
    title="Independence from the mutual coherence",
    variables=DICTIONARY_VARIABLES,
    hypotheses=("(n-1) mu < 1",),
    conclusion="The atoms are linearly independent: spark(D) is infinite.",
    source="Donoho, Elad 2003 (spark >= 1 + 1/mu)",
    status="classical",
    lower=_lower,
)
