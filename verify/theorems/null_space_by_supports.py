"""Bounds of the shares of small sets bound nsc_k."""

from .language.dictionary_variables import K
from .language.domains import integers, reals
from .language.variables import Variable
from .theorem import Condition, Observable, QuantitativeTheorem, Section, Status

SUBSET = Variable(name="size", plain="l", latex="l", meaning="number of atoms of the subsets", domain=integers(1))
AVERAGE = Variable(
    name="average",
    meaning="the average, over the subsets of l atoms of a set of k, of the largest |h_T|_1 / |h|_1",
    domain=reals(0),
)

THEOREM = QuantitativeTheorem(
    id="null-space-by-supports",
    title="Null-space bound from small supports",
    section=Section.dictionary,
    variables=(K, SUBSET, AVERAGE),
    hypotheses=(Condition("size <= k"),),
    conclusion="The share of a set of k atoms is at most k/l times the average of the shares of its subsets of l "
    "atoms. So bounds for sets of one, two or three atoms, by dual vectors, bound nsc_k, with dual vectors for the "
    "sets that averages leave open.",
    observables=(Observable(quantity="share", relation="<=", bound="k*average/size"),),
    proof="For one null vector the share of a set of k atoms is k/l times the average of those of its subsets: each "
    "atom is in the same number of them. A dual vector bounds a share by duality of linear programs.",
    source="Cho, Mishra, Xu 2018; certificates/SPEC.md, section 6.6",
    status=Status.proved,
)
