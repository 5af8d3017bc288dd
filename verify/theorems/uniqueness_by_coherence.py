"""(2k-1) mu < 1: k-sparse codes are unique."""

from .language.dictionary_variables import MU, K
from .theorem import Condition, Observable, QuantitativeTheorem, Section, Status

THEOREM = QuantitativeTheorem(
    id="uniqueness-by-coherence",
    title="Uniqueness by coherence",
    section=Section.recovery,
    variables=(K, MU),
    hypotheses=(Condition("(2*k - 1)*mu < 1"),),
    constants={"level_bound": "(1 + 1/mu)/2"},
    conclusion="No two different codes with at most k nonzeros have the same signal.",
    observables=(Observable(quantity="spark", relation=">", bound="2*k"),),
    proof="spark >= 1 + 1/mu > 2k.",
    source="Donoho, Elad 2003",
    status=Status.proved,
    depends=("uniqueness-by-spark", "spark-by-coherence"),
)
