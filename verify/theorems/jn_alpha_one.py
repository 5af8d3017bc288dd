"""alpha_1 = max mu~_i/(1 + mu~_i)."""

from .language.dictionary_variables import MU_TILDE_I
from .theorem import Each, Observable, QuantitativeTheorem, Section, Status

THEOREM = QuantitativeTheorem(
    id="jn-alpha-one",
    title="Juditsky and Nemirovski's alpha_1",
    section=Section.dictionary,
    variables=(MU_TILDE_I,),
    hypotheses=("mu_tilde holds mu~_i exactly, for every atom i",),
    constants={"alpha_1": "mu_tilde/(1 + mu_tilde)"},
    conclusion="alpha_1 = min over Y of the largest entry of |I - Y^T D^| is exactly this, the largest over the atoms.",
    observables=(Observable(quantity="alpha_1", relation="=", bound="alpha_1"),),
    proof="For w of mu~_i and c = 1/(1 + mu~_i), y = c w has |1 - y^T d^_i| = mu~_i/(1 + mu~_i) and |y^T d^_j| <= "
    "c mu~_i, the same. Conversely, if both are at most a < 1, then w = y/(y^T d^_i) has |w^T d^_j| <= a/(1 "
    "- a), so mu~_i <= a/(1 - a).",
    source="Juditsky, Nemirovski 2011",
    status=Status.proved,
    depends=("generalized-coherence",),
    each=Each.atom,
)
