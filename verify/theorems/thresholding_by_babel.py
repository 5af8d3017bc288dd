"""One thresholding step finds the support, by sums of inner products."""

from dataclasses import replace

from .language.code_variables import ATOM_NOISE, STRIPE, X_MAX, X_MIN
from .language.dictionary_variables import BABEL, BABEL_BEFORE
from .language.domains import reals
from .language.variables import Variable
from .theorem import Condition, Observable, QuantitativeTheorem, Section, Status

SUM = replace(
    BABEL,
    plain="mu_1(s)",
    latex=r"\mu_1(s)",
    meaning="Babel function at s, or an upper bound; over stripes for a convolutional dictionary",
)
SUM_BEFORE = replace(BABEL_BEFORE, plain="mu_1(s-1)", latex=r"\mu_1(s-1)", meaning="the same at s - 1")
THRESHOLD_B = Variable(name="b", meaning="threshold of the layer", domain=reals(0))

THEOREM = QuantitativeTheorem(
    id="thresholding-by-babel",
    title="One thresholding step, by the Babel function",
    section=Section.thresholding,
    variables=(STRIPE, SUM, SUM_BEFORE, X_MIN, X_MAX, ATOM_NOISE, THRESHOLD_B),
    hypotheses=(
        "y = Dx + e, unit atoms; every stripe holds at most s nonzeros of x",
        Condition("x_min <= x_max"),
        Condition("b_lower <= b"),
        Condition("b < b_upper"),
    ),
    constants={
        "b_lower": "babel*x_max + eps",
        "b_upper": "x_min - babel_before*x_max - eps",
        "error_hard": "eps + babel_before*x_max",
        "error_soft": "error_hard + b",
    },
    conclusion="Hard and soft thresholding of D^T y at b find the support of x, with errors of at most error_hard and "
    "error_soft there; for x >= 0 so does relu(D^T y - b), with errors of at most error_soft.",
    proof="As for thresholding-support: at most s atoms of the support have an inner product with an atom off it that "
    "is not 0, and s - 1 others with one on it, and the sums of so many are at most mu_1(s) and mu_1(s-1). For x >= 0 "
    "an entry of D^T y off the support is at most b, one on it is above b.",
    source="Papyan, Romano, Elad 2017; Tropp 2004",
    status=Status.proved,
    remark="mu_1(s) <= mu s: no weaker than thresholding-support.",
    depends=("thresholding-support",),
    observables=(
        Observable(quantity="largest_outside", relation="<=", bound="b"),
        Observable(quantity="least_inside", relation=">", bound="b"),
        Observable(quantity="error_hard", relation="<=", bound="error_hard"),
        Observable(quantity="error_soft", relation="<=", bound="error_soft"),
    ),
)
