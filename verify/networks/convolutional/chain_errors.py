"""Bounds of the errors of networks for a chain of filters, as floats: what a certificate then proves."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from itertools import product

import numpy as np
from numpy.typing import NDArray

from ...dictionaries.convolutional import ConvolutionalDictionary
from ...dictionaries.convolutional_chain import ConvolutionalChain
from ...rounding import float_upper
from ..code_class import CodeClass
from ..deep_errors import Noise, carried, l2_of
from ..error_bounds import Errors
from ..rounding_model import RoundingModel
from .chain_network import ChainClass, ChainNetwork
from .matrices import bounder, real_filters

Floats = NDArray[np.float64]

_UP = 1 + 2.0**-40


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainErrors:
    """Bounds of |x~_j - x_j|_inf for j = 1 .. J, and after every layer of each network, on the support and off it.

    Estimated: computed in floating point and rounded nowhere; infinite where sums have no error bound.
    """

    on: tuple[tuple[float, ...], ...]
    off: tuple[tuple[float, ...], ...]
    linf: tuple[float, ...]


def layer_noise(chain: ConvolutionalChain, at: int, before: Errors | None, members: ChainClass) -> Noise:
    """Return the noise under a patch in x~_at as a signal of D_(at+1); `before` bounds the error of x~_at, if any.

    Its nonzeros on a patch are at most `ConvolutionalChain.patch_level`: there the error is that on the support.
    """
    tolerance = chain.tolerances[at]
    if before is None:
        return Noise(norm=tolerance, rows=None)
    taps = math.prod(chain.dictionaries[at].support)
    above, below, off = (np.repeat(values, taps) for values in (before.above, before.below, before.off))
    patch = Errors(above=above, below=below, off=off)
    level = chain.patch_level(at - 1, members.levels[at - 1])
    norm = l2_of(patch, level)
    rows = partial(carried, patch, level, float_upper(tolerance), norm)
    return Noise(norm=tolerance + _exact(norm), rows=rows)


def product_noise(chain: ConvolutionalChain) -> Noise:
    """Return the noise in the signal as one of D[J]: a bound of the norm on a patch of D[J]."""
    whole, total = chain.product(0, chain.depth), 0.0
    for j, (tolerance, after) in enumerate(zip(chain.tolerances, chain.dictionaries, strict=True)):
        if tolerance:
            before = chain.product(0, j) if j else None
            row, column = (1.0, 1.0) if before is None else gains(before)
            patches = 1
            for axis, (t, s, long) in enumerate(zip(after.support, after.stride, whole.support, strict=True)):
                taps, stride = (1, 1) if before is None else (before.support[axis], before.stride[axis])
                patches *= -(-(1 + (taps - 1) // stride + (long - 1) // stride) // (t - s + 1))
            total += math.sqrt(row * column * patches) * float_upper(tolerance)
    return Noise(norm=_exact(total * _UP), rows=None)


def gains(dictionary: ConvolutionalDictionary) -> tuple[float, float]:
    """Return the greatest sum of the moduli in a row of D, and in a column. Estimated."""
    moduli = np.abs(real_filters(dictionary))
    rows = max(float(entries.sum(axis=1).max()) for entries in _rows(moduli, dictionary.stride))
    return rows * _UP, float(moduli.reshape(len(moduli), -1).sum(axis=1).max()) * _UP


def _rows(moduli: Floats, stride: tuple[int, ...]) -> list[Floats]:
    """Return, for places modulo the stride, the entries of the filters that reach them: (M, C * taps)."""
    found: list[Floats] = []
    for start in product(*map(range, stride)):
        reached = moduli[(..., *(slice(r, None, s) for r, s in zip(start, stride, strict=True)))]
        found.append(np.moveaxis(reached, 0, 1).reshape(moduli.shape[1], -1))
    return [entries for entries in found if entries.size]


def code_class(members: ChainClass, at: int, noise: Noise) -> CodeClass:
    """Return what network `at` knows of its code and of the noise."""
    return CodeClass(sparsity=members.levels[at], bound=members.bounds[at], noise=noise.norm, rows=noise.rows)


def chain_errors(network: ChainNetwork, members: ChainClass, arithmetic: str = "ieee") -> ChainErrors:
    """Return the bounds for a class; the recursion is that of certificates/SPEC.md section 6.16.

    Raises InputError for an arithmetic that a network's format does not have.
    """
    chain, several = network.chain, len(network.networks) > 1
    on: list[tuple[float, ...]] = []
    off: list[tuple[float, ...]] = []
    linf: list[float] = []
    before: Errors | None = None
    for at, (one, dictionary) in enumerate(zip(network.networks, network.dictionaries, strict=True)):
        noise = layer_noise(chain, at, before, members) if several else product_noise(chain)
        states = bounder(one, dictionary).states(code_class(members, at, noise), arithmetic)
        before = states[-1]
        on.append(tuple(_greatest(state.on) for state in states))
        off.append(tuple(_greatest(state.off) for state in states))
        linf.append(max(on[-1][-1], off[-1][-1]))
    if not several:
        assert before is not None
        linf = [*(_image(network, j, before, members, arithmetic) for j in range(1, chain.depth)), *linf]
    return ChainErrors(on=tuple(on), off=tuple(off), linf=tuple(linf))


def _image(network: ChainNetwork, j: int, errors: Errors, members: ChainClass, arithmetic: str) -> float:
    """Bound |x~_j - x_j|_inf for x~_j = D[j:J] x~_J as evaluated."""
    chain, level = network.chain, members.levels[0]
    model = RoundingModel.of(arithmetic, network.networks[0].dtype)
    dictionary = chain.product(j, chain.depth)
    sizes, exact_zeros, worst = float(members.bounds[0]) + errors.on, not errors.off.any(), 0.0
    for entries in _rows(np.abs(real_filters(dictionary)), dictionary.stride):
        terms = entries.shape[1]
        each = terms // len(errors.off)
        on, off, size = (np.repeat(values, each) for values in (errors.on, errors.off, sizes))
        s = min(level, terms)
        moved, image = (_weighted(entries, values, off, s) for values in (on, size))
        theta = model.sum_error((s if exact_zeros else terms) + 3)
        largest = float(entries.max() + max(sizes.max(), errors.off.max()))
        underflow = float(8 * model.tiny * (terms + 5) * (3 + largest))
        worst = max(worst, float((moved + theta * image).max()) + underflow)
    for i in range(j, chain.depth):
        row = gains(chain.product(j, i))[0] if i > j else 1.0
        worst += row * float_upper(chain.tolerances[i])
    return worst * _UP


def _weighted(weights: Floats, on: Floats, off: Floats, level: int) -> Floats:
    """Return, for every row of weights, the greatest sum with `on` over a support and `off` over the rest."""
    top = np.partition(weights * (on - off), -level, axis=1)[:, -level:]
    return (weights @ off + np.maximum(top, 0).sum(axis=1)) * _UP


def _greatest(values: Floats) -> float:
    return float("inf") if np.isnan(values).any() else float(values.max())


def _exact(value: float) -> Fraction:
    return Fraction(value) if np.isfinite(value) else Fraction(1 << 100)
