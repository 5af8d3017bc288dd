"""When a threshold exists."""

from .language.code_variables import ATOM_NOISE, STRIPE, X_MAX, X_MIN
from .language.dictionary_variables import MU
from .theorem import Condition, Observable, QuantitativeTheorem, Section, Status

THEOREM = QuantitativeTheorem(
    id="thresholding-level",
    title="Levels of one thresholding step",
    section=Section.thresholding,
    variables=(STRIPE, MU, X_MIN, X_MAX, ATOM_NOISE),
    hypotheses=(
        "y = Dx + e, unit atoms; every stripe holds at most s nonzeros of x",
        Condition("x_min <= x_max"),
        Condition("mu > 0"),
        Condition("s < level_bound"),
    ),
    constants={"level_bound": "(1 + x_min/(mu*x_max))/2 - eps/(mu*x_max)", "b": "(x_min + mu*x_max)/2"},
    conclusion="The threshold b finds the support, and no threshold satisfies the hypotheses of thresholding-support "
    "unless s < level_bound.",
    proof="b_lower < b_upper iff (2s-1) mu |x|_max + 2 eps < |x|_min, which is s < level_bound; b is the middle "
    "of the two.",
    source="Papyan, Romano, Elad 2017",
    status=Status.proved,
    remark="For mu = 0 the condition is |x|_min > 2 eps.",
    depends=("thresholding-support",),
    observables=(
        Observable(quantity="largest_outside", relation="<=", bound="b"),
        Observable(quantity="least_inside", relation=">", bound="b"),
    ),
)
