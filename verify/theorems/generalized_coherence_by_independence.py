"""mu~_i = 0 where atom i is independent of the others."""

from .theorem import Observable, QuantitativeTheorem, Section, Status

THEOREM = QuantitativeTheorem(
    id="generalized-coherence-by-independence",
    title="An atom outside the span of the others",
    section=Section.dictionary,
    hypotheses=("d_i is not in the span of the other atoms",),
    conclusion="mu~_i = 0.",
    observables=(Observable(quantity="mu_tilde_i", relation="=", bound="0"),),
    proof="The part w of d_i orthogonal to the span of the others has w^T d_i != 0 and w^T d_j = 0.",
    source="linear algebra; certificates/SPEC.md, section 6.5",
    status=Status.proved,
    depends=("generalized-coherence",),
)
