"""One layer of the unrolled network, for any weights and thresholds."""

from .language.code_variables import ETA_I, THRESHOLD_I, A
from .language.dictionary_variables import P_S, P_S_BEFORE
from .language.domains import reals
from .language.variables import Variable
from .theorem import Condition, Each, Observable, QuantitativeTheorem, Section, Status

KAPPA_I = Variable(
    name="kappa", plain="kappa_i", latex=r"\kappa_i", meaning="bound of |1 - w_i^T d_i|", domain=reals(0), each=True
)

THEOREM = QuantitativeTheorem(
    id="lista-step",
    title="One layer of the unrolled network",
    section=Section.networks,
    variables=(P_S, P_S_BEFORE, KAPPA_I, ETA_I, THRESHOLD_I, A),
    hypotheses=(
        "y = D x* + e with |x*|_0 <= s; supp(x^k) lies in supp(x*) = S and |x^k - x*|_inf <= a",
        Condition("t >= P*a + eta"),
    ),
    constants={"a_next": "t + (P_before + kappa)*a + eta"},
    conclusion="The next layer has its support in S too, and |x^(k+1) - x*|_inf <= a_next, the largest over the atoms.",
    proof="x^k + W^T(y - D x^k) at i is x*_i - (1 - w_i^T d_i)(x*_i - x^k_i) + (sum of w_i^T d_j (x*_j - x^k_j) "
    "over j in S, j != i) + w_i^T e. Off S that is at most P_i(s) a + eta_i <= t_i, so the shrinkage "
    "returns 0. On S it differs from x*_i by kappa_i a + P_i(s-1) a + eta_i at most, and shrinkage adds t_i "
    "at most.",
    source="Chen, Liu, Wang, Yin 2018; Li, Feng, Zhou 2024",
    status=Status.proved,
    each=Each.atom,
    observables=(
        Observable(quantity="error_linf", relation="<=", bound="a_next"),
        Observable(quantity="off_support", relation="<=", bound="0"),
    ),
)
