"""The source's form of the convergence theorem."""

from .language.code_variables import STEPS, B, S
from .language.dictionary_variables import MU_WEIGHTS
from .language.domains import reals
from .language.variables import Variable
from .theorem import Condition, Observable, QuantitativeTheorem, Section, Status

NOISE_1 = Variable(name="sigma", latex=r"\sigma", meaning="bound of |e|_1", domain=reals(0))
LARGEST_WEIGHT = Variable(name="C_W", meaning="the largest |W_li|", domain=reals(0))

THEOREM = QuantitativeTheorem(
    id="clwy2018-theorem-2",
    title="Convergence of the unrolled network, as the source states it",
    section=Section.networks,
    variables=(S, MU_WEIGHTS, B, NOISE_1, LARGEST_WEIGHT, STEPS),
    hypotheses=(
        Condition("(2*s - 1)*mu < 1"),
        "y = D x* + e with |x*|_0 <= s, |x*|_inf <= B, |e|_1 <= sigma",
        "W attains mu~ = mu, and its entries are at most C_W in modulus",
        "the thresholds follow the schedule of the source",
    ),
    constants={"q": "(2*s - 1)*mu", "c": "-log(q)", "C": "2*s*C_W/(1 + mu - 2*mu*s)", "error_l2": "s*B*q**K + C*sigma"},
    conclusion="The network of lista-linf has |x^K - x*|_2 <= error_l2 = s B e^(-cK) + C sigma.",
    proof="With |w_i^T e| <= C_W |e|_1, lista-l2 has the same rate and constants smaller by the factor sqrt(s); 1 "
    "+ mu - 2 mu s is 1 - q.",
    source="Chen, Liu, Wang, Yin 2018, theorem 2; Li, Feng, Zhou 2024, theorem 5 (one layer)",
    status=Status.reported,
    depends=("lista-l2",),
    observables=(Observable(quantity="error_l2", relation="<=", bound="error_l2"),),
)
