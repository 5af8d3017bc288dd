"""Two deep codes of one signal."""

from .theorem import QuantitativeTheorem, Section, Status

THEOREM = QuantitativeTheorem(
    id="dsc-failure-by-two-codes",
    title="Failure by two deep codes",
    section=Section.deep,
    hypotheses=(
        "x_J != x'_J have x_(j-1) = rho_j(D_j x_j) and x'_(j-1) = rho_j(D_j x'_j) with at most lam_j nonzeros in x_j "
        "and x'_j for every j, and x_0 = x'_0",
    ),
    conclusion="Deep codes with these sparsities are not unique, basis pursuit layer by layer misses one of the two, "
    "and if rho_j(t v) = t rho_j(v) for t > 0 no bound of |x_J - x'_J|_2 holds for all deep codes of one signal.",
    proof="In the first layer in which they differ, basis pursuit has one problem for both. t x and t x' are deep "
    "codes of t y for every t > 0.",
    source="from the definitions",
    status=Status.proved,
)
