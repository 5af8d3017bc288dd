"""mu_1(n-1) < 1: the atoms are independent."""

from ..facts.measure import Facts
from .language.dictionary_variables import BABEL_ALL
from .theorem import Condition, Observable, Section, SparkBound, SparkTheorem, Status


def _lower(facts: Facts) -> SparkBound | None:
    if facts.babel is None or len(facts.babel.upper) < facts.n - 1 or max(facts.babel.upper) >= 1:
        return None
    return SparkBound(value=None, theorem="independence-by-babel")


THEOREM = SparkTheorem(
    id="independence-by-babel",
    title="Independence from the Babel function",
    section=Section.dictionary,
    variables=(BABEL_ALL,),
    hypotheses=(Condition("babel < 1"),),
    conclusion="The atoms are linearly independent: spark(D) is infinite.",
    observables=(Observable(quantity="nullity", relation="<=", bound="0"),),
    proof="The Gram matrix of the unit atoms is strictly diagonally dominant, hence invertible.",
    source="Tropp 2004 (Gram matrices that are strictly diagonally dominant are invertible)",
    status=Status.classical,
    depends=("spark-by-babel",),
    lower=_lower,
)
