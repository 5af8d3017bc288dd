"""Experiment on a network for the product of two dictionaries: dsc-deepest-first.

An instance is the dictionary D_1 (square), the rational unit atoms of the product D_1 D_2 and their norms, which
determine D_2; weights, the code x_2, the model errors e_1 and e_2, a depth, and the layer that is asked about. Weights
mean w_i / (w_i^T d^_i). eps, gain and reach are the least numbers the hypotheses allow, or proved a little above.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ...arrays import on_device, torch_module
from ...theorems.language.values import root
from .. import exact_matrices as exact
from .. import set_spectra, unit_atoms, variation
from ..experiment import Batch, ExactMeasurement, Experiment, Instance, Measurement, NotAnInstance
from ..rationals import euclidean_norm
from . import chain_steps as steps


@dataclass(frozen=True, kw_only=True)
class ProductNetwork(Experiment):
    """The network on the unit atoms of D_1 D_2. `shapes` are (m, n, lam): D_1 is m x m, D_2 is m x n.

    Values: lam, mu, B, norm_min, gain, eps, reach, tail, K. Quantity: error_l2 of the layer that is asked about.
    """

    shapes: tuple[tuple[int, int, int], ...] = ((1, 1, 1), (2, 2, 1), (2, 2, 2), (2, 3, 1), (3, 3, 2), (3, 4, 1))
    depth: int = 5

    batch_size = 200

    def draw(self, random: np.random.Generator, count: int) -> Batch:
        """Draw chains; errors at random, or those that move one entry of the code most."""
        m, n, most = self.shapes[random.integers(len(self.shapes))]
        points0, norms0 = steps.drawn_atoms(random, count, m, m)
        points1, norms1 = steps.drawn_atoms(random, count, m, n)
        first = unit_atoms.float_unit_atoms(points0) * norms0[:, None]
        weights = steps.drawn_weights(random, unit_atoms.float_unit_atoms(points1))
        code = steps.drawn_code(random, norms1, most)
        aim, size = steps.aimed(random, weights, code), variation.sizes(random, count)
        return {
            "points0": points0,
            "norms0": norms0,
            "points1": points1,
            "norms1": norms1,
            "weights": weights,
            "code": code,
            "error0": steps.of_size(random, aim, size),
            "error1": steps.of_size(random, (first.transpose(0, 2, 1) @ aim[:, :, None])[:, :, 0], size),
            "depth": random.integers(self.depth + 1, size=count),
            "layer": random.integers(1, 3, count),
        }

    def vary(self, batch: Batch, random: np.random.Generator, scale: float) -> Batch:
        """Move dictionaries, weights, codes and errors, each in some of the instances."""
        found = dict(batch)
        for name, array in batch.items():
            if name.startswith("points"):
                found[name] = unit_atoms.varied(array, random, scale)
            elif name not in ("depth", "layer"):
                found[name] = variation.moved(random, array, scale)
        return found

    def measure(self, batch: Batch, device: str) -> Measurement:
        """Run all networks at once."""
        torch = torch_module()
        given = {name: on_device(array, device) for name, array in batch.items()}
        norms, code, depth = given["norms1"], given["code"], given["depth"]
        first = unit_atoms.unit_atoms(batch["points0"], device) * given["norms0"][:, None]
        unit = unit_atoms.unit_atoms(batch["points1"], device)
        second = torch.linalg.solve_ex(first, unit * norms[:, None])[0]
        W, inner = steps.unit_inner(given["weights"], unit)
        adjoint = first.transpose(1, 2) @ W
        gain = (torch.linalg.vector_norm(W, dim=1) + torch.linalg.vector_norm(adjoint, dim=1)).amax(dim=1)
        errors = [given["error0"], given["error1"]]
        eps = torch.maximum(*(torch.linalg.vector_norm(e, dim=1) for e in errors))
        response = (W * errors[0][:, :, None]).sum(dim=1) + (adjoint * errors[1][:, :, None]).sum(dim=1)
        off = steps.run(inner, response, code * norms, gain * eps, depth) / norms
        below = (second @ off[:, :, None])[:, :, 0] - errors[1]
        last = given["layer"] == 2
        one = torch.ones_like(eps)
        values = {
            "lam": steps.levels(code),
            "mu": inner.abs().amax(dim=(1, 2)),
            "B": (code * norms).abs().amax(dim=1),
            "norm_min": norms.amin(dim=1),
            "gain": gain,
            "eps": eps,
            "reach": torch.where(last, one, set_spectra.norm(second)),
            "tail": torch.where(last, 0.0, one),
            "K": depth,
        }
        error = torch.where(last, torch.linalg.vector_norm(off, dim=1), torch.linalg.vector_norm(below, dim=1))
        rounding = {"error_l2": 1e-12 * error + 1e-14 * values["reach"] * values["B"] / values["norm_min"]}
        return Measurement(values=values, quantities={"error_l2": error}, rounding=rounding)

    def exact(self, instance: Instance) -> ExactMeasurement:
        """Run the network on one chain in rationals."""
        norms0, norms = (steps.exact_norms(instance[f"norms{j}"]) for j in range(2))
        unit = unit_atoms.exact_unit_atoms(instance["points1"])
        first = [
            [a * norm for a, norm in zip(row, norms0, strict=True)]
            for row in unit_atoms.exact_unit_atoms(instance["points0"])
        ]
        if any(len(row) != len(first) for row in first):
            raise NotAnInstance("D_1 is square")
        scaled = [[a * norm for a in atom] for atom, norm in zip(exact.columns(unit), norms, strict=True)]
        solutions = [exact.solved(first, atom) for atom in scaled]
        atoms = [atom for atom in solutions if atom is not None]
        if len(atoms) < len(scaled):
            raise NotAnInstance("D_1 has full rank: the product determines D_2")
        second = exact.columns(atoms)
        W = steps.exact_weights(exact.matrix(instance["weights"]), unit)
        inner = exact.product(W, unit)
        code, errors = exact.vector(instance["code"]), [exact.vector(instance[f"error{j}"]) for j in range(2)]
        eps = steps.upper_root(max(map(exact.square, errors)))
        adjoint = exact.product(W, first)
        gain = max(
            steps.upper_root(exact.square(w)) + steps.upper_root(exact.square(v))
            for w, v in zip(W, adjoint, strict=True)
        )
        response = [exact.dot(w, errors[0]) + exact.dot(v, errors[1]) for w, v in zip(W, adjoint, strict=True)]
        z = [x * norm for x, norm in zip(code, norms, strict=True)]
        depth, last = steps.depth_of(instance), int(instance["layer"]) == 2
        off = [e / norm for e, norm in zip(steps.exact_run(inner, response, z, gain * eps, depth), norms, strict=True)]
        return ExactMeasurement(
            values={
                "lam": Fraction(max(1, sum(map(bool, code)))),
                "mu": exact.coherence(inner),
                "B": exact.greatest(z),
                "norm_min": min(norms),
                "gain": gain,
                "eps": eps,
                "reach": Fraction(1) if last else root(set_spectra.norm_square_upper(second)),
                "tail": Fraction(0 if last else 1),
                "K": Fraction(depth),
            },
            quantities={
                "error_l2": euclidean_norm(off if last else exact.difference(exact.times(second, off), errors[1]))
            },
        )

    def simplified(self, instance: Instance) -> Iterator[Instance]:
        """Yield fewer steps, no errors, and fewer atoms."""
        yield from steps.simpler(instance, ("points1", "norms1", "weights", "code"))


EXPERIMENTS: Mapping[str, Experiment] = {"dsc-deepest-first": ProductNetwork()}
