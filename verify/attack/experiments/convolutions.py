"""Experiments on the coherence of convolutional dictionaries: the whole matrix against correlations of its filters.

An instance is a few filters, the number of positions (the period), and a stride. Entries are dyadic, so squared
coherences are rational.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from ...arrays import on_device, torch_module
from .. import exact_matrices as exact
from .. import variation
from ..experiment import Batch, ExactMeasurement, Experiment, Instance, Measurement, NotAnInstance


@dataclass(frozen=True, kw_only=True)
class Convolution(Experiment):
    """All shifts of filters, as columns of a matrix. `shapes` are (filters, extent, positions or period, stride).

    Values: length (without wrapping), p (circular), r, the extent. Quantities: coherence_squared, of the matrix, and
    coherence_gap, that less the largest squared normalised correlation of two filters over the shifts that are
    multiples of the stride and less than r.
    """

    circular: bool
    shapes: tuple[tuple[int, int, int, int], ...]

    batch_size = 40

    def draw(self, random: np.random.Generator, count: int) -> Batch:
        """Draw filters with Gaussian or small integer entries."""
        filters, extent, size, stride = self.shapes[random.integers(len(self.shapes))]
        taps = random.standard_normal((count, filters, extent))
        taps = np.where(random.random((count, 1, 1)) < 0.5, random.integers(-2, 3, taps.shape), taps)
        taps[:, :, 0] += taps[:, :, 0] == 0
        taps[:, :, -1] += taps[:, :, -1] == 0
        whole = {"size": np.full(count, size), "stride": np.full(count, stride)}
        return {"filters": taps, **whole}

    def vary(self, batch: Batch, random: np.random.Generator, scale: float) -> Batch:
        """Move the entries of the filters."""
        taps = variation.moved(random, batch["filters"], scale)
        return {"filters": taps, "size": np.array(batch["size"]), "stride": np.array(batch["stride"])}

    def measure(self, batch: Batch, device: str) -> Measurement:
        """Measure all dictionaries at once."""
        torch = torch_module()
        taps = on_device(batch["filters"], device)
        taps = taps / torch.linalg.vector_norm(taps, dim=2, keepdim=True)
        count, _, r = taps.shape
        size, stride = int(batch["size"][0]), int(batch["stride"][0])
        rows, places = self._places(r, size, stride)
        D = torch.zeros(count, taps.shape[1] * len(places), rows, device=device).double()
        for k, place in enumerate(places):
            for tap, row in enumerate(place):
                D[:, k :: len(places), row] += taps[:, :, tap]
        norms = torch.linalg.vector_norm(D, dim=2, keepdim=True)
        gram = (D / norms) @ (D / norms).transpose(1, 2)
        whole = (gram * (1 - torch.eye(D.shape[1], device=device).double())).abs().amax(dim=(1, 2))
        best = torch.zeros(count, device=device).double()
        for shift in range(0, r, stride):
            cross = (taps[:, :, None, shift:] * taps[:, None, :, : r - shift]).sum(dim=3).abs()
            if not shift:
                cross = cross * (1 - torch.eye(taps.shape[1], device=device).double())
            best = torch.maximum(best, cross.amax(dim=(1, 2)))
        ones = torch.ones(count, device=device).double()
        values = {"length": size * ones, "p": size * ones, "r": r * ones}
        quantities = {"coherence_squared": whole**2, "coherence_gap": whole**2 - best**2}
        return Measurement(values=values, quantities=quantities, rounding=dict.fromkeys(quantities, 1e-12))

    def exact(self, instance: Instance) -> ExactMeasurement:
        """Measure one dictionary in rationals, by its squares."""
        taps = exact.matrix(instance["filters"])
        size, stride, r = int(instance["size"]), int(instance["stride"]), len(taps[0])
        if not all(tap[0] and tap[-1] for tap in taps):
            raise NotAnInstance("the filters have extent r: the first and the last entry are not 0")
        if stride < 1 or (self.circular and size % stride):
            raise NotAnInstance("the stride divides the period")
        rows, places = self._places(r, size, stride)
        atoms: list[exact.Vector] = []
        for tap in taps:
            for place in places:
                atom = [Fraction(0)] * rows
                for entry, row in zip(tap, place, strict=True):
                    atom[row] += entry
                atoms.append(atom)
        squares = [exact.square(atom) for atom in atoms]
        if not all(squares):
            raise NotAnInstance("no atom is zero")
        whole = max(
            (
                exact.dot(a, b) ** 2 / (squares[i] * squares[j])
                for i, a in enumerate(atoms)
                for j, b in enumerate(atoms[:i])
            ),
            default=Fraction(0),
        )
        best = Fraction(0)
        for shift in range(0, r, stride):
            for i, a in enumerate(taps):
                for j, b in enumerate(taps):
                    if shift or i != j:
                        cross = exact.dot(a[shift:], b[: r - shift])
                        best = max(best, cross**2 / (exact.square(a) * exact.square(b)))
        values: dict[str, Any] = {"length": Fraction(size), "p": Fraction(size), "r": Fraction(r)}
        return ExactMeasurement(values=values, quantities={"coherence_squared": whole, "coherence_gap": whole - best})

    def _places(self, r: int, size: int, stride: int) -> tuple[int, list[list[int]]]:
        """Return the number of rows, and for each position of a filter the rows of its entries."""
        starts = range(0, size, stride)
        rows = size if self.circular else starts[-1] + r
        return rows, [[(start + tap) % rows for tap in range(r)] for start in starts]


EXPERIMENTS: Mapping[str, Experiment] = {
    "convolution-coherence": Convolution(
        circular=False,
        shapes=(
            (1, 2, 2, 1),
            (1, 3, 3, 1),
            (2, 2, 2, 1),
            (2, 3, 4, 1),
            (2, 3, 6, 2),
            (2, 4, 4, 3),
            (1, 3, 2, 1),
            (1, 4, 2, 1),
        ),
    ),
    "convolution-coherence-circular": Convolution(
        circular=True,
        shapes=((1, 2, 3, 1), (1, 3, 5, 1), (2, 3, 6, 2), (2, 2, 4, 1), (1, 3, 3, 1), (1, 3, 4, 1), (1, 2, 2, 1)),
    ),
}
