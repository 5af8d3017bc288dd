"""delta_n < 1: the atoms are independent."""

from ..facts.measure import Facts
from .theorem import SparkBound, SparkTheorem


def _lower(facts: Facts) -> SparkBound | None:
    if not any(found.level == facts.n and found.upper < 1 for found in facts.isometries):
        return None
    return SparkBound(value=None, theorem="independence-by-isometry")


THEOREM = SparkTheorem(
    id="independence-by-isometry",
    title="Independence from restricted isometry",
    hypotheses=("delta_n < 1",),
    conclusion="The atoms are linearly independent: spark(D) is infinite.",
    source="definition of the restricted isometry constant; certificates/SPEC.md, section 6.2",
    status="proved",
    lower=_lower,
)
