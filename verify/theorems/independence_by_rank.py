"""Rank n: the atoms are independent."""

from ..facts.measure import Facts
from .language.dictionary_variables import RANK, N
from .theorem import Condition, Observable, Section, SparkBound, SparkTheorem, Status


def _lower(facts: Facts) -> SparkBound | None:
    if facts.rank.minor is None or facts.rank.lower < facts.n:
        return None
    return SparkBound(value=None, theorem="independence-by-rank")


THEOREM = SparkTheorem(
    id="independence-by-rank",
    title="Independent atoms",
    section=Section.dictionary,
    variables=(RANK, N),
    hypotheses=(Condition("rank == n"),),
    conclusion="The atoms are linearly independent: spark(D) is infinite.",
    observables=(Observable(quantity="nullity", relation="<=", bound="0"),),
    proof="n vectors of rank n are independent: no null vector, no dependent set.",
    source="definition of the spark",
    status=Status.proved,
    lower=_lower,
)
