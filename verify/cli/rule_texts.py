"""What the rules about sparse-coding problems say (certificates/SPEC.md, section 6.8)."""

from __future__ import annotations

from ..report import TheoremText

_SPEC = "certificates/SPEC.md, section 6.8"

PROBLEM_RULE_TEXTS = tuple(
    TheoremText(id=rule, statement=statement, source=source)
    for rule, statement, source in (
        ("value-by-code", "A code was tried exactly: it is feasible, so the value is at most what it costs.", _SPEC),
        (
            "value-by-dual",
            "A vector v with |<d_i, v>| at most the weight of every atom bounds the value from below: by <v, y> for "
            "basis pursuit, with epsilon |v| less for BPDN and |v|²/2 less for LASSO (weak duality).",
            _SPEC,
        ),
        (
            "infeasible-by-dual",
            "A vector that separates the signal from what codes can reach: no code is feasible (Farkas).",
            _SPEC,
        ),
        (
            "unique-minimiser-of-basis-pursuit",
            "A dual vector that is strictly feasible off the support, and an approximate inverse that proves its atoms "
            "independent: there is one minimiser, on this support and with these signs.",
            f"Fuchs 2004; {_SPEC}",
        ),
        (
            "unique-minimiser-of-lasso",
            "Near this code the optimality conditions hold on the support, and strictly off it: there is one "
            "minimiser, on this support and with these signs.",
            f"Fuchs 2004; {_SPEC}",
        ),
        (
            "unique-minimiser-of-bpdn",
            "The residuals of the minimisers of two LASSO problems with the same support and signs enclose epsilon: "
            "the one minimiser of BPDN lies between them.",
            _SPEC,
        ),
        ("unique-minimiser-by-zero", "Zero is feasible and costs nothing; everything else costs something.", _SPEC),
        (
            "unique-minimiser-by-guarantee",
            "The code has no more nonzeros than are guaranteed for this dictionary, so it is the one minimiser.",
            _SPEC,
        ),
        (
            "unique-minimiser-by-enumeration",
            "The exact distances of the signal from the spans of all other supports with as many atoms or fewer are "
            "greater than what the code leaves.",
            _SPEC,
        ),
        (
            "unique-minimiser-by-search",
            "A tree of cases, atoms used or not; each case but those of codes on the atoms of this one is closed by a "
            "dual vector or by an exact distance.",
            _SPEC,
        ),
        (
            "code-error-by-coherence",
            "The difference of two sparse codes is not much longer than that of their images: |D h|² is at least "
            "(1 - (p-1) mu) |h|² for p nonzeros.",
            _SPEC,
        ),
        (
            "code-error-by-isometry",
            "The difference of two sparse codes is not much longer than that of their images: |D h|² is at least "
            "(1 - delta_p) |h|² for p nonzeros.",
            _SPEC,
        ),
        ("upper-value-by-minimiser", "The value is what the located minimiser costs at most.", _SPEC),
        ("lower-value-by-minimiser", "The value is what the located minimiser costs at least.", _SPEC),
        ("several-minimisers", "Two different feasible codes cost no more than the proved lower bound.", _SPEC),
        (
            "value-by-search",
            "A tree of cases, atoms used or not; each case is closed by a dual vector or by an exact distance.",
            f"Land, Doig 1960; {_SPEC}",
        ),
        (
            "value-by-enumeration",
            "The exact distances of the signal from the spans of all supports with so many atoms.",
            _SPEC,
        ),
    )
)

MORE_RULE_TEXTS = (
    TheoremText(
        id="failure-by-dependent-support",
        statement="A null vector on the support has the signal 0, for which basis pursuit and OMP return 0.",
        source="certificates/SPEC.md, section 6.11",
    ),
    TheoremText(
        id="stability-l0-by-isometry",
        statement="Two codes with at most k nonzeros near one signal: (1 - delta_2k) |z|² is at most (2 epsilon)².",
        source="certificates/SPEC.md, section 6.12",
    ),
)
"""Rules about one dictionary that no theorem of the registry states."""
