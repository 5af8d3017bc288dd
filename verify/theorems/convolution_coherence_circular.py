"""The same for circular shifts, if the period is long enough."""

from .language.dictionary_variables import EXTENT
from .language.domains import integers
from .language.variables import Variable
from .theorem import Condition, Observable, QuantitativeTheorem, Section, Status

PERIOD = Variable(name="p", meaning="period", domain=integers(1))

THEOREM = QuantitativeTheorem(
    id="convolution-coherence-circular",
    title="Coherence of a circular convolutional dictionary",
    section=Section.dictionary,
    variables=(PERIOD, EXTENT),
    hypotheses=(
        "boundary 'circular': the atoms are all circular shifts at multiples of the stride, which divides p",
        Condition("p >= 2*r - 1"),
    ),
    constants={"least_period": "2*r - 1"},
    conclusion="mu is the largest normalised cross-correlation of two filters over the shifts that occur, as without "
    "wrapping.",
    proof="Two circular shifts overlap in one stretch only if p >= 2r - 1; below, correlations of both sides add.",
    source="Papyan, Sulam, Elad 2017",
    status=Status.proved,
    remark="(1, 2, 1)/sqrt 6 with period 3 has mu = 5/6, not 2/3.",
    depends=("convolution-coherence",),
    observables=(Observable(quantity="coherence_gap", relation="=", bound="0"),),
)
