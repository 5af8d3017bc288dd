"""The error of one layer is the noise of the next, by the entries of the atoms."""

from .language.domains import reals
from .language.layer_variables import NOISE
from .language.variables import Variable
from .theorem import Observable, QuantitativeTheorem, Section, Status

SPREAD = Variable(
    name="spread",
    meaning="the largest sum of k |entries| of one atom, or an upper bound; k the most nonzeros of the code below "
    "inside the support of one atom",
    domain=reals(0),
)
ERROR = Variable(name="error", meaning="bound of the error of the layer below, entry by entry", domain=reals(0))

THEOREM = QuantitativeTheorem(
    id="thresholding-next-layer-by-entries",
    title="From one layer's error to the next layer's noise, by the entries of the atoms",
    section=Section.thresholding,
    variables=(SPREAD, ERROR, NOISE),
    hypotheses=("the error of the layer below is supported on its code's support, with entries of at most error",),
    constants={"eps": "spread*error + noise"},
    conclusion="|d_i^T e| <= eps for every atom of this layer.",
    proof="|d_i^T e| is at most the sum of k |entries| of the atom, times error; and the model's noise is added.",
    source="Papyan, Romano, Elad 2017",
    status=Status.proved,
    remark="For unit atoms spread <= sqrt(k): no weaker than thresholding-next-layer.",
    observables=(Observable(quantity="correlation", relation="<=", bound="eps"),),
)
