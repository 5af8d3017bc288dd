"""Codes on whole atoms, by sums over stripes."""

from .theorem import QuantitativeTheorem, Section, Status

THEOREM = QuantitativeTheorem(
    id="recovery-of-uncut-by-babel",
    title="Recovery of codes on whole atoms by the Babel function",
    section=Section.recovery,
    hypotheses=(
        "boundary 'same', any size of at least the taps; the atoms are the shifts of filters as the ends cut "
        "them, unit vectors",
        "x is 0 on atoms that an end cuts; or, for interior codes, on atoms whose stripes hold a cut one",
        "|x|^S <= s; a bounds every sum of s - 1 values |<d^_i, d^_j>| over whole j != i for whole i, b every sum"
        " of s of them for any i; for uniqueness, the network and interior codes: for whole i",
        "a + b < 1",
    ),
    conclusion="x is the only minimiser of basis pursuit for its signal, OMP returns it, the network on whole atoms "
    "converges to it, and no other such code has its signal.",
    proof="Whole atoms of one size are the dictionary of the boundary 'full' with fewer positions, which settles "
    "uniqueness and the network. Otherwise all sums in the proof of recovery-by-filter-babel are over j in S,"
    " which are whole, for i in S (at most a) and for i off S (at most b). For interior codes an atom off S "
    "that is not orthogonal to all of S is in the stripe of one of S, so it is whole.",
    source="certificates/SPEC.md, section 6.14",
    status=Status.proved,
    remark="Cut atoms compete: x' in basis pursuit is any code, and OMP may choose any atom.",
    depends=("recovery-by-filter-babel",),
)
