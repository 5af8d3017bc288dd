"""(4k-1) mu < 1: basis pursuit with noise is stable."""

from .language.code_variables import EPS, TOLERANCE
from .language.dictionary_variables import MU, K
from .theorem import Condition, Observable, QuantitativeTheorem, Section, Status

THEOREM = QuantitativeTheorem(
    id="bpdn-stability",
    title="Stability of basis pursuit with noise",
    section=Section.recovery,
    variables=(K, MU, EPS, TOLERANCE),
    hypotheses=(
        Condition("(4*k - 1)*mu < 1"),
        Condition("eps <= delta"),
        "x has at most k nonzeros, |y - Dx|_2 <= eps, and x^ minimises |x|_1 over |y - Dx|_2 <= delta, unit atoms",
    ),
    constants={"error_l2": "(eps + delta)/sqrt(1 - (4*k - 1)*mu)"},
    conclusion="|x^ - x|_2 <= error_l2.",
    source="Donoho, Elad, Temlyakov 2006, theorem 3.1",
    status=Status.classical,
    remark="Needs delta >= eps: with a smaller tolerance the true code may be infeasible, and nothing follows.",
    observables=(Observable(quantity="error_l2", relation="<=", bound="error_l2"),),
)
