"""Independent atoms: every signal has one code."""

from ..verdict import Question
from .theorem import Case, GuaranteeTheorem, Known, Observable, Section, Status


def _level(known: Known, case: Case) -> int:
    if case.question is Question.omp or (case.question is Question.network and not known.facts.is_real):
        return 0
    return 0 if known.independent is None else known.facts.n


THEOREM = GuaranteeTheorem(
    id="recovery-by-independence",
    title="Independent atoms",
    section=Section.recovery,
    hypotheses=("the atoms are linearly independent",),
    conclusion="Every signal has at most one code: l0, basis pursuit and a one-layer network find it at every level.",
    observables=(Observable(quantity="nsc", relation="<", bound="1/2"),),
    proof="D x = D x' forces x = x'; and W^T = the pseudo-inverse has W^T D = I, so that one step of the network "
    "with threshold 0 returns x.",
    source="Dx = Dx' forces x = x'; W* D = I for a left inverse",
    status=Status.proved,
    level=_level,
    evidence=lambda known: known.independent,
)
