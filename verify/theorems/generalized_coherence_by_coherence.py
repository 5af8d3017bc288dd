"""mu~ <= mu."""

from .language.dictionary_variables import MU
from .theorem import Observable, QuantitativeTheorem, Section, Status

THEOREM = QuantitativeTheorem(
    id="generalized-coherence-by-coherence",
    title="Generalized coherence is at most coherence",
    section=Section.dictionary,
    variables=(MU,),
    hypotheses=(),
    constants={"mu_tilde_upper": "mu"},
    conclusion="mu~ <= mu_tilde_upper.",
    observables=(Observable(quantity="mu_tilde", relation="<=", bound="mu_tilde_upper"),),
    proof="w = d^_i satisfies w^T d^_i = 1 and |w^T d^_j| <= mu.",
    source="Liu, Chen, Wang, Yin 2019; Li, Feng, Zhou 2024",
    status=Status.proved,
    remark="For the simplex (all cosines -1/(n-1)) both are equal.",
    depends=("generalized-coherence",),
)
