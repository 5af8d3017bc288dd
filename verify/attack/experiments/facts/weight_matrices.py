"""Experiments on a dictionary and any weights W, one vector for each atom."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

import numpy as np

from ....arrays import on_device, torch_module
from ....theorems.language.values import Value
from ...experiment import Batch, ExactMeasurement, Experiment, Instance, Measurement, NotAnInstance
from . import small_dictionaries
from .exact_dictionary import ExactDictionary
from .float_dictionaries import FloatDictionaries, from_above, largest_sums
from .roots import largest, sum_of_roots


@dataclass(frozen=True, kw_only=True)
class WeightMatrices(Experiment):
    """A dictionary, weights and a level k, which is s too.

    `values` may be k, s; W_1, the largest P_i(s-1) of unit atoms; column_sum and row_sum, the largest sums of k moduli
    in a column or a row of I - W^T D (`fewer` than k in a wrong statement). `quantities` may be spark; nsc at k
    for atoms as they are.
    """

    values: tuple[str, ...]
    quantities: tuple[str, ...]
    least_level: int = 1
    fewer: int = 0

    batch_size: ClassVar[int] = 50

    def draw(self, random: np.random.Generator, count: int) -> Batch:
        """Draw dictionaries, and the pseudo-inverse as weights, the atoms, or what is near to them."""
        shapes = small_dictionaries.MORE_ATOMS
        m, n = shapes[int(random.integers(len(shapes)))]
        dictionaries = small_dictionaries.drawn(random, count, m, n)
        inverse = np.linalg.pinv(dictionaries).transpose(0, 2, 1)
        matched = dictionaries / (dictionaries**2).sum(axis=1, keepdims=True)
        weights = np.where(random.random((count, 1, 1)) < 0.7, inverse, matched)
        weights = weights * random.choice([0.5, 0.75, 1.0], (count, 1, 1))
        weights += (
            random.choice([0.0, 0.1, 1.0], (count, 1, 1))
            * random.standard_normal((count, m, n))
            * np.abs(weights).mean()
        )
        level = random.integers(self.least_level, min(m, n // 2) + 2, count)
        return {"dictionary": dictionaries, "weights": weights, "level": level}

    def vary(self, batch: Batch, random: np.random.Generator, scale: float) -> Batch:
        """Move the dictionary, the weights, or both."""
        both = random.integers(0, 3, (len(batch["level"]), 1, 1))
        dictionaries, weights = batch["dictionary"], batch["weights"]
        shaken = weights + scale * np.abs(weights).mean() * random.standard_normal(weights.shape)
        return {
            "dictionary": np.where(both == 0, dictionaries, small_dictionaries.varied(random, dictionaries, scale)),
            "weights": np.where(both == 1, weights, shaken),
            "level": batch["level"],
        }

    def measure(self, batch: Batch, device: str) -> Measurement:
        """Measure everything in floats."""
        found, weights = FloatDictionaries(batch, device), on_device(batch["weights"], device)
        k = found.level
        errors = (torch_module().eye(found.n, device=weights.device) - weights.transpose(1, 2) @ found.atoms).abs()
        known: dict[str, Callable[[], Any]] = {
            "k": lambda: k,
            "s": lambda: k,
            "W_1": lambda: _generalized_babel(found, weights),
            "column_sum": lambda: largest_sums(errors.transpose(1, 2), k[:, None] - self.fewer).amax(dim=1),
            "row_sum": lambda: largest_sums(errors, k[:, None]).amax(dim=1),
        }
        measured: dict[str, Callable[[], Any]] = {
            "spark": lambda: found.spark,
            "nsc": lambda: found.null_space_constant(k, unit=False),
        }
        return Measurement(
            values=from_above({name: known[name]() for name in self.values}),
            quantities={name: measured[name]() for name in self.quantities},
        )

    def exact(self, instance: Instance) -> ExactMeasurement:
        """Measure everything exactly."""
        found, k = ExactDictionary(instance["dictionary"]), int(instance["level"])
        known: dict[str, Callable[[], Value]] = {
            "k": lambda: Fraction(k),
            "s": lambda: Fraction(k),
            "W_1": lambda: _exact_generalized_babel(found, _products(instance), k - 1),
            "column_sum": lambda: _largest_sum(list(zip(*_errors(instance), strict=True)), k - self.fewer),
            "row_sum": lambda: _largest_sum(_errors(instance), k),
        }
        measured: dict[str, Callable[[], Value]] = {
            "spark": lambda: Fraction(found.spark),
            "nsc": lambda: found.null_space_constant(k, unit=False),
        }
        return ExactMeasurement(
            values={name: known[name]() for name in self.values},
            quantities={name: measured[name]() for name in self.quantities},
        )

    def simplified(self, instance: Instance) -> Iterator[Instance]:
        """Yield the instance without one atom, or one row."""
        arrays = {name: instance[name] for name in ("dictionary", "weights")}
        m, n = instance["dictionary"].shape
        for axis, length in ((1, n), (0, m)):
            for at in range(length if length > 1 else 0):
                yield {**instance, **{name: np.delete(array, at, axis=axis) for name, array in arrays.items()}}


def _generalized_babel(found: FloatDictionaries, weights: Any) -> Any:
    products = (weights.transpose(1, 2) @ found.unit).abs()
    own = products.diagonal(dim1=1, dim2=2)
    ratios = products / own.clamp(min=1e-300)[:, :, None]
    ratios = ratios - torch_module().diag_embed(ratios.diagonal(dim1=1, dim2=2))
    return largest_sums(ratios, found.level[:, None] - 1).amax(dim=1)


def _products(instance: Instance) -> list[list[Fraction]]:
    """Return W^T D."""
    try:
        columns, weights = (
            [[Fraction(x) for x in column] for column in instance[name].T.tolist()]
            for name in ("dictionary", "weights")
        )
    except (OverflowError, ValueError):
        raise NotAnInstance("all entries are finite") from None
    return [[sum((x * y for x, y in zip(w, d, strict=True)), Fraction(0)) for d in columns] for w in weights]


def _errors(instance: Instance) -> list[list[Fraction]]:
    """Return |I - W^T D|."""
    return [[abs(int(i == j) - x) for j, x in enumerate(row)] for i, row in enumerate(_products(instance))]


def _largest_sum(rows: list[Any], k: int) -> Fraction:
    return max(sum(sorted(row, reverse=True)[:k], Fraction(0)) for row in rows)


def _exact_generalized_babel(found: ExactDictionary, products: list[list[Fraction]], k: int) -> Value:
    """Return the largest sum of k values |w_i^T d^_j|, j != i, of weights scaled so that w_i^T d^_i = 1."""
    sums = []
    for i, row in enumerate(products):
        if not row[i]:
            raise NotAnInstance("w_i^T d_i != 0")
        own = row[i] ** 2 / found.squares[i]
        squares = sorted((x * x / found.squares[j] / own for j, x in enumerate(row) if j != i), reverse=True)
        sums.append(sum_of_roots(squares[:k]))
    return largest(sums)


EXPERIMENTS: Mapping[str, Experiment] = {
    "spark-by-generalized-babel": WeightMatrices(values=("s", "W_1"), quantities=("spark",), least_level=2),
    "null-space-by-column-sums": WeightMatrices(values=("k", "column_sum"), quantities=("nsc",)),
}
