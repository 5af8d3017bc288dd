"""C_1, C_2 and the rate of the networks in closed form whose weights are stored, as floats; certificates prove them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..rounding import float_upper
from .deep_bounds import DeepClass
from .deep_errors import noise_below, reach_estimate
from .deep_network import DeepNetwork
from .unrolled import ResidualLayer, UnrolledNetwork
from .weights import real_atoms

Floats = NDArray[np.float64]

_LARGEST = 1 - 2.0**-20
"""Rates above this count as 1: bounds would be more than a million times the noise."""
_ROUNDED = 2.0**-40
"""More than what rounding does to q."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeepConstants:
    """|x~_j - x_j|_2 <= c_1[j-1] rate[j-1]^K + c_2[j-1] eps after K steps in exact arithmetic; estimated.

    `scalings` says for each network whether its q is that of unit atoms or of atoms as given.
    """

    c_1: tuple[float, ...]
    c_2: tuple[float, ...]
    rate: tuple[float, ...]
    scalings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Contraction:
    q: float
    scaling: str
    rows: Floats
    weights: Floats


def deep_constants(network: DeepNetwork, members: DeepClass) -> DeepConstants | None:
    """Return the constants of certificates/SPEC.md section 6.13, or None where q >= 1 for some network."""
    deep = network.deep
    if len(network.networks) == 1:
        return _deepest_first(network, members)
    c_1, c_2, rate = 0.0, 0.0, 0.0
    found: list[tuple[float, float, float]] = []
    scalings: list[str] = []
    for j, (one, dictionary) in enumerate(zip(network.networks, deep.dictionaries, strict=True)):
        known = _contraction(one, real_atoms(dictionary), members.levels[j])
        if not known.q < _LARGEST:
            return None
        c, least = known.weights, float(known.weights.min())
        spread = 0.0
        if j:
            spread = float((c * np.sort(np.abs(known.rows), axis=1)[:, -members.levels[j - 1] :].sum(axis=1)).max())
        gain, omega = 2 / (1 - known.q), float((c * np.linalg.norm(known.rows, axis=1)).max())
        c_1 = (float_upper(members.bounds[j]) * float(c.max()) + gain * spread * c_1) / least
        c_2 = gain * (omega + spread * c_2) / least
        rate = max(rate, known.q)
        root = math.sqrt(members.levels[j])
        found.append((root * c_1, root * c_2, rate))
        scalings.append(known.scaling)
    ones, twos, rates = zip(*found, strict=True)
    return DeepConstants(c_1=ones, c_2=twos, rate=rates, scalings=tuple(scalings))


def _deepest_first(network: DeepNetwork, members: DeepClass) -> DeepConstants | None:
    deep, level = network.deep, members.levels[-1]
    depth = deep.depth
    known = _contraction(network.networks[0], real_atoms(deep.product(0, depth)), level)
    if not known.q < _LARGEST:
        return None
    lengths = np.linalg.norm(known.rows, axis=1)
    for j in range(1, depth):
        lengths = lengths + np.linalg.norm(known.rows @ real_atoms(deep.product(0, j)), axis=1)
    least, root = float(known.weights.min()), math.sqrt(level)
    c_1 = root * float_upper(members.bounds[-1]) * float(known.weights.max()) / least
    c_2 = root * 2 * float((known.weights * lengths).max()) / ((1 - known.q) * least)
    ones = type(deep).of(deep.dictionaries, tolerances=[1] * depth)
    reaches = [reach_estimate(deep, j, level) for j in range(1, depth + 1)]
    tails = [noise_below(ones, j) for j in range(1, depth + 1)]
    return DeepConstants(
        c_1=tuple(reach * c_1 for reach in reaches),
        c_2=tuple(reach * c_2 + tail for reach, tail in zip(reaches, tails, strict=True)),
        rate=(known.q,) * depth,
        scalings=(known.scaling,),
    )


def _contraction(network: UnrolledNetwork, atoms: Floats, level: int) -> _Contraction:
    """Return the smaller q of the two scalings, for the weights of the last layer."""
    last = network.layers[-1]
    rows = np.asarray(last.analysis.T if isinstance(last, ResidualLayer) else last.signal, dtype=np.float64)
    products = rows @ atoms
    own = np.abs(1 - np.diag(products))
    moduli = np.abs(products - np.diag(np.diag(products)))
    norms = np.linalg.norm(atoms, axis=0)
    found: list[_Contraction] = []
    for scaling, weights in (("unit", norms), ("as-given", np.ones_like(norms))):
        scaled = np.sort(moduli * weights[:, None] / weights, axis=1)
        sums = scaled[:, -level:].sum(axis=1) + (scaled[:, 1 - level :].sum(axis=1) if level > 1 else 0)
        found.append(_Contraction(float((own + sums).max()) + _ROUNDED, scaling, rows, weights))
    return min(found, key=lambda one: one.q)
