"""The same by restricted isometry."""

from .language.layer_variables import BETA_J, DELTA_J, E_BEFORE, EPS_J, LAM, NORM_J
from .theorem import Condition, Each, Observable, QuantitativeTheorem, Section, Status

THEOREM = QuantitativeTheorem(
    id="dsc-stability-by-isometry",
    title="Stability of deep sparse codes by restricted isometry",
    section=Section.deep,
    variables=(LAM, DELTA_J, EPS_J, BETA_J, NORM_J, E_BEFORE),
    hypotheses=(
        Condition("delta < 1"),
        "|x_(j-1) - rho_j(D_j x_j)|_2 <= eps_j and |x_j|_0 <= lam_j for j = 1..J, x_0 = y",
    ),
    constants={"E": "(E_before + 2*eps)/(beta*norm_min*sqrt(1 - delta))"},
    conclusion="Two solutions of one y have |x_j - x'_j|_2 <= E in every layer j.",
    proof="As dsc-stability, with |D^_j(z - z')|_2^2 >= (1 - delta) |z - z'|_2^2.",
    source="Li, Feng, Zhou 2024, theorem 3",
    status=Status.proved,
    each=Each.layer,
    carried={"E_before": "E"},
    observables=(Observable(quantity="error_l2", relation="<=", bound="E"),),
)
