"""The same with m independent columns."""

from .language.dictionary_variables import REMAINDER, SMIN, U_NORM, M
from .theorem import Observable, QuantitativeTheorem, Section, Status

THEOREM = QuantitativeTheorem(
    id="generalized-coherence-by-columns",
    title="A lower bound from an inexact representation and m independent atoms",
    section=Section.dictionary,
    variables=(M, U_NORM, REMAINDER, SMIN),
    hypotheses=("smin bounds the least singular value of m independent atoms other than i from below",),
    constants={"mu_lower": "1/(u_norm + sqrt(m)*r/smin)"},
    conclusion="mu~_i >= mu_lower.",
    observables=(Observable(quantity="mu_tilde_i", relation=">=", bound="mu_lower"),),
    proof="Some v supported on these m atoms with |v|_2 <= r/smin represents the residual, and |v|_1 <= sqrt(m) |v|_2.",
    source="perturbation of generalized-coherence-by-null-vector",
    status=Status.proved,
    depends=("generalized-coherence-by-null-vector",),
)
