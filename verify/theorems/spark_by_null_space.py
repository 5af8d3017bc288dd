"""spark >= k / nsc_k."""

from ..facts.measure import Facts
from ..facts.null_space import best_for_spark
from .language.dictionary_variables import NSC, K
from .theorem import Condition, Observable, Section, SparkBound, SparkTheorem, Status


def _lower(facts: Facts) -> SparkBound | None:
    found = None if facts.null_space is None else best_for_spark(facts.null_space, facts.n)
    return None if found is None else SparkBound(value=found[0], theorem="spark-by-null-space")


THEOREM = SparkTheorem(
    id="spark-by-null-space",
    title="Spark bound from the null-space constant",
    section=Section.dictionary,
    variables=(K, NSC),
    hypotheses=(Condition("nsc < 1"),),
    constants={"spark_lower": "k/nsc"},
    conclusion="spark(D) >= k / nsc_k.",
    observables=(Observable(quantity="spark", relation=">=", bound="spark_lower"),),
    proof="The k largest of the p moduli of a null vector hold at least the share k/p of their sum, so k/p <= "
    "nsc_k (and p > k, else the share is 1).",
    source="the k largest of s entries hold the share k/s at least; certificates/SPEC.md, section 6.2",
    status=Status.proved,
    lower=_lower,
)
