"""Experiments on pursuits in one or more layers: thresholding-support, thresholding-level, lasso-*, layered-*.

An instance is, for each layer j, a dictionary of rational unit atoms, a code, and a level (threshold or weight of the
lasso), and the noise e of the signal: y = D_1 x_1 + e, and x_(j-1) - D_j x_j is the model error of layer j > 1. Atoms
of deeper layers live in the first rows, so that the codes below can be sparse. Everything is rational.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

import numpy as np

from ...arrays import on_device, torch_module
from .. import lasso_signs, unit_atoms, variation
from ..experiment import Batch, ExactMeasurement, Experiment, Instance, Measurement
from . import layered_exactly
from .layered_exactly import Algorithm

Layers = tuple[tuple[int, int, int], ...]
_ONE: tuple[Layers, ...] = (((2, 2, 1),), ((3, 3, 2),), ((3, 4, 1),), ((4, 4, 2),))
_TWO: tuple[Layers, ...] = (
    ((2, 2, 2), (2, 2, 1)),
    ((3, 3, 2), (2, 2, 1)),
    ((3, 3, 1), (1, 1, 1)),
    ((4, 4, 3), (3, 3, 1)),
)


_NUMBERS = ("s", "mu", "babel", "babel_before", "x_min", "x_max", "k", "noise")


@dataclass(frozen=True, kw_only=True)
class LayeredCodes(Experiment):
    """Codes of one or more layers, and what a pursuit finds of them.

    `shapes` are (m, n, s) for each layer, m the rows its atoms live in. The level is that of the instance, the middle
    of `thresholding-level`, or `multiple` of eps. Values: s, mu, babel and babel_before (mu_1(s), mu_1(s-1)), x_min,
    x_max, k, noise, and eps for one layer; b or xi is the level. Quantities, one per layer if `layered`: the largest
    |d_i^T y| off the support and the least on it (`largest_outside`, `least_inside`; for the lasso y - Dx^ for y), and
    the errors on the support of hard and soft thresholding, or of the lasso anywhere (`error`).
    """

    algorithm: Algorithm
    shapes: tuple[Layers, ...]
    layered: bool = False
    level: Literal["own", "middle", "multiple"] = "own"
    multiple: Fraction = Fraction(1)

    batch_size = 200

    def draw(self, random: np.random.Generator, count: int) -> Batch:
        """Draw codes from the deepest layer on, noise at random or against an atom, and levels inside their range."""
        shape = self.shapes[random.integers(len(self.shapes))]
        batch: dict[str, Any] = {}
        above = None
        for j, (m, n, s) in reversed(list(enumerate(shape))):
            points = unit_atoms.drawn(random, count, m, n)
            code = variation.supports(random, count, n, random.integers(1, s + 1, count)) * variation.values(
                random, (count, n)
            )
            if above is not None:
                code[:] = 0
                code[:, : above.shape[1]] = above
                code *= 1 + variation.sizes(random, count) * 0.1 * random.standard_normal((count, n))
            D = unit_atoms.float_unit_atoms(points)
            above = (D @ code[:, :, None])[:, :, 0]
            batch |= {f"points{j}": points, f"code{j}": code}
        D = unit_atoms.float_unit_atoms(batch["points0"])
        m, n = D.shape[1:]
        signs = random.choice((-1.0, 1.0), (count, n))
        noise = np.where(
            random.random((count, 1)) < 0.5, random.standard_normal((count, m)), (D @ signs[:, :, None])[:, :, 0]
        )
        if n == m:
            aimed = np.linalg.solve(D.transpose(0, 2, 1) + 1e-9 * np.eye(n), signs[:, :, None])[:, :, 0]
            noise = np.where(random.random((count, 1)) < 0.5, aimed, noise)
        batch["noise"] = variation.sizes(random, count) * noise * np.where(self.multiple == 1, 0.3, 1.0)
        return {**batch, "levels": self._levels(batch, random, None, 1.0)}

    def vary(self, batch: Batch, random: np.random.Generator, scale: float) -> Batch:
        """Move atoms, codes and noise, each in some instances; levels stay, move, or go to an end of their range."""
        moved: dict[str, Any] = {}
        for name, array in batch.items():
            if name.startswith("points"):
                moved[name] = unit_atoms.varied(array, random, scale)
            elif name != "levels":
                moved[name] = variation.moved(random, array, scale)
        return {**moved, "levels": self._levels(moved, random, np.array(batch["levels"]), scale)}

    def _levels(self, batch: Batch, random: np.random.Generator, before: Any, scale: float) -> Any:
        """Return levels at the lower end of their range, near the upper one, between, or moved a little."""
        numbers = {name: array.cpu().numpy() for name, array in self._numbers(batch, "cpu").items()}
        count, layers = numbers["mu"].shape
        found = np.zeros((count, layers))
        error = np.zeros(count)
        with np.errstate(divide="ignore", invalid="ignore"):
            for j in range(layers):
                s, mu, k, noise = (numbers[name][:, j] for name in ("s", "mu", "k", "noise"))
                eps = np.sqrt(k) * error + noise
                if self.algorithm == "lasso":
                    kappa = s * mu / (1 - (s - 1) * mu)
                    lower = np.maximum(eps, 1e-6) * (1 + kappa) / (1 - kappa)
                    upper = lower * 3
                else:
                    lower = mu * s * numbers["x_max"][:, j] + eps
                    upper = numbers["x_min"][:, j] - mu * (s - 1) * numbers["x_max"][:, j] - eps
                place = np.where(random.random(count) < 0.5, 0.0, random.choice((1.0, random.random()), count))
                level = (lower + place * (upper - lower)) * np.where(place == 1, 1.0, 1 + 1e-9)
                level *= np.where(random.random(count) < 0.1, random.uniform(0.3, 1, count), 1.0)
                if before is not None:
                    near = before[:, j] * (1 + scale * random.standard_normal(count))
                    pick = random.random(count)
                    level = np.where(pick < 0.3, before[:, j], np.where(pick < 0.6, near, level))
                found[:, j] = np.maximum(np.nan_to_num(level, posinf=0, neginf=0), 0)
                if self.algorithm == "lasso":
                    error = (found[:, j] + eps) / (1 - (s - 1) * mu)
                else:
                    error = eps + mu * (s - 1) * numbers["x_max"][:, j]
                    error = error + found[:, j] * (self.algorithm == "soft")
        return found

    def _dictionaries(self, batch: Batch, device: str) -> list[Any]:
        torch = torch_module()
        found: list[Any] = []
        while f"points{len(found)}" in batch:
            D = unit_atoms.unit_atoms(batch[f"points{len(found)}"], device)
            rows = found[-1].shape[2] - D.shape[1] if found else 0
            found.append(torch.cat([D, torch.zeros(len(D), rows, D.shape[2], device=device).double()], dim=1))
        return found

    def _numbers(self, batch: Batch, device: str) -> dict[str, Any]:
        """Return what the hypotheses speak of, one column per layer."""
        torch = torch_module()
        columns: dict[str, list[Any]] = {name: [] for name in _NUMBERS}
        below, error = None, on_device(batch["noise"], device)
        for j, D in enumerate(self._dictionaries(batch, device)):
            code = on_device(batch[f"code{j}"], device)
            n = D.shape[2]
            present = (D != 0).double()
            meets = (present.transpose(1, 2) @ present > 0).double()
            if below is not None:
                error = below - (D @ code[:, :, None])[:, :, 0]
            used = (code != 0).double()
            inside = torch.ones(len(D), device=device).double()
            if below is not None:
                inside = (present * (below != 0)[:, :, None]).sum(dim=1).amax(dim=1).clamp(min=1)
            gram = (D.transpose(1, 2) @ D) * (1 - torch.eye(n, device=device).double())
            columns["s"].append((meets * used[:, None]).sum(dim=2).amax(dim=1).clamp(min=1))
            columns["mu"].append(gram.abs().amax(dim=(1, 2)).clamp(max=1))
            sums = torch.nn.functional.pad(gram.abs().sort(dim=2, descending=True).values.cumsum(dim=2), (1, 0))
            sums, last = sums.amax(dim=1), columns["s"][-1].long().clamp(max=n)[:, None]
            columns["babel"].append(sums.gather(1, last)[:, 0])
            columns["babel_before"].append(sums.gather(1, last - 1)[:, 0])
            columns["x_min"].append(torch.where(code == 0, torch.inf, code.abs()).amin(dim=1))
            columns["x_max"].append(code.abs().amax(dim=1))
            columns["k"].append(inside)
            columns["noise"].append((D * error[:, :, None]).sum(dim=1).abs().amax(dim=1))
            below = code
        return {name: torch.stack(column, dim=1) for name, column in columns.items()}

    def measure(self, batch: Batch, device: str) -> Measurement:
        """Run the pursuit on all instances at once."""
        torch = torch_module()
        values = self._numbers(batch, device)
        levels = on_device(batch["levels"], device)
        signal = None
        columns: dict[str, list[Any]] = {
            n: [] for n in ("largest_outside", "least_inside", "error_hard", "error_soft", "error")
        }
        for j, D in enumerate(self._dictionaries(batch, device)):
            code = on_device(batch[f"code{j}"], device)
            if signal is None:
                signal = (D @ code[:, :, None])[:, :, 0] + on_device(batch["noise"], device)
            level = {
                "own": levels[:, j],
                "middle": (values["x_min"] + values["mu"] * values["x_max"])[:, j] / 2,
                "multiple": float(self.multiple) * values["noise"][:, j],
            }[self.level]
            products = (D * signal[:, :, None]).sum(dim=1)
            kept = torch.where(products.abs() > level[:, None], products, 0.0)
            soft = torch.sign(products) * (products.abs() - level[:, None]).clamp(min=0)
            found = soft if self.algorithm == "soft" else kept
            if self.algorithm == "lasso":
                found, wrong = lasso_signs.minimisers(D, signal, level[:, None].expand(-1, D.shape[2]))
                found = torch.where((wrong <= 1e-9)[:, None], found, torch.nan)
                products = products - (D.transpose(1, 2) @ (D @ found[:, :, None]))[:, :, 0]
            on = code != 0
            columns["largest_outside"].append(torch.where(on, 0.0, products.abs()).amax(dim=1))
            columns["least_inside"].append(torch.where(on, products.abs(), torch.inf).amin(dim=1))
            for name, estimate in (("error_hard", kept), ("error_soft", soft)):
                columns[name].append(torch.where(on, estimate - code, 0.0).abs().amax(dim=1))
            columns["error"].append((found - code).abs().amax(dim=1))
            signal = found
        values |= {"b": levels, "xi": levels, "eps": values["noise"]}
        quantities = {name: torch.stack(column, dim=1) for name, column in columns.items()}
        if not self.layered:
            values, quantities = ({n: a[:, 0] for n, a in found.items()} for found in (values, quantities))
        return Measurement(values=values, quantities=quantities, rounding=dict.fromkeys(quantities, 1e-12))

    def exact(self, instance: Instance) -> ExactMeasurement:
        """Run the pursuit on one instance in rationals."""
        return layered_exactly.measured(
            instance, self.algorithm, layered=self.layered, level=self.level, multiple=self.multiple
        )

    def simplified(self, instance: Instance) -> Iterator[Instance]:
        """Yield instances without noise."""
        if instance["noise"].any():
            yield {**instance, "noise": np.zeros_like(instance["noise"])}


_LASSO = LayeredCodes(algorithm="lasso", shapes=_ONE)
EXPERIMENTS: Mapping[str, Experiment] = {
    "thresholding-support": LayeredCodes(algorithm="hard", shapes=_ONE),
    "thresholding-by-babel": LayeredCodes(algorithm="hard", shapes=_ONE),
    "thresholding-level": LayeredCodes(algorithm="hard", shapes=_ONE, level="middle"),
    "layered-hard-thresholding": LayeredCodes(algorithm="hard", shapes=_TWO, layered=True),
    "layered-soft-thresholding": LayeredCodes(algorithm="soft", shapes=_TWO, layered=True),
    "lasso-support": _LASSO,
    "lasso-support-simple": LayeredCodes(algorithm="lasso", shapes=_ONE, level="multiple", multiple=Fraction(3)),
    "pre2017-lasso": LayeredCodes(algorithm="lasso", shapes=_ONE, level="multiple", multiple=Fraction(4)),
    "layered-basis-pursuit": LayeredCodes(algorithm="lasso", shapes=_TWO, layered=True),
}
