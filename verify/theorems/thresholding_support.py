"""One thresholding step finds the support."""

from .language.code_variables import ATOM_NOISE, STRIPE, X_MAX, X_MIN
from .language.dictionary_variables import MU
from .language.domains import reals
from .language.variables import Variable
from .theorem import Condition, Observable, QuantitativeTheorem, Section, Status

THRESHOLD_B = Variable(name="b", meaning="threshold of the layer", domain=reals(0))

THEOREM = QuantitativeTheorem(
    id="thresholding-support",
    title="One thresholding step",
    section=Section.thresholding,
    variables=(STRIPE, MU, X_MIN, X_MAX, ATOM_NOISE, THRESHOLD_B),
    hypotheses=(
        "y = Dx + e, unit atoms; every stripe holds at most s nonzeros of x",
        Condition("x_min <= x_max"),
        Condition("b_lower <= b"),
        Condition("b < b_upper"),
    ),
    constants={
        "b_lower": "mu*s*x_max + eps",
        "b_upper": "x_min - mu*(s - 1)*x_max - eps",
        "error_hard": "eps + mu*(s - 1)*x_max",
        "error_soft": "error_hard + b",
    },
    conclusion="Hard and soft thresholding of D^T y at b find the support of x, with errors of at most error_hard and "
    "error_soft there.",
    proof="At an atom off the support, |d_i^T y| <= mu s |x|_max + eps <= b; on it, |d_i^T y| >= |x|_min - mu "
    "(s-1) |x|_max - eps > b and |d_i^T y - x_i| <= mu (s-1) |x|_max + eps; soft thresholding adds b.",
    source="Papyan, Romano, Elad 2017",
    status=Status.proved,
    observables=(
        Observable(quantity="largest_outside", relation="<=", bound="b"),
        Observable(quantity="least_inside", relation=">", bound="b"),
        Observable(quantity="error_hard", relation="<=", bound="error_hard"),
        Observable(quantity="error_soft", relation="<=", bound="error_soft"),
    ),
)
