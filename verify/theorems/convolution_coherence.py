"""mu from the filters' cross-correlations, no atom cut."""

from .language.dictionary_variables import EXTENT
from .language.domains import integers
from .language.variables import Variable
from .theorem import Condition, Observable, QuantitativeTheorem, Section, Status

LENGTH = Variable(
    name="length", plain="code length", latex=r"\ell", meaning="number of positions of a filter", domain=integers(1)
)

THEOREM = QuantitativeTheorem(
    id="convolution-coherence",
    title="Coherence of a convolutional dictionary",
    section=Section.dictionary,
    variables=(LENGTH, EXTENT),
    hypotheses=(
        "boundary 'full': the atoms are all shifts of the filters, at multiples of the stride, and none is cut",
        Condition("length >= r"),
    ),
    constants={"largest_shift": "r - 1"},
    conclusion="mu is the largest normalised cross-correlation of two filters over the shifts that are multiples of "
    "the stride, up to largest_shift, an atom with itself excluded; it does not depend on the length.",
    proof="The inner product of two atoms depends on the difference of their positions only, and is 0 where that "
    "is r or more; every smaller multiple of the stride occurs.",
    source="Papyan, Sulam, Elad 2017",
    status=Status.proved,
    remark="On a grid of several axes the condition is asked of every axis.",
    observables=(Observable(quantity="coherence_gap", relation="=", bound="0"),),
)
