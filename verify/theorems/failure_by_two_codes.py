"""A null vector with at most 2k nonzeros is the difference of two k-sparse codes."""

from .theorem import DICTIONARY_VARIABLES, Case, Known, RefutationTheorem


def _level(known: Known, _: Case) -> int | None:
    vector = known.facts.null_vector
    return None if vector is None else (len(vector.support) + 1) // 2


THEOREM = RefutationTheorem(
    id="failure-by-two-codes",
    title="Two sparse codes of one signal",
    variables=DICTIONARY_VARIABLES,
    hypotheses=("D h = 0 for some h != 0 with at most 2k nonzeros",),
    conclusion="Some signal has two k-sparse codes: l0, basis pursuit, the network and OMP all fail at level k.",
    source="split h into two codes; certificates/SPEC.md, section 6.4",
    status="proved",
    level=_level,
    witness=lambda known, _: known.facts.null_vector,
)
