"""A method that recovers every k-sparse code proves that no two of them share a signal."""

from ..verdict import Question
from .language.dictionary_variables import K
from .theorem import Case, GuaranteeTheorem, Known, Observable, Section, Status


def _level(known: Known, case: Case) -> int:
    return 0 if case.question is not Question.l0 or known.recovery is None else known.recovery.level


THEOREM = GuaranteeTheorem(
    id="uniqueness-by-recovery",
    title="Uniqueness from recovery",
    section=Section.recovery,
    variables=(K,),
    hypotheses=("basis pursuit, the network or OMP recovers every code with at most k nonzeros",),
    conclusion="No two different codes with at most k nonzeros have the same signal.",
    observables=(Observable(quantity="spark", relation=">", bound="2*k"),),
    proof="A method returns one code for one signal.",
    source="a method returns one code for one signal; certificates/SPEC.md, section 6.3",
    status=Status.proved,
    level=_level,
    evidence=lambda known: known.recovery,
)
