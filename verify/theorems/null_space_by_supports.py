"""Bounds of the shares of small sets bound nsc_k."""

from .theorem import QuantitativeTheorem, Section, Status

THEOREM = QuantitativeTheorem(
    id="null-space-by-supports",
    title="Null-space bound from small supports",
    section=Section.dictionary,
    hypotheses=(),
    conclusion="Dual vectors bound the share of every set of one, two or three atoms; averages of these bounds, and "
    "dual vectors for the sets that averages leave open, bound nsc_k.",
    proof="The share of a set of k atoms is the average, times k/l, of the shares of its subsets of l atoms; a "
    "dual vector bounds a share by duality of linear programs.",
    source="Cho, Mishra, Xu 2018; certificates/SPEC.md, section 6.6",
    status=Status.proved,
)
