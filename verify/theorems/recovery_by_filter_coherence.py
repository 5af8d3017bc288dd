"""Basis pursuit, OMP and the network below (1 + 1/mu)/2 nonzeros in a stripe."""

from .language.stripe_variables import LEVEL, MU_FILTERS, SIZES
from .theorem import Condition, Observable, QuantitativeTheorem, Section, Status

THEOREM = QuantitativeTheorem(
    id="recovery-by-filter-coherence",
    title="Recovery by the coherence of filters",
    section=Section.recovery,
    variables=(LEVEL, MU_FILTERS),
    hypotheses=(SIZES, Condition("(2*s - 1)*mu < 1")),
    constants={"level_bound": "(1 + 1/mu)/2"},
    conclusion="At every size, each code with |x|^S <= s is found by basis pursuit, by OMP and by the network, as in "
    "recovery-by-filter-babel.",
    observables=(
        Observable(quantity="share", relation="<", bound="1/2"),
        Observable(quantity="greedy", relation="<", bound="1"),
    ),
    proof="mu_1(s) <= s mu, so mu_1(s-1) + mu_1(s) <= (2s-1) mu < 1.",
    source="Papyan, Sulam, Elad 2017",
    status=Status.proved,
    depends=("recovery-by-filter-babel",),
)
