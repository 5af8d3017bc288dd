"""The unrolled network converges, entry by entry."""

from .language.code_variables import SIGMA, STEPS, B, S
from .language.dictionary_variables import MU_WEIGHTS
from .theorem import Condition, Observable, QuantitativeTheorem, Section, Status

THEOREM = QuantitativeTheorem(
    id="lista-linf",
    title="Convergence of the unrolled network, largest entry",
    section=Section.networks,
    variables=(S, MU_WEIGHTS, B, SIGMA, STEPS),
    hypotheses=(
        Condition("(2*s - 1)*mu < 1"),
        "y = D x* + e with |x*|_0 <= s, |x*|_inf <= B",
        "w_i^T d_i = 1 and |w_i^T d_j| <= mu for j != i, |w_i^T e| <= sigma",
        "the thresholds are t_k = s mu a_k + sigma with a_k the error bound error_linf at k",
    ),
    constants={
        "q": "(2*s - 1)*mu",
        "c": "-log(q)",
        "C_1": "B",
        "C_2": "2/(1 - q)",
        "floor": "C_2*sigma",
        "level_bound": "(1 + 1/mu)/2",
        "error_linf": "C_1*q**K + floor*(1 - q**K)",
    },
    conclusion="The network x^0 = 0, x^(k+1) = T_(t_k)(x^k + W^T(y - D x^k)) keeps its support inside that of x*, and "
    "|x^K - x*|_inf <= error_linf = B q^K + C_2 sigma (1 - q^K) <= C_1 e^(-cK) + C_2 sigma.",
    proof="lista-step with P_i(s) <= s mu, kappa = 0 and thresholds with equality gives a_(k+1) = q a_k + 2 sigma "
    "from a_0 = B.",
    source="Chen, Liu, Wang, Yin 2018, theorem 2; Li, Feng, Zhou 2024, theorem 5 (one layer); sharper constants",
    status=Status.proved,
    remark="q < 1 iff s < (1 + 1/mu)/2. The rate is attained: lista-rate-attained.",
    depends=("lista-step",),
    observables=(Observable(quantity="error_linf", relation="<=", bound="error_linf"),),
)
