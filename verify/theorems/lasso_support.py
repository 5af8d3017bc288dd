"""The lasso finds no false atom, entry by entry."""

from .language.code_variables import ATOM_NOISE, LASSO_WEIGHT, STRIPE
from .language.dictionary_variables import MU
from .theorem import Condition, Observable, QuantitativeTheorem, Section, Status

THEOREM = QuantitativeTheorem(
    id="lasso-support",
    title="Lasso: support and error",
    section=Section.thresholding,
    variables=(STRIPE, MU, ATOM_NOISE, LASSO_WEIGHT),
    hypotheses=(
        Condition("(2*s - 1)*mu < 1"),
        Condition("xi > xi_lower"),
        "y = Dx* + e with every stripe holding at most s nonzeros of x*, unit atoms, and x^ minimises |y - "
        "Dx|_2^2/2 + xi |x|_1",
    ),
    constants={
        "kappa": "s*mu/(1 - (s - 1)*mu)",
        "xi_lower": "eps*(1 + kappa)/(1 - kappa)",
        "error_linf": "(xi + eps)/(1 - (s - 1)*mu)",
    },
    conclusion="The minimiser is unique, its support lies in that of x*, and |x^ - x*|_inf <= error_linf.",
    proof="Restricted to S the optimality condition reads x^_S - x*_S = G^(-1)(D_S^T e - xi g), |g|_inf <= 1, and "
    "|G^(-1)|_inf <= 1/(1 - (s-1) mu). Off S, |d_i^T(y - Dx^)| <= eps + s mu error = eps + kappa (eps + xi) "
    "< xi, so this point satisfies the condition everywhere, strictly off S.",
    source="Papyan, Romano, Elad 2017; Tropp 2006",
    status=Status.proved,
    observables=(
        Observable(quantity="largest_outside", relation="<", bound="xi"),
        Observable(quantity="error", relation="<=", bound="error_linf"),
    ),
)
