"""Basis pursuit and the network below (1 + 1/mu~)/2 nonzeros in a stripe."""

from .language.stripe_variables import LEVEL, MU_WEIGHT_FILTERS, SIZES
from .theorem import Condition, Observable, QuantitativeTheorem, Section, Status

THEOREM = QuantitativeTheorem(
    id="recovery-by-filter-weights",
    title="Recovery by weights",
    section=Section.recovery,
    variables=(LEVEL, MU_WEIGHT_FILTERS),
    hypotheses=(SIZES, Condition("(2*s - 1)*mu_tilde < 1")),
    constants={"level_bound": "(1 + 1/mu_tilde)/2"},
    conclusion="At every size, each code with |x|^S <= s is the only minimiser of basis pursuit for its signal, "
    "the network with these weights converges to it, and no other code with |x|^S <= s has its signal.",
    observables=(Observable(quantity="share", relation="<", bound="1/2"),),
    proof="For a null vector h, |h_i| <= mu~ times the sum of the other |h_j| in the stripe of i. Summed over "
    "S, h_j occurs once for every i != j of S in the stripe of j: at most s - 1 times for j in S, s "
    "times for others. So |h_S|_1 <= mu~ ((s-1) |h_S|_1 + s |h off S|_1), hence |h_S|_1 < |h off S|_1. "
    "The network: lista-linf-local.",
    source="recovery-by-generalized-coherence, by stripes; certificates/SPEC.md, section 6.14",
    status=Status.proved,
    remark="Weights with more taps than the atoms serve for |x|_0 <= s alone. It says nothing of OMP.",
    depends=("recovery-by-null-space", "lista-linf-local"),
)
