"""delta_2k < 1: k-sparse codes are unique."""

from .language.dictionary_variables import DELTA_2K, K
from .theorem import Condition, Observable, QuantitativeTheorem, Section, Status

THEOREM = QuantitativeTheorem(
    id="uniqueness-by-isometry",
    title="Uniqueness by restricted isometry",
    section=Section.recovery,
    variables=(K, DELTA_2K),
    hypotheses=(Condition("delta < 1"),),
    constants={"spark_lower": "2*k + 1"},
    conclusion="No two different codes with at most k nonzeros have the same signal.",
    observables=(Observable(quantity="spark", relation=">", bound="2*k"),),
    proof="spark >= 2k + 1.",
    source="Candes, Tao 2005",
    status=Status.proved,
    depends=("uniqueness-by-spark", "spark-by-isometry"),
)
