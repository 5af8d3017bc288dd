"""What the rules say that are no theorems of the registry (certificates/SPEC.md, sections 6.1 to 6.12)."""

from __future__ import annotations

from ..report import TheoremText

FACT_RULE_TEXTS = tuple(
    TheoremText(id=rule, statement=statement, source=f"certificates/SPEC.md, section {section}")
    for rule, section, statement in (
        (
            "spectral-norm",
            "6.7",
            "A triangular factor shows that no eigenvalue of D D^T, or D^T D, is above a bound: |D z|_2 is at most its "
            "root times |z|_2.",
        ),
        ("atom-norms", "6.1", "The squared norms of all atoms are computed exactly."),
        (
            "mutual-coherence",
            "6.1",
            "Inner products of all pairs of atoms are computed exactly; this one is the largest.",
        ),
        ("babel", "6.1", "The largest sums of k inner products with one atom are enclosed between rationals."),
        ("rank", "6.1", "A square part of the dictionary is invertible modulo a prime, so its rows are independent."),
        ("null-vector", "6.1", "A combination of these atoms is exactly zero, as multiplying out shows."),
        ("support-values", "6.1", "Dual vectors bound how heavy few entries of a null vector can be, set by set."),
        (
            "generalized-babel",
            "6.1",
            "Sums of inner products of atoms with weights of their own are bounded above.",
        ),
        ("dependence-by-dimension", "6.2", "There are more atoms than dimensions, so m + 1 of them are dependent."),
        ("generalized-coherence-by-some-weights", "6.5", "Weights for some atoms bound mu~_i; the others are known."),
        ("null-space-by-null-vector", "6.6", "One exact null vector shows how much k entries can hold at least."),
        (
            "isometry-by-vector",
            "6.7",
            "One exact code shows how much the dictionary stretches or shrinks codes at least.",
        ),
        ("exact-recovery-coefficient", "6.11", "The exact recovery coefficient of these atoms is enclosed."),
        (
            "failure-by-dependent-support",
            "6.11",
            "A code on the support has the signal 0, so it is not recovered.",
        ),
        (
            "generalized-weights",
            "6.12",
            "Weights for every atom: their products with other atoms and norms are bounded.",
        ),
        (
            "generalized-weights-by-coherence",
            "6.12",
            "The unit atoms serve as their own weights, with mu as the bound.",
        ),
        (
            "stability-l0-by-isometry",
            "6.12",
            "Sparse codes of signals close together are close, by the isometry constant.",
        ),
        ("product", "6.9", "The dictionaries of the chain are multiplied exactly."),
        ("network-error", "6.10", "The recursion bounds the error of the network layer by layer, rounding included."),
        (
            "network-error-of-smooth-activation",
            "6.10",
            "The recursion bounds the error of the network layer by layer, rounding and smooth activation included.",
        ),
        (
            "dsc-layer-by-layer-constants",
            "6.13",
            "From weights, levels and bounds of every layer: C_1, C_2 and c with an error of at most "
            "C_1 e^(-cK) + C_2 times "
            "the tolerance after K layers of every network, layer by layer.",
        ),
        (
            "dsc-deepest-first-constants",
            "6.13",
            "The same for the network of the product of all dictionaries.",
        ),
        (
            "dsc-refit-constants",
            "6.13",
            "Least squares on the right support err by at most C_2 times the tolerance, whatever the networks did.",
        ),
        ("filter-norms", "6.14", "The squared norms of all atoms of all sizes are computed exactly from the filters."),
        (
            "filter-coherence",
            "6.14",
            "The correlations of all pairs of filters at all shifts that occur are computed exactly; "
            "these two atoms are the "
            "most coherent of all sizes.",
        ),
        (
            "filter-babel",
            "6.14",
            "The largest sums of k correlations of one filter with others, over all shifts, are "
            "enclosed between rationals.",
        ),
        (
            "filter-generalized-coherence",
            "6.14",
            "One weight vector for each filter: its correlations with all other atoms are computed exactly.",
        ),
        (
            "filter-coherence-among",
            "6.14",
            "The correlations of atoms that no boundary cuts, with each other or with all atoms, are computed exactly.",
        ),
        (
            "filter-babel-among",
            "6.14",
            "The largest sums of k correlations with atoms that no boundary cuts are bounded by rationals.",
        ),
        (
            "filter-cut-weights",
            "6.14",
            "One weight vector for each filter, cut in one way: its correlations with all other atoms, however these "
            "are cut, are computed exactly.",
        ),
        (
            "recovery-by-cut-weights",
            "6.14",
            "Every code whose stripes have at most k nonzeros is found, as (2k-1) mu~ < 1 with weights for every cut.",
        ),
        (
            "recovery-of-uncut-by-coherence",
            "6.14",
            "Every such code that keeps away from the ends is found, as k < (1 + 1/mu)/2 with mu of the atoms there.",
        ),
        (
            "recovery-of-uncut-by-babel",
            "6.14",
            "Every such code that keeps away from the ends is found, as mu_1(k-1) + mu_1(k) < 1 with the sums there.",
        ),
        (
            "recovery-of-uncut-by-weights",
            "6.14",
            "Every such code that keeps away from the ends is found, as (2k-1) mu~ < 1 with weights of whole atoms.",
        ),
        ("filter-null-vector", "6.14", "A combination of atoms of one size is exactly zero, as multiplying out shows."),
        (
            "filter-network-error",
            "6.15",
            "The stored network of convolutions, layer by layer on one stripe, as in lista-linf-local: no code of the "
            "class, at any size, is found with a greater error, rounding included.",
        ),
        ("filter-product", "6.16", "The filters of the chain are composed exactly."),
        (
            "dsc-filters-by-layers",
            "6.16",
            "Deep codes are unique, or found by basis pursuit, as the codes of every layer are.",
        ),
        (
            "dsc-filters-layer-by-layer",
            "6.16",
            "A network of convolutions for each dictionary: what the one before may err by under the taps of an atom "
            "is noise for the next, at every size, rounding included.",
        ),
        (
            "dsc-filters-deepest-first",
            "6.16",
            "One network of convolutions for the product of all filters; the codes before the deepest are its "
            "convolutions with products of filters, at every size, rounding included.",
        ),
    )
)
