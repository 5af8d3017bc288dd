"""delta_n < 1: the atoms are independent."""

from ..facts.measure import Facts
from .language.dictionary_variables import DELTA_N
from .theorem import Condition, Observable, Section, SparkBound, SparkTheorem, Status


def _lower(facts: Facts) -> SparkBound | None:
    if not any(found.level == facts.n and found.upper < 1 for found in facts.isometries):
        return None
    return SparkBound(value=None, theorem="independence-by-isometry")


THEOREM = SparkTheorem(
    id="independence-by-isometry",
    title="Independence from restricted isometry",
    section=Section.dictionary,
    variables=(DELTA_N,),
    hypotheses=(Condition("delta < 1"),),
    conclusion="The atoms are linearly independent: spark(D) is infinite.",
    observables=(Observable(quantity="nullity", relation="<=", bound="0"),),
    proof="|D^ z|^2 >= (1 - delta_n) |z|^2 > 0 for every z != 0.",
    source="definition of the restricted isometry constant; certificates/SPEC.md, section 6.2",
    status=Status.proved,
    lower=_lower,
)
