"""Basis pursuit where nsc_k < 1/2."""

from ..verdict import Question
from .theorem import DICTIONARY_VARIABLES, Case, GuaranteeTheorem, Known


def _level(known: Known, case: Case) -> int:
    constants = known.facts.null_space
    if case.question is not Question.l1 or constants is None or constants.scaling is not case.scaling:
        return 0
    return 0 if constants.guaranteed is None else constants.guaranteed.level


def _evidence(known: Known) -> object:
    return None if known.facts.null_space is None else known.facts.null_space.guaranteed


THEOREM = GuaranteeTheorem(
    id="recovery-by-null-space",
    title="The null space condition holds",
    variables={**DICTIONARY_VARIABLES, "nsc": "null-space constant at level k"},
    hypotheses=("nsc_k < 1/2, for the dictionary scaled as asked",),
    constants={"condition": "nsc - 1/2"},
    conclusion="Basis pursuit recovers every code with at most k nonzeros.",
    source="Gribonval, Nielsen 2003; Donoho, Huo 2001",
    status="proved",
    level=_level,
    evidence=_evidence,
)
