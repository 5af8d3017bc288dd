"""spark <= m + 1 where there are more atoms than dimensions."""

from ..facts.measure import Facts
from .language.dictionary_variables import M, N
from .theorem import Condition, Observable, Section, SparkUpperTheorem, Status


def _upper(facts: Facts) -> int | None:
    return facts.m + 1 if facts.n > facts.m else None


THEOREM = SparkUpperTheorem(
    id="spark-by-dimension",
    title="The dimension bounds the spark",
    section=Section.dictionary,
    variables=(M, N),
    hypotheses=(Condition("n > m"),),
    constants={"spark_upper": "m + 1"},
    conclusion="spark(D) <= m + 1: any m + 1 atoms are dependent.",
    observables=(Observable(quantity="spark", relation="<=", bound="spark_upper"),),
    proof="More vectors than dimensions are dependent.",
    source="linear algebra",
    status=Status.proved,
    upper=_upper,
)
