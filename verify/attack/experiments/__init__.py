"""Experiments, one family of statements a file, listed here explicitly."""

from __future__ import annotations

from collections.abc import Mapping

from ...errors import InputError
from ...theorems import theorem
from ..experiment import Experiment
from ..trial import Trial
from . import (
    convolutions,
    deep_pairs,
    facts,
    hard_thresholding,
    kernel_lines,
    layer_networks,
    layered_codes,
    network_steps,
    next_layer,
    noisy_minimisers,
    product_network,
    random_signs,
    refitted_codes,
    rounded_sums,
    sequence_cnns,
    small_layers,
    source_network,
    sparse_pairs,
    stripe_codes,
    stripe_networks,
    unrolled_network,
)

EXPERIMENTS: Mapping[str, Experiment] = {
    **convolutions.EXPERIMENTS,
    **deep_pairs.EXPERIMENTS,
    **facts.EXPERIMENTS,
    **hard_thresholding.EXPERIMENTS,
    **kernel_lines.EXPERIMENTS,
    **layer_networks.EXPERIMENTS,
    **layered_codes.EXPERIMENTS,
    **network_steps.EXPERIMENTS,
    **next_layer.EXPERIMENTS,
    **noisy_minimisers.EXPERIMENTS,
    **product_network.EXPERIMENTS,
    **random_signs.EXPERIMENTS,
    **refitted_codes.EXPERIMENTS,
    **rounded_sums.EXPERIMENTS,
    **sequence_cnns.EXPERIMENTS,
    **small_layers.EXPERIMENTS,
    **source_network.EXPERIMENTS,
    **sparse_pairs.EXPERIMENTS,
    **stripe_codes.EXPERIMENTS,
    **stripe_networks.EXPERIMENTS,
    **unrolled_network.EXPERIMENTS,
}
NOT_ATTACKED: Mapping[str, str] = {
    **facts.NOT_ATTACKED,
    "dsc-uniqueness-by-blocks": "it puts together what uniqueness-by-spark says of every block, which is attacked",
    "dsc-recovery-by-layers": "it puts together what recovery-by-null-space says of every layer, which is attacked",
    "dsc-failure-by-two-codes": "it says what two deep codes that are at hand show",
    "dsc-failure-by-heavy-part": "it says what a deep code that is at hand shows",
    "failure-by-filter-codes": "it says what two codes of one size that are at hand show",
    "failure-by-filter-dimension": "it says what failure-by-dimension says of one size, which is attacked",
    "failure-by-filter-heavy-part": "it says what failure-by-heavy-part says of one size, which is attacked",
}
"""Why a statement of the registry has no experiment: it defines a number, or says only what a computation returned."""


def experiment_of(theorem_id: str) -> Experiment:
    """Return the experiment on a statement of the registry; raise InputError if there is none: why."""
    statement = theorem(theorem_id)
    if statement.id not in EXPERIMENTS:
        raise InputError(f"{statement.id} is not attacked: {why_not(statement.id)}")
    return EXPERIMENTS[statement.id]


def why_not(theorem_id: str) -> str:
    """Return why a statement of the registry has no experiment."""
    return NOT_ATTACKED.get(theorem_id, "no experiment measures what it says")


def trial_of(theorem_id: str) -> Trial:
    """Return a statement of the registry with its experiment; raise InputError for an unknown id, or if it has none."""
    return Trial(statement=theorem(theorem_id), experiment=experiment_of(theorem_id))
