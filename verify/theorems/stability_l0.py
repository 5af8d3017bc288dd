"""Two k-sparse codes near one signal are near each other."""

from .language.code_variables import EPS
from .language.dictionary_variables import MU, K
from .theorem import Condition, Observable, QuantitativeTheorem, Section, Status

THEOREM = QuantitativeTheorem(
    id="stability-l0",
    title="Stability of the sparsest code",
    section=Section.recovery,
    variables=(K, MU, EPS),
    hypotheses=(
        Condition("(2*k - 1)*mu < 1"),
        "x and x' have at most k nonzeros, and |y - Dx|_2, |y - Dx'|_2 <= eps, unit atoms",
    ),
    constants={"error_l2": "2*eps/sqrt(1 - (2*k - 1)*mu)"},
    conclusion="|x - x'|_2 <= error_l2.",
    proof="h = x - x' has at most 2k nonzeros, so |Dh|_2^2 >= (1 - (2k-1) mu) |h|_2^2 (isometry-by-coherence), "
    "and |Dh|_2 <= 2 eps.",
    source="Donoho, Elad, Temlyakov 2006, theorem 2.1",
    status=Status.proved,
    depends=("isometry-by-coherence",),
    observables=(Observable(quantity="error_l2", relation="<=", bound="error_l2"),),
)
