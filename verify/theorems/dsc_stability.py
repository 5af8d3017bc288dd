"""Deep sparse codes are stable."""

from .language.layer_variables import BETA_J, E_BEFORE, EPS_J, LAM, MU_J, NORM_J
from .theorem import Condition, Each, Observable, QuantitativeTheorem, Section, Status

THEOREM = QuantitativeTheorem(
    id="dsc-stability",
    title="Stability of deep sparse codes",
    section=Section.deep,
    variables=(LAM, MU_J, EPS_J, BETA_J, NORM_J, E_BEFORE),
    hypotheses=(
        Condition("(2*lam - 1)*mu < 1"),
        "|x_(j-1) - rho_j(D_j x_j)|_2 <= eps_j and |x_j|_0 <= lam_j for j = 1..J, x_0 = y",
    ),
    constants={"E": "(E_before + 2*eps)/(beta*norm_min*sqrt(1 - (2*lam - 1)*mu))"},
    conclusion="Two solutions of one y have |x_j - x'_j|_2 <= E in every layer j.",
    proof="|rho_j(D_j x_j) - rho_j(D_j x'_j)|_2 <= E_(j-1) + 2 eps_j, so |D_j(x_j - x'_j)|_2 <= (E_(j-1) + 2 "
    "eps_j)/beta_j. With z = N x the difference has at most 2 lam_j nonzeros and |D^_j(z - z')|_2 >= sqrt(1 "
    "- (2 lam_j - 1) mu_j) |z - z'|_2 (isometry-by-coherence), and |z - z'|_2 >= min N_j |x_j - x'_j|_2.",
    source="Li, Feng, Zhou 2024, theorem 3",
    status=Status.proved,
    depends=("isometry-by-coherence",),
    each=Each.layer,
    carried={"E_before": "E"},
    observables=(Observable(quantity="error_l2", relation="<=", bound="E"),),
)
