"""Rank n: the atoms are independent."""

from ..facts.measure import Facts
from .theorem import SparkBound, SparkTheorem


def _lower(facts: Facts) -> SparkBound | None:
    if facts.rank.minor is None or facts.rank.lower < facts.n:
        return None
    return SparkBound(value=None, theorem="independence-by-rank")


THEOREM = SparkTheorem(
    id="independence-by-rank",
    title="Independent atoms",
    hypotheses=("rank D = n",),
    conclusion="The atoms are linearly independent: spark(D) is infinite.",
    source="definition of the spark",
    status="proved",
    lower=_lower,
)
