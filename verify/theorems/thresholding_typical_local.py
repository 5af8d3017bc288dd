"""Random signs: the support is missed with small probability, by what a stripe holds."""

from dataclasses import replace

from .language.code_variables import ATOM_NOISE, X_MAX, X_MIN
from .language.dictionary_variables import N
from .language.domains import reals
from .language.variables import Variable
from .theorem import Condition, Observable, QuantitativeTheorem, Section, Status

MET = replace(N, meaning="number of atoms whose stripe holds a nonzero, or of all atoms", measured=None)
MU_2 = Variable(
    name="mu_2",
    plain="mu_2(s)",
    latex=r"\mu_2(s)",
    meaning="mu_2(s), the largest root of a sum of s squares <d_i, d_j>^2, or an upper bound; s as in a stripe of x",
    domain=reals(0),
)

THEOREM = QuantitativeTheorem(
    id="thresholding-typical-local",
    title="Thresholding in the typical case, by stripes",
    section=Section.thresholding,
    variables=(MET, MU_2, X_MIN, X_MAX, ATOM_NOISE),
    hypotheses=(
        Condition("x_min <= x_max"),
        Condition("eps < x_min/2"),
        Condition("mu_2 > 0"),
        "S and the moduli of x are fixed, every stripe holds at most s of S, the signs are independent and uniform; "
        "the threshold is |x|_min/2; unit atoms",
    ),
    constants={"g": "(x_min - 2*eps)**2/(8*x_max**2)", "probability": "2*n*exp(-g/mu_2**2)"},
    conclusion="P(the support is missed) <= probability; otherwise the sum of x_j <d_i, d_j> over j != i is at most "
    "|x|_min/2 - eps for every atom i.",
    proof="As for thresholding-typical, atom by atom: at most s signs enter the sum of one atom, and none that of an "
    "atom whose stripe holds no nonzero.",
    source="Murray, Tanner 2018; Schnass, Vandergheynst 2007",
    status=Status.proved,
    remark="s counts nonzeros in a stripe, n atoms of the whole signal: its size enters through log n alone.",
    depends=("thresholding-typical",),
    observables=(Observable(quantity="probability_missed", relation="<=", bound="probability"),),
)
