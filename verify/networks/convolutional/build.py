"""From filters to a network of convolutions that provably computes their sparse codes, for signals of every size."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...dictionaries.convolutional import Boundary, ConvolutionalDictionary
from ...errors import InputError
from ...facts.convolutional.generalized import ConvolutionalGeneralized, convolutional_generalized
from ...progress import Progress, silent
from ..balanced import BALANCED, balanced_weights
from ..build import option, refuse_plan, stored_as, wanted_layers
from ..code_class import CodeClass, RowNoise
from ..plan import Plan
from ..rounding_model import RoundingModel
from ..unrolled import Code, DType
from ..weights import DICTIONARY, GENERALIZED
from .choices import Choice, best_choice
from .matrices import FilterMatrices, Floats, real_filters
from .unrolled import ConvolutionalNetwork

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
    weights: Weights = BALANCED,
    nonnegative: bool = False,
    dtype: str = "float32",
    arithmetic: str = "ieee",
    rows: RowNoise | None = None,
    progress: Progress = silent,
) -> BuiltConvolutional:
    """Build x+ = T_t(x + V * (y - F * x)) for codes with at most `sparsity` nonzeros in a stripe, |x*|_inf <= bound.

    The noise has a norm of at most `noise` on the patch of every atom, all M t_1 [t_2] entries of its taps. Sizes and
    total numbers of nonzeros are free. `weights` is `generalized` (those of `convolutional_generalized`, of the same
    support), `dictionary` (each filter over its squared norm), `balanced` (where there is noise, shorter ones that give
    the least planned error, or those of `generalized`; see `balanced_weights`), that fact, or an array of the filters'
    shape; they are scaled to <V_c, F_c> = 1 and rounded to `dtype`. For 'same' cut atoms are taken as they are,
    `generalized` are the weights of whole atoms or a mixture with `dictionary`, whichever has the least q, `balanced`
    that with the least planned error, and noise is counted on what is left of a patch. Layers, error and thresholds as
    in `build_unrolled`.

    Guarantee: estimated bounds; thresholds never below the rounding. Cost: the generalized coherence, that of
    `balanced_weights`, and C times the size of a stripe a layer. Raises InputError, one line, as `build_unrolled`.
    Source: Li, Feng, Zhou 2024, theorem 5; Papyan, Sulam, Elad 2017.
    """
    kind = option(DType, dtype, "dtype")
    RoundingModel.of(arithmetic, kind)
    filters = real_filters(dictionary)
    wanted = wanted_layers(layers, error)
    balanced = isinstance(weights, str) and weights == BALANCED
    scaled = _scaled_weights(dictionary, filters, GENERALIZED if balanced else weights, progress)
    code, stored = Code.nonnegative if nonnegative else Code.signed, stored_as(filters, kind, "filters")

    def choice(candidate: Floats) -> Choice:
        return Choice.of(dictionary, candidate.reshape(filters.shape), stored, code, kind, arithmetic)

    first = choice(scaled)
    codes = replace(CodeClass.of(sparsity, bound, noise, first.template.stripe, in_stripe=True), rows=rows)
    if not codes.bound:
        raise InputError("bound: expected a number above 0, the largest entry of a code, got 0")
    choices = [first]
    if dictionary.boundary is Boundary.same and isinstance(weights, str) and weights != DICTIONARY:
        other = _scaled_weights(dictionary, filters, DICTIONARY, progress)
        choices += [choice((1 - share) * scaled + share * other) for share in _SHARES]
        least = min(choices, key=lambda one: one.rates[codes.sparsity - 1])
        choices = [least, *choices] if balanced else [least]
    elif balanced and codes.noise:
        assert isinstance(first.matrices, FilterMatrices)
        own = scaled.reshape(len(filters), -1)
        found = balanced_weights(first.matrices.columns(), first.matrices.own, own, codes, progress)
        choices += map(choice, found[1:])
    able = [one for one in choices if one.rates[codes.sparsity - 1] < 1]
    if not able:
        raise InputError(_too_dense(choices[0], codes, dictionary))
    progress("thresholds", 0, 1)
    best, plan = best_choice(able, codes, wanted)
    refuse_plan(best.planner, codes, wanted, plan)
    progress("thresholds", 1, 1)
    made = tuple(best.planner.layer(at, threshold) for at, threshold in enumerate(plan.thresholds))
    return BuiltConvolutional(
        network=replace(best.template, layers=made),  # pyright: ignore[reportArgumentType]
        codes=codes,
        plan=plan,
        rate=float(best.rates[codes.sparsity - 1]),
        level=int((best.rates < 1).sum()),
    )


def _too_dense(choice: Choice, codes: CodeClass, dictionary: ConvolutionalDictionary) -> str:
    level, rate = int((choice.rates < 1).sum()), float(choice.rates[codes.sparsity - 1])
    reach = f"codes with at most {level} nonzeros in a stripe, " if level else ""
    cut = dictionary.boundary is Boundary.same
    help_ = "the boundary full, for codes on atoms that no end cuts, or " if cut else ""
    return (
        f"sparsity: the level of these weights is {level} in a stripe, and at {codes.sparsity} the error changes "
        f"by q = {rate:.4g} >= 1 in a layer; {reach}{help_}less coherent or shorter filters would help"
    )


def _scaled_weights(
    dictionary: ConvolutionalDictionary, filters: Floats, weights: Weights, progress: Progress
) -> Floats:
    """Return V with <V_c, F_c> = 1 in binary64; raise InputError for weights that do not fit or vanish on a filter."""
    if isinstance(weights, str):
        if weights not in (GENERALIZED, DICTIONARY):
            raise InputError(
                f"weights: expected {BALANCED}, {GENERALIZED}, {DICTIONARY} or an array, got {weights[:40]!r}"
            )
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
