"""xi = 3 eps: an error of 6 eps."""

from .language.code_variables import ATOM_NOISE, STRIPE
from .language.dictionary_variables import MU
from .theorem import Condition, Observable, QuantitativeTheorem, Section, Status

THEOREM = QuantitativeTheorem(
    id="lasso-support-simple",
    title="Lasso with xi = 3 eps",
    section=Section.thresholding,
    variables=(STRIPE, MU, ATOM_NOISE),
    hypotheses=(
        Condition("(3*s - 1)*mu < 1"),
        Condition("eps > 0"),
        "y = Dx* + e with every stripe holding at most s nonzeros of x*, unit atoms, and x^ minimises |y - "
        "Dx|_2^2/2 + 3 eps |x|_1",
    ),
    constants={"level_bound": "(1 + 1/mu)/3", "xi": "3*eps", "error_linf": "6*eps"},
    conclusion="The minimiser is unique, its support lies in that of x*, and |x^ - x*|_inf <= error_linf.",
    proof="s < (1 + 1/mu)/3 means kappa < 1/2, so xi = 3 eps > eps (1 + kappa)/(1 - kappa); and (s-1) mu < 1/3, "
    "so 4 eps/(1 - (s-1) mu) <= 6 eps.",
    source="sharper than Papyan, Romano, Elad 2017",
    status=Status.proved,
    depends=("lasso-support",),
    observables=(
        Observable(quantity="largest_outside", relation="<", bound="xi"),
        Observable(quantity="error", relation="<=", bound="error_linf"),
    ),
)
