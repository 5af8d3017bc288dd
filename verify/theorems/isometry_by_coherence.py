"""delta_k <= (k-1) mu."""

from .language.dictionary_variables import MU, K
from .theorem import Observable, QuantitativeTheorem, Section, Status

THEOREM = QuantitativeTheorem(
    id="isometry-by-coherence",
    title="Restricted isometry from the mutual coherence",
    section=Section.dictionary,
    variables=(K, MU),
    hypotheses=(),
    constants={"delta_upper": "(k - 1)*mu"},
    conclusion="delta_k <= delta_upper.",
    observables=(Observable(quantity="delta", relation="<=", bound="delta_upper"),),
    proof="mu_1(k-1) <= (k-1) mu.",
    source="Gershgorin's circles; Tropp 2004",
    status=Status.proved,
    depends=("isometry-by-babel", "babel-by-coherence"),
)
