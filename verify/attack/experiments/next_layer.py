"""Experiment on thresholding-next-layer: the error of one layer is noise for the next.

An instance is a dictionary of rational unit atoms, the error of the layer below (zero off the support of its code), and
model noise. Everything is rational except the root of k.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ...arrays import on_device, torch_module
from .. import exact_matrices as exact
from .. import unit_atoms, variation
from ..experiment import Batch, ExactMeasurement, Experiment, Instance, Measurement, NotAnInstance


@dataclass(frozen=True, kw_only=True)
class NextLayer(Experiment):
    """An error and a dictionary above it. Values: k, spread, error, noise. Quantity: correlation, largest |d_i^T e|."""

    shapes: tuple[tuple[int, int], ...] = ((1, 2), (2, 2), (3, 3), (4, 4), (4, 6))

    batch_size = 300

    def draw(self, random: np.random.Generator, count: int) -> Batch:
        """Draw errors with equal or other moduli, along an atom's signs or not, and noise."""
        m, n = self.shapes[random.integers(len(self.shapes))]
        points = unit_atoms.drawn(random, count, m, n)
        flat = unit_atoms.points_of(random.choice((-1.0, 1.0), (count, m, 1)) * np.ones((count, m, 1)))
        points[:, :, :1] = np.where(random.random((count, 1, 1)) < 0.5, flat, points[:, :, :1])
        atom = unit_atoms.float_unit_atoms(points)[:, :, 0]
        error = variation.supports(random, count, m, random.integers(1, m + 1, count)) * variation.values(
            random, (count, m)
        )
        error = np.where(random.random((count, 1)) < 0.5, np.sign(atom), error)
        noise = variation.sizes(random, count) * np.where(
            random.random((count, 1)) < 0.5, atom, random.standard_normal((count, m))
        )
        return {"points": points, "error": error, "noise": noise}

    def vary(self, batch: Batch, random: np.random.Generator, scale: float) -> Batch:
        """Move atoms, error and noise, each in some of the instances."""
        moved = {name: variation.moved(random, batch[name], scale) for name in ("error", "noise")}
        return {"points": unit_atoms.varied(batch["points"], random, scale), **moved}

    def measure(self, batch: Batch, device: str) -> Measurement:
        """Measure all instances at once."""
        torch = torch_module()
        D = unit_atoms.unit_atoms(batch["points"], device)
        error, noise = (on_device(batch[name], device) for name in ("error", "noise"))

        def largest(e: object) -> object:
            return torch.einsum("bmn,bm->bn", D, e).abs().amax(dim=1)

        met = ((D != 0) & (error != 0)[:, :, None]).sum(dim=1).amax(dim=1).clamp(min=1)
        places = met.long()[:, None] - 1
        sums = D.abs().sort(dim=1, descending=True).values.cumsum(dim=1).amax(dim=2)
        spread = sums.gather(1, places)[:, 0]
        values = {"spread": spread, "k": met.double(), "error": error.abs().amax(dim=1), "noise": largest(noise)}
        return Measurement(
            values=values, quantities={"correlation": largest(error + noise)}, rounding={"correlation": 1e-13}
        )

    def exact(self, instance: Instance) -> ExactMeasurement:
        """Measure one instance in rationals."""
        atoms = exact.columns(unit_atoms.exact_unit_atoms(instance["points"]))
        error, noise = (exact.vector(instance[name]) for name in ("error", "noise"))
        if not len(atoms[0]) == len(error) == len(noise):
            raise NotAnInstance("error and noise have m entries")
        met = max(1, *(sum(bool(a and b) for a, b in zip(atom, error, strict=True)) for atom in atoms))
        both = [a + b for a, b in zip(error, noise, strict=True)]
        return ExactMeasurement(
            values={
                "k": Fraction(met),
                "spread": max(sum(sorted(map(abs, atom), reverse=True)[:met], Fraction(0)) for atom in atoms),
                "error": exact.greatest(error),
                "noise": exact.greatest(exact.times(atoms, noise)),
            },
            quantities={"correlation": exact.greatest(exact.times(atoms, both))},
        )


EXPERIMENTS: Mapping[str, Experiment] = {
    "thresholding-next-layer": NextLayer(),
    "thresholding-next-layer-by-entries": NextLayer(),
}
