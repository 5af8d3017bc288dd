"""What the rules say that bound constants and are no theorems of their own (certificates/SPEC.md, section 6)."""

from __future__ import annotations

from ..report import TheoremText

RULE_TEXTS = (
    TheoremText(
        id="null-space-by-generalized-coherence",
        statement="nsc_k is at most the sum of the k largest mu~_i/(1 + mu~_i).",
        source="Juditsky, Nemirovski 2011; certificates/SPEC.md, section 6.6",
    ),
    TheoremText(
        id="null-space-by-supports",
        statement="Dual vectors bound the share of every set of one, two or three atoms; averages of these bounds, and "
        "dual vectors for the sets that averages leave open, bound nsc_k.",
        source="Cho, Mishra, Xu 2018; certificates/SPEC.md, section 6.6",
    ),
    TheoremText(
        id="null-space-by-search",
        statement="Dual vectors bound the share of every set of two or three atoms; a search finds the larger sets "
        "that averages of these bounds leave open, and dual vectors bound those.",
        source="Cho, Mishra, Xu 2018; certificates/SPEC.md, section 6.6",
    ),
    TheoremText(
        id="null-space-by-column-sums",
        statement="nsc_k is at most the largest sum of k moduli in one column of I - W* D, for any weights W.",
        source="Juditsky, Nemirovski 2011; certificates/SPEC.md, section 6.6",
    ),
    TheoremText(
        id="isometry-by-enumeration",
        statement="The Gram matrix of every set of k unit atoms lies between 1 - delta_k and 1 + delta_k, exactly.",
        source="certificates/SPEC.md, section 6.7",
    ),
)
