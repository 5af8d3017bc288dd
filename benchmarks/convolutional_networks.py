"""Ten unrolled steps on a 512 x 512 image with 32 filters 7 x 7, beside the plain loop of two convolutions a step.

python benchmarks/convolutional_networks.py
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - its usual name

from verify.networks.convolutional.unrolled import ConvolutionalNetwork, FilterLayer
from verify.networks.unrolled import Code, DType

STEPS, REPEATS, SIZE = 10, 3, 512


def seconds(run: Callable[[], torch.Tensor]) -> float:
    """The least time of several runs."""
    times: list[float] = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> None:
    """Print both times and their ratio."""
    weights = np.random.default_rng(0).standard_normal((32, 1, 7, 7)).astype(np.float32) / 49
    threshold = np.full(32, 0.1, np.float32)
    network = ConvolutionalNetwork(
        code=Code.signed,
        dtype=DType.float32,
        shape=weights.shape,
        stride=(1, 1),
        boundary="full",
        layers=tuple(FilterLayer(analysis=weights, synthesis=weights, threshold=threshold) for _ in range(STEPS)),
    )
    module, signal, filters = network.to_torch(), torch.randn(1, 1, SIZE, SIZE), torch.tensor(weights)

    def plain() -> torch.Tensor:
        x = torch.zeros(1, 32, SIZE - 6, SIZE - 6)
        for _ in range(STEPS):
            x = F.softshrink(x + F.conv2d(signal - F.conv_transpose2d(x, filters), filters), 0.1)
        return x

    with torch.no_grad():
        assert torch.equal(module(signal), plain())
        ours, loop = seconds(lambda: module(signal)), seconds(plain)
    print(f"network {ours:.2f} s, plain loop {loop:.2f} s, ratio {ours / loop:.2f}")


if __name__ == "__main__":
    main()
