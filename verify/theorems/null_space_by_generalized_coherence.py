"""nsc_k is at most the sum of the k largest mu~_i/(1 + mu~_i)."""

from .language.dictionary_variables import MU_TILDE, K
from .theorem import Observable, QuantitativeTheorem, Section, Status

THEOREM = QuantitativeTheorem(
    id="null-space-by-generalized-coherence",
    title="Null-space bound from the generalized coherence",
    section=Section.dictionary,
    variables=(K, MU_TILDE),
    hypotheses=("the dictionary meant is that of unit atoms",),
    constants={"nsc_upper": "k*mu_tilde/(1 + mu_tilde)"},
    conclusion="nsc_k is at most the sum of the k largest mu~_i/(1 + mu~_i), so at most nsc_upper.",
    observables=(Observable(quantity="nsc", relation="<=", bound="nsc_upper"),),
    proof="|h_i| <= mu~_i/(1 + mu~_i) |h|_1 for every null vector h of D^ (null-space-of-one), summed over k places.",
    source="Juditsky, Nemirovski 2011; certificates/SPEC.md, section 6.6",
    status=Status.proved,
    depends=("null-space-of-one",),
)
