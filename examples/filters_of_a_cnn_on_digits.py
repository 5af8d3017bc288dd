"""What do the filters that a CNN learns guarantee about sparse codes, and what does coherence in the loss buy?

A small CNN for scikit-learn's digits is trained twice, without and with mu of its first layer in the loss: the largest
normalised cross-correlation over all filters and shifts. Then facts, levels, certificate, report, network: the library
says of both what their filters, scaled to norm 1, guarantee for images of every size, and the checker agrees.
"""

from __future__ import annotations

import argparse
from fractions import Fraction
from pathlib import Path

import torch
from sklearn.datasets import load_digits
from torch.nn.functional import conv2d, cross_entropy

import verify
from certificates import Accepted
from verify.certify.check_convolutional import ConvolutionalResult, check_convolutional
from verify.certify.convolutional_network import certify_convolutional_network
from verify.dictionaries.convolutional import ConvolutionalDictionary
from verify.networks.convolutional.build import build_convolutional

Tensor = torch.Tensor
NOISE = "0.001"


class Network(torch.nn.Module):
    """A convolution with stride, ReLU, another one, and a linear map to ten classes."""

    def __init__(self, filters: int, taps: int, stride: int) -> None:
        super().__init__()
        self.first = torch.nn.Conv2d(1, filters, taps, stride=stride)
        self.second = torch.nn.Conv2d(filters, 32, 2, padding=1)
        side = (8 - taps) // stride + 2
        self.head = torch.nn.Linear(32 * side * side, 10)

    def forward(self, images: Tensor) -> Tensor:
        """Return ten scores for each image (batch, 1, 8, 8)."""
        return self.head(torch.relu(self.second(torch.relu(self.first(images)))).flatten(1))


def coherence(layer: torch.nn.Conv2d) -> Tensor:
    """Return mu of the filters over all shifts, with a gradient: what `convolutional_coherence` proves exactly."""
    unit = layer.weight / layer.weight.flatten(1).norm(dim=1)[:, None, None, None]
    taps, stride = unit.shape[2], layer.stride[0]
    reach = (taps - 1) // stride
    products = conv2d(unit, unit, stride=stride, padding=reach * stride).abs()
    own = torch.zeros_like(products, dtype=torch.bool)
    own[range(len(unit)), range(len(unit)), reach, reach] = True
    return products.masked_fill(own, 0.0).amax()


def trained(options: argparse.Namespace, weight: float) -> tuple[Network, float]:
    """Return a network trained with weight * mu in the loss, and its accuracy on images that it has not seen."""
    torch.manual_seed(options.seed)
    data = load_digits()
    order = torch.randperm(len(data.data))[: options.images]
    images = torch.tensor(data.data, dtype=torch.float32).reshape(-1, 1, 8, 8)[order] / 16
    labels = torch.tensor(data.target)[order]
    cut = 2 * len(order) // 3
    network = Network(options.filters, options.taps, options.stride)
    optimiser = torch.optim.Adam(network.parameters(), lr=3e-3)
    for _ in range(options.epochs):
        for batch in torch.randperm(cut).split(64):
            optimiser.zero_grad()
            loss = cross_entropy(network(images[batch]), labels[batch])
            (loss + weight * coherence(network.first)).backward()
            optimiser.step()
    with torch.no_grad():
        return network, float((network(images[cut:]).argmax(1) == labels[cut:]).float().mean())


def told(result: ConvolutionalResult) -> str:
    """Return the levels in stripes of the four questions, as the checker accepted them."""
    assert isinstance(result.answer, Accepted)
    found = {level.question.value: level for level in result.levels if level.sparsity == "stripe"}
    return ", ".join(f"{name} {found[name].guaranteed}" for name in ("l0", "l1", "network", "omp"))


def network_error(filters: ConvolutionalDictionary, level: int) -> str:
    """Return the error that a network of 20 layers provably has at a level, and the greatest seen, or why none is."""
    try:
        built = build_convolutional(filters, sparsity=level, bound=1, noise=NOISE, layers=20)
    except verify.InputError as error:
        return str(error).split(";")[0]
    result = certify_convolutional_network(built.network, filters, sparsity=level, noise=NOISE)
    if result.claim is None or result.promises_nothing:
        return "nothing is promised"
    seen = result.observe(trials=8, lengths=filters.least_code)
    return f"error <= {float(Fraction(str(result.claim['linf']))):.4g} ({seen.linf:.4g} seen)"


def main() -> None:
    """Train both, and say of both what their filters guarantee."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--filters", type=int, default=8)
    parser.add_argument("--taps", type=int, default=4)
    parser.add_argument("--stride", type=int, default=2)
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--images", type=int, default=1797)
    parser.add_argument("--weight", type=float, default=1.0, help="of mu in the second loss")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("-o", "--output", type=Path, help="write the filters into this folder")
    options = parser.parse_args()
    torch.set_num_threads(1)
    levels: list[int] = []
    for name, weight in (("plain", 0.0), ("coherence-in-the-loss", options.weight)):
        network, accuracy = trained(options, weight)
        weights = network.first.weight.detach()
        unit = weights / weights.flatten(1).norm(dim=1)[:, None, None, None]
        filters = ConvolutionalDictionary.of(unit.numpy(), stride=options.stride, boundary="full")
        result = check_convolutional(filters, sparsity=1)
        mu = float(result.facts.coherence.squared) ** 0.5
        assert abs(mu - coherence(network.first).item()) < 1e-5
        levels.append(max(level.guaranteed for level in result.levels if level.sparsity == "stripe"))
        print(f"{name}: accuracy {accuracy:.3f}, mu = {mu:.4f}, levels in stripes: {told(result)}")
        for level in range(1, levels[-1] + 1) or [1]:
            print(f"  network of 20 layers, noise {NOISE}, {level} in a stripe: {network_error(filters, level)}")
        if options.output:
            import numpy as np

            options.output.mkdir(parents=True, exist_ok=True)
            np.save(options.output / f"{name}.npy", unit.numpy())
    assert levels[1] >= levels[0]


if __name__ == "__main__":
    main()
