"""Experiments on codes of convolutional dictionaries: stripe-spark-*, stripe-uniqueness-*, recovery-by-filter-*.

An instance is filters, weights of the same taps, a code, and the number of positions, the stride and the boundary. All
numbers of the filters are computed from the filters, whatever the size; what happens is read off the whole matrix.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from ...arrays import on_device, torch_module
from ...theorems.language.values import Value, root
from .. import exact_matrices as exact
from .. import variation
from ..experiment import Batch, ExactMeasurement, Experiment, Instance, Measurement, NotAnInstance
from . import stripe_instances
from .facts import exact_pursuit
from .facts.exact_dictionary import ExactDictionary
from .facts.float_codes import greedy_ratios
from .facts.float_dictionaries import FloatDictionaries, from_above, largest_sums
from .facts.roots import largest, sum_of_roots
from .stripe_geometry import Counted, Floats, Geometry

Shape = tuple[int, int, int, int, int, bool]
_SHAPES: tuple[Shape, ...] = (
    (1, 1, 2, 4, 1, True), (2, 1, 2, 3, 1, True), (2, 1, 2, 4, 1, True), (2, 1, 2, 4, 1, False), (1, 1, 3, 6, 1, True),
    (3, 2, 2, 3, 1, False), (3, 2, 1, 3, 1, False), (4, 3, 1, 2, 1, False), (3, 1, 3, 3, 2, False),
    (2, 1, 3, 5, 1, True), (3, 2, 2, 3, 1, True),
)  # fmt: skip
"""Filters, channels, taps, positions, stride, and whether the boundary is circular."""


@dataclass(frozen=True, kw_only=True)
class StripeCodes(Experiment):
    """Codes with few nonzeros in every stripe, of unit atoms.

    Values: s, the stripe sparsity of the code (or what is `counted`), mu, babel and babel_before (mu_1(s), mu_1(s-1))
    of the filters, with `cross` false of each filter alone, mu_tilde of the weights. Quantities: `share`, the greatest
    that the support holds of a null vector; greedy, what OMP compares; stripe_spark, the least stripe sparsity of a
    null vector, which may be a value; rivals, null vectors of minimal support that two codes as sparse make up.
    Codes are drawn with s from `least_level` on.
    """

    quantities: Sequence[str]
    counted: Counted = "stripe"
    cross: bool = True
    least_level: int = 1
    shapes: tuple[Shape, ...] = _SHAPES

    batch_size: ClassVar[int] = 50

    def draw(self, random: np.random.Generator, count: int) -> Batch:
        """Draw filters, weights that are these or nearly orthogonal to the other atoms, and codes that fill stripes."""
        C, M, taps, size, stride, circular = self.shapes[random.integers(len(self.shapes))]
        geometry = Geometry(taps=taps, size=size, stride=stride, circular=circular)
        filters = stripe_instances.drawn_filters(random, count, (C, M, taps))
        levels = random.integers(self.least_level, 4, (2, count)).min(axis=0)
        support = stripe_instances.drawn_supports(random, geometry, C, levels)
        seen = geometry.stripes(filters)
        dual = np.linalg.pinv(seen @ seen.transpose(0, 2, 1)) @ filters.reshape(count, C, -1).transpose(0, 2, 1)
        weights = np.where(random.random((count, 1, 1)) < 0.5, dual.transpose(0, 2, 1), filters.reshape(count, C, -1))
        return {
            "filters": filters,
            "weights": weights.reshape(filters.shape),
            "code": support * variation.values(random, support.shape),
            "size": np.full(count, size),
            "stride": np.full(count, stride),
            "circular": np.full(count, circular),
        }

    def vary(self, batch: Batch, random: np.random.Generator, scale: float) -> Batch:
        """Move filters, weights and code, each in some instances; now and then a nonzero moves to another atom."""
        moved = {name: np.array(array) for name, array in batch.items()}
        moved["filters"] = stripe_instances.without_zeros(variation.moved(random, batch["filters"], scale))
        moved["weights"] = variation.moved(random, batch["weights"], scale, keep_zeros=False)
        code = variation.resigned(random, variation.moved(random, batch["code"], scale))
        rows, (one, other) = np.arange(len(code)), random.integers(0, code.shape[1], (2, len(code)))
        swap = random.random(len(code)) < 0.1
        first, second = code[rows, one], code[rows, other]
        code[rows, one], code[rows, other] = np.where(swap, second, first), np.where(swap, first, second)
        moved["code"] = code
        return moved

    def measure(self, batch: Batch, device: str) -> Measurement:
        """Measure filters, and the matrices of all shifts, in floats."""
        torch = torch_module()
        geometry, filters, code = Geometry.of(batch), batch["filters"], batch["code"]
        count, C = filters.shape[:2]
        s = geometry.sparsity(code != 0, C, self.counted)
        seen = on_device(geometry.stripes(filters), device)
        own, each = torch.from_numpy(geometry.own(C)).to(device), torch.arange(C, device=device)
        norms = seen.norm(dim=1, keepdim=True)
        norms = norms[:, :, own].repeat_interleave(seen.shape[2] // C, dim=2)
        F, V = (on_device(batch[name].reshape(count, C, -1), device) for name in ("filters", "weights"))
        products = (F @ seen).abs() / (norms * norms[:, :, own].transpose(1, 2))
        weighed = V @ seen
        scale = weighed[:, each, own].abs() / norms[:, 0, own]
        weighed = weighed.abs() / norms / scale[:, :, None]
        for rows in (products, weighed):
            rows[:, each, own] = 0.0
        level = torch.from_numpy(s).to(device)[:, None].expand(count, C)
        if not self.cross:
            filter_of = each.repeat_interleave(2 * geometry.reach + 1)
            products = products * (filter_of == each[:, None])
        values = {
            "s": torch.from_numpy(s).to(device).double(),
            "mu": products.amax(dim=(1, 2)).clamp(max=1),
            "babel": largest_sums(products, level).amax(dim=1),
            "babel_before": largest_sums(products, level - 1).amax(dim=1),
            "mu_tilde": weighed.amax(dim=(1, 2)),
        }
        whole = FloatDictionaries({"dictionary": geometry.matrix(filters), "level": s.astype(float)}, device)
        given = on_device(code, device)
        nonzero = whole.circuits.cpu().numpy() != 0
        sparks, rivals = (torch.from_numpy(x).to(device) for x in _of_circuits(geometry, nonzero, C, s))
        known = {
            "share": lambda: whole.share(given != 0, unit=True),
            "greedy": lambda: greedy_ratios(whole, given, unit=True),
            "stripe_spark": lambda: sparks,
            "rivals": lambda: rivals,
        }
        quantities = {name: known[name]() for name in self.quantities}
        values = from_above(values) | {"stripe_spark": sparks}
        return Measurement(values=values, quantities=quantities, rounding=dict.fromkeys(quantities, 1e-12))

    def exact(self, instance: Instance) -> ExactMeasurement:
        """Measure filters and matrix exactly."""
        geometry, filters = Geometry.of(instance), instance["filters"]
        C = filters.shape[0]
        code = exact.vector(instance["code"])
        whole = ExactDictionary(geometry.matrix(filters))
        if len(code) != whole.n or instance["weights"].shape != filters.shape or not any(code):
            raise NotAnInstance("a code has an entry for every atom, not all 0, and weights are like filters")
        s = int(geometry.sparsity(instance["code"] != 0, C, self.counted))
        squares, weighed = _squares(geometry, filters, instance["weights"], self.cross)
        sums = [[sum_of_roots(sorted(row, reverse=True)[:k]) for row in squares] for k in (s, s - 1)]
        values: dict[str, Value] = {
            "s": Fraction(s),
            "mu": root(max(map(max, squares))),
            "babel": largest(sums[0]),
            "babel_before": largest(sums[1]),
            "mu_tilde": root(max(map(max, weighed))),
        }
        support = [j for j, x in enumerate(code) if x]
        sparks: list[Fraction] = []
        if {"stripe_spark", "rivals"} & set(self.quantities):
            if not whole.circuits:
                raise NotAnInstance("the atoms are dependent: no lower bound of an infinite stripe spark fails")
            nonzero = np.array([[[x != 0 for x in h] for h in whole.circuits]])
            sparks = [Fraction(int(found[0])) for found in _of_circuits(geometry, nonzero, C, np.array([s]))]
            values["stripe_spark"] = sparks[0]
        known = {
            "share": lambda: whole.share(support, unit=True),
            "greedy": lambda: exact_pursuit.greedy_ratio(whole, code, unit=True),
            "stripe_spark": lambda: sparks[0],
            "rivals": lambda: sparks[1],
        }
        return ExactMeasurement(values=values, quantities={name: known[name]() for name in self.quantities})

    def simplified(self, instance: Instance) -> Iterator[Instance]:
        """Yield instances with fewer nonzeros, with weights that are the filters, with signs as a code."""
        code = instance["code"]
        for j in np.flatnonzero(code):
            yield {**instance, "code": np.where(np.arange(len(code)) == j, 0.0, code)}
        yield {**instance, "weights": instance["filters"]}
        yield {**instance, "code": np.sign(code)}


def _squares(
    geometry: Geometry, filters: Floats, weights: Floats, cross: bool
) -> tuple[list[exact.Vector], list[exact.Vector]]:
    """Return, for every filter, <d^_i, d^_j>^2 of its stripe, 0 for j = i, and |w_i^T d^_j|^2 with w_i^T d^_i = 1."""
    C, width = len(filters), 2 * geometry.reach + 1
    columns = exact.columns(exact.matrix(geometry.stripes(filters)))
    own = geometry.own(C).tolist()
    norms = [exact.square(columns[at]) for at in own]
    squares: list[exact.Vector] = []
    weighed: list[exact.Vector] = []
    for c, at in enumerate(own):
        w = exact.vector(weights[c].ravel())
        scale = exact.dot(w, columns[at]) ** 2 / norms[c]
        if not scale:
            raise NotAnInstance("w_i^T d_i = 1 for every i, after scaling: one is 0")
        others = [j for j in range(len(columns)) if j != at]
        seen = [j for j in others if cross or j // width == c] or [at]
        squares.append(
            [exact.dot(columns[at], columns[j]) ** 2 / (norms[c] * norms[j // width]) * (j != at) for j in seen]
        )
        weighed.append([exact.dot(w, columns[j]) ** 2 / norms[j // width] / scale for j in others] or [Fraction(0)])
    return squares, weighed


def _of_circuits(geometry: Geometry, nonzero: NDArray[np.bool_], C: int, s: NDArray[np.int_]) -> tuple[Floats, Floats]:
    """Return, for each instance, the least stripe sparsity of its circuits (infinite without one), and its rivals."""
    present = np.asarray(nonzero.any(axis=2), dtype=bool)
    sparks = np.where(present, geometry.sparsity(nonzero, C).astype(float), np.inf).min(axis=1)
    sets = nonzero.astype(np.int64) @ (1 << np.arange(nonzero.shape[2]))
    rivals = np.zeros(len(s))
    for level in np.unique(s).tolist():
        at = np.flatnonzero(s == level)
        split = _splits(geometry, C, level)[sets[at]]
        rivals[at] = np.where(present[at], split, False).sum(axis=1)
    return sparks, rivals


@lru_cache(maxsize=100)
def _splits(geometry: Geometry, C: int, level: int) -> NDArray[np.bool_]:
    return geometry.splits(C, level)


_DEPENDENT = tuple(shape for shape in _SHAPES if shape[0] > shape[1])
"""With several filters a channel there are more atoms than entries of a signal."""
_SPARK = StripeCodes(quantities=("stripe_spark",), shapes=_DEPENDENT)
_RECOVERY = StripeCodes(quantities=("share", "greedy"))
EXPERIMENTS: Mapping[str, Experiment] = {
    "stripe-spark-by-coherence": _SPARK,
    "stripe-spark-by-babel": StripeCodes(quantities=("stripe_spark",), least_level=2, shapes=_DEPENDENT),
    "stripe-spark-by-weights": _SPARK,
    "stripe-uniqueness-by-spark": StripeCodes(quantities=("rivals",), shapes=_DEPENDENT),
    "stripe-uniqueness-by-coherence": _SPARK,
    "stripe-uniqueness-by-weights": _SPARK,
    "recovery-by-filter-coherence": _RECOVERY,
    "recovery-by-filter-babel": _RECOVERY,
    "recovery-by-filter-weights": StripeCodes(quantities=("share",)),
}
