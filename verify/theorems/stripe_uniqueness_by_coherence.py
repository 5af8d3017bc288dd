"""(2s-1) mu < 1: codes with s nonzeros in a stripe are unique."""

from .language.stripe_variables import LEVEL, MU_FILTERS, SIZES
from .theorem import Condition, Observable, QuantitativeTheorem, Section, Status

THEOREM = QuantitativeTheorem(
    id="stripe-uniqueness-by-coherence",
    title="Uniqueness of codes with sparse stripes by coherence",
    section=Section.recovery,
    variables=(LEVEL, MU_FILTERS),
    hypotheses=(SIZES, Condition("(2*s - 1)*mu < 1")),
    constants={"level_bound": "(1 + 1/mu)/2"},
    conclusion="At every size, no two different codes with |x|^S <= s have the same signal.",
    observables=(Observable(quantity="stripe_spark", relation=">", bound="2*s"),),
    proof="Each null vector h != 0 has |h|^S >= 1 + 1/mu > 2s.",
    source="Papyan, Sulam, Elad 2017",
    status=Status.proved,
    depends=("stripe-uniqueness-by-spark", "stripe-spark-by-coherence"),
)
