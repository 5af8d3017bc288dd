"""spark <= the number of nonzeros of a null vector."""

from ..facts.measure import Facts
from .theorem import DICTIONARY_VARIABLES, SparkUpperTheorem


def _upper(facts: Facts) -> int | None:
    return None if facts.null_vector is None else len(facts.null_vector.support)


THEOREM = SparkUpperTheorem(
    id="spark-by-null-vector",
    title="A null vector bounds the spark",
    variables=DICTIONARY_VARIABLES,
    hypotheses=("D h = 0", "h != 0"),
    conclusion="spark(D) <= |h|_0.",
    source="definition of the spark",
    status="proved",
    upper=_upper,
)
