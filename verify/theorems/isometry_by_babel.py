"""delta_k <= mu_1(k-1)."""

from ..facts.measure import Facts
from .theorem import DICTIONARY_VARIABLES, IsometryBound, IsometryTheorem


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
    variables=DICTIONARY_VARIABLES,
    hypotheses=("k >= 2",),
    conclusion="delta_k <= mu_1(k-1).",
    source="Gershgorin's circles; Tropp 2004",
    status="proved",
    upper=_upper,
)
