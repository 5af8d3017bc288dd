"""Every null vector has 1 + 1/mu nonzeros in one stripe."""

from .language.stripe_variables import MU_FILTERS, SIZES
from .theorem import Condition, Observable, QuantitativeTheorem, Section, Status

THEOREM = QuantitativeTheorem(
    id="stripe-spark-by-coherence",
    title="Stripe spark bound from the coherence of filters",
    section=Section.dictionary,
    variables=(MU_FILTERS,),
    hypotheses=(SIZES, Condition("mu > 0")),
    constants={"stripe_spark_lower": "1 + 1/mu"},
    conclusion="At every size, each null vector h != 0 has |h|^S >= 1 + 1/mu: so many nonzeros in the stripe of "
    "one atom.",
    observables=(Observable(quantity="stripe_spark", relation=">=", bound="stripe_spark_lower"),),
    proof="Let i be the place of the largest entry of h. Atoms outside the stripe of i are orthogonal to d^_i, "
    "so |h_i| is at most the sum of |<d^_i, d^_j>| |h_j| over the other nonzeros of the stripe, hence "
    "(|h|^S - 1) mu |h_i|.",
    source="Papyan, Sulam, Elad 2017",
    status=Status.proved,
    remark="Attained: with taps at one place, a stripe is the filters at one position, and these may be a "
    "simplex. For mu = 0 the atoms are independent at every size.",
)
