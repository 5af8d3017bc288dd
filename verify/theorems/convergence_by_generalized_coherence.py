"""The unrolled network below (1 + 1/mu~)/2."""

from ..facts.generalized import largest_level
from ..verdict import Question
from .language.dictionary_variables import MU_TILDE, K
from .theorem import Case, Condition, GuaranteeTheorem, Known, Observable, Section, Status


def _level(known: Known, case: Case) -> int:
    facts = known.facts
    if case.question is not Question.network or facts.generalized is None or facts.generalized.imaginary is not None:
        return 0
    return min(largest_level(facts.generalized), facts.n)


THEOREM = GuaranteeTheorem(
    id="convergence-by-generalized-coherence",
    title="Convergence of the unrolled network by generalized coherence",
    section=Section.networks,
    variables=(K, MU_TILDE),
    hypotheses=(Condition("(2*k - 1)*mu_tilde < 1"), "the dictionary is real"),
    constants={"rate": "(2*k - 1)*mu_tilde", "level_bound": "(1 + 1/mu_tilde)/2"},
    conclusion="With the weights of mu~ the network x <- T_t(x + W*(y - Dx)) converges to every k-sparse code.",
    proof="With the weights of mu~, |w_i^T d_j| <= mu~: lista-linf with sigma = 0.",
    source="Liu, Chen, Wang, Yin 2019; Li, Feng, Zhou 2024; certificates/SPEC.md, section 6.3",
    status=Status.proved,
    depends=("lista-linf",),
    level=_level,
    evidence=lambda known: known.facts.generalized,
    observables=(Observable(quantity="contraction", relation="<=", bound="rate"),),
)
