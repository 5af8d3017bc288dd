"""The same by singular values."""

from .language.code_variables import EPS, RESIDUAL
from .language.dictionary_variables import SMIN
from .theorem import Observable, QuantitativeTheorem, Section, Status

THEOREM = QuantitativeTheorem(
    id="a-posteriori-by-singular-value",
    title="Error of a computed code, by singular values",
    section=Section.recovery,
    variables=(RESIDUAL, EPS, SMIN),
    hypotheses=(
        "smin bounds from below the least singular value of D on every support that holds that of x~ and k more atoms",
        "x has at most k nonzeros and |y - Dx|_2 <= eps",
    ),
    constants={"error_l2": "(residual + eps)/smin"},
    conclusion="|x~ - x|_2 <= error_l2.",
    proof="x~ - x lives on such a support: smin |x~ - x|_2 <= |D(x~ - x)|_2 <= |y - Dx~|_2 + eps.",
    source="definition of singular values",
    status=Status.proved,
    observables=(Observable(quantity="error_l2", relation="<=", bound="error_l2"),),
)
