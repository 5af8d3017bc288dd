"""Every null vector has more than s nonzeros in one stripe if mu_1(s-1) < 1."""

from .language.stripe_variables import SIZES, STRIPE_BABEL_BEFORE, STRIPE_SET
from .theorem import Condition, Observable, QuantitativeTheorem, Section, Status

THEOREM = QuantitativeTheorem(
    id="stripe-spark-by-babel",
    title="Stripe spark bound from the Babel function of filters",
    section=Section.dictionary,
    variables=(STRIPE_SET, STRIPE_BABEL_BEFORE),
    hypotheses=(SIZES, Condition("babel_before < 1")),
    constants={"stripe_spark_lower": "s + 1"},
    conclusion="At every size, each null vector h != 0 has |h|^S >= s + 1.",
    observables=(Observable(quantity="stripe_spark", relation=">=", bound="stripe_spark_lower"),),
    proof="As in stripe-spark-by-coherence: at the largest entry of h, with p nonzeros in its stripe, |h_i| <= "
    "mu_1(p-1) |h_i|, so mu_1(p-1) >= 1, and p > s because mu_1 increases.",
    source="the proof of Papyan, Sulam, Elad 2017 for mu, with sums",
    status=Status.proved,
)
