"""(2k-1) mu~ < 1: basis pursuit with noise is stable, in the full range."""

from .language.code_variables import EPS, TOLERANCE
from .language.dictionary_variables import MU_TILDE, OMEGA, K
from .theorem import Condition, Observable, QuantitativeTheorem, Section, Status

THEOREM = QuantitativeTheorem(
    id="bpdn-stability-generalized",
    title="Stability of basis pursuit with noise, full range",
    section=Section.recovery,
    variables=(K, MU_TILDE, OMEGA, EPS, TOLERANCE),
    hypotheses=(
        Condition("(2*k - 1)*mu_tilde < 1"),
        Condition("eps <= delta"),
        "x has at most k nonzeros, |y - Dx|_2 <= eps, and x^ minimises |x|_1 over |y - Dx|_2 <= delta, unit atoms",
    ),
    constants={
        "error_linf": "omega*(eps + delta)/(1 - (2*k - 1)*mu_tilde)",
        "error_l1": "2*k*error_linf",
        "error_l2": "sqrt(2*k)*error_linf",
    },
    conclusion="|x^ - x|_inf <= error_linf, |x^ - x|_1 <= error_l1, |x^ - x|_2 <= error_l2.",
    proof="Let h = x^ - x and r = eps + delta >= |Dh|_2. h_i = w_i^T D h - (sum of w_i^T d_j h_j over j != i) "
    "gives (1 + mu~)|h_i| <= omega r + mu~ |h|_1. Sum over S, and use |h|_1 <= 2 |h_S|_1 (x^ is no longer "
    "than x): |h|_1 <= 2k b with b = omega r/(1 - (2k-1) mu~). Put that in again: |h|_inf <= b. |h|_2^2 <= "
    "|h|_1 |h|_inf.",
    source="in the manner of Juditsky, Nemirovski 2011",
    status=Status.proved,
    depends=("generalized-coherence",),
    observables=(
        Observable(quantity="error_linf", relation="<=", bound="error_linf"),
        Observable(quantity="error_l1", relation="<=", bound="error_l1"),
        Observable(quantity="error_l2", relation="<=", bound="error_l2"),
    ),
)
