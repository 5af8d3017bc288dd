"""relu from two leaky ReLU units."""

from .language.code_variables import V
from .language.domains import reals
from .language.variables import Variable
from .theorem import Observable, QuantitativeTheorem, Section, Status

SLOPE = Variable(name="a", meaning="slope of the leaky ReLU", domain=reals(0, 1, below=True))

THEOREM = QuantitativeTheorem(
    id="leaky-relu-identity",
    title="ReLU by two leaky ReLU units",
    section=Section.networks,
    variables=(V, SLOPE),
    hypotheses=(),
    constants={"relu": "(Max(v, 0) + a*Min(v, 0) + a*(Max(-v, 0) + a*Min(-v, 0)))/(1 - a**2)"},
    conclusion="relu(v) = (lrelu(v) + a lrelu(-v))/(1 - a^2), exactly, with lrelu(v) = max(v, 0) + a min(v, 0).",
    proof="For v >= 0 the sum is v - a^2 v; for v < 0 it is a v - a v = 0.",
    source="elementary",
    status=Status.proved,
    observables=(Observable(quantity="relu", relation="=", bound="relu"),),
)
