"""Experiments on what sources say of the unrolled network: clwy2018-theorem-2, and lista-rate-attained.

For the first, an instance is an m x (m + 1) dictionary of rational unit atoms, a code, noise and a depth. With the null
vector h, mu~_i = |h_i|/(sum of the other |h_j|), and the weights that attain it have w_i^T d_j = -mu~_i sign(h_i h_j):
they are found exactly. The thresholds are s mu~ a_k + C_W |e|_1 with a_0 = B, a_(k+1) = (2s - 1) mu~ a_k + 2 C_W |e|_1:
the source's, with s a_k for the largest |x^k - x*|_1 over all codes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ...arrays import on_device, torch_module
from .. import exact_matrices as exact
from .. import unit_atoms, variation
from ..experiment import Batch, ExactMeasurement, Experiment, Instance, Measurement, NotAnInstance
from ..rationals import euclidean_norm
from .unrolled_network import UnrolledNetwork


@dataclass(frozen=True, kw_only=True)
class SourceNetwork(Experiment):
    """A network of at most `layers` layers with the weights of mu~. `rows` are the m.

    Values: s, mu, B, sigma, C_W, K. Quantity: error_l2.
    """

    rows: tuple[int, ...] = (2, 3, 5)
    layers: int = 4

    batch_size = 300

    def draw(self, random: np.random.Generator, count: int) -> Batch:
        """Draw dictionaries, among them simplices, codes and noise."""
        m = self.rows[random.integers(len(self.rows))]
        n = m + 1
        used = random.integers(1, max(1, n // 2) + 1, count)
        code = variation.supports(random, count, n, used) * variation.values(random, (count, n))
        noise = variation.sizes(random, count) * random.standard_normal((count, m)) * (random.random((count, 1)) < 0.5)
        depth = random.integers(1, self.layers + 1, size=count)
        return {"points": unit_atoms.drawn(random, count, m, n), "code": code, "noise": noise, "depth": depth}

    def vary(self, batch: Batch, random: np.random.Generator, scale: float) -> Batch:
        """Move atoms, code and noise, each in some of the instances."""
        moved = {name: variation.moved(random, batch[name], scale) for name in ("code", "noise")}
        return {"points": unit_atoms.varied(batch["points"], random, scale), **moved, "depth": np.array(batch["depth"])}

    def measure(self, batch: Batch, device: str) -> Measurement:
        """Run all networks at once."""
        torch = torch_module()
        D = unit_atoms.unit_atoms(batch["points"], device)
        code, noise, depth = (on_device(batch[name], device) for name in ("code", "noise", "depth"))
        h = torch.linalg.eigh(D.transpose(1, 2) @ D).eigenvectors[:, :, 0]
        total = h.abs().sum(dim=1, keepdim=True)
        least = h.abs() / (total - h.abs()).clamp(min=1e-300)
        off = -least[:, :, None] * h.sign()[:, :, None] * h.sign()[:, None, :]
        off = off * (1 - torch.eye(h.shape[1], device=device).double())
        rows = off + torch.eye(h.shape[1], device=device).double()
        W = (rows @ torch.linalg.pinv(D)).transpose(1, 2)
        s, mu, B = (code != 0).sum(dim=1).clamp(min=1).double(), least.amax(dim=1), code.abs().amax(dim=1)
        sigma, largest = noise.abs().sum(dim=1), W.abs().amax(dim=(1, 2))
        response = torch.einsum("bmn,bm->bn", W, noise)
        error, a = code, B
        for layer in range(self.layers):
            t = (s * mu * a + largest * sigma)[:, None]
            v = (off @ error[:, :, None])[:, :, 0] + response
            error = torch.where((depth > layer)[:, None], torch.clamp(code + v, -t, t) - v, error)
            a = (2 * s - 1) * mu * a + 2 * largest * sigma
        values = {"s": s, "mu": mu, "B": B, "sigma": sigma, "C_W": largest, "K": depth}
        norm = torch.linalg.vector_norm(error, dim=1)
        return Measurement(values=values, quantities={"error_l2": norm}, rounding={"error_l2": 1e-12})

    def exact(self, instance: Instance) -> ExactMeasurement:
        """Run one network in rationals."""
        D = unit_atoms.exact_unit_atoms(instance["points"])
        code, noise = (exact.vector(instance[name]) for name in ("code", "noise"))
        depth, n = int(instance["depth"]), len(code)
        if len(D[0]) != n or len(D) + 1 != n or len(noise) != len(D) or not 0 <= depth <= self.layers or not any(code):
            raise NotAnInstance("one atom more than rows, a code that is not 0, and arrays that fit together")
        h = exact.null_vector(D)
        sizes = [abs(entry) for entry in h]
        least = [size / (sum(sizes) - size) for size in sizes]
        signs = [(entry > 0) - (entry < 0) for entry in h]
        off = [[-least[i] * signs[i] * signs[j] * (i != j) for j in range(n)] for i in range(n)]
        outer = exact.gram(exact.columns(D))
        W: exact.Matrix = []
        for i, row in enumerate(off):
            w = exact.solved(outer, exact.times(D, [entry + (i == j) for j, entry in enumerate(row)]))
            assert w is not None  # the kernel is a line, so the rank is full
            W.append(w)
        s, mu, B = sum(map(bool, code)), max(least), exact.greatest(code)
        sigma, largest = sum(map(abs, noise), Fraction(0)), max(exact.greatest(w) for w in W)
        response = exact.times(W, noise)
        error, a = code, B
        for _ in range(depth):
            t = s * mu * a + largest * sigma
            v = [x + r for x, r in zip(exact.times(off, error), response, strict=True)]
            error = [min(max(x + move, -t), t) - move for x, move in zip(code, v, strict=True)]
            a = (2 * s - 1) * mu * a + 2 * largest * sigma
        values = {"s": Fraction(s), "mu": mu, "B": B, "sigma": sigma, "C_W": largest, "K": Fraction(depth)}
        return ExactMeasurement(values=values, quantities={"error_l2": euclidean_norm(error)})


@dataclass(frozen=True, kw_only=True)
class OneNonzero(Experiment):
    """An unrolled network on codes with one nonzero, without noise. Values and quantities are those of the network."""

    network: UnrolledNetwork

    batch_size = 300

    def draw(self, random: np.random.Generator, count: int) -> Batch:
        """Draw a network, and codes of which one entry is kept."""
        return self._restricted(self.network.draw(random, count))

    def vary(self, batch: Batch, random: np.random.Generator, scale: float) -> Batch:
        """Move what the network's experiment moves, except the noise."""
        return self._restricted(self.network.vary(batch, random, scale))

    def _restricted(self, batch: Batch) -> Batch:
        code = batch["code"]
        at = np.abs(code).argmax(axis=1)[:, None]
        kept = np.where(np.arange(code.shape[1]) == at, np.where(code == 0, 1.0, code), 0.0)
        return {**batch, "code": kept, "noise": np.zeros(batch["noise"].shape)}

    def measure(self, batch: Batch, device: str) -> Measurement:
        """Run all networks at once."""
        return self.network.measure(batch, device)

    def exact(self, instance: Instance) -> ExactMeasurement:
        """Run one network exactly."""
        if np.count_nonzero(instance["code"]) != 1 or instance["noise"].any():
            raise NotAnInstance("s = 1, no noise")
        return self.network.exact(instance)

    def simplified(self, instance: Instance) -> Iterator[Instance]:
        """Yield what the network's experiment yields."""
        yield from self.network.simplified(instance)


EXPERIMENTS: Mapping[str, Experiment] = {
    "clwy2018-theorem-2": SourceNetwork(),
    "lista-rate-attained": OneNonzero(network=UnrolledNetwork(shapes=((2, 3), (3, 4), (8, 12)), layers=6)),
}
