"""Least squares on the support that was found."""

from .language.code_variables import EPS, X_MIN
from .language.deep_variables import ENTRY_ERROR, NOISE_GAIN, REACH, SMIN_PRODUCT, TAIL
from .theorem import Condition, Observable, QuantitativeTheorem, Section, Status

THEOREM = QuantitativeTheorem(
    id="dsc-refit",
    title="Deep sparse coding with refit",
    section=Section.deep,
    variables=(X_MIN, ENTRY_ERROR, NOISE_GAIN, SMIN_PRODUCT, EPS, REACH, TAIL),
    hypotheses=(
        Condition("a < x_min"),
        Condition("0 < smin"),
        "|x_(j-1) - D_j x_j|_2 <= eps for j = 1..J, x_0 = y, |x_J|_0 <= lam_J, and x_min <= |(x_J)_i| where it is "
        "not 0",
        "x~_J is 0 off the support of x_J, and |(x~_J - x_J)_i| <= a for every i",
        "smin is a lower bound of the singular values of any lam_J atoms of D[J] = D_1...D_J",
        "gain >= sum over j = 1..J of |D[j-1]|_2; reach >= |D[j:J]|_2 and tail >= sum over i = j+1..J of "
        "|D[j:i-1]|_2, D[j:i] = D_(j+1)...D_i (reach = 1, tail = 0 for j = J)",
        "x^_J is the least-squares solution for y with the atoms of D[J] on the support of x~_J; x^_j = D[j:J] x^_J",
    ),
    constants={"C_2": "reach*gain/smin + tail", "error": "C_2*eps"},
    conclusion="x~_J and x_J have the same support, and |x^_j - x_j|_2 <= error = C_2 eps.",
    proof="a < x_min leaves no entry of x~_J on the support 0. With S the support, x^_J - x_J = D[J]_S^+ (y - D[J] "
    "x_J) and y - D[J] x_J = sum over j of D[j-1] (x_(j-1) - D_j x_j), at most gain eps. x_j = D[j:J] x_J + sum over "
    "i = j+1..J of D[j:i-1] (x_(i-1) - D_i x_i).",
    source="Li, Feng, Zhou 2024, a question of the paper",
    status=Status.proved,
    remark="What happened on the way to x~_J does not matter: not K, and no bound of the codes. x~_J may come from "
    "dsc-deepest-first or dsc-layer-by-layer.",
    observables=(
        Observable(quantity="error_l2", relation="<=", bound="error"),
        Observable(quantity="support_errors", relation="<=", bound="0"),
    ),
)
