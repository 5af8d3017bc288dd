"""Experiment on unrolled networks of convolutions: lista-linf-local.

An instance is filters and weights of the same taps, the number of positions, the stride, the boundary, a code with
sparse stripes, noise, and a depth: that of an unrolled network whose matrices are made of all shifts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from ...arrays import torch_module
from ..experiment import Batch, ExactMeasurement, Experiment, Instance, Measurement, NotAnInstance, broadcast, shared
from . import stripe_instances, unrolled_exactly, unrolled_instances, unrolled_network
from .stripe_geometry import Counted, Geometry

Shape = tuple[int, int, int, int, int, bool]
_SHAPES: tuple[Shape, ...] = (
    (1, 1, 2, 6, 1, True), (2, 2, 2, 6, 1, False), (2, 1, 3, 5, 2, False), (3, 2, 2, 8, 1, True),
    (3, 3, 3, 12, 1, False),
)  # fmt: skip
"""Filters, channels, taps, positions, stride, and whether the boundary is circular."""


@dataclass(frozen=True, kw_only=True)
class StripeNetwork(Experiment):
    """The network of unrolled_network.py with convolutional D and W and thresholds for the stripe sparsity s.

    `counted` is what s counts. Values: s, mu, B, sigma, K. Quantities: as there.
    """

    shapes: tuple[Shape, ...] = _SHAPES
    layers: int = 12
    counted: Counted = "stripe"

    batch_size = 200

    def draw(self, random: np.random.Generator, count: int) -> Batch:
        """Draw one dictionary with weights, and codes with as many nonzeros as their stripes let in."""
        C, M, taps, size, stride, circular = self.shapes[random.integers(len(self.shapes))]
        geometry = Geometry(taps=taps, size=size, stride=stride, circular=circular)
        filters = stripe_instances.drawn_filters(random, 1, (C, M, taps))[0]
        if random.random() < 0.7:
            filters = filters / np.linalg.norm(filters, axis=(1, 2), keepdims=True) / 4
            filters[np.arange(C), np.arange(C) % M, random.integers(taps, size=C)] += 1.0
            filters = np.round(filters * 64) / 64
        seen, weights = geometry.stripes(filters), filters
        if random.random() < 0.5:
            weights = (np.linalg.pinv(seen @ seen.T) @ filters.reshape(C, -1).T).T.reshape(filters.shape)
        products = np.abs(weights.reshape(C, -1) @ seen)
        own = products[np.arange(C), geometry.own(C)]
        products[np.arange(C), geometry.own(C)] = 0.0
        mu = float((products / own[:, None]).max()) if own.all() else 1.0
        most = max(1, int(np.ceil((1 + 1 / mu) / 2)) - 1) if mu > 0 else 3
        code = stripe_instances.drawn_supports(random, geometry, C, random.integers(1, min(most, 4) + 1, count))
        code *= random.choice((-1.0, 1.0), code.shape) * np.where(
            random.random((count, 1)) < 0.4, random.uniform(0.01, 1, code.shape), 1.0
        )
        numbers = {"depth": int(random.integers(self.layers + 1)), "size": size, "stride": stride, "circular": circular}
        return {
            "filters": broadcast(filters, count),
            "weights": broadcast(weights, count),
            "code": code,
            "noise": unrolled_instances.noise(random, geometry.matrix(filters), code),
            **{name: broadcast(np.array(number), count) for name, number in numbers.items()},
        }

    def vary(self, batch: Batch, random: np.random.Generator, scale: float) -> Batch:
        """Move nonzeros and noise, one entry or all; half of the time the filters too, and now and then the depth."""
        arrays = dict(batch)
        if random.random() < 0.5:
            for name in ("filters", "weights"):
                arrays[name] = batch[name] + scale * 0.5 * random.standard_normal(batch[name].shape)
        if (depth := shared(batch["depth"])) is not None and random.random() < 0.2:
            arrays["depth"] = broadcast(np.array(min(self.layers, abs(int(depth) - 1))), len(batch["depth"]))
        code = unrolled_instances.moved(random, batch["code"], scale)
        return {**arrays, "code": code, "noise": unrolled_instances.shaken(random, batch["noise"], scale)}

    def measure(self, batch: Batch, device: str) -> Measurement:
        """Run all networks at once."""
        s = self._sparsity(batch)
        return unrolled_network.measured(
            _matrices(batch), device, 1.0, torch_module().from_numpy(s).to(device).double()
        )

    def exact(self, instance: Instance) -> ExactMeasurement:
        """Run the network in rationals; in balls where the numbers would become too long."""
        filters = instance["filters"]
        C = filters.shape[0]
        if instance["weights"].shape != filters.shape or instance["code"].shape != (C * int(instance["size"]),):
            raise NotAnInstance("weights are like filters, and a code has an entry for every atom")
        return unrolled_exactly.measured(_matrices(instance), Fraction(1), int(self._sparsity(instance)))

    def simplified(self, instance: Instance) -> Iterator[Instance]:
        """Yield fewer layers, no noise, fewer nonzeros, and W = D."""
        depth, code = int(instance["depth"]), instance["code"]
        for fewer in dict.fromkeys((0, 1, depth // 2, depth - 1)):
            if 0 <= fewer < depth:
                yield {**instance, "depth": np.array(fewer)}
        if instance["noise"].any():
            yield {**instance, "noise": np.zeros_like(instance["noise"])}
        for i in np.flatnonzero(code):
            yield {**instance, "code": np.where(np.arange(len(code)) == i, 0.0, code)}
        yield {**instance, "weights": instance["filters"]}

    def _sparsity(self, batch: Batch) -> Any:
        C = batch["filters"].shape[-3]
        return Geometry.of(batch).sparsity(batch["code"] != 0, C, self.counted)


def _matrices(batch: Batch) -> dict[str, Any]:
    """Return the same as the instances of unrolled_network.py; matrices that all share stay shared."""
    geometry = Geometry.of(batch)
    found = {name: batch[name] for name in ("code", "noise", "depth")}
    for name, filters in (("D", batch["filters"]), ("W", batch["weights"])):
        one = shared(filters) if filters.ndim == 4 else None
        found[name] = geometry.matrix(filters) if one is None else broadcast(geometry.matrix(one), len(filters))
    return found


EXPERIMENTS: Mapping[str, Experiment] = {"lista-linf-local": StripeNetwork()}
