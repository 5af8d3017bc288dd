"""spark <= the number of nonzeros of a null vector."""

from ..facts.measure import Facts
from .language.dictionary_variables import NONZEROS
from .theorem import Observable, Section, SparkUpperTheorem, Status


def _upper(facts: Facts) -> int | None:
    return None if facts.null_vector is None else len(facts.null_vector.support)


THEOREM = SparkUpperTheorem(
    id="spark-by-null-vector",
    title="A null vector bounds the spark",
    section=Section.dictionary,
    variables=(NONZEROS,),
    hypotheses=("D h = 0", "h != 0"),
    constants={"spark_upper": "nonzeros"},
    conclusion="spark(D) <= |h|_0.",
    observables=(Observable(quantity="spark", relation="<=", bound="spark_upper"),),
    proof="The atoms of the support of h are dependent.",
    source="definition of the spark",
    status=Status.proved,
    upper=_upper,
)
