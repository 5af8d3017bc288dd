"""Rounding of an inner product: g_m |x| |y|, and underflow."""

from .language.dictionary_variables import M
from .language.domains import reals
from .language.variables import Variable
from .theorem import Condition, Observable, QuantitativeTheorem, Section, Status

U = Variable(
    name="u", meaning="unit roundoff of the arithmetic really used", domain=reals(0, 1, above=True, below=True)
)
TAU = Variable(name="tau", latex=r"\tau", meaning="the largest error of one underflow", domain=reals(0))

THEOREM = QuantitativeTheorem(
    id="inner-product-rounding",
    title="Rounding error of an inner product",
    section=Section.dictionary,
    variables=(M, U, TAU),
    hypotheses=(
        Condition("m*u < 1"),
        "x and y are vectors of m numbers of the format multiplied; no Strassen-like product",
    ),
    constants={"g": "m*u/(1 - m*u)", "underflow": "m*tau"},
    conclusion="|fl(<x, y>) - <x, y>| <= g |x|_2 |y|_2 + underflow, for every order of summation.",
    proof="Each product and each sum adds a relative error of at most u, and a term passes through m of them at "
    "most: g = m u/(1 - m u) bounds (1 + u)^m - 1. A product that underflows is off by tau at most; sums of "
    "numbers that small are exact.",
    source="Higham 2002, section 3.1",
    status=Status.classical,
    observables=(Observable(quantity="relative_error", relation="<=", bound="g"),),
)
