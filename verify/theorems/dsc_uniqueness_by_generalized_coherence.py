"""The same by generalized coherence."""

from .language.layer_variables import LAM, MU_TILDE_J
from .theorem import Condition, Each, Observable, QuantitativeTheorem, Section, Status

THEOREM = QuantitativeTheorem(
    id="dsc-uniqueness-by-generalized-coherence",
    title="Uniqueness of deep sparse codes by generalized coherence",
    section=Section.deep,
    variables=(LAM, MU_TILDE_J),
    hypotheses=(Condition("(2*lam - 1)*mu_tilde < 1"), "eps_j = 0 and rho_j is injective, for every layer j"),
    constants={"level_bound": "(1 + 1/mu_tilde)/2"},
    conclusion="The x_j are the only ones with these signals and sparsities.",
    proof="uniqueness-by-generalized-coherence, layer by layer.",
    source="Li, Feng, Zhou 2024, theorem 1",
    status=Status.proved,
    depends=("uniqueness-by-generalized-coherence",),
    each=Each.layer,
    observables=(Observable(quantity="dependent_atoms", relation=">=", bound="2*lam + 1"),),
)
