"""Experiment on thresholding-typical: the probability that random signs make thresholding miss the support.

An instance is a dictionary of rational unit atoms, the moduli of a code (0 off its support), and noise e. All 2^s
signs are gone through, so the probability is exact. mu_2(s) is the root of a rational number.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from ...arrays import on_device, torch_module
from ...theorems.language.values import Value, root
from .. import exact_matrices as exact
from .. import unit_atoms, variation
from ..experiment import Batch, ExactMeasurement, Experiment, Instance, Measurement, NotAnInstance


@dataclass(frozen=True, kw_only=True)
class RandomSigns(Experiment):
    """A code with independent signs. `shapes` are (n, s): s orthonormal atoms or others, n - s more, m = s + 1.

    Values: n, s, mu_2, mu_2_before, x_min, x_max, eps. Quantity: probability_missed, a multiple of 2^-s: how often
    |d_i^T y| > |x|_min/2 does not tell the support.
    """

    shapes: tuple[tuple[int, int], ...] = ((3, 2), (4, 3), (5, 4), (6, 4), (6, 5), (8, 7))

    batch_size = 200

    def draw(self, random: np.random.Generator, count: int) -> Batch:
        """Draw orthonormal atoms and others that meet all of them alike, or nearly; and dictionaries of other kinds."""
        n, s = self.shapes[random.integers(len(self.shapes))]
        m = s + 1
        atoms = unit_atoms.float_unit_atoms(unit_atoms.drawn(random, count, m, n))
        even = np.zeros((count, m, n))
        even[:, :, :s] = np.eye(m)[:, :s]
        slope = random.uniform(0.4, 1.2, (count, 1, 1)) / s
        even[:, :s, s:] = slope * random.choice((-1.0, 1.0), (count, s, n - s))
        even[:, s:, s:] = np.sqrt(np.maximum(0.0, 1 - (even[:, :s, s:] ** 2).sum(axis=1, keepdims=True)))
        shaken = random.random((count, 1, 1)) < 0.3
        even += shaken * 0.05 * random.standard_normal(even.shape)
        atoms = np.where(random.random((count, 1, 1)) < 0.8, even, atoms)
        moduli = np.zeros((count, n))
        flat = random.random((count, 1)) < 0.6
        moduli[:, :s] = np.where(flat, 1.0, np.exp(random.uniform(-0.7, 0, (count, s))))
        noise = 0.3 * variation.sizes(random, count) * random.standard_normal((count, m))
        noise *= random.random((count, 1)) < 0.5
        return {"points": unit_atoms.points_of(atoms), "moduli": moduli, "noise": noise}

    def vary(self, batch: Batch, random: np.random.Generator, scale: float) -> Batch:
        """Move atoms, moduli and noise, each in some of the instances."""
        return {
            "points": unit_atoms.varied(batch["points"], random, scale),
            "moduli": np.abs(variation.moved(random, batch["moduli"], scale)),
            "noise": variation.moved(random, batch["noise"], scale),
        }

    def measure(self, batch: Batch, device: str) -> Measurement:
        """Go through all signs of all instances at once."""
        torch = torch_module()
        D = unit_atoms.unit_atoms(batch["points"], device)
        moduli, noise = (on_device(batch[name], device) for name in ("moduli", "noise"))
        n = D.shape[2]
        s = int((moduli[0] != 0).sum())
        G = D.transpose(1, 2) @ D
        off = (G * (1 - torch.eye(n, device=device).double())) ** 2
        ordered = off.sort(dim=2, descending=True).values
        signs = torch.as_tensor(_signs(batch["moduli"][0]), device=device)
        extra = torch.einsum("bmn,bm->bn", D, noise)
        products = torch.einsum("bij,pj,bj->bpi", G, signs, moduli) + extra[:, None]
        on = (moduli != 0)[:, None]
        least = torch.where(moduli == 0, torch.inf, moduli).amin(dim=1)
        missed = ((products.abs() > least[:, None, None] / 2) != on).any(dim=2)
        count = torch.ones(len(D), device=device).double()
        values = {
            "n": n * count,
            "s": s * count,
            "mu_2": ordered[:, :, :s].sum(dim=2).amax(dim=1).sqrt(),
            "mu_2_before": ordered[:, :, : s - 1].sum(dim=2).amax(dim=1).sqrt(),
            "x_min": least,
            "x_max": moduli.amax(dim=1),
            "eps": extra.abs().amax(dim=1),
        }
        return Measurement(values=values, quantities={"probability_missed": missed.double().mean(dim=1)})

    def exact(self, instance: Instance) -> ExactMeasurement:
        """Go through all signs of one instance in rationals."""
        D = unit_atoms.exact_unit_atoms(instance["points"])
        moduli, noise = (exact.vector(instance[name]) for name in ("moduli", "noise"))
        support = [i for i, x in enumerate(moduli) if x]
        if len(moduli) != len(D[0]) or len(noise) != len(D) or not support or any(x < 0 for x in moduli):
            raise NotAnInstance("moduli are at least 0, not all 0, one for each atom; the noise has m entries")
        G, extra = exact.gram(D), exact.times(exact.columns(D), noise)
        squares = [[entry * entry for j, entry in enumerate(row) if i != j] for i, row in enumerate(G)]
        least, s = min(moduli[i] for i in support), len(support)
        missed = 0
        signs = _signs(instance["moduli"])
        for row in signs:
            code = [int(sign) * x for sign, x in zip(row, moduli, strict=True)]
            products = [a + b for a, b in zip(exact.times(G, code), extra, strict=True)]
            missed += any((2 * abs(p) > least) != bool(x) for p, x in zip(products, moduli, strict=True))
        values: dict[str, Value] = {
            "n": Fraction(len(moduli)),
            "s": Fraction(s),
            "mu_2": root(max(exact.sum_of_largest(row, s) for row in squares)),
            "mu_2_before": root(max(exact.sum_of_largest(row, s - 1) for row in squares)),
            "x_min": least,
            "x_max": max(moduli),
            "eps": exact.greatest(extra),
        }
        return ExactMeasurement(values=values, quantities={"probability_missed": Fraction(missed, len(signs))})


def _signs(moduli: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return all signs of a code, 0 off its support."""
    choices = [(1.0, -1.0) if x else (0.0,) for x in moduli]
    return np.array(list(itertools.product(*choices)))


EXPERIMENTS: Mapping[str, Experiment] = {
    "thresholding-typical": RandomSigns(),
    "thresholding-typical-local": RandomSigns(),
}
