"""Independent atoms: every signal has one code."""

from ..verdict import Question
from .theorem import Case, GuaranteeTheorem, Known


def _level(known: Known, case: Case) -> int:
    return 0 if case.question is Question.omp or known.independent is None else known.facts.n


THEOREM = GuaranteeTheorem(
    id="recovery-by-independence",
    title="Independent atoms",
    hypotheses=("the atoms are linearly independent",),
    conclusion="Every signal has at most one code, so l0 and basis pursuit find it at every level.",
    source="Dx = Dx' forces x = x'",
    status="proved",
    level=_level,
    evidence=lambda known: known.independent,
)
