"""The unrolled network converges at the rate P_i(k) + P_i(k-1)."""

from __future__ import annotations

from fractions import Fraction

from ..facts.generalized_babel import GeneralizedBabel
from .language.dictionary_variables import P_BEFORE, P
from .theorem import Condition, Each, IterationTheorem, Known, Observable, Section, Status


def _rate(known: Known, level: int) -> Fraction | None:
    babel = known.facts.generalized_babel
    if babel is None or not 1 <= level <= len(babel.sums) or babel.sums[level - 1] >= 1:
        return None
    return babel.sums[level - 1]


def _level(known: Known) -> int:
    babel = known.facts.generalized_babel
    return 0 if babel is None else max((k for k, total in enumerate(babel.sums, 1) if total < 1), default=0)


def _evidence(known: Known, level: int) -> GeneralizedBabel | None:
    return known.facts.generalized_babel


THEOREM = IterationTheorem(
    id="rate-by-generalized-babel",
    title="Rate of the unrolled network",
    section=Section.networks,
    variables=(P, P_BEFORE),
    hypotheses=(Condition("P + P_before < 1"), "this holds for every atom i", "the dictionary is real"),
    constants={"rate": "P + P_before"},
    conclusion="With these weights every layer of the network x <- T_t(x + W*(y - Dx)) brings every k-sparse code "
    "closer by the factor max_i (P_i(k) + P_i(k-1)), in the greatest modulus of an entry.",
    proof="lista-step without noise, kappa = 0, and thresholds P_i(k) a: a falls by the factor max_i (P_i(k) + "
    "P_i(k-1)) in every layer.",
    source="Chen, Liu, Wang, Yin 2018; certificates/SPEC.md, section 6.3",
    status=Status.proved,
    depends=("lista-step",),
    each=Each.atom,
    rate=_rate,
    level=_level,
    evidence=_evidence,
    observables=(Observable(quantity="contraction", relation="<=", bound="rate"),),
)
