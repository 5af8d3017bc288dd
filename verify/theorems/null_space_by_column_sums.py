"""Column sums of I - W*D bound nsc_k."""

from .language.dictionary_variables import K
from .language.domains import reals
from .language.variables import Variable
from .theorem import Observable, QuantitativeTheorem, Section, Status

COLUMN_SUM = Variable(
    name="column_sum",
    plain="c_k",
    latex="c_k",
    meaning="the largest sum of k moduli in one column of I - W* D",
    domain=reals(0),
)

THEOREM = QuantitativeTheorem(
    id="null-space-by-column-sums",
    title="Null-space bound from column sums",
    section=Section.dictionary,
    variables=(K, COLUMN_SUM),
    hypotheses=(),
    conclusion="nsc_k is at most c_k, the largest sum of k moduli in one column of I - W* D, for any weights W.",
    observables=(Observable(quantity="nsc", relation="<=", bound="column_sum"),),
    proof="For a null vector h, h = (I - W* D) h, so |h_S|_1 <= sum_j |h_j| (sum over S of column j's moduli) <= "
    "|h|_1 times the largest sum of k moduli in one column.",
    source="Juditsky, Nemirovski 2011; certificates/SPEC.md, section 6.6",
    status=Status.proved,
    remark="The largest sum R of k moduli in one row is a bound too, another one: |h|_inf <= R max(|h|_inf, |h|_1/k): "
    "R >= 1 or |h_S|_1 <= k |h|_inf <= R |h|_1.",
)
