"""How far rounding can move one layer of a network on signals and codes that are given, not bounded."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .activations import Activation
from .rounding_model import LIBRARY, RoundingModel
from .unrolled import Layer, ResidualLayer, UnrolledNetwork

Floats = NDArray[np.float64]

_STEEPEST = 1.2
"""No less than sup |f'| of every smooth activation; 1.129 for gelu."""


def step_rounding(network: UnrolledNetwork, layer: Layer, x: Floats, y: Floats) -> Floats:
    """Bound, entry by entry, how far two evaluations of a layer on the same x (rows, n) and y (rows, m) are apart.

    Each computes the sums of certificates/SPEC.md section 6.10 in any order, in `ieee` arithmetic, so that each is
    within E_i of the exact sum: with theta(N) = N u/(1 - N u), E = theta(n + m + 2)(|M||x| + |V||y| + t) + underflow
    for the form `state`, and likewise in two stages for `residual`; and each then rounds its activation. Estimated:
    this bound is itself computed in float64. Cost: that of a layer.
    """
    m, n = network.shape
    model = RoundingModel.of("ieee", network.dtype)
    first, second, t = (None if a is None else np.abs(a).astype(np.float64) for a in layer.parts.values())
    assert second is not None
    assert t is not None
    largest = max(0.0 if first is None else float(first.max()), float(second.max()))
    sizes_of_x, sizes_of_y = np.abs(x), np.abs(y)

    def underflow(inputs: Floats) -> float:
        return 8 * model.tiny * (n + m + 4) * (2 + largest + float(inputs.max()))

    if isinstance(layer, ResidualLayer):
        assert first is not None
        own = model.sum_error(n + 2) * (sizes_of_y + sizes_of_x @ second.T) + underflow(
            np.maximum(sizes_of_x.max(), sizes_of_y)
        )
        residual = np.abs(y - x @ np.asarray(layer.synthesis, dtype=np.float64).T) + 2 * own
        moduli = sizes_of_x + residual @ first + t
        error = own @ first + model.sum_error(m + 3) * moduli + underflow(np.maximum(sizes_of_x.max(), residual))
    else:
        moduli = sizes_of_y @ second.T + t + (0 if first is None else sizes_of_x @ first.T)
        error = model.sum_error(n + m + 2) * moduli + underflow(np.maximum(sizes_of_x.max(), sizes_of_y))
    return 2 * _after(network.activation, model, error, moduli + error)


def _after(activation: Activation, model: RoundingModel, error: Floats, sizes: Floats) -> Floats:
    """Bound the error of the two units of an entry and of their difference."""
    last = model.last
    if activation.slope is not None:
        own = 16 * last / (1 - float(activation.slope) ** 2) * sizes
    elif activation.tau is not None:
        own = 2 * LIBRARY * last * (float(activation.tau) + sizes)
    else:
        own = np.zeros_like(sizes)
    steepest = 1.0 if activation.tau is None else _STEEPEST
    return 2 * steepest * error + own + last * (steepest * sizes + own)
