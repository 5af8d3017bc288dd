"""Basis pursuit finds deep codes if it finds those of every layer."""

from .theorem import QuantitativeTheorem, Section, Status

THEOREM = QuantitativeTheorem(
    id="dsc-recovery-by-layers",
    title="Basis pursuit finds deep sparse codes, layer by layer",
    section=Section.deep,
    hypotheses=(
        "eps_j = 0 and rho_j is injective, for every layer j",
        "basis pursuit recovers every code of D_j with at most lam_j nonzeros, by any theorem",
    ),
    conclusion="Basis pursuit layer by layer returns the x_j.",
    proof="Its problem in layer j has the signal rho_j^(-1)(x_(j-1)) = D_j x_j.",
    source="Li, Feng, Zhou 2024, theorem 2, with the condition of each layer left open",
    status=Status.proved,
)
