"""A representation of atom i by the others bounds mu~_i from below."""

from .language.dictionary_variables import U_NORM
from .theorem import Observable, QuantitativeTheorem, Section, Status

THEOREM = QuantitativeTheorem(
    id="generalized-coherence-by-null-vector",
    title="A null vector bounds the generalized coherence",
    section=Section.dictionary,
    variables=(U_NORM,),
    hypotheses=("u writes d^_i in the other atoms: sum of u_j d^_j over j != i equals d^_i",),
    constants={"mu_lower": "1/u_norm"},
    conclusion="mu~_i >= mu_lower; the least |u|_1 gives 1/|u|_1 = mu~_i.",
    observables=(Observable(quantity="mu_tilde_i", relation=">=", bound="mu_lower"),),
    proof="For every w with w^T d^_i = 1: 1 = sum u_j w^T d^_j <= |u|_1 max |w^T d^_j|. Equality for the best w "
    "and u is duality of linear programs.",
    source="duality of linear programs; certificates/SPEC.md, section 6.5",
    status=Status.proved,
)
