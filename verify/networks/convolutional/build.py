"""From filters to a network of convolutions that provably computes their sparse codes, for signals of every size."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from ...dictionaries.convolutional import Boundary, ConvolutionalDictionary
from ...errors import InputError
from ...facts.convolutional.generalized import ConvolutionalGeneralized, convolutional_generalized
from ...progress import Progress, silent
from ..build import option, refuse_plan, stored_as, wanted_layers
from ..code_class import CodeClass, RowNoise
from ..error_bounds import ManyMatrices
from ..plan import Plan, Planner
from ..rounding_model import RoundingModel
from ..unrolled import Code, DType
from ..weights import DICTIONARY, GENERALIZED
from .matrices import FilterMatrices, Floats, all_matrices, real_filters
from .unrolled import ConvolutionalNetwork, FilterLayer

_SHARES = (0.25, 0.5, 0.75, 1.0)

Weights = str | ConvolutionalGeneralized | NDArray[Any]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BuiltConvolutional:
    """A network with what was planned for it: as `BuiltNetwork`, with the sparsity of stripes. Estimated.

    `rate` is q, `level` the greatest stripe sparsity for which its weights have q < 1.
    """

    network: ConvolutionalNetwork
    codes: CodeClass
    plan: Plan
    rate: float
    level: int


def build_convolutional(
    dictionary: ConvolutionalDictionary,
    *,
    sparsity: int,
    bound: object,
    noise: object,
    layers: int | None = None,
    error: object = None,
    weights: Weights = GENERALIZED,
    nonnegative: bool = False,
    dtype: str = "float32",
    arithmetic: str = "ieee",
    rows: RowNoise | None = None,
    progress: Progress = silent,
) -> BuiltConvolutional:
    """Build x+ = T_t(x + V * (y - F * x)) for codes with at most `sparsity` nonzeros in a stripe, |x*|_inf <= bound.

    The noise has a norm of at most `noise` on the patch of every atom, all M t_1 [t_2] entries of its taps. Sizes and
    total numbers of nonzeros are free. `weights` is `generalized` (those of `convolutional_generalized`, of the same
    support), `dictionary` (each filter over its squared norm), that fact, or an array of the filters' shape; they are
    scaled to <V_c, F_c> = 1 and rounded to `dtype`. For 'same' cut atoms are taken as they are, `generalized` are the
    weights of whole atoms or a mixture with `dictionary`, whichever has the least q, and noise is counted on what is
    left of a patch. Layers, error, thresholds and `rows` as in `build_unrolled`.

    Guarantee: estimated bounds; thresholds never below the rounding. Cost: the generalized coherence, and C times the
    size of a stripe a layer. Raises InputError, one line, as `build_unrolled`. Source: Li,
    Feng, Zhou 2024, theorem 5; Papyan, Sulam, Elad 2017.
    """
    kind = option(DType, dtype, "dtype")
    RoundingModel.of(arithmetic, kind)
    filters = real_filters(dictionary)
    wanted = wanted_layers(layers, error)
    scaled = _scaled_weights(dictionary, filters, weights, progress)
    synthesis = stored_as(filters, kind, "filters")
    zeros = np.zeros(len(filters), kind.value)

    def network(made: tuple[FilterLayer, ...]) -> ConvolutionalNetwork:
        return ConvolutionalNetwork(
            code=Code.nonnegative if nonnegative else Code.signed,
            dtype=kind,
            shape=filters.shape,
            stride=dictionary.stride,
            boundary=dictionary.boundary.value,
            layers=made,
            dictionary_sha256=dictionary.digest,
        )

    def template_of(weights: Floats) -> ConvolutionalNetwork:
        layer = partial(_layer, stored_as(weights, kind, "weights"), synthesis)
        return network((layer(0, zeros), layer(1, zeros.copy())))

    template = template_of(scaled)
    codes = replace(CodeClass.of(sparsity, bound, noise, template.stripe), rows=rows)
    if not codes.bound:
        raise InputError("bound: expected a number above 0, the largest entry of a code, got 0")
    matrices = all_matrices(template, dictionary)
    known = _rates(matrices, template.layers[0])
    if dictionary.boundary is Boundary.same and isinstance(weights, str) and weights == GENERALIZED:
        other = _scaled_weights(dictionary, filters, DICTIONARY, progress)
        for share in _SHARES:
            trial = template_of((1 - share) * scaled + share * other)
            tried = all_matrices(trial, dictionary)
            rates = _rates(tried, trial.layers[0])
            if rates[codes.sparsity - 1] < known[codes.sparsity - 1]:
                template, matrices, known = trial, tried, rates
    layer = partial(_layer, template.layers[0].analysis, synthesis)
    level = int((known < 1).sum())
    rate = float(known[codes.sparsity - 1])
    if not rate < 1:
        reach = f"codes with at most {level} nonzeros in a stripe, " if level else ""
        cut = dictionary.boundary is Boundary.same
        help_ = "the boundary full, for codes on atoms that no end cuts, or " if cut else ""
        raise InputError(
            f"sparsity: the level of these weights is {level} in a stripe, and at {codes.sparsity} the error changes "
            f"by q = {rate:.4g} >= 1 in a layer; {reach}{help_}less coherent or shorter filters would help"
        )
    planner = Planner(template=template, matrices=matrices, layer=layer, arithmetic=arithmetic)
    progress("thresholds", 0, 1)
    plan = wanted.plan(planner, codes)
    refuse_plan(planner, codes, wanted, plan)
    progress("thresholds", 1, 1)
    made = tuple(layer(at, threshold) for at, threshold in enumerate(plan.thresholds))
    return BuiltConvolutional(network=network(made), codes=codes, plan=plan, rate=rate, level=level)


def _layer(analysis: NDArray[Any], synthesis: NDArray[Any], at: int, threshold: NDArray[Any]) -> FilterLayer:
    del at  # every layer has the same filters
    return FilterLayer(analysis=analysis, synthesis=synthesis, threshold=threshold)


def _scaled_weights(
    dictionary: ConvolutionalDictionary, filters: Floats, weights: Weights, progress: Progress
) -> Floats:
    """Return V with <V_c, F_c> = 1 in binary64; raise InputError for weights that do not fit or vanish on a filter."""
    if isinstance(weights, str):
        if weights not in (GENERALIZED, DICTIONARY):
            raise InputError(f"weights: expected {GENERALIZED}, {DICTIONARY} or an array, got {weights[:40]!r}")
        whole = dictionary.interior if dictionary.boundary is Boundary.same else dictionary
        weights = filters if weights == DICTIONARY else convolutional_generalized(whole, progress=progress)
    if isinstance(weights, ConvolutionalGeneralized):
        weights = weights.families[0].weights.astype(np.float64)
    if weights.shape != filters.shape or weights.dtype.kind not in "fiu":
        raise InputError(f"weights: expected real numbers of shape {filters.shape}, got {weights.shape}")
    found = np.asarray(weights, dtype=np.float64).reshape(len(filters), -1)
    with np.errstate(all="ignore"):
        scaled = found / np.abs(found).max(axis=1, keepdims=True)
        scaled = scaled / np.einsum("cl,cl->c", scaled, filters.reshape(len(filters), -1))[:, None]
    if not np.isfinite(scaled).all():
        at = int(np.flatnonzero(~np.isfinite(scaled).all(axis=1))[0])
        raise InputError(f"weights: expected <V_c, F_c> not to be 0, and it is, nearly, for filter {at}")
    return scaled.reshape(filters.shape)


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
