"""Layers of the lasso."""

from .language.layer_variables import ERROR_BEFORE, LASSO_WEIGHT_J, MU_J, NOISE_J, NONZEROS_IN_ATOM_J, STRIPE_J
from .theorem import Condition, Each, Observable, QuantitativeTheorem, Section, Status

THEOREM = QuantitativeTheorem(
    id="layered-basis-pursuit",
    title="Layered basis pursuit",
    section=Section.thresholding,
    variables=(STRIPE_J, MU_J, NONZEROS_IN_ATOM_J, NOISE_J, LASSO_WEIGHT_J, ERROR_BEFORE),
    hypotheses=(
        "unit atoms in every layer; every stripe of layer j holds at most s nonzeros of x_j; layer j is the "
        "lasso with xi_j on the result of the layer below",
        Condition("(2*s - 1)*mu < 1"),
        Condition("xi > xi_lower"),
    ),
    constants={
        "eps": "sqrt(k)*error_before + noise",
        "kappa": "s*mu/(1 - (s - 1)*mu)",
        "xi_lower": "eps*(1 + kappa)/(1 - kappa)",
        "error": "(xi + eps)/(1 - (s - 1)*mu)",
    },
    conclusion="Every support lies in that of x_j, and the errors are at most error in layer j, entry by entry.",
    proof="lasso-support in every layer, with the noise of thresholding-next-layer.",
    source="Papyan, Romano, Elad 2017",
    status=Status.proved,
    depends=("lasso-support", "thresholding-next-layer"),
    each=Each.layer,
    carried={"error_before": "error"},
    observables=(
        Observable(quantity="largest_outside", relation="<", bound="xi"),
        Observable(quantity="error", relation="<=", bound="error"),
    ),
)
