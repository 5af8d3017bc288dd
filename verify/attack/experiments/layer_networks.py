"""Experiment on networks for two dictionaries, one after another: dsc-layer-by-layer.

An instance is, for each layer, rational unit atoms with norms, weights, a model error, and a slope: rho_j is the leaky
ReLU with it. The code x_2 and the errors determine x_1 and y. Atoms of D_2 live in the first rows, so that x_1 can be
sparse. Weights mean w_i / (w_i^T d^_i). eps and omega are the least numbers that the hypotheses allow, or proved a
little above.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from ...arrays import on_device, torch_module
from .. import exact_matrices as exact
from .. import unit_atoms, variation
from ..experiment import Batch, ExactMeasurement, Experiment, Instance, Measurement, NotAnInstance
from ..rationals import euclidean_norm
from . import chain_steps as steps

Shape = tuple[tuple[int, int], tuple[int, int], int]
_SHAPES: tuple[Shape, ...] = (
    ((1, 1), (1, 1), 1),
    ((2, 2), (1, 1), 1),
    ((2, 2), (2, 2), 1),
    ((2, 2), (2, 2), 2),
    ((3, 3), (2, 2), 1),
    ((3, 3), (2, 3), 1),
)


@dataclass(frozen=True, kw_only=True)
class LayerNetworks(Experiment):
    """Two networks. `shapes` are (m, n) of D_1, (r, n) of D_2 with r the rows that are not 0, and the most nonzeros.

    Values per layer: lam, mu, B, norm_min, omega, spread, beta; eps and K. Quantities per layer: error_linf, error_l2.
    """

    shapes: tuple[Shape, ...] = _SHAPES
    depth: int = 4

    batch_size = 200

    def draw(self, random: np.random.Generator, count: int) -> Batch:
        """Draw chains; errors at random, or those that move one entry of a code most."""
        first, second, most = self.shapes[random.integers(len(self.shapes))]
        batch: dict[str, Any] = {}
        for j, (m, n) in enumerate((first, second)):
            batch[f"points{j}"], batch[f"norms{j}"] = steps.drawn_atoms(random, count, m, n)
            own = unit_atoms.float_unit_atoms(batch[f"points{j}"])
            rows = np.zeros((count, first[1] - second[0], n))
            batch[f"weights{j}"] = steps.drawn_weights(random, np.concatenate([own, rows][: 1 + j], axis=1))
        code = steps.drawn_code(random, batch["norms1"], most)
        used = np.any(unit_atoms.float_unit_atoms(batch["points1"]) != 0, axis=2)
        below = np.zeros((count, first[1]))
        below[:, : second[0]] = used * random.choice((-1.0, 1.0), used.shape)
        size = variation.sizes(random, count)
        slope = np.where(random.random((count, 2)) < 0.6, 1.0, np.round(random.uniform(0.2, 1, (count, 2)) * 64) / 64)
        one = steps.aimed(random, batch["weights0"], below)
        every = -(batch["weights0"] @ below[:, :, None])[:, :, 0]
        return {
            **batch,
            "code": code,
            "error0": steps.of_size(random, np.where(random.random((count, 1)) < 0.5, one, every), size),
            "error1": steps.of_size(random, steps.aimed(random, batch["weights1"], code) * (below != 0), size),
            "slope": slope,
            "depth": random.integers(self.depth + 1, size=count),
        }

    def vary(self, batch: Batch, random: np.random.Generator, scale: float) -> Batch:
        """Move dictionaries, weights, codes, errors and slopes, each in some of the instances."""
        found = dict(batch)
        for name, array in batch.items():
            if name.startswith("points"):
                found[name] = unit_atoms.varied(array, random, scale)
            elif name != "depth":
                found[name] = variation.moved(random, array, scale)
        return {**found, "slope": np.clip(found["slope"], 0.1, 1.0)}

    def measure(self, batch: Batch, device: str) -> Measurement:
        """Run both networks of all instances at once."""
        torch = torch_module()
        slope, depth = (on_device(batch[name], device) for name in ("slope", "depth"))
        norms = [on_device(batch[f"norms{j}"], device) for j in range(2)]
        unit = [unit_atoms.unit_atoms(batch[f"points{j}"], device) for j in range(2)]
        rows = unit[0].shape[2] - unit[1].shape[1]
        unit[1] = torch.cat([unit[1], torch.zeros(len(depth), rows, unit[1].shape[2], device=device).double()], dim=1)
        errors = [on_device(batch[f"error{j}"], device) for j in range(2)]
        eps = torch.maximum(*(torch.linalg.vector_norm(e, dim=1) for e in errors))
        codes, clean = [on_device(batch["code"], device)], []
        for j in (1, 0):
            clean.insert(0, (unit[j] @ (norms[j] * codes[0])[:, :, None])[:, :, 0])
            codes.insert(0, torch.where(clean[0] < 0, clean[0] * slope[:, j : j + 1], clean[0]) + errors[j])
        columns: dict[str, list[Any]] = {}
        signal, before, kept = codes[0], (torch.zeros_like(eps),) * 3, torch.ones_like(eps)
        for j in range(2):
            W, inner = steps.unit_inner(on_device(batch[f"weights{j}"], device), unit[j])
            beta, x = slope[:, j], codes[j + 1]
            lam, mu, z = steps.levels(x), inner.abs().amax(dim=(1, 2)), x * norms[j]
            largest = W.abs().sort(dim=1, descending=True)[0]
            places = torch.arange(W.shape[1], device=device)[None, :, None] < kept[:, None, None]
            spread = (largest * places).sum(dim=1).amax(dim=1)
            row = {
                "lam": lam,
                "mu": mu,
                "B": z.abs().amax(dim=1),
                "norm_min": norms[j].amin(dim=1),
                "omega": torch.linalg.vector_norm(W, dim=1).amax(dim=1),
                "spread": spread,
                "beta": beta,
            }
            sigma, before = _carried(row, eps, depth, before, torch.maximum)
            deviation = torch.where(signal < 0, signal / beta[:, None], signal) - clean[j]
            off = steps.run(inner, (W * deviation[:, :, None]).sum(dim=1), z, sigma, depth) / norms[j]
            row |= {"error_linf": off.abs().amax(dim=1), "error_l2": torch.linalg.vector_norm(off, dim=1)}
            row["size"] = (row["B"] + row["omega"] * torch.linalg.vector_norm(signal, dim=1) / beta) / row["norm_min"]
            signal, kept = x + off, lam
            for name, value in row.items():
                columns.setdefault(name, []).append(value)
        found = {name: torch.stack(column, dim=1) for name, column in columns.items()}
        quantities = {name: found.pop(name) for name in ("error_linf", "error_l2")}
        rounding = {name: 1e-12 * quantity + 1e-14 * found["size"] for name, quantity in quantities.items()}
        return Measurement(values={**found, "eps": eps, "K": depth}, quantities=quantities, rounding=rounding)

    def exact(self, instance: Instance) -> ExactMeasurement:
        """Run both networks of one chain in rationals."""
        slope, depth = exact.vector(instance["slope"]), steps.depth_of(instance)
        if not all(0 < beta <= 1 for beta in slope):
            raise NotAnInstance("the slopes lie between 0 and 1")
        norms = [steps.exact_norms(instance[f"norms{j}"]) for j in range(2)]
        below = unit_atoms.exact_unit_atoms(instance["points0"])
        unit = [below, unit_atoms.exact_unit_atoms(instance["points1"], len(below[0]))]
        errors = [exact.vector(instance[f"error{j}"]) for j in range(2)]
        eps = steps.upper_root(max(map(exact.square, errors)))
        codes, clean = [exact.vector(instance["code"])], []
        for j in (1, 0):
            scaled = [x * norm for x, norm in zip(codes[0], norms[j], strict=True)]
            clean.insert(0, exact.times(unit[j], scaled))
            made = [v if v > 0 else slope[j] * v for v in clean[0]]
            codes.insert(0, [v + e for v, e in zip(made, errors[j], strict=True)])
        columns: dict[str, list[Any]] = {}
        signal, before, kept = codes[0], (Fraction(0),) * 3, 1
        for j, beta in enumerate(slope):
            W = steps.exact_weights(exact.matrix(instance[f"weights{j}"]), unit[j])
            inner, x = exact.product(W, unit[j]), codes[j + 1]
            z = [a * norm for a, norm in zip(x, norms[j], strict=True)]
            row: dict[str, Any] = {
                "lam": Fraction(max(1, sum(map(bool, x)))),
                "mu": exact.coherence(inner),
                "B": exact.greatest(z),
                "norm_min": min(norms[j]),
                "omega": max(steps.upper_root(exact.square(w)) for w in W),
                "spread": max(exact.sum_of_largest(map(abs, w), kept) for w in W),
                "beta": beta,
            }
            if (2 * row["lam"] - 1) * row["mu"] >= 1:
                raise NotAnInstance("(2*lam - 1)*mu < 1 in every layer")
            sigma, before = _carried(row, eps, depth, before, max)
            inverse = [v if v > 0 else v / beta for v in signal]
            response = exact.times(W, exact.difference(inverse, clean[j]))
            moved = steps.exact_run(inner, response, z, sigma, depth)
            off = [e / norm for e, norm in zip(moved, norms[j], strict=True)]
            row |= {"error_linf": exact.greatest(off), "error_l2": euclidean_norm(off)}
            signal, kept = [a + b for a, b in zip(x, off, strict=True)], int(row["lam"])
            for name, value in row.items():
                columns.setdefault(name, []).append(value)
        found: dict[str, Any] = {name: tuple(column) for name, column in columns.items()}
        quantities = {name: found.pop(name) for name in ("error_linf", "error_l2")}
        return ExactMeasurement(values={**found, "eps": eps, "K": Fraction(depth)}, quantities=quantities)

    def simplified(self, instance: Instance) -> Iterator[Instance]:
        """Yield fewer steps, no errors, and fewer atoms."""
        yield from steps.simpler(instance, ("points1", "norms1", "weights1", "code"))


def _carried(row: Mapping[str, Any], eps: Any, depth: Any, before: Any, larger: Any) -> tuple[Any, tuple[Any, ...]]:
    """Return sigma of a layer, which its thresholds need, and C_1, C_2 and the rate for the next, as the statement."""
    c_1, c_2, rate = before
    q = (2 * row["lam"] - 1) * row["mu"]
    noise = row["omega"] * eps + row["spread"] * (c_1 * rate**depth + c_2 * eps)
    gain = 2 / (row["beta"] * (1 - q))
    following = (
        (row["B"] + gain * row["spread"] * c_1) / row["norm_min"],
        gain * (row["omega"] + row["spread"] * c_2) / row["norm_min"],
        larger(q, rate),
    )
    return noise / row["beta"], following


EXPERIMENTS: Mapping[str, Experiment] = {"dsc-layer-by-layer": LayerNetworks()}
