"""What can be measured of a dictionary at a level, by name: in floats for many, exactly for one."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ....theorems.language.values import Value
from . import exact_weights
from .exact_dictionary import ExactDictionary
from .float_dictionaries import FloatDictionaries, largest_sums
from .roots import as_enclosure

Tensor = Any
Exact = Value | tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Gauge:
    """A number of a dictionary and a level k: `floats` of a batch, `exact` of one."""

    floats: Callable[[FloatDictionaries, Tensor], Tensor]
    exact: Callable[[ExactDictionary, int], Exact]


def _frobenius(dictionaries: FloatDictionaries) -> Tensor:
    """The coherence of the weights of least Frobenius norm."""
    from ....arrays import torch_module

    torch = torch_module()
    unit = dictionaries.unit
    products = unit.transpose(1, 2) @ torch.linalg.pinv(unit @ unit.transpose(1, 2)) @ unit
    own = products.diagonal(dim1=1, dim2=2).clamp(min=1e-300)
    ratios = products.abs() / own[:, :, None]
    return (ratios - torch.diag_embed(ratios.diagonal(dim1=1, dim2=2))).amax(dim=(1, 2))


def _generalized_babel(dictionaries: FloatDictionaries, k: Tensor) -> Tensor:
    """The largest P_i(k) for weights that solve the equations of the best circuit of atom i in least squares."""
    from ....arrays import torch_module

    torch = torch_module()
    circuits, unit = dictionaries.circuits, dictionaries.unit
    weights = circuits.abs()
    shares = weights / weights.sum(dim=2, keepdim=True).clamp(min=1e-300)
    worst = dictionaries.full(0)
    for i in range(dictionaries.n):
        at = shares[:, :, i].argmax(dim=1)
        h = circuits.gather(1, at[:, None, None].expand(-1, 1, dictionaries.n))[:, 0]
        mu = dictionaries.generalized_coherences[:, i]
        wanted = -h.sign() * h[:, i : i + 1].sign() * mu[:, None]
        wanted[:, i] = 1.0
        used = (h != 0).double()
        used[:, i] = 1.0
        rows = unit.transpose(1, 2) * used[:, :, None]
        w = (torch.linalg.pinv(rows) @ (wanted * used)[:, :, None])[:, :, 0]
        products = (unit.transpose(1, 2) @ w[:, :, None])[:, :, 0].abs()
        products[:, i] = 0.0
        worst = torch.maximum(worst, largest_sums(products, k))
    return worst


def _share(dictionaries: FloatDictionaries, k: Tensor) -> Tensor:
    """The largest share of the first k atoms."""
    from ....arrays import torch_module

    places = torch_module().arange(dictionaries.n, device=k.device)
    return dictionaries.share((places < k[:, None]).double(), unit=False)


def _average(dictionaries: FloatDictionaries, k: Tensor) -> Tensor:
    """The average over the subsets of half of the first k atoms of their largest shares."""
    from ....arrays import torch_module

    found = dictionaries.full(0)
    for level in k.unique().tolist():
        subsets = list(itertools.combinations(range(int(level)), int(level + 1) // 2))
        total = dictionaries.full(0)
        for chosen in subsets:
            inside = torch_module().zeros_like(dictionaries.norms)
            inside[:, list(chosen)] = 1.0
            total = total + dictionaries.share(inside, unit=False)
        found = found.where(k != level, total / len(subsets))
    return found


def _exact_average(dictionary: ExactDictionary, k: int) -> Value:
    """The same, for atoms as they are, exactly."""
    subsets = list(itertools.combinations(range(k), (k + 1) // 2))
    shares = [dictionary.share(chosen, unit=False) for chosen in subsets]
    return sum((x for x in shares if isinstance(x, Fraction)), Fraction(0)) / len(subsets)


def _recovered_level(dictionaries: FloatDictionaries) -> Tensor:
    """The largest k with nsc_k < 1/2 for atoms as they are, 0 if there is none."""
    level = dictionaries.full(0)
    for k in range(1, dictionaries.n + 1):
        recovered = dictionaries.null_space_constant(dictionaries.full(k), unit=False) < 0.5
        level = level.where(~recovered, dictionaries.full(k))
    return level


def _exact_recovered_level(dictionary: ExactDictionary) -> Fraction:
    """The largest k with nsc_k < 1/2 for atoms as they are, proved; 0 if there is none."""
    level = 0
    while level < dictionary.n:
        found = dictionary.null_space_constant(level + 1, unit=False)
        if not as_enclosure(found).upper < Fraction(1, 2):
            break
        level += 1
    return Fraction(level)


def _spark_less_one(dictionaries: FloatDictionaries) -> Tensor:
    spark = dictionaries.spark
    return (spark - 1).where(spark.isfinite() & (spark > 2), math.nan)


GAUGES: Mapping[str, Gauge] = {
    "m": Gauge(lambda d, _: d.full(d.m), lambda d, _: Fraction(d.m)),
    "n": Gauge(lambda d, _: d.full(d.n), lambda d, _: Fraction(d.n)),
    "k": Gauge(lambda _, k: k, lambda _, k: Fraction(k)),
    "rank": Gauge(lambda d, _: d.rank.double(), lambda d, _: Fraction(d.rank)),
    "nullity": Gauge(lambda d, _: d.n - d.rank.double(), lambda d, _: Fraction(d.nullity)),
    "spark": Gauge(lambda d, _: d.spark, lambda d, _: Fraction(d.spark)),
    "spark - 1": Gauge(lambda d, _: _spark_less_one(d), lambda d, _: Fraction(d.spark - 1)),
    "dependent 2k": Gauge(
        lambda d, k: (d.spark <= 2 * k).double(),
        lambda d, k: Fraction(d.dependent_sets(2 * k)),
    ),
    "mu": Gauge(lambda d, _: d.mu, lambda d, _: d.mu),
    "mu_1(k)": Gauge(lambda d, k: d.babel(k), lambda d, k: d.babel(k)),
    "mu_1(k-1)": Gauge(lambda d, k: d.babel(k - 1), lambda d, k: d.babel(k - 1)),
    "mu_1(n-1)": Gauge(lambda d, _: d.babel(d.full(d.n - 1)), lambda d, _: d.babel(d.n - 1)),
    "delta_k": Gauge(lambda d, k: d.isometry(k), lambda d, k: d.isometry(k)),
    "delta_2k": Gauge(lambda d, k: d.isometry(2 * k), lambda d, k: d.isometry(2 * k)),
    "delta_n": Gauge(lambda d, _: d.isometry(d.full(d.n)), lambda d, _: d.isometry(d.n)),
    "nsc_1": Gauge(
        lambda d, _: d.null_space_constant(d.full(1), unit=True), lambda d, _: d.null_space_constant(1, unit=True)
    ),
    "nsc_k": Gauge(lambda d, k: d.null_space_constant(k, unit=True), lambda d, k: d.null_space_constant(k, unit=True)),
    "nsc_n": Gauge(
        lambda d, _: d.null_space_constant(d.full(d.n), unit=False),
        lambda d, _: d.null_space_constant(d.n, unit=False),
    ),
    "nsc_k as given": Gauge(
        lambda d, k: d.null_space_constant(k, unit=False), lambda d, k: d.null_space_constant(k, unit=False)
    ),
    "recovered level": Gauge(lambda d, _: _recovered_level(d), lambda d, _: _exact_recovered_level(d)),
    "mu~": Gauge(
        lambda d, _: d.generalized_coherences.amax(dim=1), lambda d, _: exact_weights.generalized_coherence(d)
    ),
    "mu~_i": Gauge(lambda d, _: d.generalized_coherences, lambda d, _: exact_weights.generalized_coherences(d)),
    "mu~ of the last": Gauge(
        lambda d, _: d.generalized_coherences[:, -1], lambda d, _: exact_weights.coherence_of_last(d)
    ),
    "alpha_1": Gauge(lambda d, _: d.null_space_constant(d.full(1), unit=True), lambda d, _: exact_weights.alpha_one(d)),
    "half of k": Gauge(lambda _, k: ((k + 1) / 2).floor(), lambda _, k: Fraction((k + 1) // 2)),
    "share": Gauge(_share, lambda d, k: d.share(range(k), unit=False)),
    "average": Gauge(_average, _exact_average),
    "P(k)": Gauge(_generalized_babel, exact_weights.generalized_babel),
    "Frobenius": Gauge(lambda d, _: _frobenius(d), lambda d, _: exact_weights.frobenius_coherence(d)),
}
