"""Experiments on two deep sparse codes of one signal: dsc-stability, dsc-stability-by-isometry.

An instance is, for each layer j, a dictionary D_j of any norms, codes x_j and x'_j, and a slope: rho_j is the leaky
ReLU with it. The signal is the middle of the two that the first layer gives. The eps_j are the larger of the two
distances |x_(j-1) - rho_j(D_j x_j)|_2, roots of rationals as everything else.
"""

from __future__ import annotations

from collections.abc import Mapping
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

Layers = tuple[tuple[int, int, int], ...]
_SHAPES: tuple[Layers, ...] = (
    ((2, 2, 1),),
    ((2, 2, 1), (2, 2, 1)),
    ((4, 4, 2), (4, 4, 2)),
    ((3, 3, 1), (3, 4, 1)),
    ((4, 4, 2), (4, 2, 1), (2, 2, 1)),
)


@dataclass(frozen=True, kw_only=True)
class DeepPair(Experiment):
    """Two chains of codes of one signal. `shapes` are (m, n, lam) for each layer, the m of one the n of the one before.

    Values per layer: lam, mu, delta (with `isometry`), eps, beta, norm_min. Quantity: error_l2 of every layer.
    """

    shapes: tuple[Layers, ...] = _SHAPES
    isometry: bool = False

    batch_size = 60

    def draw(self, random: np.random.Generator, count: int) -> Batch:
        """Draw chains: codes at random, or cut from what the next layer makes of its code."""
        shape = self.shapes[random.integers(len(self.shapes))]
        batch: dict[str, Any] = {}
        above: list[Any] = []
        for j, (m, n, lam) in reversed(list(enumerate(shape))):
            D = unit_atoms.float_unit_atoms(unit_atoms.drawn(random, count, m, n))
            norms = np.where(random.random((count, 1, 1)) < 0.5, 1.0, 2.0 ** random.uniform(-1, 1, (count, 1, n)))
            codes: list[Any] = []
            for side in range(2):
                code = variation.supports(random, count, n, np.full(count, lam)) * variation.values(random, (count, n))
                if above:
                    cut = np.argsort(np.argsort(-np.abs(above[side]), axis=1), axis=1) < lam
                    code = np.where(random.random((count, 1)) < 0.7, above[side] * cut, code)
                codes.append(code)
            if 2 * lam <= n and not above:
                shortest = np.linalg.eigh((D.transpose(0, 2, 1) @ D)[:, : 2 * lam, : 2 * lam])[1][:, :, 0]
                worst = random.random((count, 1)) < 0.5
                for side, code in enumerate(codes):
                    aim = np.zeros((count, n))
                    own = slice(lam * side, lam * (side + 1))
                    aim[:, own] = shortest[:, own] * (1 - 2 * side)
                    codes[side] = np.where(worst, aim, code)
            batch |= {f"D{j}": D * norms, f"x{j}": codes[0], f"other{j}": codes[1]}
            above = [(batch[f"D{j}"] @ code[:, :, None])[:, :, 0] for code in codes]
        slope = np.where(random.random((count, len(shape))) < 0.6, 1.0, random.uniform(0.2, 1, (count, len(shape))))
        return {**batch, "slope": slope}

    def vary(self, batch: Batch, random: np.random.Generator, scale: float) -> Batch:
        """Move dictionaries, codes and slopes, each in some of the instances."""
        found: dict[str, Any] = {n: variation.moved(random, array, scale) for n, array in batch.items() if n != "slope"}
        return {**found, "slope": np.clip(variation.moved(random, batch["slope"], scale), 0.1, 1.0)}

    def measure(self, batch: Batch, device: str) -> Measurement:
        """Measure all chains at once."""
        torch = torch_module()
        slope = on_device(batch["slope"], device)
        columns: dict[str, list[Any]] = {name: [] for name in ("lam", "mu", "delta", "eps", "norm_min")}
        errors: list[Any] = []
        before: tuple[Any, Any] | None = None
        for j in range(slope.shape[1]):
            D, x, other = (on_device(batch[f"{name}{j}"], device) for name in ("D", "x", "other"))
            norms = torch.linalg.vector_norm(D, dim=1)
            unit = D / norms[:, None]
            gram = (unit.transpose(1, 2) @ unit).abs() * (1 - torch.eye(D.shape[2], device=device).double())
            lam = torch.maximum((x != 0).sum(dim=1), (other != 0).sum(dim=1)).clamp(min=1).double()
            made = [(D @ c[:, :, None])[:, :, 0] for c in (x, other)]
            made = [torch.where(v < 0, v * slope[:, j : j + 1], v) for v in made]
            before = before or ((made[0] + made[1]) / 2,) * 2
            gaps = [torch.linalg.vector_norm(a - b, dim=1) for a, b in zip(before, made, strict=True)]
            columns["lam"].append(lam)
            columns["mu"].append(gram.amax(dim=(1, 2)).clamp(max=1))
            columns["delta"].append(set_spectra.isometry(D, 2 * lam) if self.isometry else lam)
            columns["eps"].append(torch.maximum(*gaps))
            columns["norm_min"].append(norms.amin(dim=1))
            errors.append(torch.linalg.vector_norm(x - other, dim=1))
            before = x, other
        values = {name: torch.stack(column, dim=1) for name, column in columns.items()}
        return Measurement(
            values={**values, "beta": slope},
            quantities={"error_l2": torch.stack(errors, dim=1)},
            rounding={"error_l2": 1e-12},
        )

    def exact(self, instance: Instance) -> ExactMeasurement:
        """Measure one pair of chains in rationals, and roots of rationals."""
        slope = exact.vector(instance["slope"])
        if not all(0 < a <= 1 for a in slope):
            raise NotAnInstance("the slopes lie between 0 and 1")
        columns: dict[str, list[Value]] = {name: [] for name in ("lam", "mu", "delta", "eps", "norm_min")}
        errors: list[Any] = []
        before: list[exact.Vector] = []
        for j, beta in enumerate(slope):
            D = exact.matrix(instance[f"D{j}"])
            codes = [exact.vector(instance[f"{name}{j}"]) for name in ("x", "other")]
            made = [[v if v > 0 else beta * v for v in exact.times(D, code)] for code in codes]
            before = before or [[(a + b) / 2 for a, b in zip(*made, strict=True)]] * 2
            G = exact.gram(D)
            if not all(G[i][i] for i in range(len(G))):
                raise NotAnInstance("no atom is zero")
            squares = [G[a][b] ** 2 / (G[a][a] * G[b][b]) for a in range(len(G)) for b in range(a)]
            lam = max(1, *(sum(map(bool, code)) for code in codes))
            columns["lam"].append(Fraction(lam))
            columns["mu"].append(root(max(squares, default=Fraction(0))))
            columns["delta"].append(set_spectra.isometry_upper(G, 2 * lam) if self.isometry else Fraction(0))
            columns["eps"].append(
                root(max(exact.square(exact.difference(a, b)) for a, b in zip(before, made, strict=True)))
            )
            columns["norm_min"].append(root(min(G[i][i] for i in range(len(G)))))
            errors.append(euclidean_norm(exact.difference(*codes)))
            before = codes
        values = {name: tuple(column) for name, column in columns.items()}
        return ExactMeasurement(values={**values, "beta": tuple(slope)}, quantities={"error_l2": tuple(errors)})


EXPERIMENTS: Mapping[str, Experiment] = {
    "dsc-stability": DeepPair(),
    "dsc-stability-by-isometry": DeepPair(isometry=True),
}
