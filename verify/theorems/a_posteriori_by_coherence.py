"""How far a computed code is from every sparse one."""

from .language.code_variables import EPS, RESIDUAL
from .language.dictionary_variables import MU, K
from .language.domains import integers
from .language.variables import Variable
from .theorem import Condition, Observable, QuantitativeTheorem, Section, Status

FOUND = Variable(
    name="found", plain="|x~|_0", latex=r"|\tilde x|_0", meaning="number of nonzeros of x~", domain=integers(0)
)

THEOREM = QuantitativeTheorem(
    id="a-posteriori-by-coherence",
    title="Error of a computed code, from its own residual",
    section=Section.recovery,
    variables=(K, FOUND, MU, EPS, RESIDUAL),
    hypotheses=(Condition("(found + k - 1)*mu < 1"), "x has at most k nonzeros and |y - Dx|_2 <= eps, unit atoms"),
    constants={"error_l2": "(residual + eps)/sqrt(1 - (found + k - 1)*mu)"},
    conclusion="|x~ - x|_2 <= error_l2.",
    proof="x~ - x has at most |x~|_0 + k nonzeros: isometry-by-coherence at that level, and |D(x~ - x)|_2 <= |y - "
    "Dx~|_2 + eps.",
    source="as stability-l0",
    status=Status.proved,
    depends=("isometry-by-coherence",),
    observables=(Observable(quantity="error_l2", relation="<=", bound="error_l2"),),
)
