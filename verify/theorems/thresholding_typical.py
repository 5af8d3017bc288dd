"""Random signs: the support is missed with small probability."""

from .language.code_variables import ATOM_NOISE, X_MAX, X_MIN, S
from .language.dictionary_variables import N
from .language.domains import reals
from .language.variables import Variable
from .theorem import Condition, Observable, QuantitativeTheorem, Section, Status

MU_2 = Variable(
    name="mu_2",
    plain="mu_2(s)",
    latex=r"\mu_2(s)",
    meaning="mu_2(s): the largest root of a sum of s squares <d_i, d_j>^2",
    domain=reals(0),
)
MU_2_BEFORE = Variable(name="mu_2_before", plain="mu_2(s-1)", latex=r"\mu_2(s-1)", meaning="mu_2(s-1)", domain=reals(0))

THEOREM = QuantitativeTheorem(
    id="thresholding-typical",
    title="Thresholding in the typical case",
    section=Section.thresholding,
    variables=(N, S, MU_2, MU_2_BEFORE, X_MIN, X_MAX, ATOM_NOISE),
    hypotheses=(
        Condition("s <= n"),
        Condition("x_min <= x_max"),
        Condition("eps < x_min/2"),
        Condition("mu_2 > 0"),
        Condition("mu_2_before > 0"),
        "S and the moduli of x are fixed, |S| = s, the signs independent and uniform; the threshold is "
        "|x|_min/2; unit atoms",
    ),
    constants={
        "g": "(x_min - 2*eps)**2/(8*x_max**2)",
        "probability": "2*(n - s)*exp(-g/mu_2**2) + 2*s*exp(-g/mu_2_before**2)",
    },
    conclusion="P(the support is missed) <= probability.",
    proof="Hoeffding: a sum of x_j <d_i, d_j> with random signs exceeds |x|_min/2 - eps with probability at most "
    "2 exp(-(|x|_min/2 - eps)^2/(2 |x|_max^2 mu_2^2)), mu_2 at s for the n - s atoms off S and at s - 1 for "
    "those on it; then the union bound.",
    source="Murray, Tanner 2018; Schnass, Vandergheynst 2007",
    status=Status.proved,
    remark="Where mu_2 is 0, its term is absent. So s may be of order 1/(mu^2 log n) instead of 1/mu.",
    observables=(Observable(quantity="probability_missed", relation="<=", bound="probability"),),
)
