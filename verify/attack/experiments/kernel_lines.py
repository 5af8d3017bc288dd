"""Experiments on dictionaries whose kernel is a line: dsc-uniqueness-*, dsc-recovery.

An instance is, for each layer, an m x (m + 1) matrix of rank m and a level lam. Its null vector h says everything: two
lam-sparse codes of one signal exist iff |h|_0 <= 2 lam, and basis pursuit (weighted by the norms N_i) finds all
lam-sparse codes iff the lam largest N_i |h_i| are less than half of all. mu~_i is N_i |h_i| over the sum of the others,
delta_2lam is bounded by elimination, the spark is found by ranks.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from ...arrays import on_device, torch_module
from ...exact import Enclosure, integer_rank
from ...theorems.language.values import Value, root
from .. import exact_matrices as exact
from .. import set_spectra, variation
from ..experiment import Batch, ExactMeasurement, Experiment, Instance, Measurement, NotAnInstance
from ..rationals import ends

_INFLATED = 1 + 1e-9
"""In floats coherences are a little larger than they are: equality in a strict condition is no instance."""


@dataclass(frozen=True, kw_only=True)
class KernelLine(Experiment):
    """One matrix per layer (`rows`: their m), or, `product`, one that is a product of two, used alone.

    Values per layer: lam, mu, mu_tilde, delta (with `isometry`), spark. Quantities per layer: dependent_atoms = |h|_0,
    and null_space_share, the share of the lam largest N_i |h_i|.
    """

    rows: tuple[tuple[int, ...], ...] = ((2,), (3,), (3, 2), (5,))
    product: bool = False
    isometry: bool = False

    batch_size = 60

    def draw(self, random: np.random.Generator, count: int) -> Batch:
        """Draw small integer matrices, Gaussian ones, and simplices, and levels from 1 to half of the atoms."""
        sizes = self.rows[random.integers(len(self.rows))]
        batch: dict[str, Any] = {}
        for j, m in enumerate(sizes):
            D = random.standard_normal((count, m, m + 1))
            whole = random.integers(-2, 3, D.shape).astype(float)
            whole[:, 0] += ~whole.any(axis=1)
            simplex = np.concatenate([np.eye(m), -np.ones((m, 1))], axis=1) * np.ones((count, 1, 1))
            even = np.eye(m + 1) - 1.0 / (m + 1)
            even = (np.linalg.qr(even)[0][:, :m].T @ even) * np.ones((count, 1, 1))
            if m == 3:
                even[:] = [[1, 1, -1, -1], [1, -1, 1, -1], [1, -1, -1, 1]]
            kind = random.integers(4, size=(count, 1, 1))
            D = np.where(kind == 1, whole, np.where(kind == 2, simplex, np.where(kind == 3, even, D)))
            batch[f"D{j}"] = D * 2.0 ** random.integers(-1, 2, (count, 1, m + 1))
            batch[f"lam{j}"] = random.integers(1, 1 + (m + 1) // 2, count)
        if self.product:
            m = sizes[-1]
            first = random.integers(-1, 2, (count, m, m)).astype(float) + 2 * np.eye(m)
            batch["D0"] = first @ batch.pop(f"D{len(sizes) - 1}")
            batch = {"D0": batch["D0"], "lam0": batch[f"lam{len(sizes) - 1}"]}
        return batch

    def vary(self, batch: Batch, random: np.random.Generator, scale: float) -> Batch:
        """Move the matrices."""
        return {
            name: np.array(array) if name.startswith("lam") else variation.moved(random, array, scale)
            for name, array in batch.items()
        }

    def measure(self, batch: Batch, device: str) -> Measurement:
        """Measure all null vectors at once, from the smallest singular direction."""
        torch = torch_module()
        columns: dict[str, list[Any]] = {
            n: [] for n in ("lam", "mu", "mu_tilde", "delta", "spark", "dependent", "share")
        }
        j = 0
        while f"D{j}" in batch:
            D, lam = (on_device(batch[f"{name}{j}"], device) for name in ("D", "lam"))
            norms = torch.linalg.vector_norm(D, dim=1)
            unit = D / norms[:, None]
            usable = unit.isfinite().all(dim=2).all(dim=1)
            unit = torch.where(usable[:, None, None], unit, torch.ones_like(unit))
            G = unit.transpose(1, 2) @ unit
            h = torch.linalg.eigh(G).eigenvectors[:, :, 0].abs()
            total = h.sum(dim=1)
            ordered = h.sort(dim=1, descending=True).values
            ranks = torch.arange(h.shape[1], device=device)
            nonzeros = (h > 1e-7 * total[:, None]).sum(dim=1).double()
            gram = (G * (1 - torch.eye(h.shape[1], device=device).double())).abs()
            columns["lam"].append(torch.where(usable, lam, torch.nan))
            columns["mu"].append((gram.amax(dim=(1, 2)) * _INFLATED).clamp(max=1))
            columns["mu_tilde"].append(_INFLATED * ordered[:, 0] / (total - ordered[:, 0]).clamp(min=1e-300))
            columns["delta"].append(_INFLATED * set_spectra.isometry(unit, 2 * lam) if self.isometry else lam)
            columns["spark"].append(nonzeros)
            columns["dependent"].append(nonzeros)
            columns["share"].append((ordered * (ranks < lam[:, None])).sum(dim=1) / total)
            j += 1
        found = {name: torch.stack(column, dim=1) for name, column in columns.items()}
        if self.product:
            found = {name: column[:, 0] for name, column in found.items()}
        quantities = {"dependent_atoms": found.pop("dependent"), "null_space_share": found.pop("share")}
        return Measurement(values=found, quantities=quantities, rounding={"null_space_share": 1e-12})

    def exact(self, instance: Instance) -> ExactMeasurement:
        """Measure the null vectors exactly, their norms enclosed."""
        columns: dict[str, list[Any]] = {}
        j = 0
        while f"D{j}" in instance:
            for name, value in self._layer(instance[f"D{j}"], int(instance[f"lam{j}"])).items():
                columns.setdefault(name, []).append(value)
            j += 1
        found: dict[str, Any] = {name: column[0] if self.product else tuple(column) for name, column in columns.items()}
        quantities = {name: found.pop(name) for name in ("dependent_atoms", "null_space_share")}
        return ExactMeasurement(values=found, quantities=quantities)

    def _layer(self, array: Any, lam: int) -> dict[str, Value | Enclosure]:
        if array.ndim != 2 or array.shape[1] != array.shape[0] + 1 or lam < 1:
            raise NotAnInstance("a matrix is m x (m + 1), a level at least 1")
        D = exact.matrix(array)
        h = exact.null_vector(D)
        G = exact.gram(D)
        n = len(h)
        if not all(G[i][i] for i in range(n)):
            raise NotAnInstance("no atom is zero")
        most = max(h[i] ** 2 * G[i][i] for i in range(n))
        bounds = [ends(root(h[i] ** 2 * G[i][i] / most)) for i in range(n)]
        lower, upper = ([pair[at] for pair in bounds] for at in range(2))
        largest = max(range(n), key=lambda i: lower[i])
        parts = [exact.sum_of_largest(end, lam) for end in (lower, upper)]
        totals = [sum(end, Fraction(0)) for end in (lower, upper)]
        shares = _interval(parts[0] / totals[1], parts[1] / totals[0])
        rest_lower, rest_upper = (total - end[largest] for total, end in zip(totals, (lower, upper), strict=True))
        squares = [G[a][b] ** 2 / (G[a][a] * G[b][b]) for a in range(n) for b in range(a)]
        return {
            "lam": Fraction(lam),
            "mu": root(max(squares)),
            "mu_tilde": _interval(lower[largest] / rest_upper, max(upper) / rest_lower),
            "delta": set_spectra.isometry_upper(G, 2 * lam) if self.isometry else Fraction(0),
            "spark": Fraction(_spark(array)),
            "dependent_atoms": Fraction(sum(map(bool, h))),
            "null_space_share": shares,
        }

    def simplified(self, instance: Instance) -> Iterator[Instance]:
        """Yield one layer of those there are."""
        j = 0
        while f"D{j}" in instance:
            if "D1" in instance:
                yield {"D0": instance[f"D{j}"], "lam0": instance[f"lam{j}"]}
            j += 1


def _interval(lower: Fraction, upper: Fraction) -> Fraction | Enclosure:
    return lower if lower == upper else Enclosure(lower, upper)


def _spark(array: Any) -> int:
    """Return the least number of dependent columns, by ranks of all sets."""
    entries = exact.matrix(array)
    scale = max(entry.denominator for row in entries for entry in row)
    whole = [[int(entry * scale) for entry in row] for row in entries]
    n = len(whole[0])
    for size in range(1, n + 1):
        for chosen in itertools.combinations(range(n), size):
            if integer_rank([[row[i] for i in chosen] for row in whole]) < size:
                return size
    raise AssertionError("more columns than rows are dependent")


EXPERIMENTS: Mapping[str, Experiment] = {
    "dsc-uniqueness": KernelLine(),
    "dsc-uniqueness-by-generalized-coherence": KernelLine(),
    "dsc-uniqueness-by-isometry": KernelLine(isometry=True, rows=((2,), (3,), (3, 2), (4,))),
    "dsc-uniqueness-by-spark": KernelLine(),
    "dsc-uniqueness-of-product": KernelLine(product=True, rows=((2,), (3,), (5,))),
    "dsc-recovery": KernelLine(),
}
