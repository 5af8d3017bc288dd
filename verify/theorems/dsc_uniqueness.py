"""Deep sparse codes are unique."""

from .language.layer_variables import LAM, MU_J
from .theorem import Condition, Each, Observable, QuantitativeTheorem, Section, Status

THEOREM = QuantitativeTheorem(
    id="dsc-uniqueness",
    title="Uniqueness of deep sparse codes",
    section=Section.deep,
    variables=(LAM, MU_J),
    hypotheses=(Condition("(2*lam - 1)*mu < 1"), "eps_j = 0 and rho_j is injective, for every layer j"),
    constants={"level_bound": "(1 + 1/mu)/2"},
    conclusion="The x_j are the only ones with these signals and sparsities.",
    proof="uniqueness-by-coherence, layer by layer: x_0 = y determines x_1, and so on.",
    source="Li, Feng, Zhou 2024, theorem 1",
    status=Status.proved,
    depends=("uniqueness-by-coherence",),
    each=Each.layer,
    observables=(Observable(quantity="dependent_atoms", relation=">=", bound="2*lam + 1"),),
)
