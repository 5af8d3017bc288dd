"""nsc_1 = mu~/(1 + mu~)."""

from .language.dictionary_variables import MU_TILDE
from .theorem import Observable, QuantitativeTheorem, Section, Status

THEOREM = QuantitativeTheorem(
    id="null-space-of-one",
    title="The null-space constant at level 1",
    section=Section.dictionary,
    variables=(MU_TILDE,),
    hypotheses=("the dictionary meant is that of unit atoms", "mu_tilde is mu~ exactly"),
    constants={"nsc_1": "mu_tilde/(1 + mu_tilde)"},
    conclusion="nsc_1 = mu~/(1 + mu~).",
    observables=(Observable(quantity="nsc_1", relation="=", bound="nsc_1"),),
    proof="Let D^h = 0. From 0 = w_i^T D^h, |h_i| <= mu~_i (|h|_1 - |h_i|), so |h_i| <= mu~_i/(1 + mu~_i) |h|_1. "
    "Equality: the least |u|_1 = 1/mu~_i with sum u_j d^_j = d^_i gives a null vector with |h_i| = 1 and "
    "|h|_1 = 1 + 1/mu~_i.",
    source="Juditsky, Nemirovski 2011",
    status=Status.proved,
    depends=("generalized-coherence", "generalized-coherence-by-null-vector"),
)
