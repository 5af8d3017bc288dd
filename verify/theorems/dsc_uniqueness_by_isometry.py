"""The same by restricted isometry."""

from .language.layer_variables import DELTA_J, LAM
from .theorem import Condition, Each, Observable, QuantitativeTheorem, Section, Status

THEOREM = QuantitativeTheorem(
    id="dsc-uniqueness-by-isometry",
    title="Uniqueness of deep sparse codes by restricted isometry",
    section=Section.deep,
    variables=(LAM, DELTA_J),
    hypotheses=(Condition("delta < 1"), "eps_j = 0 and rho_j is injective, for every layer j"),
    conclusion="The x_j are the only ones with these signals and sparsities.",
    proof="uniqueness-by-isometry, layer by layer.",
    source="Li, Feng, Zhou 2024, a question of the paper",
    status=Status.proved,
    depends=("uniqueness-by-isometry",),
    each=Each.layer,
    observables=(Observable(quantity="dependent_atoms", relation=">=", bound="2*lam + 1"),),
)
