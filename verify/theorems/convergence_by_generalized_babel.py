"""The unrolled network where P_i(k) + P_i(k-1) < 1."""

from ..verdict import Question
from .language.dictionary_variables import P_BEFORE, P
from .theorem import Case, Condition, Each, GuaranteeTheorem, Known, Observable, Section, Status


def _level(known: Known, case: Case) -> int:
    babel = known.facts.generalized_babel
    if case.question is not Question.network or babel is None:
        return 0
    return max((k for k, value in enumerate(babel.sums, 1) if value < 1), default=0)


THEOREM = GuaranteeTheorem(
    id="convergence-by-generalized-babel",
    title="Convergence of the unrolled network by the generalized Babel function",
    section=Section.networks,
    variables=(P, P_BEFORE),
    hypotheses=(Condition("P + P_before < 1"), "this holds for every atom i", "the dictionary is real"),
    constants={"rate": "P + P_before"},
    conclusion="With these weights the network x <- T_t(x + W*(y - Dx)) converges to every k-sparse code.",
    proof="lista-step without noise, kappa = 0, and thresholds P_i(k) a: a falls by the factor max_i (P_i(k) + "
    "P_i(k-1)) in every layer.",
    source="Chen, Liu, Wang, Yin 2018; Li, Feng, Zhou 2024; certificates/SPEC.md, section 6.3",
    status=Status.proved,
    depends=("lista-step",),
    each=Each.atom,
    level=_level,
    evidence=lambda known: known.facts.generalized_babel,
    observables=(Observable(quantity="contraction", relation="<=", bound="rate"),),
)
