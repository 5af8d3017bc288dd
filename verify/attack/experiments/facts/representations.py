"""Experiments on an atom written in the other unit atoms, up to a residual."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

import numpy as np

from ....arrays import on_device, torch_module
from ....exact import Enclosure, real_eigenvalues
from ....theorems.language.values import Value
from ...experiment import Batch, ExactMeasurement, Experiment, Instance, Measurement, NotAnInstance
from . import small_dictionaries
from .exact_dictionary import ExactDictionary
from .exact_weights import generalized_coherences
from .float_dictionaries import FloatDictionaries
from .roots import as_enclosure, largest, relative_root, sum_of_roots


@dataclass(frozen=True, kw_only=True)
class Representations(Experiment):
    """A dictionary, its last atom, and numbers v_j for the others: u_j = v_j N_j / N writes d^ up to a residual.

    Values: m, n, u_norm, r (the norm of d^ - sum of u_j d^_j), smin (the m-th singular value of all other unit atoms;
    with `columns` the least one of the first m of them). Quantity: mu_tilde_i. Any real u is such a v, up to rounding.
    """

    columns: bool = False

    batch_size: ClassVar[int] = 50

    def draw(self, random: np.random.Generator, count: int) -> Batch:
        """Draw dictionaries, and shortest least squares solutions, cut or shaken."""
        shapes = small_dictionaries.MORE_ATOMS
        m, n = shapes[int(random.integers(len(shapes)))]
        dictionaries = small_dictionaries.drawn(random, count, m, n)
        others, last = dictionaries[:, :, :-1], dictionaries[:, :, -1]
        v = np.einsum("bnm,bm->bn", np.linalg.pinv(others), last)
        v = v * np.where(random.random((count, 1)) < 0.5, 1.0, random.random((count, n - 1)) < 0.7)
        v = v * random.choice([0.0, 0.5, 0.9, 1.0], (count, 1)) + 10.0 ** -random.integers(0, 8, (count, 1)) * (
            random.standard_normal((count, n - 1)) * (random.random((count, 1)) < 0.5)
        )
        return {"dictionary": dictionaries, "v": v, "level": np.ones(count, dtype=np.int64)}

    def vary(self, batch: Batch, random: np.random.Generator, scale: float) -> Batch:
        """Move the dictionary, or v."""
        first = random.random((len(batch["level"]), 1)) < 0.5
        moved = small_dictionaries.varied(random, batch["dictionary"], scale)
        v = batch["v"]
        steps = scale * (np.abs(v).max() + 0.1) * random.standard_normal(v.shape) * (random.random(v.shape) < 0.6)
        return {
            "dictionary": np.where(first[:, :, None], moved, batch["dictionary"]),
            "v": v + np.where(first, 0.0, steps),
            "level": batch["level"],
        }

    def measure(self, batch: Batch, device: str) -> Measurement:
        """Measure everything in floats."""
        torch = torch_module()
        found, v = FloatDictionaries(batch, device), on_device(batch["v"], device)
        norms = found.norms
        u = v * norms[:, :-1] / norms[:, -1:]
        residual = found.unit[:, :, -1] - (found.unit[:, :, :-1] @ u[:, :, None])[:, :, 0]
        others = found.unit[:, :, : found.m] if self.columns else found.unit[:, :, :-1]
        smin = torch.linalg.svdvals(others)[:, found.m - 1]
        return Measurement(
            values={
                "m": found.full(found.m),
                "n": found.full(found.n),
                "u_norm": u.abs().sum(dim=1),
                "r": residual.norm(dim=1),
                "smin": torch.where(smin > 1e-9, smin, torch.nan),
            },
            quantities={"mu_tilde_i": found.generalized_coherences[:, -1]},
        )

    def exact(self, instance: Instance) -> ExactMeasurement:
        """Measure everything exactly, or enclosed."""
        found = ExactDictionary(instance["dictionary"])
        m, n = found.m, found.n
        if n - 1 < m:
            raise NotAnInstance("there are at least m other atoms")
        if not np.isfinite(instance["v"]).all():
            raise NotAnInstance("all entries are finite")
        v = [Fraction(x) for x in instance["v"].tolist()]
        squares, columns = found.squares, found.columns
        residual = [
            columns[-1][i] - sum((x * column[i] for x, column in zip(v, columns, strict=False)), Fraction(0))
            for i in range(m)
        ]
        used = range(m) if self.columns else range(n - 1)
        outer = [
            [sum((Fraction(columns[j][a] * columns[j][b], squares[j]) for j in used), Fraction(0)) for b in range(m)]
            for a in range(m)
        ]
        least = min((value for value in real_eigenvalues(outer)), key=lambda value: value.lower)
        if least.lower <= 0:
            raise NotAnInstance("the other atoms span the space")
        smin = Enclosure(relative_root(least.lower).lower, relative_root(least.upper).upper)
        values: dict[str, Value] = {
            "m": Fraction(m),
            "n": Fraction(n),
            "u_norm": sum_of_roots([x * x * squares[j] / squares[-1] for j, x in enumerate(v)]),
            "r": sum_of_roots([sum((x * x for x in residual), Fraction(0)) / squares[-1]]),
            "smin": smin.lower if smin.lower == smin.upper else smin,
        }
        if as_enclosure(values["u_norm"]).upper == 0:
            raise NotAnInstance("u != 0")
        return ExactMeasurement(values=values, quantities={"mu_tilde_i": largest(generalized_coherences(found)[-1:])})


EXPERIMENTS: Mapping[str, Experiment] = {
    "generalized-coherence-by-residual": Representations(),
    "generalized-coherence-by-columns": Representations(columns=True),
}
