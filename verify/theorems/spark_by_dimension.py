"""spark <= m + 1 where there are more atoms than dimensions."""

from ..facts.measure import Facts
from .theorem import DICTIONARY_VARIABLES, SparkUpperTheorem


def _upper(facts: Facts) -> int | None:
    return facts.m + 1 if facts.n > facts.m else None


THEOREM = SparkUpperTheorem(
    id="spark-by-dimension",
    title="The dimension bounds the spark",
    variables=DICTIONARY_VARIABLES,
    hypotheses=("n > m",),
    conclusion="spark(D) <= m + 1: any m + 1 atoms are dependent.",
    source="linear algebra",
    status="proved",
    upper=_upper,
)
