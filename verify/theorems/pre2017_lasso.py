"""xi = 4 eps: an error of 7.5 eps."""

from .language.code_variables import ATOM_NOISE, STRIPE
from .language.dictionary_variables import MU
from .theorem import Condition, Observable, QuantitativeTheorem, Section, Status

THEOREM = QuantitativeTheorem(
    id="pre2017-lasso",
    title="Lasso with xi = 4 eps, the source's constants",
    section=Section.thresholding,
    variables=(STRIPE, MU, ATOM_NOISE),
    hypotheses=(
        Condition("(3*s - 1)*mu < 1"),
        Condition("eps > 0"),
        "y = Dx* + e with every stripe holding at most s nonzeros of x*, unit atoms, and x^ minimises |y - "
        "Dx|_2^2/2 + 4 eps |x|_1",
    ),
    constants={"level_bound": "(1 + 1/mu)/3", "xi": "4*eps", "error_linf": "15*eps/2"},
    conclusion="The minimiser is unique, its support lies in that of x*, and |x^ - x*|_inf <= error_linf.",
    proof="As lasso-support-simple: 4 > 3, and 5 eps/(1 - (s-1) mu) <= 15/2 eps.",
    source="Papyan, Romano, Elad 2017; Papyan, Sulam, Elad 2017",
    status=Status.proved,
    depends=("lasso-support",),
    observables=(
        Observable(quantity="largest_outside", relation="<", bound="xi"),
        Observable(quantity="error", relation="<=", bound="error_linf"),
    ),
)
