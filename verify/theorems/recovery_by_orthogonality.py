"""Orthogonal atoms: OMP finds every code."""

from ..verdict import Question
from .language.dictionary_variables import MU
from .theorem import Case, Condition, GuaranteeTheorem, Known, Observable, Section, Status


def _level(known: Known, case: Case) -> int:
    return known.facts.n if case.question is Question.omp and known.facts.coherence.squared == 0 else 0


THEOREM = GuaranteeTheorem(
    id="recovery-by-orthogonality",
    title="Orthogonal atoms",
    section=Section.recovery,
    variables=(MU,),
    hypotheses=(Condition("mu == 0"),),
    conclusion="OMP recovers every code, at every level and for any scaling.",
    observables=(Observable(quantity="greedy", relation="<", bound="1"),),
    proof="The residual is orthogonal to the atoms off the support and to those already chosen, so OMP picks a "
    "new atom of the support in every step.",
    source="the residual is orthogonal to the atoms off the support, and to those on it that are done",
    status=Status.proved,
    level=_level,
    evidence=lambda known: known.facts.coherence,
)
