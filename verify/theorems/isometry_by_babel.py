"""delta_k <= mu_1(k-1)."""

from ..facts.measure import Facts
from .language.dictionary_variables import BABEL_BEFORE, K
from .theorem import Condition, IsometryBound, IsometryTheorem, Observable, Section, Status


def _upper(facts: Facts) -> tuple[IsometryBound, ...]:
    if facts.babel is None:
        return ()
    return tuple(
        IsometryBound(level=k, upper=upper, theorem="isometry-by-babel")
        for k, upper in enumerate(facts.babel.upper, 2)
        if upper < 1
    )


THEOREM = IsometryTheorem(
    id="isometry-by-babel",
    title="Restricted isometry from the Babel function",
    section=Section.dictionary,
    variables=(K, BABEL_BEFORE),
    hypotheses=(Condition("k >= 2"),),
    constants={"delta_upper": "babel_before"},
    conclusion="delta_k <= mu_1(k-1).",
    observables=(Observable(quantity="delta", relation="<=", bound="delta_upper"),),
    proof="The Gram matrix of k unit atoms has diagonal 1, and the other entries of a row have absolute values of "
    "sum mu_1(k-1) at most: by Gershgorin all eigenvalues are within mu_1(k-1) of 1.",
    source="Gershgorin's circles; Tropp 2004",
    status=Status.proved,
    upper=_upper,
)
