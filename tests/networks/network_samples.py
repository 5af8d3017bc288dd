"""Small networks for the tests of this folder."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from verify.networks.activations import Activation
from verify.networks.unrolled import Code, DType, Layer, ResidualLayer, StateLayer, UnrolledNetwork


def random_network(
    form: str = "state", *, m: int = 3, n: int = 5, depth: int = 4, seed: int = 0, dtype: str = "float32", uniform: bool = False,
    code: Code = Code.signed, activation: Activation | None = None,
) -> UnrolledNetwork:  # fmt: skip
    """A network with random weights of norm about one; its layers share their matrices."""
    random = np.random.default_rng(seed)

    def draw(*shape: int) -> NDArray[Any]:
        return random.standard_normal(shape).astype(dtype)

    first, second, signal = draw(m, n) / np.sqrt(m, dtype=dtype), draw(m, n) / np.sqrt(m, dtype=dtype), draw(n, m)
    state = draw(n, n) / np.sqrt(n, dtype=dtype)
    layers: list[Layer] = []
    for at in range(depth):
        threshold = np.full(n, 0.125, dtype) if uniform else np.abs(draw(n)) / np.array(4, dtype)
        if form == "state":
            layers.append(StateLayer(state=state if at else None, signal=signal, threshold=threshold))
        else:
            layers.append(ResidualLayer(analysis=first, synthesis=second, threshold=threshold))
    return UnrolledNetwork(
        code=code, dtype=DType(dtype), shape=(m, n), layers=tuple(layers), activation=activation or Activation()
    )
