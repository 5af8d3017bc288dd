"""The same entry by entry, with the weights of mu~."""

from .language.code_variables import EPS
from .language.dictionary_variables import MU_TILDE, OMEGA, K
from .theorem import Condition, Observable, QuantitativeTheorem, Section, Status

THEOREM = QuantitativeTheorem(
    id="stability-l0-linf",
    title="Stability of the sparsest code, largest entry",
    section=Section.recovery,
    variables=(K, MU_TILDE, OMEGA, EPS),
    hypotheses=(
        Condition("(2*k - 1)*mu_tilde < 1"),
        "x and x' have at most k nonzeros, and |y - Dx|_2, |y - Dx'|_2 <= eps, unit atoms",
    ),
    constants={"error_linf": "2*omega*eps/(1 - (2*k - 1)*mu_tilde)"},
    conclusion="|x - x'|_inf <= error_linf.",
    proof="At the largest entry of h = x - x': h_i = w_i^T D h - (sum of w_i^T d_j h_j over at most 2k - 1 "
    "others), so |h_i| <= 2 omega eps + (2k-1) mu~ |h_i|.",
    source="with the weights of Liu, Chen, Wang, Yin 2019",
    status=Status.proved,
    depends=("generalized-coherence",),
    observables=(Observable(quantity="error_linf", relation="<=", bound="error_linf"),),
)
