"""Experiments on a dictionary and a code: what basis pursuit and OMP return."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from ....arrays import on_device, torch_module
from ....theorems.language.values import Value
from ...experiment import Batch, ExactMeasurement, Experiment, Instance, Measurement, NotAnInstance
from . import exact_pursuit, exact_weights, small_dictionaries
from .exact_dictionary import ExactDictionary
from .float_codes import code_shares, greedy_ratios
from .float_dictionaries import FloatDictionaries, from_above

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Codes(Experiment):
    """A dictionary and a code with k nonzeros.

    `values` may be k, mu, mu_tilde, babel and babel_before (at k and k-1) of the unit atoms; nsc at k for atoms as they
    are, erc of the support. `quantities` may be code_share of the code as it is; greedy, what OMP compares, and nsc,
    both for unit atoms if `unit`, else for atoms as they are. `independent`: the atoms of the support are.
    """

    values: tuple[str, ...]
    quantities: tuple[str, ...]

    family: str = "all"
    shapes: small_dictionaries.Shapes = small_dictionaries.MORE_ATOMS
    unit: bool = True
    independent: bool = False

    batch_size: ClassVar[int] = 50

    def draw(self, random: np.random.Generator, count: int) -> Batch:
        """Draw dictionaries, and codes: flat, decaying, and those that one atom correlates with most."""
        m, n = self.shapes[int(random.integers(len(self.shapes)))]
        dictionaries = small_dictionaries.FAMILIES[self.family][0](random, count, m, n)
        k = int(random.integers(1, min(m, n - 1, n // 2 + 1) + 1))
        return {"dictionary": dictionaries, "code": _codes(random, dictionaries, k), "level": np.full(count, k)}

    def vary(self, batch: Batch, random: np.random.Generator, scale: float) -> Batch:
        """Move the dictionary, and the nonzeros of the code; now and then a nonzero moves to another atom."""
        dictionaries, codes = batch["dictionary"], np.array(batch["code"])
        count, n = codes.shape
        moved = small_dictionaries.FAMILIES[self.family][1](random, dictionaries, scale)
        moved = np.where(random.random((count, 1, 1)) < 0.7, moved, dictionaries)
        factor = 1 + scale * random.standard_normal((count, n)) * (random.random((count, 1)) < 0.6)
        codes = codes * np.where(factor == 0, 1.0, factor)
        rows, (one, other) = np.arange(count), random.integers(0, n, (2, count))
        swap = random.random(count) < 0.1
        first, second = codes[rows, one], codes[rows, other]
        codes[rows, one] = np.where(swap, second, first)
        codes[rows, other] = np.where(swap, first, codes[rows, other])
        return {"dictionary": moved, "code": codes, "level": batch["level"]}

    def measure(self, batch: Batch, device: str) -> Measurement:
        """Measure everything in floats."""
        torch = torch_module()
        found, code = FloatDictionaries(batch, device), on_device(batch["code"], device)
        k = found.level
        allowed = _are_independent(torch, found, code) if self.independent else code.any(dim=1)
        known: dict[str, Callable[[], Any]] = {
            "k": lambda: k,
            "mu": lambda: found.mu,
            "mu_tilde": lambda: found.generalized_coherences.amax(dim=1),
            "babel": lambda: found.babel(k),
            "babel_before": lambda: found.babel(k - 1),
            "nsc": lambda: found.null_space_constant(k, unit=False),
            "erc": lambda: _coefficients(torch, found, code),
        }
        measured: dict[str, Callable[[], Any]] = {
            "nsc": lambda: found.null_space_constant(k, unit=self.unit),
            "code_share": lambda: code_shares(found, code),
            "greedy": lambda: greedy_ratios(found, code, self.unit),
        }
        return Measurement(
            values=from_above({name: known[name]() for name in self.values}),
            quantities={name: measured[name]().where(allowed, torch.nan) for name in self.quantities},
        )

    def exact(self, instance: Instance) -> ExactMeasurement:
        """Measure everything exactly."""
        found = ExactDictionary(instance["dictionary"])
        try:
            code = [Fraction(x) for x in instance["code"].tolist()]
        except (OverflowError, ValueError):
            raise NotAnInstance("all entries are finite") from None
        support = [j for j, x in enumerate(code) if x]
        k = len(support)
        if not k:
            raise NotAnInstance("the code is not 0")
        if self.independent and not found.are_independent(support):
            raise NotAnInstance("the atoms of S are independent")
        known: dict[str, Callable[[], Value]] = {
            "k": lambda: Fraction(k),
            "mu": lambda: found.mu,
            "mu_tilde": lambda: exact_weights.generalized_coherence(found),
            "babel": lambda: found.babel(k),
            "babel_before": lambda: found.babel(k - 1),
            "nsc": lambda: found.null_space_constant(k, unit=False),
            "erc": lambda: exact_pursuit.recovery_coefficient(found, support),
        }
        measured: dict[str, Callable[[], Value]] = {
            "nsc": lambda: found.null_space_constant(k, unit=self.unit),
            "code_share": lambda: found.code_share(code),
            "greedy": lambda: exact_pursuit.greedy_ratio(found, code, self.unit),
        }
        return ExactMeasurement(
            values={name: known[name]() for name in self.values},
            quantities={name: measured[name]() for name in self.quantities},
        )

    def simplified(self, instance: Instance) -> Iterator[Instance]:
        """Yield the instance without one atom, one row or one nonzero, and with a code of ones."""
        dictionary, code = instance["dictionary"], instance["code"]
        for j in range(len(code)):
            if len(code) > 2:
                yield {**instance, "dictionary": np.delete(dictionary, j, axis=1), "code": np.delete(code, j)}
            if code[j]:
                yield {**instance, "code": np.where(np.arange(len(code)) == j, 0.0, code)}
        for i in range(len(dictionary)):
            if len(dictionary) > 1:
                yield {**instance, "dictionary": np.delete(dictionary, i, axis=0)}
        yield {**instance, "code": np.sign(code)}


def _codes(random: np.random.Generator, dictionaries: Floats, k: int) -> Floats:
    count, _, n = dictionaries.shape
    size = np.stack([np.ones((count, n)), 2.0 ** -np.arange(n) * np.ones((count, 1)), random.random((count, n)) + 0.01])
    sizes = size[random.integers(0, 3, count), np.arange(count)]
    unit = dictionaries / np.linalg.norm(dictionaries, axis=1)[:, None, :]
    towards = random.integers(0, n, count)
    products = np.einsum("bm,bmn->bn", unit[np.arange(count), :, towards], unit)
    keys = np.where(random.random((count, 1)) < 0.5, np.abs(products), random.random((count, n)))
    keys[np.arange(count), towards] = -1.0
    order = np.argsort(-keys, axis=1)
    inside = np.zeros((count, n))
    np.put_along_axis(inside, order[:, :k], sizes[:, :k], axis=1)
    flips = np.where(
        random.random((count, 1)) < 0.5, np.where(products < 0, -1.0, 1.0), random.choice([-1.0, 1.0], (count, n))
    )
    return inside * flips


def _coefficients(torch: Any, found: FloatDictionaries, code: Any) -> Any:
    """Return the largest |D_S^+ d_i|_1 over i off S, for atoms as they are."""
    support = code != 0
    inside = found.atoms * support[:, None, :]
    sums = (torch.linalg.pinv(inside) @ found.atoms).abs().sum(dim=1)
    return torch.where(support, 0.0, sums).amax(dim=1)


def _are_independent(torch: Any, found: FloatDictionaries, code: Any) -> Any:
    """Return whether the atoms of the support have singular values that are not nearly zero."""
    support = code != 0
    values = torch.linalg.svdvals(found.unit * support[:, None, :])
    return (values > 1e-7).sum(dim=1) == support.sum(dim=1)


_BOTH = ("nsc", "greedy")
_TALL = small_dictionaries.FEW_ATOMS

EXPERIMENTS: Mapping[str, Experiment] = {
    "recovery-by-coherence": Codes(values=("k", "mu"), quantities=_BOTH),
    "recovery-by-babel": Codes(values=("k", "babel_before", "babel"), quantities=_BOTH),
    "recovery-by-null-space": Codes(values=("k", "nsc"), quantities=("code_share",), unit=False),
    "recovery-by-orthogonality": Codes(
        values=("mu",), quantities=("greedy",), family="orthogonal", shapes=_TALL, unit=False
    ),
    "exact-recovery": Codes(values=("erc",), quantities=("code_share", "greedy"), unit=False, independent=True),
}
