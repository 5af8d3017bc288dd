"""Experiment on inner-product-rounding: an inner product in half or single precision, summed in some order.

An instance is two vectors of numbers of the format, an order of the products, and whether they are summed one by one or
in pairs. Exactly, every operation is rounded to the nearest number of the format, ties to even, by a function written
out here; floats use the device's own arithmetic.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

import numpy as np

from ...arrays import on_device, torch_module
from ...theorems.language.values import root
from .. import exact_matrices as exact
from .. import variation
from ..experiment import Batch, ExactMeasurement, Experiment, Instance, Measurement, NotAnInstance

_FORMATS = {"float16": (11, -24), "float32": (24, -149)}
"""Significant bits, and the exponent of the least positive number."""


@dataclass(frozen=True, kw_only=True)
class RoundedSum(Experiment):
    """An inner product of `lengths` many terms in one format. Values: m, u, tau.

    Quantity: relative_error, (|fl(<x, y>) - <x, y>| - m tau)/(|x|_2 |y|_2), as its square is rational: a root.
    """

    precision: Literal["float16", "float32"] = "float16"
    lengths: tuple[int, ...] = (1, 2, 3, 4, 7, 16)

    batch_size = 500

    def draw(self, random: np.random.Generator, count: int) -> Batch:
        """Draw vectors with entries near 1, of many sizes, or just above a power of two: rounding is largest there."""
        m = self.lengths[random.integers(len(self.lengths))]
        kind = random.integers(3, size=(count, 1))
        both: dict[str, Any] = {}
        for name in ("x", "y"):
            entries = random.uniform(1, 2, (count, m))
            entries = np.where(kind == 1, entries * 2.0 ** random.integers(-6, 3, (count, m)), entries)
            entries = np.where(kind == 2, 1 + random.integers(0, 40, (count, m)) / 1024, entries)
            entries *= np.where(random.random((count, 1)) < 0.7, 1.0, random.choice((-1.0, 1.0), (count, m)))
            both[name] = self._cast(entries)
        order = np.argsort(random.random((count, m)), axis=1)
        return {**both, "order": order, "pairs": random.integers(2, size=count)}

    def vary(self, batch: Batch, random: np.random.Generator, scale: float) -> Batch:
        """Move entries by some units in the last place, and change the order of some."""
        count, m = batch["x"].shape
        order = np.where(random.random((count, 1)) < 0.7, batch["order"], np.argsort(random.random((count, m)), axis=1))
        moved = {
            name: self._cast(variation.moved(random, batch[name], max(scale * scale, 2e-3))) for name in ("x", "y")
        }
        return {**moved, "order": order, "pairs": np.array(batch["pairs"])}

    def _cast(self, entries: Any) -> Any:
        return np.clip(entries, -60, 60).astype(self.precision).astype(np.float64)

    def measure(self, batch: Batch, device: str) -> Measurement:
        """Compute all inner products in the format, and in float64."""
        torch = torch_module()
        dtype = getattr(torch, self.precision)
        x, y = (on_device(batch[name], device) for name in ("x", "y"))
        order = torch.as_tensor(np.array(batch["order"]), device=device)
        pairs = torch.as_tensor(np.array(batch["pairs"]), device=device) == 1
        products = torch.gather(x.to(dtype) * y.to(dtype), 1, order)
        terms = list(products.unbind(dim=1))
        found = torch.where(pairs, _paired(terms, torch.add), _in_turn(terms, torch.add)).double()
        bits, least = _FORMATS[self.precision]
        count, m = x.shape
        tau = 2.0 ** (least - 1)
        ones = torch.ones(count, device=device).double()
        size = torch.linalg.vector_norm(x, dim=1) * torch.linalg.vector_norm(y, dim=1)
        error = ((found - (x * y).sum(dim=1)).abs() - m * tau).clamp(min=0) / size
        return Measurement(
            values={"m": m * ones, "u": 2.0**-bits * ones, "tau": tau * ones},
            quantities={"relative_error": error},
            rounding={"relative_error": 1e-14},
        )

    def exact(self, instance: Instance) -> ExactMeasurement:
        """Compute one inner product with every operation rounded, and exactly."""
        x, y = (exact.vector(instance[name]) for name in ("x", "y"))
        order = [int(at) for at in instance["order"]]
        bits, least = _FORMATS[self.precision]
        m = len(x)
        if len(y) != m or sorted(order) != list(range(m)) or not any(x) or not any(y):
            raise NotAnInstance("two vectors, not 0, of one length, and an order of their products")

        def rounded(value: Fraction) -> Fraction:
            return _rounded(value, bits, least)

        if any(rounded(entry) != entry for entry in [*x, *y]):
            raise NotAnInstance(f"the entries are numbers of {self.precision}")
        terms = [rounded(x[i] * y[i]) for i in order]
        summed = _paired if int(instance["pairs"]) else _in_turn
        tau = Fraction(2) ** (least - 1)
        error = max(abs(summed(terms, lambda a, b: rounded(a + b)) - exact.dot(x, y)) - m * tau, Fraction(0))
        square = error**2 / (exact.square(x) * exact.square(y))
        values: dict[str, Any] = {"m": Fraction(m), "u": Fraction(1, 2**bits), "tau": tau}
        return ExactMeasurement(values=values, quantities={"relative_error": root(square)})

    def simplified(self, instance: Instance) -> Iterator[Instance]:
        """Yield shorter vectors, summed one by one in their own order."""
        m = len(instance["x"])
        plain = {**instance, "order": np.arange(m), "pairs": np.array(0)}
        yield plain
        for i in range(m):
            if m > 1:
                kept = np.arange(m) != i
                yield {**plain, "x": instance["x"][kept], "y": instance["y"][kept], "order": np.arange(m - 1)}


def _in_turn(terms: list[Any], add: Callable[[Any, Any], Any]) -> Any:
    total = terms[0]
    for term in terms[1:]:
        total = add(total, term)
    return total


def _paired(terms: list[Any], add: Callable[[Any, Any], Any]) -> Any:
    while len(terms) > 1:
        joined = [add(a, b) for a, b in zip(terms[::2], terms[1::2], strict=False)]
        terms = joined + terms[len(joined) * 2 :]
    return terms[0]


def _rounded(value: Fraction, bits: int, least: int) -> Fraction:
    """Return the nearest number with so many significant bits, or multiple of 2^least if coarser, ties to even."""
    if not value:
        return value
    size = abs(value)
    exponent = size.numerator.bit_length() - size.denominator.bit_length()
    exponent -= size < Fraction(2) ** exponent
    unit = Fraction(2) ** max(exponent - bits + 1, least)
    return round(value / unit) * unit


EXPERIMENTS: Mapping[str, Experiment] = {"inner-product-rounding": RoundedSum()}
