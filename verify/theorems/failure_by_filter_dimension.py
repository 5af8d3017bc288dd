"""More atoms than entries of the signal, at one size."""

from .theorem import QuantitativeTheorem, Section, Status

THEOREM = QuantitativeTheorem(
    id="failure-by-filter-dimension",
    title="More atoms than entries of a signal of one size",
    section=Section.recovery,
    hypotheses=("at one size there are more atoms than the m entries of a signal, and m + 1 <= 2k",),
    conclusion="At this size two codes with at most k nonzeros, and at most k in every stripe, have one signal.",
    proof="Some m + 1 atoms are dependent; a null vector of them splits into two codes with at most k nonzeros each.",
    source="linear algebra; certificates/SPEC.md, section 6.14",
    status=Status.proved,
    depends=("failure-by-dimension", "failure-by-filter-codes"),
)
