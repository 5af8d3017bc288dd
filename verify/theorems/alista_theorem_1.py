"""The network with a step gamma."""

from .language.code_variables import S
from .language.dictionary_variables import MU_WEIGHTS
from .language.domains import reals
from .language.variables import Variable
from .theorem import Condition, Observable, QuantitativeTheorem, Section, Status

GAMMA = Variable(name="gamma", latex=r"\gamma", meaning="step", domain=reals(0, above=True))

THEOREM = QuantitativeTheorem(
    id="alista-theorem-1",
    title="Convergence with a step",
    section=Section.networks,
    variables=(S, MU_WEIGHTS, GAMMA),
    hypotheses=(
        Condition("(2*s - 1)*mu < 1"),
        Condition("gamma < 2/(1 + (2*s - 1)*mu)"),
        "the weights are gamma times those of lista-linf, the thresholds gamma s mu a_k, no noise",
    ),
    constants={"gamma_bound": "2/(1 + (2*s - 1)*mu)", "rate": "Abs(1 - gamma) + gamma*(2*s - 1)*mu"},
    conclusion="|x^K - x*|_inf <= B rate^K with rate < 1; gamma = 1 has the least rate.",
    proof="lista-step with P_i(s) <= gamma s mu and kappa = |1 - gamma|. For gamma <= 1 the rate is 1 - gamma (1 "
    "- q), which decreases; for gamma >= 1 it is gamma (1 + q) - 1, which increases and is below 1 iff "
    "gamma < 2/(1 + q).",
    source="Liu, Chen, Wang, Yin 2019, theorem 1",
    status=Status.proved,
    depends=("lista-step",),
    observables=(Observable(quantity="contraction", relation="<=", bound="rate"),),
)
