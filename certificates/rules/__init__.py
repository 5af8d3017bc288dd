"""The rules of SPEC.md section 6, by name. A rule reads its evidence and returns a `Task`."""

from __future__ import annotations

from collections.abc import Callable

from . import (
    code_errors,
    convolutional,
    convolutional_cut_levels,
    convolutional_cuts,
    convolutional_failures,
    convolutional_levels,
    convolutional_network,
    deep,
    deep_constants,
    deep_networks,
    deep_refit,
    duals,
    enumeration,
    exact_recovery,
    facts,
    filter_chain_levels,
    filter_chain_networks,
    generalized,
    isometry,
    lasso,
    minimisers,
    network,
    network_error,
    null_space,
    only_codes,
    optimality,
    recovery,
    refutation,
    spark,
    spectral,
    stability,
    value_enumeration,
    value_search,
)
from .chain import Chain
from .deep_class import DeepInstance
from .dictionary import Dictionary
from .filter_chain_class import FilterChainInstance
from .filter_network import FilterNetworkInstance
from .filters import Filters
from .signals import Instance
from .stored_network import NetworkInstance
from .values import Task

Rule = Callable[[Dictionary, object], Task]
ProblemRule = Callable[[Instance, object], Task]
NetworkRule = Callable[[NetworkInstance, object], Task]
DeepRule = Callable[[Chain, object], Task]
FilterRule = Callable[[Filters, object], Task]
FilterNetworkRule = Callable[[FilterNetworkInstance, object], Task]
DeepNetworkRule = Callable[[DeepInstance, object], Task]
FilterChainRule = Callable[[FilterChainInstance, object], Task]

RULES: dict[str, Rule] = {
    "atom-norms": facts.atom_norms,
    "welch-bound": facts.welch_bound,
    "mutual-coherence": facts.mutual_coherence,
    "babel": facts.babel,
    "rank": facts.rank,
    "null-vector": facts.null_vector,
    "support-values": duals.support_values,
    "generalized-coherence": generalized.generalized_coherence,
    "generalized-babel": generalized.generalized_babel,
    "generalized-babel-by-generalized-coherence": network.generalized_babel_by_generalized_coherence,
    "rate-by-generalized-babel": network.rate_by_generalized_babel,
    "generalized-coherence-by-independence": generalized.generalized_coherence_by_independence,
    "generalized-coherence-by-some-weights": generalized.generalized_coherence_by_some_weights,
    "generalized-coherence-by-null-vector": generalized.generalized_coherence_by_null_vector,
    "null-space-by-generalized-coherence": null_space.null_space_by_generalized_coherence,
    "null-space-by-supports": null_space.null_space_by_supports,
    "null-space-by-search": null_space.null_space_by_search,
    "null-space-by-column-sums": null_space.null_space_by_column_sums,
    "null-space-by-null-vector": null_space.null_space_by_null_vector,
    "independence-by-rank": spark.independence_by_rank,
    "spark-by-coherence": spark.spark_by_coherence,
    "independence-by-coherence": spark.independence_by_coherence,
    "spark-by-babel": spark.spark_by_babel,
    "independence-by-babel": spark.independence_by_babel,
    "spark-by-isometry": spark.spark_by_isometry,
    "independence-by-isometry": spark.independence_by_isometry,
    "spark-by-orthogonal-families": spark.spark_by_orthogonal_families,
    "spark-by-generalized-coherence": generalized.spark_by_generalized_coherence,
    "spark-by-generalized-babel": generalized.spark_by_generalized_babel,
    "spark-by-null-space": null_space.spark_by_null_space,
    "spark-by-enumeration": enumeration.spark_by_enumeration,
    "dependence-by-dimension": spark.dependence_by_dimension,
    "spark-by-null-vector": spark.spark_by_null_vector,
    "spark-by-dimension": spark.spark_by_dimension,
    "uniqueness-by-spark": recovery.uniqueness_by_spark,
    "uniqueness-by-recovery": recovery.uniqueness_by_recovery,
    "recovery-by-coherence": recovery.recovery_by_coherence,
    "recovery-by-babel": recovery.recovery_by_babel,
    "recovery-by-isometry": recovery.recovery_by_isometry,
    "recovery-by-generalized-coherence": generalized.recovery_by_generalized_coherence,
    "recovery-by-null-space": null_space.recovery_by_null_space,
    "convergence-by-generalized-coherence": network.convergence_by_generalized_coherence,
    "convergence-by-generalized-babel": network.convergence_by_generalized_babel,
    "recovery-by-independence": recovery.recovery_by_independence,
    "recovery-by-orthogonality": recovery.recovery_by_orthogonality,
    "failure-by-two-codes": refutation.failure_by_two_codes,
    "failure-by-dimension": refutation.failure_by_dimension,
    "failure-by-heavy-part": refutation.failure_by_heavy_part,
    "isometry-by-enumeration": isometry.isometry_by_enumeration,
    "isometry-by-babel": isometry.isometry_by_babel,
    "isometry-by-vector": isometry.isometry_by_vector,
    "spectral-norm": spectral.spectral_norm,
    "hard-thresholding-by-isometry": isometry.hard_thresholding_by_isometry,
    "exact-recovery-coefficient": exact_recovery.exact_recovery_coefficient,
    "exact-recovery": exact_recovery.exact_recovery,
    "failure-by-dependent-support": exact_recovery.failure_by_dependent_support,
    "generalized-weights": stability.generalized_weights,
    "generalized-weights-by-coherence": stability.generalized_weights_by_coherence,
    "stability-l0": stability.stability_l0,
    "stability-l0-by-isometry": stability.stability_l0_by_isometry,
    "stability-l0-linf": stability.stability_l0_linf,
    "bpdn-stability": stability.bpdn_stability,
    "bpdn-stability-generalized": stability.bpdn_stability_generalized,
}

PROBLEM_RULES: dict[str, ProblemRule] = {
    "value-by-code": optimality.value_by_code,
    "value-by-dual": optimality.value_by_dual,
    "infeasible-by-dual": optimality.infeasible_by_dual,
    "unique-minimiser-of-basis-pursuit": minimisers.unique_minimiser_of_basis_pursuit,
    "unique-minimiser-of-lasso": lasso.unique_minimiser_of_lasso,
    "unique-minimiser-of-bpdn": lasso.unique_minimiser_of_bpdn,
    "unique-minimiser-by-zero": minimisers.unique_minimiser_by_zero,
    "unique-minimiser-by-guarantee": minimisers.unique_minimiser_by_guarantee,
    "unique-minimiser-by-enumeration": only_codes.unique_minimiser_by_enumeration,
    "unique-minimiser-by-search": only_codes.unique_minimiser_by_search,
    "upper-value-by-minimiser": optimality.upper_value_by_minimiser,
    "lower-value-by-minimiser": optimality.lower_value_by_minimiser,
    "several-minimisers": optimality.several_minimisers,
    "value-by-search": value_search.value_by_search,
    "value-by-enumeration": value_enumeration.value_by_enumeration,
    "code-error-by-coherence": code_errors.code_error_by_coherence,
    "code-error-by-isometry": code_errors.code_error_by_isometry,
}
"""The rules of section 6.8: they are about a dictionary and signals."""

NETWORK_RULES: dict[str, NetworkRule] = {
    "network-error": network_error.network_error,
    "network-error-of-smooth-activation": network_error.network_error_of_smooth_activation,
}
"""The rules of section 6.10: they are about a dictionary and a network."""

_EVALUATION = "that the network is evaluated in the arithmetic of the claim (SPEC.md section 6.10)"

PRODUCT_RULES: dict[str, Rule] = {"product": deep.product}
"""Rules about one product of a chain that say nothing about a single dictionary (section 6.9)."""

DEEP_RULES: dict[str, DeepRule] = {
    "dsc-uniqueness-by-blocks": deep.uniqueness_by_blocks,
    "dsc-recovery-by-layers": deep.recovery_by_layers,
    "dsc-stability-by-isometry": deep.stability_by_isometry,
    "dsc-failure-by-two-codes": deep.failure_by_two_codes,
    "dsc-failure-by-heavy-part": deep.failure_by_heavy_part,
}
"""The rules of section 6.9: they are about a chain of dictionaries."""

FILTER_RULES: dict[str, FilterRule] = {
    "filter-norms": convolutional.filter_norms,
    "filter-coherence": convolutional.filter_coherence,
    "filter-babel": convolutional.filter_babel,
    "filter-generalized-coherence": convolutional.filter_generalized_coherence,
    "filter-coherence-among": convolutional_cuts.filter_coherence_among,
    "filter-babel-among": convolutional_cuts.filter_babel_among,
    "filter-cut-weights": convolutional_cuts.filter_cut_weights,
    "filter-null-vector": convolutional_failures.filter_null_vector,
    "recovery-by-filter-coherence": convolutional_levels.recovery_by_filter_coherence,
    "recovery-by-filter-babel": convolutional_levels.recovery_by_filter_babel,
    "recovery-by-filter-weights": convolutional_levels.recovery_by_filter_weights,
    "recovery-by-cut-weights": convolutional_cut_levels.recovery_by_cut_weights,
    "recovery-of-uncut-by-coherence": convolutional_cut_levels.recovery_of_uncut_by_coherence,
    "recovery-of-uncut-by-babel": convolutional_cut_levels.recovery_of_uncut_by_babel,
    "recovery-of-uncut-by-weights": convolutional_cut_levels.recovery_of_uncut_by_weights,
    "failure-by-filter-dimension": convolutional_failures.failure_by_filter_dimension,
    "failure-by-filter-codes": convolutional_failures.failure_by_filter_codes,
    "failure-by-filter-heavy-part": convolutional_failures.failure_by_filter_heavy_part,
}
"""The rules of section 6.14: they are about filters."""

FILTER_NETWORK_RULES: dict[str, FilterNetworkRule] = {
    "filter-network-error": convolutional_network.filter_network_error,
}
"""The rules of section 6.15: they are about filters and a convolutional network."""

FILTER_PRODUCT_RULES: dict[str, FilterRule] = {"filter-product": convolutional.filter_product}
"""Rules about one product of a chain of filters that say nothing about filters alone (section 6.16)."""

FILTER_CHAIN_RULES: dict[str, FilterChainRule] = {
    "dsc-filters-by-layers": filter_chain_levels.filters_by_layers,
    "dsc-filters-deepest-first": filter_chain_networks.filters_deepest_first,
    "dsc-filters-layer-by-layer": filter_chain_networks.filters_layer_by_layer,
}
"""The rules of section 6.16: they are about a chain of filters, with its networks or not."""

DEEP_NETWORK_RULES: dict[str, DeepNetworkRule] = {
    "dsc-deepest-first": deep_networks.deepest_first,
    "dsc-layer-by-layer": deep_networks.layer_by_layer,
    "dsc-refit": deep_refit.refit,
    "dsc-deepest-first-constants": deep_constants.deepest_first_constants,
    "dsc-layer-by-layer-constants": deep_constants.layer_by_layer_constants,
    "dsc-refit-constants": deep_refit.refit_constants,
}
"""The rules of section 6.13: they are about a chain of dictionaries and its networks."""

RELIED_ON: dict[str, str] = {
    "welch-bound": "Welch 1974",
    "spark-by-coherence": "Donoho, Elad 2003 (spark >= 1 + 1/mu)",
    "independence-by-coherence": "Donoho, Elad 2003 (spark >= 1 + 1/mu)",
    "spark-by-babel": "Tropp 2004 (strict diagonal dominance of Gram matrices)",
    "independence-by-babel": "Tropp 2004 (strict diagonal dominance of Gram matrices)",
    "recovery-by-coherence": "Tropp 2004, Corollary 3.6; Donoho, Elad 2003; Gribonval, Nielsen 2003",
    "recovery-by-babel": "Tropp 2004, Theorem 3.5",
    "network-error": _EVALUATION,
    "filter-network-error": _EVALUATION,
    "dsc-deepest-first": _EVALUATION,
    "dsc-layer-by-layer": _EVALUATION,
    "dsc-filters-deepest-first": _EVALUATION,
    "dsc-filters-layer-by-layer": _EVALUATION,
    "network-error-of-smooth-activation": f"{_EVALUATION}; sup |f - relu| of the activation, "
    "and that f as evaluated is within 64 u (1 + |w|) of f(w), which depends on the libraries used",
}
"""Theorems that a rule applies and does not prove; what is not named here is proved in SPEC.md."""
