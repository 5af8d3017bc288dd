"""Ten unrolled steps on a 512 x 512 image with 32 filters 7 x 7, beside the plain loop of two convolutions a step.

python benchmarks/convolutional_networks.py
python benchmarks/convolutional_networks.py --device cuda   # also with cuDNN, which the certificate is not about
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - its usual name

from verify.networks.convolutional.unrolled import ConvolutionalNetwork, FilterLayer
from verify.networks.unrolled import Code, DType

STEPS, REPEATS, SIZE = 10, 5, 512


def seconds(run: Callable[[], torch.Tensor]) -> float:
    """The least time of several runs."""
    times: list[float] = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        if run().is_cuda:
            torch.cuda.synchronize()
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> None:
    """Print the times and their ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", default="cpu")
    device = parser.parse_args().device
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
    module, signal = network.to_torch().to(device), torch.randn(1, 1, SIZE, SIZE, device=device)
    filters = torch.tensor(weights, device=device)

    def plain() -> torch.Tensor:
        x = torch.zeros(1, 32, SIZE - 6, SIZE - 6, device=device)
        for _ in range(STEPS):
            x = F.softshrink(x + F.conv2d(signal - F.conv_transpose2d(x, filters), filters), 0.1)
        return x

    with torch.no_grad():
        for cudnn in (False, True) if device.startswith("cuda") else (False,):
            module.fast = cudnn
            with torch.backends.cudnn.flags(enabled=cudnn):
                assert torch.allclose(module(signal), plain(), atol=1e-4)
                ours, loop = seconds(lambda: module(signal)), seconds(plain)
            name = ", cuDNN" if cudnn else ""
            print(f"{device}{name}: network {ours:.4f} s, plain loop {loop:.4f} s, ratio {ours / loop:.2f}")


if __name__ == "__main__":
    main()
