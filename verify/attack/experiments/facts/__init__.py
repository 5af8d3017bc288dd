"""Experiments on the facts of one small dictionary, and on what recovers codes of it."""

from __future__ import annotations

from collections.abc import Mapping

from ...experiment import Experiment
from . import codes, dictionary_facts, null_vectors, representations, weight_matrices

EXPERIMENTS: Mapping[str, Experiment] = {
    **dictionary_facts.EXPERIMENTS,
    **null_vectors.EXPERIMENTS,
    **weight_matrices.EXPERIMENTS,
    **representations.EXPERIMENTS,
    **codes.EXPERIMENTS,
}
NOT_ATTACKED: Mapping[str, str] = {
    "isometry-by-enumeration": "it repeats the definition of delta_k",
    "null-space-by-search": "it says how a search works; null-space-by-supports is what it rests on",
}
