"""Layers of soft thresholding."""

from .language.layer_variables import (
    ERROR_BEFORE,
    MU_J,
    NOISE_J,
    NONZEROS_IN_ATOM_J,
    STRIPE_J,
    THRESHOLD_J,
    X_MAX_J,
    X_MIN_J,
)
from .theorem import Condition, Each, Observable, QuantitativeTheorem, Section, Status

THEOREM = QuantitativeTheorem(
    id="layered-soft-thresholding",
    title="Layered soft thresholding",
    section=Section.thresholding,
    variables=(STRIPE_J, MU_J, X_MIN_J, X_MAX_J, NONZEROS_IN_ATOM_J, NOISE_J, THRESHOLD_J, ERROR_BEFORE),
    hypotheses=(
        "unit atoms in every layer; every stripe of layer j holds at most s nonzeros of x_j",
        Condition("x_min <= x_max"),
        Condition("b_lower <= b"),
        Condition("b < b_upper"),
    ),
    constants={
        "eps": "sqrt(k)*error_before + noise",
        "b_lower": "mu*s*x_max + eps",
        "b_upper": "x_min - mu*(s - 1)*x_max - eps",
        "error": "eps + mu*(s - 1)*x_max + b",
    },
    conclusion="Layered soft thresholding finds the support of every x_j, with errors of at most error in layer j.",
    proof="thresholding-support in every layer, with the noise of thresholding-next-layer.",
    source="Papyan, Romano, Elad 2017; Murray, Tanner 2018",
    status=Status.proved,
    depends=("thresholding-support", "thresholding-next-layer"),
    each=Each.layer,
    carried={"error_before": "error"},
    observables=(
        Observable(quantity="largest_outside", relation="<=", bound="b"),
        Observable(quantity="least_inside", relation=">", bound="b"),
        Observable(quantity="error_soft", relation="<=", bound="error"),
    ),
)
