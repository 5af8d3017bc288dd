"""The unrolled network of convolutions, by what a stripe holds."""

from dataclasses import replace

from .language.code_variables import SIGMA, STEPS, B
from .language.dictionary_variables import MU_WEIGHTS
from .language.stripe_variables import LEVEL
from .theorem import Condition, Observable, QuantitativeTheorem, Section, Status

THEOREM = QuantitativeTheorem(
    id="lista-linf-local",
    title="Convergence of the unrolled network, by stripes",
    section=Section.networks,
    variables=(
        LEVEL,
        replace(MU_WEIGHTS, meaning="the largest |w_i^T d_j|, j != i, at any size, of weights with w_i^T d_i = 1"),
        B,
        SIGMA,
        STEPS,
    ),
    hypotheses=(
        Condition("(2*s - 1)*mu < 1"),
        "D and W are shifts of filters with the same taps and strides, boundary 'full', 'circular' with a period of at "
        "least 2r - 1, or 'same'",
        "y = D x* + e with |x*|^S <= s, |x*|_inf <= B",
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
    conclusion="At every size and for every number of nonzeros, the network x^0 = 0, x^(k+1) = T_(t_k)(x^k + W^T(y "
    "- D x^k)) keeps its support inside that of x*, and |x^K - x*|_inf <= error_linf.",
    proof="lista-step sums over the atoms j of S with w_i^T d_j != 0. These are in the stripe of i, which "
    "holds at most s of S, i among them if i is in S. So its P_i(s) and P_i(s-1) are at most s mu and "
    "(s-1) mu, and the rest is as for lista-linf.",
    source="Li, Feng, Zhou 2024, theorem 5 (one layer), with the stripes of Papyan, Sulam, Elad 2017",
    status=Status.proved,
    remark="The bounds in l2 and l1 count the nonzeros of the whole code. For stored networks: "
    "certificates/SPEC.md, section 6.15.",
    depends=("lista-step", "lista-linf"),
    observables=(
        Observable(quantity="error_linf", relation="<=", bound="error_linf"),
        Observable(quantity="off_support", relation="<=", bound="0"),
    ),
)
