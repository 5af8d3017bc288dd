"""Experiments on layers in closed form: shrinkage by ReLU units, leaky ReLU, layers with orthonormal atoms.

Scalars are taken as the floats that they are. Orthonormal atoms are columns of a product of two reflections
I - 2 v v^T/|v|^2, rational. Minimisers are found by going through all sign patterns, which knows no shrinkage.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from ...arrays import on_device, torch_module
from .. import exact_matrices as exact
from .. import lasso_signs, variation
from ..experiment import Batch, ExactMeasurement, Experiment, Instance, Measurement, NotAnInstance


@dataclass(frozen=True, kw_only=True)
class ScalarUnit(Experiment):
    """A number v, a threshold t and a slope a. Quantities: soft_threshold, sign(v) max(|v| - t, 0) by cases; relu of v;
    and nonnegative_minimiser, of (x - v)^2/2 + t x over x >= 0: x = 0, or the vertex v - t if above 0 and better.

    With `signed` thresholds are of any sign.
    """

    signed: bool = False

    def draw(self, random: np.random.Generator, count: int) -> Batch:
        """Draw numbers of both signs, thresholds below, at and above |v|."""
        v = random.standard_normal(count) * 10.0 ** random.integers(-3, 4, count)
        t = np.abs(v) * random.choice((0.0, 0.5, 1.0, 1.5), count)
        t = np.where(random.random(count) < 0.5, t, np.abs(random.standard_normal(count)))
        t *= random.choice((-1.0, 1.0), count) if self.signed else 1.0
        return {"v": v * (random.random(count) < 0.9), "t": t, "a": random.random(count) * (random.random(count) < 0.9)}

    def vary(self, batch: Batch, random: np.random.Generator, scale: float) -> Batch:
        """Move the numbers."""
        v, t, a = (variation.moved(random, batch[name], scale) for name in ("v", "t", "a"))
        return {"v": v, "t": t if self.signed else np.abs(t), "a": np.clip(np.abs(a), 0, 1 - 1e-9)}

    def measure(self, batch: Batch, device: str) -> Measurement:
        """Measure all numbers at once."""
        torch = torch_module()
        v, t, a = (on_device(batch[name], device) for name in ("v", "t", "a"))
        zero = torch.zeros_like(v)
        vertex = v - t
        objective = vertex**2 / 2 - vertex * v + t * vertex
        quantities = {
            "soft_threshold": torch.where(v > t, v - t, torch.where(v < -t, v + t, zero)),
            "relu": torch.where(v > 0, v, zero),
            "nonnegative_minimiser": torch.where((vertex > 0) & (objective < 0), vertex, zero),
        }
        size = 1e-13 * (v.abs() + t.abs()) / (1 - a * a).clamp(min=1e-300)
        return Measurement(
            values={"v": v, "t": t, "a": a}, quantities=quantities, rounding=dict.fromkeys(quantities, size)
        )

    def exact(self, instance: Instance) -> ExactMeasurement:
        """Measure one triple of numbers exactly."""
        v, t, a = (exact.vector(instance[name])[0] for name in ("v", "t", "a"))
        zero, vertex = Fraction(0), v - t
        objective = vertex**2 / 2 - vertex * v + t * vertex
        quantities = {
            "soft_threshold": v - t if v > t else v + t if v < -t else zero,
            "relu": v if v > 0 else zero,
            "nonnegative_minimiser": vertex if vertex > 0 and objective < 0 else zero,
        }
        return ExactMeasurement(values={"v": v, "t": t, "a": a}, quantities=quantities)


@dataclass(frozen=True, kw_only=True)
class OrthonormalLayer(Experiment):
    """An orthonormal D (m x n, `shapes`), a signal y and thresholds; values v = d_0^T y and t_0.

    Quantity: minimiser, entry 0 of the minimiser of the lasso, or, `nonnegative`, over x >= 0 with any t_i.
    """

    nonnegative: bool
    shapes: tuple[tuple[int, int], ...] = ((1, 1), (2, 2), (3, 2), (4, 3))

    batch_size = 200

    def draw(self, random: np.random.Generator, count: int) -> Batch:
        """Draw reflections, signals, and thresholds below and above what meets them."""
        m, n = self.shapes[random.integers(len(self.shapes))]
        t = np.abs(random.standard_normal((count, n if self.nonnegative else 1))) * np.ones((count, n))
        if self.nonnegative:
            t *= random.choice((-1.0, 1.0), (count, n))
        mirrors = random.standard_normal((count, 2, m))
        mirrors[random.random(count) < 0.3] = random.integers(1, 4, (2, m))
        return {"mirrors": mirrors, "signal": random.standard_normal((count, m)), "t": t}

    def vary(self, batch: Batch, random: np.random.Generator, scale: float) -> Batch:
        """Move reflections, signal and thresholds, each in some of the instances."""
        moved = {name: variation.moved(random, array, scale) for name, array in batch.items()}
        if not self.nonnegative:
            moved["t"] = np.abs(moved["t"][:, :1]) * np.ones_like(moved["t"])
        return moved

    def measure(self, batch: Batch, device: str) -> Measurement:
        """Minimise all at once."""
        torch = torch_module()
        mirrors, y, t = (on_device(batch[name], device) for name in ("mirrors", "signal", "t"))
        D = torch.eye(y.shape[1], device=device).double()[None]
        for at in range(2):
            v = mirrors[:, at]
            D = D - 2 * v[:, :, None] * (v[:, None] @ D) / (v * v).sum(dim=1)[:, None, None]
        D = D[:, :, : t.shape[1]]
        found, wrong = lasso_signs.minimisers(D, y, t, nonnegative=self.nonnegative)
        found = torch.where(wrong <= 1e-9, found[:, 0], torch.nan)
        values = {"v": torch.einsum("bm,bm->b", D[:, :, 0], y), "t": t[:, 0]}
        return Measurement(values=values, quantities={"minimiser": found}, rounding={"minimiser": 1e-12})

    def exact(self, instance: Instance) -> ExactMeasurement:
        """Minimise one instance exactly, by its optimality conditions."""
        y, t = exact.vector(instance["signal"]), exact.vector(instance["t"])
        D = [[Fraction(int(i == j)) for j in range(len(y))] for i in range(len(y))]
        for row in instance["mirrors"]:
            v = exact.vector(row)
            if not any(v) or len(v) != len(y) or len(t) > len(y):
                raise NotAnInstance("mirrors are not 0 and have m entries, n <= m")
            shares = [2 * share / exact.square(v) for share in exact.times(exact.columns(D), v)]
            D = [[entry - v[i] * share for entry, share in zip(line, shares, strict=True)] for i, line in enumerate(D)]
        D = [row[: len(t)] for row in D]
        if not self.nonnegative and (t[0] < 0 or any(entry != t[0] for entry in t)):
            raise NotAnInstance("one threshold t >= 0 for all units")
        found = lasso_signs.exact_minimiser(D, y, t, nonnegative=self.nonnegative)
        values: dict[str, Any] = {"v": exact.times(exact.columns(D), y)[0], "t": t[0]}
        return ExactMeasurement(values=values, quantities={"minimiser": found[0]})


EXPERIMENTS: Mapping[str, Experiment] = {
    "lfz2024-lemma-14": ScalarUnit(),
    "leaky-relu-identity": ScalarUnit(),
    "shrinkage-nonnegative": ScalarUnit(signed=True),
    "orthonormal-soft-threshold": OrthonormalLayer(nonnegative=False),
    "orthonormal-relu": OrthonormalLayer(nonnegative=True),
}
