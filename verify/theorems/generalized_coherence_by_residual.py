"""A representation with a residual still bounds mu~_i from below."""

from .language.dictionary_variables import REMAINDER, SMIN, U_NORM, M, N
from .theorem import Condition, Observable, QuantitativeTheorem, Section, Status

THEOREM = QuantitativeTheorem(
    id="generalized-coherence-by-residual",
    title="A lower bound from an inexact representation",
    section=Section.dictionary,
    variables=(M, N, U_NORM, REMAINDER, SMIN),
    hypotheses=(
        Condition("n - 1 >= m"),
        "smin bounds the m-th singular value of the matrix of the other atoms from below",
    ),
    constants={"mu_lower": "1/(u_norm + sqrt(n - 1)*r/smin)"},
    conclusion="mu~_i >= mu_lower.",
    observables=(Observable(quantity="mu_tilde_i", relation=">=", bound="mu_lower"),),
    proof="The other atoms span the space, so some v with |v|_2 <= r/smin represents the residual, and |v|_1 <= "
    "sqrt(n-1) |v|_2. Now u + v represents d^_i.",
    source="perturbation of generalized-coherence-by-null-vector",
    status=Status.proved,
    remark="For n - 1 < m the least singular value of the matrix is not what is asked for.",
    depends=("generalized-coherence-by-null-vector",),
)
