"""Basis pursuit, OMP and the network where mu_1(s-1) + mu_1(s) < 1 over stripes."""

from .language.stripe_variables import LEVEL, SIZES, STRIPE_BABEL, STRIPE_BABEL_BEFORE
from .theorem import Condition, Observable, QuantitativeTheorem, Section, Status

THEOREM = QuantitativeTheorem(
    id="recovery-by-filter-babel",
    title="Recovery by the Babel function of filters",
    section=Section.recovery,
    variables=(LEVEL, STRIPE_BABEL_BEFORE, STRIPE_BABEL),
    hypotheses=(SIZES, Condition("babel_before + babel < 1")),
    constants={"rate": "babel_before + babel"},
    conclusion="At every size, each code with |x|^S <= s is the only minimiser of basis pursuit for its signal, "
    "OMP returns it within |x|_0 steps, the network with W = D^ converges to it, and no other code with "
    "|x|^S <= s has its signal.",
    observables=(
        Observable(quantity="share", relation="<", bound="1/2"),
        Observable(quantity="greedy", relation="<", bound="1"),
    ),
    proof="Off its diagonal a row of G = D^_S^T D^_S sums over one stripe, to at most mu_1(s-1) < 1. So G is "
    "invertible, the columns of its inverse sum to at most 1/(1 - mu_1(s-1)), and |D^_S^+ d^_i|_1 <= "
    "mu_1(s)/(1 - mu_1(s-1)) < 1 for every i off S: exact-recovery. The network: lista-step, whose sums "
    "over S are over one stripe. Two codes of one signal: each is the only minimiser.",
    source="Papyan, Sulam, Elad 2017, for mu; Tropp 2004; certificates/SPEC.md, section 6.14",
    status=Status.proved,
    remark="|x|_0 is not bounded. It implies recovery-by-babel for these dictionaries, as |x|^S <= |x|_0.",
    depends=("exact-recovery", "lista-step"),
)
