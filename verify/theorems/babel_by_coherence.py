"""mu_1(k) <= k mu."""

from .language.dictionary_variables import MU, K
from .theorem import Observable, QuantitativeTheorem, Section, Status

THEOREM = QuantitativeTheorem(
    id="babel-by-coherence",
    title="The Babel function from the mutual coherence",
    section=Section.dictionary,
    variables=(K, MU),
    hypotheses=(),
    constants={"babel_upper": "k*mu"},
    conclusion="mu_1(k) <= babel_upper.",
    observables=(Observable(quantity="babel", relation="<=", bound="babel_upper"),),
    proof="A sum of k numbers, each at most mu.",
    source="Tropp 2004, section 2",
    status=Status.proved,
    remark="Equality for atoms with equal |<d^_i, d^_j>|.",
)
