"""Non-negative codes need one ReLU unit."""

from .language.code_variables import V
from .language.domains import reals
from .language.variables import Variable
from .theorem import Observable, QuantitativeTheorem, Section, Status

THRESHOLD_REAL = Variable(name="t", meaning="threshold, of any sign", domain=reals())

THEOREM = QuantitativeTheorem(
    id="shrinkage-nonnegative",
    title="Non-negative soft thresholding by one ReLU unit",
    section=Section.networks,
    variables=(V, THRESHOLD_REAL),
    hypotheses=(),
    constants={"solution": "Max(v - t, 0)"},
    conclusion="The minimiser of (x - v)^2/2 + t x over x >= 0 is relu(v - t), for every real t.",
    proof="The function is convex with derivative x - v + t: at x = v - t it is 0 if v >= t; else it is positive "
    "on x > 0, and the minimiser is 0.",
    source="Li, Feng, Zhou 2024",
    status=Status.proved,
    observables=(Observable(quantity="nonnegative_minimiser", relation="=", bound="solution"),),
)
