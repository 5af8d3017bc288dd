"""Are layers that take more steps of sparse coding more robust than plain ReLU layers? Measured on digits.

Two small CNNs for scikit-learn's digits with the same parameters, two SparseCodingLayers of filters and a linear
classifier on top: with one step a layer is convolution and ReLU. After training on clean images both meet Gaussian
noise and gradient attacks on themselves (FGSM, PGD, bounds in the largest change of a pixel, pixels from 0 to 1).
Accuracies are observed: means over seeds with 95 % confidence intervals (Student's t).
"""

from __future__ import annotations

import argparse
import math
import statistics

import torch
from sklearn.datasets import load_digits
from torch.nn.functional import cross_entropy

from verify.networks.sparse_coding_layer import SparseCodingLayer

STUDENT = {1: 12.706, 2: 4.303, 3: 3.182, 4: 2.776, 5: 2.571, 6: 2.447, 7: 2.365, 8: 2.306, 9: 2.262}
NOISE, BOUNDS = (0.1, 0.2, 0.4), (0.05, 0.1, 0.15)
Tensor = torch.Tensor


class Network(torch.nn.Module):
    """Two layers of sparse coding, and a linear map to ten classes."""

    def __init__(self, steps: int) -> None:
        super().__init__()
        first, second = torch.randn(16, 1, 3, 3), torch.randn(32, 16, 3, 3)
        self.first = SparseCodingLayer(first / first.flatten(1).norm(dim=1)[:, None, None, None], steps, 0.1, padding=1)
        self.second = SparseCodingLayer(
            second / second.flatten(1).norm(dim=1)[:, None, None, None], steps, 0.1, stride=2, padding=1
        )
        self.head = torch.nn.Linear(32 * 16, 10)

    def forward(self, images: Tensor) -> Tensor:
        """Return ten scores for each image (batch, 1, 8, 8)."""
        return self.head(self.second(self.first(images)).flatten(1))


def digits(count: int, seed: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return images and labels to train on, and others to test on."""
    data = load_digits()
    order = torch.randperm(len(data.data), generator=torch.Generator().manual_seed(seed))[:count]
    images = torch.tensor(data.data, dtype=torch.float32).reshape(-1, 1, 8, 8)[order] / 16
    labels = torch.tensor(data.target)[order]
    cut = 2 * count // 3
    return images[:cut], labels[:cut], images[cut:], labels[cut:]


def trained(steps: int, images: Tensor, labels: Tensor, epochs: int, seed: int) -> Network:
    """Return a network trained on clean images."""
    torch.manual_seed(seed)
    network = Network(steps)
    optimiser = torch.optim.Adam(network.parameters(), lr=3e-3)
    for _ in range(epochs):
        for batch in torch.randperm(len(images)).split(64):
            optimiser.zero_grad()
            cross_entropy(network(images[batch]), labels[batch]).backward()
            optimiser.step()
    return network


def gradient(network: Network, images: Tensor, labels: Tensor) -> Tensor:
    """Return the gradient of the loss with respect to the images."""
    images = images.detach().requires_grad_(True)
    (found,) = torch.autograd.grad(cross_entropy(network(images), labels), images)
    return found


def fgsm(network: Network, images: Tensor, labels: Tensor, bound: float) -> Tensor:
    """Return images changed by one step of the gradient's sign."""
    return (images + bound * gradient(network, images, labels).sign()).clamp(0, 1)


def pgd(network: Network, images: Tensor, labels: Tensor, bound: float, steps: int) -> Tensor:
    """Return images changed by many small steps, from a random start, kept within the bound."""
    found = (images + bound * (2 * torch.rand_like(images) - 1)).clamp(0, 1)
    for _ in range(steps):
        found = found + 2.5 * bound / steps * gradient(network, found, labels).sign()
        found = torch.minimum(torch.maximum(found, images - bound), images + bound).clamp(0, 1)
    return found


def accuracies(network: Network, images: Tensor, labels: Tensor, steps: int) -> dict[str, float]:
    """Return the accuracy on clean, noisy and attacked images."""
    changed = {"clean": images}
    changed |= {f"noise {s}": images + s * torch.randn_like(images) for s in NOISE}
    changed |= {f"FGSM {b}": fgsm(network, images, labels, b) for b in BOUNDS}
    changed |= {f"PGD {b}": pgd(network, images, labels, b, steps) for b in BOUNDS}
    with torch.no_grad():
        return {name: float((network(one).argmax(1) == labels).float().mean()) for name, one in changed.items()}


def interval(values: list[float]) -> tuple[float, float]:
    """Return mean and half the width of the 95 % confidence interval, infinite for one value."""
    if len(values) == 1:
        return values[0], math.inf
    return statistics.mean(values), STUDENT[len(values) - 1] * statistics.stdev(values) / math.sqrt(len(values))


def main() -> None:
    """Train and attack both networks for several seeds, and print accuracies with intervals."""
    parser = argparse.ArgumentParser()
    parser.add_argument("-o", "--output", help="write a picture here")
    parser.add_argument("--seeds", type=int, default=2, choices=range(1, 11))
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--attack-steps", type=int, default=2)
    parser.add_argument("--images", type=int, default=240)
    parser.add_argument("--steps", type=int, default=3)
    options = parser.parse_args()
    torch.set_num_threads(1)
    found: dict[int, list[dict[str, float]]] = {1: [], options.steps: []}
    distances: dict[int, list[float]] = {steps: [] for steps in found}
    for seed in range(options.seeds):
        images, labels, others, truth = digits(options.images, seed)
        for steps, rows in found.items():
            network = trained(steps, images, labels, options.epochs, seed)
            torch.manual_seed(seed)
            rows.append(accuracies(network, others, truth, options.attack_steps))
            with torch.no_grad():
                distances[steps].append(float(network.first.kkt_distance(others).mean()))
    names = list(found[1][0])
    print(f"{'accuracy':12}{'1 step (ReLU)':>18}{f'{options.steps} steps':>18}{'difference':>18}")
    table = []
    for name in names:
        plain, deep = ([row[name] for row in found[steps]] for steps in found)
        table.append([interval(plain), interval(deep), interval([b - a for a, b in zip(plain, deep, strict=True)])])
        print(f"{name:12}" + "".join(f"{f'{mean:.3f} +- {half:.3f}':>18}" for mean, half in table[-1]))
    for steps, values in distances.items():
        print(f"KKT distance of the first layer, {steps} steps, mean over images: {statistics.mean(values):.3f}")
    assert statistics.mean(row["clean"] for rows in found.values() for row in rows) > 0.3
    if options.output:
        picture(names, table, options.steps, options.output)


def picture(names: list[str], table: list[list[tuple[float, float]]], steps: int, output: str) -> None:
    """Draw both accuracies with their intervals."""
    import matplotlib as mpl

    mpl.use("Agg")
    mpl.rcParams["svg.hashsalt"] = "robust-layers"
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(7, 4), layout="constrained")
    for at, (label, colour) in enumerate((("1 step (ReLU)", "#cc6677"), (f"{steps} steps", "#4477aa"))):
        means, halves = zip(*(row[at] for row in table), strict=True)
        places = [i + 0.16 * (2 * at - 1) for i in range(len(names))]
        axes.errorbar(places, means, yerr=halves, fmt="o", color=colour, capsize=3, label=label)
    axes.set_xticks(range(len(names)), names, rotation=30, ha="right")
    axes.set(ylabel="accuracy on test images, observed", ylim=(-0.02, 1.02))
    axes.legend(fontsize=8)
    figure.savefig(output, metadata={"Date": None})


if __name__ == "__main__":
    main()
