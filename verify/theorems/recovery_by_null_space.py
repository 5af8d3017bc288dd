"""Basis pursuit where nsc_k < 1/2."""

from ..verdict import Question
from .language.dictionary_variables import NSC, K
from .theorem import Case, Condition, GuaranteeTheorem, Known, Observable, Section, Status


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
    section=Section.recovery,
    variables=(K, NSC),
    hypotheses=(Condition("nsc < 1/2"), "nsc_k is that of the dictionary scaled as asked"),
    constants={"condition": "nsc - 1/2"},
    conclusion="Basis pursuit recovers every code with at most k nonzeros.",
    observables=(Observable(quantity="code_share", relation="<", bound="1/2"),),
    proof="Let x have support S, |S| <= k, and h be a null vector. Then |x + h|_1 >= |x|_1 - |h_S|_1 + |h off "
    "S|_1 = |x|_1 + |h|_1 - 2 |h_S|_1 > |x|_1.",
    source="Gribonval, Nielsen 2003; Donoho, Huo 2001",
    status=Status.proved,
    remark="Necessary too: if nsc_k >= 1/2, failure-by-heavy-part.",
    level=_level,
    evidence=_evidence,
)
