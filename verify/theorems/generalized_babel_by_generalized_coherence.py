"""P_i(k) <= k mu~_i."""

from .language.dictionary_variables import MU_TILDE_I, K
from .theorem import Each, Observable, QuantitativeTheorem, Section, Status

THEOREM = QuantitativeTheorem(
    id="generalized-babel-by-generalized-coherence",
    title="The generalized Babel function from the generalized coherence",
    section=Section.dictionary,
    variables=(K, MU_TILDE_I),
    hypotheses=(),
    constants={"P_upper": "k*mu_tilde"},
    conclusion="With the weights of mu~_i, P_i(k) <= P_upper.",
    observables=(Observable(quantity="P", relation="<=", bound="P_upper"),),
    proof="A sum of k numbers, each at most mu~_i.",
    source="definition",
    status=Status.proved,
    depends=("generalized-coherence",),
    each=Each.atom,
)
