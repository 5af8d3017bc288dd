"""max |D_S^+ d_i|_1 < 1: OMP and basis pursuit recover every code on S."""

from .language.domains import reals
from .language.variables import Variable
from .theorem import Condition, Observable, QuantitativeTheorem, Section, Status

ERC = Variable(name="erc", meaning="the largest |D_S^+ d_i|_1 over i off S, 0 if there is none", domain=reals(0))

THEOREM = QuantitativeTheorem(
    id="exact-recovery",
    title="Exact recovery on one support",
    section=Section.recovery,
    variables=(ERC,),
    hypotheses=("the atoms of S are independent", Condition("erc < 1")),
    constants={"tropp_coefficient": "1 - erc"},
    conclusion="OMP in at most |S| steps, and basis pursuit, recover every code supported on S, for the scaling of the "
    "atoms that the coefficient is computed for.",
    observables=(
        Observable(quantity="code_share", relation="<", bound="1/2"),
        Observable(quantity="greedy", relation="<", bound="1"),
    ),
    proof="A residual r in the span of D_S has max over i off S of |d_i^T r| <= erc max over S of |d_j^T r|, so "
    "OMP picks in S. A second code x' of the signal has D_S^+ D x' = x, so |x|_1 <= |x' on S|_1 + erc |x' "
    "off S|_1 < |x'|_1.",
    source="Tropp 2004, theorems 3.1 and 3.3",
    status=Status.classical,
    remark="Without independence it is false: [e1, e1, e2] with S = {1, 2}.",
)
