"""A network on the product of all dictionaries, for the deepest code first."""

from dataclasses import replace

from .language.code_variables import EPS, STEPS, B
from .language.deep_variables import GAIN, REACH, TAIL
from .language.layer_variables import LAM, MU_J, NORM_J
from .theorem import Condition, Observable, QuantitativeTheorem, Section, Status

LAM_LAST = replace(LAM, plain="lam_J", latex=r"\lambda_J", meaning="the most nonzeros of x_J", each=False)
MU_PRODUCT = replace(
    MU_J, plain="mu", latex=r"\mu", meaning="max of |w_i^T d^_l|, l != i, d^_l the unit atoms of D[J]", each=False
)
NORM = replace(NORM_J, plain="min N", latex=r"\min N", meaning="least norm N_i of the atoms of D[J]", each=False)
B_PRODUCT = replace(B, meaning="bound of N_i |(x_J)_i|, N_i the norms of the atoms of D[J]")

THEOREM = QuantitativeTheorem(
    id="dsc-deepest-first",
    title="Deep sparse coding, the deepest code first",
    section=Section.deep,
    variables=(LAM_LAST, MU_PRODUCT, B_PRODUCT, NORM, GAIN, EPS, REACH, TAIL, STEPS),
    hypotheses=(
        Condition("(2*lam - 1)*mu < 1"),
        "|x_(j-1) - D_j x_j|_2 <= eps for j = 1..J, x_0 = y, and |x_J|_0 <= lam_J",
        "w_i^T d^_i = 1, D[J] = D_1...D_J has no zero column, and D[j] = D_1...D_j, D[0] = I",
        "gain >= sum over j of |D[j-1]^T w_i|_2 for every atom i; reach >= |D[j:J]|_2 and tail >= sum over i = "
        "j+1..J of |D[j:i-1]|_2, D[j:i] = D_(j+1)...D_i (reach = 1, tail = 0 for j = J)",
        "the network of lista-linf for the unit atoms of D[J], with this sigma, gives x~_J; x~_j = D[j:J] x~_J",
    ),
    constants={
        "q": "(2*lam - 1)*mu",
        "c": "-log(q)",
        "C_1": "reach*sqrt(lam)*B/norm_min",
        "C_2": "2*reach*sqrt(lam)*gain/((1 - q)*norm_min) + tail",
        "sigma": "gain*eps",
        "error": "C_1*q**K + C_2*eps",
    },
    conclusion="After K steps |x~_j - x_j|_2 <= error = C_1 e^(-cK) + C_2 eps.",
    proof="y = D[J] x_J + e with e = sum over j of D[j-1] (x_(j-1) - D_j x_j), so |w_i^T e| <= gain eps, and "
    "lista-linf bounds the entries of N (x~_J - x_J), which is 0 off the support of x_J: |x~_J - x_J|_2 <= "
    "sqrt(lam_J) a_K / min N. x_j = D[j:J] x_J + sum over i = j+1..J of D[j:i-1] (x_(i-1) - D_i x_i).",
    source="Li, Feng, Zhou 2024, theorem 5; sharper constants",
    status=Status.proved,
    depends=("lista-linf",),
    observables=(Observable(quantity="error_l2", relation="<=", bound="error"),),
)
