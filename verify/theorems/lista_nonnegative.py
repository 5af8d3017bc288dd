"""One layer for non-negative codes: only positive parts count off the support."""

from .language.code_variables import ETA_I, THRESHOLD_I, A
from .language.domains import reals
from .language.variables import Variable
from .theorem import Condition, Each, Observable, QuantitativeTheorem, Section, Status

P_PLUS = Variable(
    name="P_plus",
    plain="P_i^+(s)",
    latex=r"P_i^+(s)",
    meaning="sum of the s largest positive parts of w_i^T d_j, j != i",
    domain=reals(0),
    each=True,
)
P_MINUS = Variable(
    name="P_minus",
    plain="P_i^-(s-1)",
    latex=r"P_i^-(s-1)",
    meaning="sum of the s-1 largest negative parts of w_i^T d_j, j != i",
    domain=reals(0),
    each=True,
)

THEOREM = QuantitativeTheorem(
    id="lista-nonnegative",
    title="One layer of the unrolled network, non-negative codes",
    section=Section.networks,
    variables=(P_PLUS, P_MINUS, ETA_I, THRESHOLD_I, A),
    hypotheses=(
        "y = D x* + e with x* >= 0, |x*|_0 <= s, w_i^T d_i = 1; relu in place of the shrinkage; 0 <= x^k <= x* "
        "and |x^k - x*|_inf <= a",
        Condition("t >= P_plus*a + eta"),
    ),
    constants={"a_next": "t + P_minus*a + eta"},
    conclusion="0 <= x^(k+1) <= x*, and |x^(k+1) - x*|_inf <= a_next, the largest over the atoms.",
    proof="x* - x^k lies between 0 and a on S and is 0 elsewhere. So (sum of w_i^T d_j (x*_j - x^k_j)) + w_i^T e "
    "is at most P_i^+ a + eta_i <= t_i, whence x^(k+1) <= x* and 0 off S; and on S it is at least -P_i^- a "
    "- eta_i.",
    source="in the manner of Chen, Liu, Wang, Yin 2018",
    status=Status.proved,
    each=Each.atom,
    observables=(
        Observable(quantity="error_linf", relation="<=", bound="a_next"),
        Observable(quantity="overshoot", relation="<=", bound="0"),
    ),
)
