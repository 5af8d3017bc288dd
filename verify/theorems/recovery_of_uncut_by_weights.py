"""Codes on whole atoms, by weights."""

from .theorem import QuantitativeTheorem, Section, Status

THEOREM = QuantitativeTheorem(
    id="recovery-of-uncut-by-weights",
    title="Recovery of codes on whole atoms by weights",
    section=Section.recovery,
    hypotheses=(
        "boundary 'same', any size of at least the taps; the atoms are the shifts of filters as the ends cut "
        "them, unit vectors",
        "x is 0 on atoms that an end cuts; or, for interior codes, on atoms whose stripes hold a cut one",
        "for every whole atom i there is w_i, 0 beyond it, with w_i^T d^_i = 1 and |w_i^T d^_j| <= mu~ for all j "
        "!= i; for uniqueness, the network and interior codes: for all whole j",
        "|x|^S <= s and (2s - 1) mu~ < 1",
    ),
    conclusion="x is the only minimiser of basis pursuit for its signal, the network on whole atoms converges to it, "
    "and no other such code has its signal.",
    proof="In the proof of recovery-by-filter-weights only the w_i of i in S occur, with the atoms of their "
    "stripes; for interior codes these are whole.",
    source="certificates/SPEC.md, section 6.14",
    status=Status.proved,
    depends=("recovery-by-filter-weights",),
)
