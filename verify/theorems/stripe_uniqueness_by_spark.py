"""Codes with fewer nonzeros in every stripe than half of the stripe spark."""

from .language.stripe_variables import LEVEL, SIZES, STRIPE_SPARK
from .theorem import Condition, Observable, QuantitativeTheorem, Section, Status

THEOREM = QuantitativeTheorem(
    id="stripe-uniqueness-by-spark",
    title="Uniqueness of codes with sparse stripes",
    section=Section.recovery,
    variables=(LEVEL, STRIPE_SPARK),
    hypotheses=(SIZES, Condition("2*s < stripe_spark")),
    conclusion="At every size, no two different codes with |x|^S <= s have the same signal.",
    observables=(Observable(quantity="rivals", relation="<=", bound="0"),),
    proof="The difference h of two such codes of one signal is a null vector with |h|^S <= 2s.",
    source="Papyan, Sulam, Elad 2017",
    status=Status.proved,
    remark="No bound of the number of nonzeros: it may grow with the signal.",
)
