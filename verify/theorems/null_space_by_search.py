"""Bounds of the shares of pairs and triples, a search, and bounds of what it finds bound nsc_k."""

from .theorem import QuantitativeTheorem, Section, Status

THEOREM = QuantitativeTheorem(
    id="null-space-by-search",
    title="Null-space bound from small supports and a search",
    section=Section.dictionary,
    hypotheses=(),
    conclusion="Dual vectors bound the share of every set of two or three atoms; a search finds the larger sets that "
    "averages of these bounds leave open, and dual vectors bound those.",
    proof="As null-space-by-supports: the search passes over only sets that averages of their subsets bound.",
    source="Cho, Mishra, Xu 2018; certificates/SPEC.md, section 6.6",
    status=Status.proved,
    depends=("null-space-by-supports",),
)
