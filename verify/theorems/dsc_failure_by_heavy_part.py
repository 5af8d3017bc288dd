"""A deep code that basis pursuit misses in one layer."""

from .theorem import QuantitativeTheorem, Section, Status

THEOREM = QuantitativeTheorem(
    id="dsc-failure-by-heavy-part",
    title="Failure of basis pursuit on a deep code",
    section=Section.deep,
    hypotheses=(
        "x_1..x_J have x_(j-1) = rho_j(D_j x_j) and at most lam_j nonzeros in x_j for every j",
        "for one j, x_j is a multiple of a part of a null vector of D_j that weighs at least half of it",
    ),
    conclusion="x_j is not the only minimiser of basis pursuit for D_j x_j.",
    proof="failure-by-heavy-part for D_j and x_j.",
    source="from the definitions",
    status=Status.proved,
    depends=("failure-by-heavy-part",),
)
