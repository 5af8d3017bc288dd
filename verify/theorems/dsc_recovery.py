"""l1 finds deep sparse codes."""

from .language.layer_variables import LAM, MU_J
from .theorem import Condition, Each, Observable, QuantitativeTheorem, Section, Status

THEOREM = QuantitativeTheorem(
    id="dsc-recovery",
    title="Basis pursuit finds deep sparse codes",
    section=Section.deep,
    variables=(LAM, MU_J),
    hypotheses=(Condition("(2*lam - 1)*mu < 1"), "eps_j = 0 and rho_j is injective, for every layer j"),
    constants={"level_bound": "(1 + 1/mu)/2"},
    conclusion="Basis pursuit layer by layer, weighted by the norms of the atoms, returns the x_j.",
    proof="recovery-by-coherence for rho_j^(-1)(x_(j-1)) and unit atoms, layer by layer.",
    source="Li, Feng, Zhou 2024, theorem 2",
    status=Status.proved,
    depends=("recovery-by-coherence",),
    each=Each.layer,
    observables=(Observable(quantity="null_space_share", relation="<", bound="1/2"),),
)
