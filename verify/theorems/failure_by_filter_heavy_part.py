"""A null vector of one size is as heavy on a sparse part as on the rest."""

from .theorem import QuantitativeTheorem, Section, Status

THEOREM = QuantitativeTheorem(
    id="failure-by-filter-heavy-part",
    title="The null space condition fails at one size",
    section=Section.recovery,
    hypotheses=(
        "at one size D h = 0, h != 0, and h on some atoms has |.|^S <= k (or |.|_0 <= k) and at least half "
        "of sum w_i |h_i|",
    ),
    conclusion="At this size basis pursuit misses a code with |x|^S <= k (or |x|_0 <= k).",
    proof="failure-by-heavy-part for the matrix of this size: the code is h on these atoms.",
    source="Gribonval, Nielsen 2003 (null space condition); certificates/SPEC.md, section 6.14",
    status=Status.proved,
    depends=("failure-by-heavy-part",),
)
