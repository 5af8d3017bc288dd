"""Experiments on basis pursuit with noise: bpdn-stability, bpdn-stability-generalized.

Instances are built from the optimality conditions: a minimiser x^ with support T, a dual vector v with D_T^T v =
sign(x^_T) and |d_j^T v| <= 1 elsewhere, and a level lambda >= 0. With y = Dx^ + lambda v and delta = lambda |v|_2, x^
minimises |x|_1 over |y - Dx|_2 <= delta. [|x|_1 >= v^T D x = v^T(y - r) for the residual r of x, and v^T r <= |v| |r|
<= lambda |v|^2 = v^T(y - Dx^).] Any sparse code x is compared with it; eps is the norm of its residual. The atoms are
rational unit atoms, so y, v and the codes are rational; eps and delta are roots of rationals.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from ...arrays import on_device, torch_module
from ...theorems.language.values import root
from .. import exact_matrices as exact
from .. import unit_atoms, variation
from ..experiment import Batch, ExactMeasurement, Experiment, Instance, Measurement, NotAnInstance
from ..rationals import euclidean_norm

_SHAPES = ((2, 2, 1), (3, 3, 1), (4, 4, 1), (3, 4, 1), (5, 5, 1), (6, 6, 1), (6, 6, 2))


@dataclass(frozen=True, kw_only=True)
class NoisyMinimiser(Experiment):
    """A minimiser of basis pursuit with noise, and a sparse code. `shapes` are (m, n, k).

    `v` is made of the array `dual` by adding what satisfies D_T^T v = sign. Values: k, mu, mu_tilde and omega of W,
    eps, delta. Quantities: error_linf, error_l1, error_l2 of x^ - x.
    """

    shapes: tuple[tuple[int, int, int], ...] = _SHAPES

    batch_size = 300

    def draw(self, random: np.random.Generator, count: int) -> Batch:
        """Draw dictionaries, codes, and minimisers on few or all atoms, often with the least lambda with eps <= delta.

        In a part of them the code's only atom lies between two others, on which the minimiser has a share, or
        the minimiser fits noise along the direction that the dictionary shortens most.
        """
        m, n, k = self.shapes[random.integers(len(self.shapes))]
        points = unit_atoms.drawn(random, count, m, n)
        D = unit_atoms.float_unit_atoms(points)
        x = variation.supports(random, count, n, random.integers(1, k + 1, count)) * variation.values(
            random, (count, n)
        )
        spread = variation.supports(random, count, n, random.integers(1, min(m, n) + 1, count))
        found = spread * variation.values(random, (count, n)) * 10.0 ** random.uniform(-2, 0, (count, 1))
        near = random.random((count, 1)) < 0.6
        found = np.where(near, x * random.uniform(0, 1, (count, 1)) + found * (x == 0), found)
        dual = variation.sizes(random, count) * random.standard_normal((count, m))
        fitted = random.random(count) < 0.1
        found[fitted] = x[fitted] + np.linalg.eigh(D.transpose(0, 2, 1) @ D)[1][fitted, :, 0]
        if n > 2:
            between = random.random(count) < 0.2
            points[between], x[between], found[between] = self._between(random, int(between.sum()), m, n)
            dual[between] = 0
        pinv = np.linalg.pinv(D).transpose(0, 2, 1)
        weights = np.where(random.random((count, 1, 1)) < 0.5, D, pinv)
        batch = {"points": points, "weights": weights, "x": x, "found": found, "dual": dual, "level": np.zeros(count)}
        return {**batch, "level": np.where(fitted, 0.0, self._level(batch, random, 1.0))}

    def _between(self, random: np.random.Generator, count: int, m: int, n: int) -> tuple[Any, Any, Any]:
        points = random.standard_normal((count, m - 1, n))
        reach = 10.0 ** random.uniform(-1.5, -0.3, (count, 1))
        points[:, :, 0] = 0
        points[:, :, 1:3] *= 0.2 * reach[:, :, None]
        points[:, 0, 1] += reach[:, 0]
        points[:, 0, 2] -= reach[:, 0]
        x, found = np.zeros((count, n)), np.zeros((count, n))
        share = random.uniform(0.2, 0.9, count)
        x[:, 0], found[:, 1], found[:, 2] = 1, share / 2, share / 2
        found[:, 0] = 1 - share * (1 + 10.0 ** random.uniform(-3, -1, count))
        return points, x, found

    def vary(self, batch: Batch, random: np.random.Generator, scale: float) -> Batch:
        """Move atoms, weights, codes and dual vector, each in some of the instances; lambda follows."""
        moved = {
            "points": unit_atoms.varied(batch["points"], random, scale),
            "weights": variation.moved(random, batch["weights"], scale, keep_zeros=False),
            **{name: variation.moved(random, batch[name], scale) for name in ("x", "found", "dual")},
            "level": np.array(batch["level"]),
        }
        level = self._level(moved, random, scale)
        return {**moved, "level": np.where(random.random(len(level)) < 0.5, level, moved["level"])}

    def _level(self, batch: Batch, random: np.random.Generator, scale: float) -> Any:
        """Return lambda: the least with eps <= delta where there is one, that and a little more, or anything."""
        count = len(batch["x"])
        D = unit_atoms.float_unit_atoms(batch["points"])
        h = batch["found"] - batch["x"]
        image = (D @ h[:, :, None])[:, :, 0]
        v = _dual(D, batch["found"], batch["dual"])
        slope = -(image * v).sum(axis=1)
        least = (image**2).sum(axis=1) / np.maximum(2 * slope, 1e-300) * (1 + 1e-12)
        least = np.where(slope > 1e-9, least, 0.0)
        more = np.where(random.random(count) < 0.5, 0.0, scale * random.exponential(size=count))
        return np.where(random.random(count) < 0.9, least * (1 + more), more)

    def measure(self, batch: Batch, device: str) -> Measurement:
        """Measure all pairs at once; where the dual vector is infeasible, eps is no number."""
        torch = torch_module()
        D = unit_atoms.unit_atoms(batch["points"], device)
        W, x, found, level = (on_device(batch[name], device) for name in ("weights", "x", "found", "level"))
        v = on_device(_dual(unit_atoms.float_unit_atoms(batch["points"]), batch["found"], batch["dual"]), device)
        W = W / (W * D).sum(dim=1, keepdim=True)
        off = 1 - torch.eye(D.shape[2], dtype=torch.float64, device=device)
        h = found - x
        products = (D * v[:, :, None]).sum(dim=1)
        wrong = torch.where(found == 0, products.abs() - 1, (products - found.sign()).abs()).amax(dim=1) > 1e-9
        residual = (D @ h[:, :, None])[:, :, 0] + level[:, None] * v
        norm = torch.linalg.vector_norm
        values = {
            "k": (x != 0).sum(dim=1).clamp(min=1).double(),
            "mu": ((D.transpose(1, 2) @ D) * off).abs().amax(dim=(1, 2)).clamp(max=1),
            "mu_tilde": ((W.transpose(1, 2) @ D) * off).abs().amax(dim=(1, 2)),
            "omega": norm(W, dim=1).amax(dim=1),
            "eps": torch.where(wrong, torch.nan, norm(residual, dim=1)),
            "delta": level * norm(v, dim=1),
        }
        quantities = {
            "error_linf": h.abs().amax(dim=1),
            "error_l1": h.abs().sum(dim=1),
            "error_l2": norm(h, dim=1),
        }
        return Measurement(values=values, quantities=quantities, rounding=dict.fromkeys(quantities, 1e-12))

    def exact(self, instance: Instance) -> ExactMeasurement:
        """Prove the optimality of x^, and measure the pair in rationals and roots of rationals."""
        D = unit_atoms.exact_unit_atoms(instance["points"])
        x, found, dual, level = (exact.vector(instance[name]) for name in ("x", "found", "dual", "level"))
        v = _exact_dual(D, found, dual)
        if len(level) != 1 or level[0] < 0:
            raise NotAnInstance("lambda >= 0")
        products = exact.product(exact.columns(exact.matrix(instance["weights"])), D)
        if not all(products[i][i] for i in range(len(products))):
            raise NotAnInstance("w_i^T d_i = 1 for every i, after scaling: one is 0")
        scaled = [[entry / row[i] for entry in row] for i, row in enumerate(products)]
        weights = exact.columns(exact.matrix(instance["weights"]))
        h = exact.difference(found, x)
        residual = [a + level[0] * b for a, b in zip(exact.times(D, h), v, strict=True)]
        values = {
            "k": Fraction(max(1, sum(map(bool, x)))),
            "mu": exact.coherence(exact.gram(D)),
            "mu_tilde": exact.coherence(scaled),
            "omega": root(max(exact.square(w) / products[i][i] ** 2 for i, w in enumerate(weights))),
            "eps": root(exact.square(residual)),
            "delta": root(level[0] ** 2 * exact.square(v)),
        }
        quantities = {
            "error_linf": exact.greatest(h),
            "error_l1": sum(map(abs, h), Fraction(0)),
            "error_l2": euclidean_norm(h),
        }
        return ExactMeasurement(values=values, quantities=quantities)

    def simplified(self, instance: Instance) -> Iterator[Instance]:
        """Yield pairs without the part of the dual vector that is free, and without atoms that are not used."""
        if instance["dual"].any():
            yield {**instance, "dual": np.zeros_like(instance["dual"])}
        for i in range(len(instance["x"])):
            if not instance["x"][i] and not instance["found"][i]:
                kept = np.arange(len(instance["x"])) != i
                narrowed = {name: instance[name][..., kept] for name in ("points", "weights", "x", "found")}
                yield {**instance, **narrowed}


def _dual(D: Any, found: Any, dual: Any) -> Any:
    """Return v = u + the least vector with D_T^T v = sign, u the part of `dual` orthogonal to the atoms T, shortened.

    u is multiplied by the largest factor up to 1 with |d_j^T v| <= 1 off T, 0 where there is none.
    """
    n = D.shape[2]
    held = found != 0
    G = D.transpose(0, 2, 1) @ D
    masked = G * held[:, :, None] * held[:, None, :] + np.eye(n) * np.where(held, 1e-300, 1.0)[:, :, None]
    inverse = np.linalg.pinv(masked, hermitian=True)
    least, share = (
        ((D * held[:, None, :]) @ (inverse @ (right * held)[:, :, None]))[:, :, 0]
        for right in (np.sign(found), (D * dual[:, :, None]).sum(axis=1))
    )
    free = dual - share
    fixed, slopes = ((D * u[:, :, None]).sum(axis=1) for u in (least, free))
    room = np.where(held, np.inf, (1 - np.sign(slopes) * fixed) / np.maximum(np.abs(slopes), 1e-300))
    factor = np.clip(room.min(axis=1), 0, 1)
    return least + factor[:, None] * free


def _exact_dual(D: exact.Matrix, found: exact.Vector, dual: exact.Vector) -> exact.Vector:
    """Return the vector of `_dual` exactly; raise NotAnInstance if it proves nothing."""
    if not len(D[0]) == len(found) or len(dual) != len(D):
        raise NotAnInstance("codes have n entries, the dual vector m")
    atoms = exact.columns(D)
    support = [i for i, entry in enumerate(found) if entry]
    G = exact.part(exact.gram(D), support)

    def combined(right: exact.Vector) -> exact.Vector:
        factors = exact.solved(G, right)
        if factors is None:
            raise NotAnInstance("the atoms of the minimiser are independent")
        return [
            sum((f * atoms[i][row] for f, i in zip(factors, support, strict=True)), Fraction(0))
            for row in range(len(D))
        ]

    least = combined([Fraction(1 if found[i] > 0 else -1) for i in support])
    free = exact.difference(dual, combined([exact.dot(atoms[i], dual) for i in support]))
    factor = Fraction(1)
    for i, atom in enumerate(atoms):
        if not found[i]:
            fixed, slope = exact.dot(atom, least), exact.dot(atom, free)
            if abs(fixed) > 1:
                raise NotAnInstance("|d_j^T v| <= 1 off the support of the minimiser")
            if slope:
                factor = min(factor, (1 - fixed * (1 if slope > 0 else -1)) / abs(slope))
    return [a + factor * b for a, b in zip(least, free, strict=True)]


EXPERIMENTS: Mapping[str, Experiment] = dict.fromkeys(
    ("bpdn-stability", "bpdn-stability-generalized"), NoisyMinimiser()
)
