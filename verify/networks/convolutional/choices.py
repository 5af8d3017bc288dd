"""Networks of convolutions that differ in their weights: what each is planned to do, and which is best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from ...dictionaries.convolutional import ConvolutionalDictionary
from ..build import Wanted, stored_as
from ..code_class import CodeClass
from ..error_bounds import ManyMatrices
from ..plan import Plan, Planner
from ..unrolled import Code, DType
from .matrices import FilterMatrices, Floats, all_matrices
from .unrolled import ConvolutionalNetwork, FilterLayer


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Choice:
    """Weights as stored, and what plans networks with them; `rates` are q for every sparsity of stripes."""

    template: ConvolutionalNetwork
    matrices: FilterMatrices | ManyMatrices
    planner: Planner
    rates: Floats

    @staticmethod
    def of(
        dictionary: ConvolutionalDictionary,
        weights: Floats,
        filters: NDArray[Any],
        code: Code,
        dtype: DType,
        arithmetic: str,
    ) -> Choice:
        """Return the choice of weights (C, M, t..) for filters that are stored already."""
        layer = partial(_layer, stored_as(weights, dtype, "weights"), filters)
        zeros = np.zeros(len(filters), dtype.value)
        template = ConvolutionalNetwork(
            code=code,
            dtype=dtype,
            shape=filters.shape,
            stride=dictionary.stride,
            boundary=dictionary.boundary.value,
            layers=(layer(0, zeros), layer(1, zeros.copy())),
            dictionary_sha256=dictionary.digest,
        )
        matrices = all_matrices(template, dictionary)
        return Choice(
            template=template,
            matrices=matrices,
            planner=Planner(template=template, matrices=matrices, layer=layer, arithmetic=arithmetic),
            rates=_rates(matrices, template.layers[0]),
        )


def best_choice(choices: Sequence[Choice], codes: CodeClass, wanted: Wanted) -> tuple[Choice, Plan]:
    """Return the first choice that reaches what is wanted in the fewest layers, or with the least final error."""
    planned = [(choice, wanted.plan(choice.planner, codes)) for choice in choices]

    def order(found: tuple[Choice, Plan]) -> tuple[bool, float, float]:
        plan = found[1]
        reached = wanted.reached(plan)
        return not reached, len(plan.on) if reached else 0, plan.linf[-1]

    return min(planned, key=order)


def _layer(analysis: NDArray[Any], synthesis: NDArray[Any], at: int, threshold: NDArray[Any]) -> FilterLayer:
    del at  # every layer has the same filters
    return FilterLayer(analysis=analysis, synthesis=synthesis, threshold=threshold)


def _rates(matrices: FilterMatrices | ManyMatrices, layer: FilterLayer) -> Floats:
    """Return q for every stripe sparsity; estimated. For unit filters or as given, whichever is smaller."""
    if isinstance(matrices, ManyMatrices):
        return np.max([_rates(cast("FilterMatrices", part), layer) for part in matrices.parts], axis=0)
    known = matrices.of(layer)
    norms = np.linalg.norm(np.asarray(layer.synthesis, dtype=np.float64).reshape(len(matrices.own), -1), axis=1)
    rows = np.arange(len(matrices.own))
    found: list[Floats] = []
    for scale in (np.ones(known.same.shape), norms[:, None] / norms[matrices.kinds]):
        own = (known.same * scale)[rows, matrices.own]
        parts: list[Floats] = []
        for part in (known.same, known.same if known.cross is None else known.cross):
            scaled = part * scale
            scaled[rows, matrices.own] = 0.0
            parts.append(np.cumsum(np.sort(scaled, axis=1)[:, ::-1], axis=1))
        up, down = parts if known.cross is None else parts[::-1]
        before = np.concatenate([np.zeros((len(own), 1)), down[:, :-1]], axis=1)
        found.append((up + before + own[:, None]).max(axis=0))
    return np.maximum.accumulate(np.minimum(*found))
