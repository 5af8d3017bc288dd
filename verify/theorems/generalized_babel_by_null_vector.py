"""A representation of atom i bounds P_i(k) from below."""

from .language.dictionary_variables import U_NORM, K
from .language.domains import reals
from .language.variables import Variable
from .theorem import Observable, QuantitativeTheorem, Section, Status

U_LARGEST = Variable(
    name="u_largest", plain="|u|_inf", latex=r"|u|_\infty", meaning="|u|_inf", domain=reals(0, above=True)
)

THEOREM = QuantitativeTheorem(
    id="generalized-babel-by-null-vector",
    title="A null vector bounds the generalized Babel function",
    section=Section.dictionary,
    variables=(K, U_LARGEST, U_NORM),
    hypotheses=("u writes d^_i in the other atoms: sum of u_j d^_j over j != i equals d^_i",),
    constants={"P_lower": "1/Max(u_largest, u_norm/k)"},
    conclusion="For all weights with w_i^T d^_i = 1, P_i(k) >= P_lower; the best u attains the best P_i(k).",
    observables=(Observable(quantity="P", relation=">=", bound="P_lower"),),
    proof="1 = sum u_j w^T d^_j, and a sum of products is at most (sum of the k largest |w^T d^_j|) max(|u|_inf, "
    "|u|_1/k): the two norms are dual. Equality is duality of linear programs.",
    source="duality of linear programs",
    status=Status.proved,
    depends=("generalized-coherence-by-null-vector",),
)
