"""The unrolled network converges at the rate P_i(k) + P_i(k-1)."""

from __future__ import annotations

from fractions import Fraction

from ..facts.generalized_babel import GeneralizedBabel
from .theorem import DICTIONARY_VARIABLES, IterationTheorem, Known


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
    variables={**DICTIONARY_VARIABLES, "q": "max over i of P_i(k) + P_i(k-1)"},
    hypotheses=("P_i(k) + P_i(k-1) < 1 for every atom i", "the dictionary is real"),
    constants={"rate": "q"},
    conclusion="With these weights every layer of the network x <- T_t(x + W*(y - Dx)) brings every k-sparse code "
    "closer by the factor q, in the greatest modulus of an entry.",
    source="Chen, Liu, Wang, Yin 2018; certificates/SPEC.md, section 6.3",
    status="proved",
    rate=_rate,
    level=_level,
    evidence=_evidence,
)
