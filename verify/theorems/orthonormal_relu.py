"""Orthonormal atoms: a ReLU layer solves the non-negative lasso."""

from dataclasses import replace

from .language.code_variables import V
from .language.domains import reals
from .language.variables import Variable
from .theorem import Observable, QuantitativeTheorem, Section, Status

CORRELATION = replace(V, meaning="d_i^T y, what unit i is given")
BIAS = Variable(name="t", meaning="minus the bias of unit i", domain=reals())

THEOREM = QuantitativeTheorem(
    id="orthonormal-relu",
    title="A ReLU layer with orthonormal atoms solves the non-negative lasso",
    section=Section.layers,
    variables=(CORRELATION, BIAS),
    hypotheses=("D^T D = I; for a convolution, all shifts that occur are orthonormal, not only the filters",),
    constants={"solution": "Max(v - t, 0)"},
    conclusion="relu(D^T y - t) is the only minimiser of |y - Dx|_2^2/2 + sum of t_i x_i over x >= 0, for real t_i of "
    "any sign; its entry i is solution.",
    proof="Every entry is apart: shrinkage-nonnegative.",
    source="Bowren 2021",
    status=Status.proved,
    depends=("shrinkage-nonnegative",),
    observables=(Observable(quantity="minimiser", relation="=", bound="solution"),),
)
