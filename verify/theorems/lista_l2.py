"""The unrolled network converges in the Euclidean norm."""

from .language.code_variables import SIGMA, STEPS, B, S
from .language.dictionary_variables import MU_WEIGHTS
from .theorem import Condition, Observable, QuantitativeTheorem, Section, Status

THEOREM = QuantitativeTheorem(
    id="lista-l2",
    title="Convergence of the unrolled network, Euclidean norm",
    section=Section.networks,
    variables=(S, MU_WEIGHTS, B, SIGMA, STEPS),
    hypotheses=(Condition("(2*s - 1)*mu < 1"), "the other hypotheses of lista-linf"),
    constants={
        "q": "(2*s - 1)*mu",
        "c": "-log(q)",
        "C_1": "sqrt(s)*B",
        "C_2": "2*sqrt(s)/(1 - q)",
        "floor": "C_2*sigma",
        "error_l2": "C_1*q**K + floor*(1 - q**K)",
    },
    conclusion="The network of lista-linf has |x^K - x*|_2 <= error_l2 <= C_1 e^(-cK) + C_2 sigma.",
    proof="The error is supported on at most s places (lista-linf), each at most a_K.",
    source="Chen, Liu, Wang, Yin 2018, theorem 2; Li, Feng, Zhou 2024, theorem 5 (one layer); sharper constants",
    status=Status.proved,
    depends=("lista-linf",),
    observables=(Observable(quantity="error_l2", relation="<=", bound="error_l2"),),
)
