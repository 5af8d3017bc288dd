"""Every null vector has 1 + 1/mu~ nonzeros in one stripe."""

from .language.stripe_variables import MU_WEIGHT_FILTERS, SIZES
from .theorem import Condition, Observable, QuantitativeTheorem, Section, Status

THEOREM = QuantitativeTheorem(
    id="stripe-spark-by-weights",
    title="Stripe spark bound from weights",
    section=Section.dictionary,
    variables=(MU_WEIGHT_FILTERS,),
    hypotheses=(SIZES, Condition("mu_tilde > 0")),
    constants={"stripe_spark_lower": "1 + 1/mu_tilde"},
    conclusion="At every size, each null vector h != 0 has |h|^S >= 1 + 1/mu~.",
    observables=(Observable(quantity="stripe_spark", relation=">=", bound="stripe_spark_lower"),),
    proof="At the largest entry, 0 = w_i^T D^ h = h_i + (sum of w_i^T d^_j h_j over the other nonzeros of the "
    "stripe of i), as w_i and d^_j have no entry in common off it: |h_i| <= (|h|^S - 1) mu~ |h_i|.",
    source="spark-by-generalized-coherence, by stripes",
    status=Status.proved,
    remark="Weights with more taps than the atoms see beyond the stripe, and then it is false.",
)
