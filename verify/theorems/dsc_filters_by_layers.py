"""Deep codes in stripes are unique, layer by layer."""

from .theorem import QuantitativeTheorem, Section, Status

THEOREM = QuantitativeTheorem(
    id="dsc-filters-by-layers",
    title="Deep codes of chains of filters",
    section=Section.deep,
    hypotheses=(
        "x_(j-1) = D_j x_j for j = 1..J, x_0 = y, with |x_j|^S <= s_j in the stripes of D_j",
        "for every D_j each code with |.|^S <= s_j is the only one with its signal (the only minimiser of basis "
        "pursuit for it)",
    ),
    conclusion="At every size x_1 .. x_J are the only codes of these stripe sparsities with x_0 = y (basis pursuit, "
    "layer by layer, finds them).",
    proof="y determines x_1, x_1 determines x_2, and so on.",
    source="theory of deep sparse coding, by stripes; certificates/SPEC.md, section 6.16",
    status=Status.proved,
    depends=(
        "recovery-by-filter-babel",
        "recovery-by-filter-coherence",
        "recovery-by-filter-weights",
    ),
)
