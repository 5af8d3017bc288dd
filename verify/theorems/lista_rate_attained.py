"""The rate of lista-linf is attained."""

from dataclasses import replace

from .language.code_variables import STEPS, B
from .language.dictionary_variables import MU_WEIGHTS
from .theorem import Condition, Observable, QuantitativeTheorem, Section, Status

STEPS_GIVEN = replace(STEPS, optional=False)

THEOREM = QuantitativeTheorem(
    id="lista-rate-attained",
    title="The rate is attained",
    section=Section.networks,
    variables=(MU_WEIGHTS, B, STEPS_GIVEN),
    hypotheses=(
        Condition("mu < 1"),
        "s = 1, no noise, x* = B or -B at one place, thresholds t_k = mu a_k with equality",
    ),
    constants={"error": "B*mu**K"},
    conclusion="|x^K - x*|_inf = error exactly, the bound of lista-linf.",
    proof="With one nonzero at i, the value before the shrinkage is x*_i in every layer, and the shrinkage takes "
    "away t_k = mu a_k.",
    source="equality in the proof of lista-step",
    status=Status.proved,
    depends=("lista-linf",),
    observables=(Observable(quantity="error_linf", relation="=", bound="error"),),
)
