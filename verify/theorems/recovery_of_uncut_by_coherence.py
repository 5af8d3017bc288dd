"""Codes on whole atoms, by coherence."""

from .theorem import QuantitativeTheorem, Section, Status

THEOREM = QuantitativeTheorem(
    id="recovery-of-uncut-by-coherence",
    title="Recovery of codes on whole atoms by coherence",
    section=Section.recovery,
    hypotheses=(
        "boundary 'same', any size of at least the taps; the atoms are the shifts of filters as the ends cut "
        "them, unit vectors",
        "x is 0 on atoms that an end cuts; or, for interior codes, on atoms whose stripes hold a cut one",
        "|<d^_i, d^_j>| <= mu for all different atoms of which at least one is whole; for uniqueness, the network"
        " and interior codes: of which both are",
        "|x|^S <= s and (2s - 1) mu < 1",
    ),
    conclusion="x is the only minimiser of basis pursuit for its signal, OMP returns it, the network on whole atoms "
    "converges to it, and no other such code has its signal.",
    proof="recovery-of-uncut-by-babel, with k mu for the sums of k products.",
    source="certificates/SPEC.md, section 6.14",
    status=Status.proved,
    depends=("recovery-of-uncut-by-babel",),
)
