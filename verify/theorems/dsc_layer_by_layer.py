"""A network for every layer, one after another."""

from dataclasses import replace

from .language.code_variables import EPS, STEPS, B
from .language.deep_variables import C_1_BEFORE, C_2_BEFORE, OMEGA_J, RATE_BEFORE, SPREAD_J
from .language.layer_variables import BETA_J, LAM, MU_J, NORM_J
from .theorem import Condition, Each, Observable, QuantitativeTheorem, Section, Status

MU_WEIGHTS_J = replace(MU_J, meaning="max of |w_i^T d^_l|, l != i, d^_l the unit atoms of D_j")
B_J = replace(
    B, plain="B_j", latex="B_j", meaning="bound of N_i |(x_j)_i|, N_i the norms of the atoms of D_j", each=True
)

THEOREM = QuantitativeTheorem(
    id="dsc-layer-by-layer",
    title="Deep sparse coding, layer by layer",
    section=Section.deep,
    variables=(
        LAM,
        MU_WEIGHTS_J,
        B_J,
        NORM_J,
        OMEGA_J,
        SPREAD_J,
        BETA_J,
        EPS,
        STEPS,
        C_1_BEFORE,
        C_2_BEFORE,
        RATE_BEFORE,
    ),
    hypotheses=(
        Condition("(2*lam - 1)*mu < 1"),
        "|x_(j-1) - rho_j(D_j x_j)|_2 <= eps and |x_j|_0 <= lam_j for j = 1..J, x_0 = y; rho_j(0) = 0, and rho_j is "
        "onto",
        "w_i^T d^_i = 1; omega_j >= |w_i|_2, and h_j >= the sum of the lam_(j-1) largest |entries of w_i|, for every "
        "atom i of D_j",
        "the network of lista-linf for the unit atoms of D_j, with this sigma, gives x~_j from rho_j^(-1)(x~_(j-1)), "
        "x~_0 = y",
    ),
    constants={
        "q": "(2*lam - 1)*mu",
        "rate": "Max(q, rate_before)",
        "c": "-log(rate)",
        "C_1": "(B + 2*spread*C_1_before/(beta*(1 - q)))/norm_min",
        "C_2": "2*(omega + spread*C_2_before)/(beta*(1 - q)*norm_min)",
        "sigma": "(omega*eps + spread*(C_1_before*rate_before**K + C_2_before*eps))/beta",
        "error_linf": "C_1*rate**K + C_2*eps",
        "error_l2": "sqrt(lam)*error_linf",
    },
    conclusion="After K steps in every layer |x~_j - x_j|_inf <= error_linf = C_1 e^(-cK) + C_2 eps and |x~_j - "
    "x_j|_2 <= error_l2.",
    proof="rho_j^(-1)(x~_(j-1)) = D_j x_j + e + f with |e|_2 <= eps/beta_j, and f, the error of the layer before "
    "through rho_j^(-1), is at most error_linf(j-1)/beta_j in every entry and 0 off the support of x_(j-1), which "
    "has lam_(j-1) places at most. So |w_i^T (e + f)| <= sigma, and lista-linf bounds N (x~_j - x_j) by B_j q^K + 2 "
    "sigma/(1 - q). In the first layer f = 0.",
    source="Li, Feng, Zhou 2024, theorem 6; sharper constants",
    status=Status.proved,
    depends=("lista-linf",),
    each=Each.layer,
    carried={"C_1_before": "C_1", "C_2_before": "C_2", "rate_before": "rate"},
    observables=(
        Observable(quantity="error_linf", relation="<=", bound="error_linf"),
        Observable(quantity="error_l2", relation="<=", bound="error_l2"),
    ),
)
