"""Experiments on two sparse codes of nearly one signal: stability-l0, stability-l0-linf, a-posteriori-*.

An instance is a dictionary of rational unit atoms (points, verify/attack/unit_atoms.py), weights W, two codes x and x',
and an offset: the signal is D(x + x')/2 + offset. The noise levels are the norms of the two residuals, roots of
rationals. Weights mean w_i/(w_i^T d_i). So all comparisons are of rationals and their roots.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from ...arrays import on_device, torch_module
from ...theorems.language.values import Value, root
from .. import exact_matrices as exact
from .. import set_spectra, unit_atoms, variation
from ..experiment import Batch, ExactMeasurement, Experiment, Instance, Measurement, NotAnInstance
from ..rationals import euclidean_norm

_SHAPES = ((2, 2, 1), (3, 3, 1), (4, 4, 2), (3, 4, 1), (5, 6, 2), (6, 6, 3))


@dataclass(frozen=True, kw_only=True)
class SparsePair(Experiment):
    """Two codes of the same signal, up to noise. `shapes` are (m, n, k): at most k nonzeros each.

    Values: k, found = |x'|_0, mu, mu_tilde and omega of W, eps and residual; with `singular`, smin too. Quantities:
    error_l2 and error_linf of x - x'. For stability eps is the larger of the residuals, for a posteriori bounds
    (`computed`) that of x, and residual that of x', the computed code.
    """

    shapes: tuple[tuple[int, int, int], ...] = _SHAPES
    computed: bool = False
    singular: bool = False

    batch_size = 200

    def draw(self, random: np.random.Generator, count: int) -> Batch:
        """Draw dictionaries, and codes at random or along the direction that the dictionary shortens most."""
        m, n, k = self.shapes[random.integers(len(self.shapes))]
        points = unit_atoms.drawn(random, count, m, n)
        D = unit_atoms.float_unit_atoms(points)
        x, other = (
            variation.supports(random, count, n, random.integers(1, k + 1, count))
            * variation.values(random, (count, n))
            for _ in range(2)
        )
        if 2 * k <= n:
            G = D.transpose(0, 2, 1) @ D
            shortest = np.linalg.eigh(G[:, : 2 * k, : 2 * k])[1][:, :, 0]
            worst = random.random((count, 1)) < 0.5
            x[:, : 2 * k] = np.where(worst, np.where(np.arange(2 * k) < k, shortest, 0), x[:, : 2 * k])
            other[:, : 2 * k] = np.where(worst, np.where(np.arange(2 * k) < k, 0, -shortest), other[:, : 2 * k])
            x[:, 2 * k :] *= ~worst
            other[:, 2 * k :] *= ~worst
        offset = np.where(random.random((count, 1)) < 0.6, 0, variation.sizes(random, count)) * random.standard_normal(
            (count, m)
        )
        dual = np.linalg.pinv(D).transpose(0, 2, 1)
        weights = np.where(random.random((count, 1, 1)) < 0.5, D, dual)
        return {"points": points, "weights": weights, "x": x, "other": other, "offset": offset}

    def vary(self, batch: Batch, random: np.random.Generator, scale: float) -> Batch:
        """Move atoms, weights, codes and offset, each in some of the instances."""
        return {
            "points": unit_atoms.varied(batch["points"], random, scale),
            "weights": variation.moved(random, batch["weights"], scale, keep_zeros=False),
            "x": variation.moved(random, batch["x"], scale),
            "other": variation.moved(random, batch["other"], scale),
            "offset": variation.moved(random, batch["offset"], scale),
        }

    def measure(self, batch: Batch, device: str) -> Measurement:
        """Measure all pairs at once."""
        torch = torch_module()
        D = unit_atoms.unit_atoms(batch["points"], device)
        W, x, other, offset = (on_device(batch[name], device) for name in ("weights", "x", "other", "offset"))
        diagonal = (W * D).sum(dim=1, keepdim=True)
        W = W / diagonal
        n = D.shape[2]
        off = 1 - torch.eye(n, dtype=torch.float64, device=device)
        h = x - other
        half = (D @ h[:, :, None])[:, :, 0] / 2
        first, second = (torch.linalg.vector_norm(v, dim=1) for v in (half - offset, half + offset))
        sparsity, found = ((c != 0).sum(dim=1).double() for c in (x, other))
        values: dict[str, Any] = {
            "k": sparsity if self.computed else torch.maximum(sparsity, found).clamp(min=1),
            "found": found,
            "mu": ((D.transpose(1, 2) @ D) * off).abs().amax(dim=(1, 2)).clamp(max=1),
            "mu_tilde": ((W.transpose(1, 2) @ D) * off).abs().amax(dim=(1, 2)),
            "omega": torch.linalg.vector_norm(W, dim=1).amax(dim=1),
            "eps": first if self.computed else torch.maximum(first, second),
            "residual": second,
        }
        if self.singular:
            values["smin"] = set_spectra.least_singular_value(D, sparsity + found, other != 0)
        return Measurement(
            values=values,
            quantities={"error_l2": torch.linalg.vector_norm(h, dim=1), "error_linf": h.abs().amax(dim=1)},
            rounding=dict.fromkeys(("error_l2", "error_linf"), 1e-13),
        )

    def exact(self, instance: Instance) -> ExactMeasurement:
        """Measure one pair in rationals, and roots of rationals."""
        D = unit_atoms.exact_unit_atoms(instance["points"])
        W, x, other, offset = (instance[name] for name in ("weights", "x", "other", "offset"))
        n = len(D[0])
        if W.shape != (len(D), n) or x.shape != (n,) or other.shape != (n,) or offset.shape != (len(D),):
            raise NotAnInstance("weights are m x n, codes have n entries, the offset m")
        first, second, shift = exact.vector(x), exact.vector(other), exact.vector(offset)
        h = exact.difference(first, second)
        half = [entry / 2 for entry in exact.times(D, h)]
        shifted = [a + b for a, b in zip(half, shift, strict=True)]
        residuals = exact.square(exact.difference(half, shift)), exact.square(shifted)
        products = exact.product(exact.columns(exact.matrix(W)), D)
        if not all(products[i][i] for i in range(n)):
            raise NotAnInstance("w_i^T d_i = 1 for every i, after scaling: one is 0")
        scaled = [[entry / row[i] for entry in row] for i, row in enumerate(products)]
        lengths = [exact.square(w) / products[i][i] ** 2 for i, w in enumerate(exact.columns(exact.matrix(W)))]
        sparsity, found = (sum(map(bool, code)) for code in (first, second))
        G = exact.gram(D)
        values: dict[str, Value] = {
            "k": Fraction(sparsity if self.computed else max(1, sparsity, found)),
            "found": Fraction(found),
            "mu": exact.coherence(G),
            "mu_tilde": exact.coherence(scaled),
            "omega": root(max(lengths)),
            "eps": root(residuals[0] if self.computed else max(residuals)),
            "residual": root(residuals[1]),
        }
        if self.singular:
            values["smin"] = root(set_spectra.least_square(G, sparsity + found, [i for i in range(n) if second[i]]))
        quantities = {"error_l2": euclidean_norm(h), "error_linf": exact.greatest(h)}
        return ExactMeasurement(values=values, quantities=quantities)

    def simplified(self, instance: Instance) -> Iterator[Instance]:
        """Yield pairs without offset, with W = D, and without the atoms that neither code uses."""
        if instance["offset"].any():
            yield {**instance, "offset": np.zeros_like(instance["offset"])}
        for i in range(len(instance["x"])):
            if not instance["x"][i] and not instance["other"][i]:
                kept = np.arange(len(instance["x"])) != i
                yield {name: array if name == "offset" else array[..., kept] for name, array in instance.items()}


EXPERIMENTS: Mapping[str, Experiment] = {
    "stability-l0": SparsePair(),
    "stability-l0-linf": SparsePair(),
    "a-posteriori-by-coherence": SparsePair(computed=True),
    "a-posteriori-by-singular-value": SparsePair(
        computed=True, singular=True, shapes=((2, 2, 1), (3, 3, 1), (4, 4, 2))
    ),
}
