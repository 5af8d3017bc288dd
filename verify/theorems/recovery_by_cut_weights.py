"""Basis pursuit and the network where atoms are cut, by weights for every way to be cut."""

from .theorem import QuantitativeTheorem, Section, Status

THEOREM = QuantitativeTheorem(
    id="recovery-by-cut-weights",
    title="Recovery by weights for cut atoms",
    section=Section.recovery,
    hypotheses=(
        "boundary 'same', any size of at least the taps; the atoms are the shifts of filters as the ends cut "
        "them, unit vectors",
        "for every filter and every way in which its atoms are cut there is w_i, 0 beyond the atom, with w_i^T "
        "d^_i = 1 and |w_i^T d^_j| <= mu~ for all j != i",
        "(2s - 1) mu~ < 1",
    ),
    conclusion="Each code with |x|^S <= s is the only minimiser of basis pursuit for its signal, the network with "
    "these weights converges to it, and no other code with |x|^S <= s has its signal.",
    proof="recovery-by-filter-weights asks no more of the w_i than this.",
    source="recovery-by-filter-weights; certificates/SPEC.md, section 6.14",
    status=Status.proved,
    depends=("recovery-by-filter-weights",),
)
