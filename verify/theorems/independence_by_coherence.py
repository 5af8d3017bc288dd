"""(n-1) mu < 1: the atoms are independent."""

from ..facts.measure import Facts
from .language.dictionary_variables import MU, N
from .theorem import Condition, Observable, Section, SparkBound, SparkTheorem, Status


def _lower(facts: Facts) -> SparkBound | None:
    if (facts.n - 1) ** 2 * facts.coherence.squared >= 1:
        return None
    return SparkBound(value=None, theorem="independence-by-coherence")


THEOREM = SparkTheorem(
    id="independence-by-coherence",
    title="Independence from the mutual coherence",
    section=Section.dictionary,
    variables=(N, MU),
    hypotheses=(Condition("(n - 1)*mu < 1"),),
    conclusion="The atoms are linearly independent: spark(D) is infinite.",
    observables=(Observable(quantity="nullity", relation="<=", bound="0"),),
    proof="A dependent set would have at least 1 + 1/mu > n atoms (spark-by-coherence); for mu = 0 the atoms are "
    "orthogonal.",
    source="Donoho, Elad 2003 (spark >= 1 + 1/mu)",
    status=Status.classical,
    depends=("spark-by-coherence",),
    lower=_lower,
)
