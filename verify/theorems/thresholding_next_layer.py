"""The error of one layer is the noise of the next."""

from .language.domains import reals
from .language.layer_variables import NOISE, NONZEROS_IN_ATOM
from .language.variables import Variable
from .theorem import Observable, QuantitativeTheorem, Section, Status

ERROR = Variable(name="error", meaning="bound of the error of the layer below, entry by entry", domain=reals(0))

THEOREM = QuantitativeTheorem(
    id="thresholding-next-layer",
    title="From one layer's error to the next layer's noise",
    section=Section.thresholding,
    variables=(NONZEROS_IN_ATOM, ERROR, NOISE),
    hypotheses=(
        "unit atoms; the error of the layer below is supported on its code's support, with entries of at most error",
    ),
    constants={"eps": "sqrt(k)*error + noise"},
    conclusion="|d_i^T e| <= eps for every atom of this layer.",
    proof="|d_i^T e| is at most the sum of k entries of a unit vector, times error: sqrt(k) error by Cauchy and "
    "Schwarz; and the model's noise is added.",
    source="Papyan, Romano, Elad 2017",
    status=Status.proved,
    observables=(Observable(quantity="correlation", relation="<=", bound="eps"),),
)
