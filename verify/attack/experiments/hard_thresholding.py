"""Experiment on hard-thresholding-by-isometry: how far each step of iterative hard thresholding comes closer.

An instance is a dictionary of rational unit atoms and a code of k nonzeros; the iteration begins at 0, as the statement
says, and is computed in rationals. Ties go to the first atom. delta_3k is an upper bound proved by elimination.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ...arrays import on_device, torch_module
from ...theorems.language.values import root
from .. import exact_matrices as exact
from .. import set_spectra, unit_atoms, variation
from ..experiment import Batch, ExactMeasurement, Experiment, Instance, Measurement, NotAnInstance


@dataclass(frozen=True, kw_only=True)
class HardThresholding(Experiment):
    """Some steps from 0. `shapes` are (m, n, k). Values: k, delta. Quantity: the largest contraction of a step."""

    shapes: tuple[tuple[int, int, int], ...] = ((3, 3, 2), (4, 4, 2), (3, 3, 1), (5, 5, 2), (6, 6, 3))
    steps: int = 3

    batch_size = 100

    def draw(self, random: np.random.Generator, count: int) -> Batch:
        """Draw dictionaries near orthonormal ones, and codes with one entry far above the others or alike."""
        m, n, k = self.shapes[random.integers(len(self.shapes))]
        tilt = 10.0 ** random.uniform(-1.5, 0, (count, 1, 1)) * random.standard_normal((count, m, n))
        star = random.random((count, 1, 1)) < 0.5
        tilt = np.where(star & (np.arange(m)[:, None] > 0), 0.0, tilt)
        code = np.zeros((count, n))
        code[:, :k] = random.choice((-1.0, 1.0), (count, k)) * np.exp(random.uniform(-3, 0, (count, k)))
        return {"points": unit_atoms.points_of(np.eye(m)[:, :n] + tilt), "code": code}

    def vary(self, batch: Batch, random: np.random.Generator, scale: float) -> Batch:
        """Move atoms and code, each in some of the instances."""
        code = variation.moved(random, batch["code"], scale)
        return {"points": unit_atoms.varied(batch["points"], random, scale), "code": code}

    def measure(self, batch: Batch, device: str) -> Measurement:
        """Iterate all instances at once."""
        torch = torch_module()
        D, code = unit_atoms.unit_atoms(batch["points"], device), on_device(batch["code"], device)
        k = int((code[0] != 0).sum())
        norm = torch.linalg.vector_norm
        state, contraction = torch.zeros_like(code), torch.zeros(len(code), device=device).double()
        for _ in range(self.steps):
            inner = state + (D.transpose(1, 2) @ (D @ (code - state)[:, :, None]))[:, :, 0]
            kept = torch.zeros_like(code).scatter_(1, inner.abs().topk(k, dim=1).indices, 1.0)
            before, state = norm(code - state, dim=1), inner * kept
            ratio = norm(code - state, dim=1) / before
            contraction = torch.where(before > 1e-9, torch.maximum(contraction, ratio), contraction)
        level = torch.full((len(code),), 3.0 * k, device=device).double()
        values = {"k": level / 3, "delta": set_spectra.isometry(D, level)}
        return Measurement(values=values, quantities={"contraction": contraction}, rounding={"contraction": 1e-12})

    def exact(self, instance: Instance) -> ExactMeasurement:
        """Iterate one instance in rationals."""
        D, code = unit_atoms.exact_unit_atoms(instance["points"]), exact.vector(instance["code"])
        k = sum(map(bool, code))
        if len(code) != len(D[0]) or not k:
            raise NotAnInstance("a code that is not 0, one entry per atom")
        G = exact.gram(D)
        state = [Fraction(0)] * len(code)
        squares: list[Fraction] = []
        for _ in range(self.steps):
            error = exact.difference(code, state)
            if not any(error):
                break
            inner = [a + b for a, b in zip(state, exact.times(G, error), strict=True)]
            kept = sorted(range(len(code)), key=lambda i: (-abs(inner[i]), i))[:k]
            state = [v if i in kept else Fraction(0) for i, v in enumerate(inner)]
            squares.append(exact.square(exact.difference(code, state)) / exact.square(error))
        values = {"k": Fraction(k), "delta": set_spectra.isometry_upper(G, 3 * k)}
        return ExactMeasurement(values=values, quantities={"contraction": root(max(squares))})


EXPERIMENTS: Mapping[str, Experiment] = {"hard-thresholding-by-isometry": HardThresholding()}
