"""mu >= sqrt((n - m)/(m (n - 1)))."""

from .language.dictionary_variables import M, N
from .theorem import Condition, Observable, QuantitativeTheorem, Section, Status

THEOREM = QuantitativeTheorem(
    id="welch-bound",
    title="Welch bound",
    section=Section.dictionary,
    variables=(M, N),
    hypotheses=(Condition("n > m"),),
    constants={"mu_lower": "sqrt((n - m)/(m*(n - 1)))"},
    conclusion="The mutual coherence is at least mu_lower, with equality exactly for equiangular tight frames.",
    observables=(Observable(quantity="mu", relation=">=", bound="mu_lower"),),
    proof="The Gram matrix G of the unit atoms has trace n and rank m at most, so n^2 <= m tr(G^2) <= m (n + n "
    "(n-1) mu^2). Equality means equal nonzero eigenvalues and equal |<d^_i, d^_j>|.",
    source="Welch 1974",
    status=Status.classical,
)
