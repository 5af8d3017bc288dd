"""Column sums of I - W*D bound nsc_k."""

from .theorem import QuantitativeTheorem, Section, Status

THEOREM = QuantitativeTheorem(
    id="null-space-by-column-sums",
    title="Null-space bound from column sums",
    section=Section.dictionary,
    hypotheses=(),
    conclusion="nsc_k is at most the largest sum of k moduli in one column of I - W* D, for any weights W.",
    proof="For a null vector h, h = (I - W* D) h, so |h_S|_1 <= sum_j |h_j| (sum over S of column j's moduli) <= "
    "|h|_1 times the largest sum of k moduli in one column.",
    source="Juditsky, Nemirovski 2011; certificates/SPEC.md, section 6.6",
    status=Status.proved,
    remark="Columns, not rows: row sums bound another norm.",
)
