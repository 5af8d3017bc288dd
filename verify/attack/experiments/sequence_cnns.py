"""Experiment on the layers and channels of CNNs with kernels of one size: formulas against networks that are built.

An instance is a kernel size, a number of steps, and the sizes d_0 .. d_J of a chain of dictionaries.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np

from ...arrays import on_device
from ...networks.convolutional.general_construction import SequenceCNN, gathering_layers
from ...networks.unrolled import Code, DType, StateLayer, UnrolledNetwork
from ..experiment import Batch, ExactMeasurement, Experiment, Instance, Measurement, NotAnInstance


@dataclass(frozen=True, kw_only=True)
class SequenceSizes(Experiment):
    """Chains of up to `depths` dictionaries with at most `largest` rows and atoms.

    Values: r, K, d_before, d and L of each. Quantities: layers, of the networks for D_1 .. D_j together, and channels,
    the most in the one for D_j. In floats they are found by formulas, exactly by building the networks and counting.
    """

    depths: tuple[int, ...] = (1, 2, 3)
    largest: int = 20

    batch_size = 50

    def draw(self, random: np.random.Generator, count: int) -> Batch:
        """Draw sizes, a part of them such that d_(j-1) + d_j is at, or next to, a power of r."""
        depth = self.depths[random.integers(len(self.depths))]
        kernel = random.integers(2, 6, count)
        sizes = random.integers(2, self.largest + 1, (count, depth + 1))
        power = kernel ** random.integers(1, 3, count) + random.integers(-1, 2, count)
        near = (random.random(count) < 0.5) & (power > 3)
        sizes[near, 1] = np.clip(power - sizes[:, 0], 2, self.largest)[near]
        return {"kernel": kernel, "steps": random.integers(1, 4, count), "sizes": sizes}

    def vary(self, batch: Batch, random: np.random.Generator, scale: float) -> Batch:
        """Change sizes, kernels and steps by one, each in some of the instances."""
        del scale

        def moved(array: Any, least: int, most: int) -> Any:
            return np.clip(np.array(array) + random.integers(-1, 2, np.shape(array)), least, most)

        return {
            "kernel": moved(batch["kernel"], 2, 5),
            "steps": moved(batch["steps"], 1, 3),
            "sizes": moved(batch["sizes"], 2, self.largest),
        }

    def measure(self, batch: Batch, device: str) -> Measurement:
        """Count all by formulas."""
        r, steps, sizes = (np.array(batch[name]) for name in ("kernel", "steps", "sizes"))
        before, after = sizes[:, :-1], sizes[:, 1:]
        gathering = np.zeros_like(before)
        while (short := r[:, None] ** gathering < before + after).any():
            gathering += short
        layers = np.cumsum(steps[:, None] * (2 * gathering + 1), axis=1)
        found = {"r": r, "K": steps, "d_before": before, "d": after, "L": gathering}
        values = {name: on_device(array.astype(float), device) for name, array in found.items()}
        quantities = {"layers": layers, "channels": 2 * r[:, None] ** gathering}
        return Measurement(
            values=values,
            quantities={name: on_device(array.astype(float), device) for name, array in quantities.items()},
        )

    def exact(self, instance: Instance) -> ExactMeasurement:
        """Build the networks of one instance, and count."""
        r, steps = int(instance["kernel"]), int(instance["steps"])
        sizes = [int(size) for size in instance["sizes"]]
        if not 2 <= r <= 9 or not 1 <= steps <= 9 or not all(2 <= size <= 2 * self.largest for size in sizes):
            raise NotAnInstance("the kernel size, the steps and the sizes are small enough to build the networks")
        layers, channels, gathering = [Fraction(0)], [], []
        pairs = list(pairwise(sizes))
        for m, n in pairs:
            counts = _cnn(m, n, r, steps).counts
            layers.append(layers[-1] + counts.layers)
            channels.append(Fraction(counts.channels))
            gathering.append(Fraction(gathering_layers(m + n, r)))
        values: dict[str, Any] = {
            "r": Fraction(r),
            "K": Fraction(steps),
            "d_before": tuple(Fraction(m) for m, _ in pairs),
            "d": tuple(Fraction(n) for _, n in pairs),
            "L": tuple(gathering),
        }
        return ExactMeasurement(values=values, quantities={"layers": tuple(layers[1:]), "channels": tuple(channels)})


def _cnn(m: int, n: int, r: int, steps: int) -> SequenceCNN:
    state, signal, threshold = (np.ones(shape, np.float32) for shape in ((n, n), (n, m), (n,)))
    layers = tuple(StateLayer(state=state if at else None, signal=signal, threshold=threshold) for at in range(steps))
    network = UnrolledNetwork(code=Code.signed, dtype=DType.float32, shape=(m, n), layers=layers)
    return SequenceCNN.of(network, r)


EXPERIMENTS: Mapping[str, Experiment] = {"lfz2024-corollary-7": SequenceSizes()}
