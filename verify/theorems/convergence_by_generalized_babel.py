"""The unrolled network where P_i(k) + P_i(k-1) < 1."""

from ..verdict import Question
from .theorem import DICTIONARY_VARIABLES, Case, GuaranteeTheorem, Known


def _level(known: Known, case: Case) -> int:
    babel = known.facts.generalized_babel
    if case.question is not Question.network or babel is None:
        return 0
    return max((k for k, value in enumerate(babel.sums, 1) if value < 1), default=0)


THEOREM = GuaranteeTheorem(
    id="convergence-by-generalized-babel",
    title="Convergence of the unrolled network by the generalized Babel function",
    variables={**DICTIONARY_VARIABLES, "q": "max over i of P_i(k) + P_i(k-1)"},
    hypotheses=("P_i(k) + P_i(k-1) < 1 for every atom i", "the dictionary is real"),
    constants={"rate": "q"},
    conclusion="With these weights the network x <- T_t(x + W*(y - Dx)) converges to every k-sparse code.",
    source="Chen, Liu, Wang, Yin 2018; Li, Feng, Zhou 2024; certificates/SPEC.md, section 6.3",
    status="proved",
    level=_level,
    evidence=lambda known: known.facts.generalized_babel,
)
