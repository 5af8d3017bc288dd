"""The same by the product of all dictionaries."""

from dataclasses import replace

from .language.layer_variables import LAM, MU_J
from .theorem import Condition, Observable, QuantitativeTheorem, Section, Status

LAM_LAST = replace(LAM, plain="lam_J", latex=r"\lambda_J", meaning="the most nonzeros of x_J", each=False)
MU_PRODUCT = replace(MU_J, plain="mu", latex=r"\mu", meaning="mutual coherence of D_1...D_J", each=False)

THEOREM = QuantitativeTheorem(
    id="dsc-uniqueness-of-product",
    title="Uniqueness of deep sparse codes by the product",
    section=Section.deep,
    variables=(LAM_LAST, MU_PRODUCT),
    hypotheses=(
        Condition("(2*lam - 1)*mu < 1"),
        "eps_j = 0 and rho_j is the identity for every layer j, and D_1...D_J has no zero column",
    ),
    constants={"level_bound": "(1 + 1/mu)/2"},
    conclusion="The x_j are the only ones with these signals and sparsities.",
    proof="y = D_1...D_J x_J determines x_J by uniqueness-by-coherence, and x_(j-1) = D_j x_j.",
    source="Li, Feng, Zhou 2024, theorem 1",
    status=Status.proved,
    remark="Neither this nor dsc-uniqueness contains the other.",
    depends=("uniqueness-by-coherence",),
    observables=(Observable(quantity="dependent_atoms", relation=">=", bound="2*lam + 1"),),
)
