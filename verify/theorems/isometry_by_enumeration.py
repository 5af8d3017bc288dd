"""delta_k by all sets of k atoms."""

from .theorem import QuantitativeTheorem, Section, Status

THEOREM = QuantitativeTheorem(
    id="isometry-by-enumeration",
    title="Restricted isometry by enumeration",
    section=Section.dictionary,
    hypotheses=(),
    conclusion="The Gram matrix of every set of k unit atoms lies between 1 - delta_k and 1 + delta_k, exactly.",
    proof="Definition; delta_k = delta_n for k > n.",
    source="certificates/SPEC.md, section 6.7",
    status=Status.proved,
)
