"""Orthogonal atoms: OMP finds every code."""

from ..verdict import Question
from .theorem import Case, GuaranteeTheorem, Known


def _level(known: Known, case: Case) -> int:
    return known.facts.n if case.question is Question.omp and known.facts.coherence.squared == 0 else 0


THEOREM = GuaranteeTheorem(
    id="recovery-by-orthogonality",
    title="Orthogonal atoms",
    hypotheses=("mu = 0",),
    conclusion="OMP recovers every code, at every level and for any scaling.",
    source="the residual is orthogonal to the atoms off the support, and to those on it that are done",
    status="proved",
    level=_level,
    evidence=lambda known: known.facts.coherence,
)
