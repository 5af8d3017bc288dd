"""A null vector with at most 2k nonzeros is the difference of two k-sparse codes."""

from .language.dictionary_variables import NONZEROS, K
from .theorem import Case, Condition, Known, Observable, RefutationTheorem, Section, Status


def _level(known: Known, _: Case) -> int | None:
    vector = known.facts.null_vector
    return None if vector is None else (len(vector.support) + 1) // 2


THEOREM = RefutationTheorem(
    id="failure-by-two-codes",
    title="Two sparse codes of one signal",
    section=Section.recovery,
    variables=(K, NONZEROS),
    hypotheses=("D h = 0", "h != 0", Condition("nonzeros <= 2*k")),
    conclusion="Some signal has two k-sparse codes: l0, basis pursuit, the network and OMP all fail at level k.",
    observables=(
        Observable(quantity="spark", relation="<=", bound="2*k"),
        Observable(quantity="nsc", relation=">=", bound="1/2"),
    ),
    proof="Split h = x - x' into two codes with at most k nonzeros each: D x = D x'. A method that returns one "
    "code for a signal misses one of the two.",
    source="split h into two codes; certificates/SPEC.md, section 6.4",
    status=Status.proved,
    level=_level,
    witness=lambda known, _: known.facts.null_vector,
)
