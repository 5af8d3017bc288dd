"""Bounds of the errors of stored networks for deep codes, as floats: what a certificate then proves."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import partial

import numpy as np
from numpy.typing import NDArray

from ..dictionaries.deep import DeepDictionary
from ..rounding import float_upper
from .code_class import CodeClass, RowNoise
from .deep_bounds import DeepClass
from .deep_network import DeepNetwork
from .error_bounds import ErrorBounder, Errors
from .rounding_model import RoundingModel
from .unrolled import UnrolledNetwork
from .weights import real_atoms

Floats = NDArray[np.float64]

_UP = 1 + 2.0**-40


@dataclass(frozen=True, slots=True, kw_only=True)
class DeepErrors:
    """Bounds of |x~_j - x_j| for j = 1 .. J, and after every layer of each network, on the support and off it.

    Estimated: computed in floating point and rounded nowhere; infinite where sums have no error bound.
    """

    on: tuple[tuple[float, ...], ...]
    off: tuple[tuple[float, ...], ...]
    l2: tuple[float, ...]
    linf: tuple[float, ...]

    @property
    def last(self) -> tuple[float, float]:
        """The bounds of the entries of x~_J on the support and off it."""
        return self.on[-1][-1], self.off[-1][-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise:
    """|e|_2 <= `norm` for the signal of one network, and `rows`, bounds of |v_i e|."""

    norm: Fraction
    rows: RowNoise | None


def norm_estimate(deep: DeepDictionary, start: int, end: int) -> float:
    """Return |D[start:end]|_2, a little more; 1 for no dictionary. Estimated."""
    return 1.0 if start == end else float(np.linalg.norm(real_atoms(deep.product(start, end)), 2)) * (1 + 1e-6)


def noise_below(deep: DeepDictionary, start: int) -> float:
    """Return the sum over i > start of |D[start:i-1]|_2 eps_i, which bounds |x_start - D[start:J] x_J|_2. Estimated."""
    parts = (norm_estimate(deep, start, i) * float_upper(deep.tolerances[i]) for i in range(start, deep.depth))
    return sum(parts) * _UP


def product_noise(deep: DeepDictionary) -> Noise:
    """Return the noise in the signal as one of D[J]."""
    columns = [real_atoms(deep.product(0, j)) for j in range(1, deep.depth)]
    tolerances = [float_upper(tolerance) for tolerance in deep.tolerances]
    return Noise(norm=_fraction(noise_below(deep, 0)), rows=partial(_passed, columns, tolerances))


def layer_noise(deep: DeepDictionary, at: int, before: Errors | None, members: DeepClass) -> Noise:
    """Return the noise in x~_at as a signal of D_(at+1), `before` bounding the error of x~_at; None for the signal."""
    tolerance = deep.tolerances[at]
    if before is None:
        return Noise(norm=tolerance, rows=None)
    level = members.levels[at - 1]
    norm = l2_of(before, level)
    rows = partial(carried, before, level, float_upper(tolerance), norm)
    return Noise(norm=tolerance + _fraction(norm), rows=rows)


def _fraction(value: float) -> Fraction:
    return Fraction(value) if np.isfinite(value) else Fraction(1 << 100)


def _passed(columns: list[Floats], tolerances: list[float], rows: Floats) -> Floats:
    found = np.linalg.norm(rows, axis=1) * tolerances[0]
    for matrix, tolerance in zip(columns, tolerances[1:], strict=True):
        found = found + np.linalg.norm(rows @ matrix, axis=1) * tolerance
    return found * _UP


def carried(before: Errors, level: int, tolerance: float, norm: float, rows: Floats) -> Floats:
    """Return bounds of |v_i e|, e the error `before` with `level` nonzeros, of norm `norm`, and |f|_2 <= tolerance."""
    moduli = np.abs(rows)
    lengths = np.linalg.norm(rows, axis=1)
    gains = np.partition(moduli * (before.on - before.off), -level, axis=1)[:, -level:]
    carried = moduli @ before.off + np.maximum(gains, 0).sum(axis=1)
    return (np.minimum(carried, lengths * norm) + lengths * tolerance) * _UP


def l2_of(errors: Errors, level: int) -> float:
    """Return the greatest norm that these errors allow."""
    on, off = errors.on**2, errors.off**2
    total = off.sum() + np.maximum(np.sort(on - off)[-level:], 0).sum()
    return float("inf") if np.isnan(total) else float(np.sqrt(total)) * _UP


def code_class(members: DeepClass, j: int, noise: Noise) -> CodeClass:
    """Return what a network knows of x_(j+1) and of the noise."""
    return CodeClass(sparsity=members.levels[j], bound=members.bounds[j], noise=noise.norm, rows=noise.rows)


def deep_errors(network: DeepNetwork, members: DeepClass, arithmetic: str = "ieee") -> DeepErrors:
    """Return the bounds for a class; the recursion is that of certificates/SPEC.md section 6.13.

    Raises InputError for an arithmetic that a network's format does not have.
    """
    deep, several = network.deep, len(network.networks) > 1
    on: list[tuple[float, ...]] = []
    off: list[tuple[float, ...]] = []
    l2: list[float] = []
    linf: list[float] = []
    before: Errors | None = None
    for at, one in enumerate(network.networks):
        j = at if several else deep.depth - 1
        noise = layer_noise(deep, at, before, members) if several else product_noise(deep)
        dictionary = deep.dictionaries[at] if several else deep.product(0, deep.depth)
        states = ErrorBounder(one, dictionary).states(code_class(members, j, noise), arithmetic)
        before = states[-1]
        on.append(tuple(_greatest(state.on) for state in states))
        off.append(tuple(_greatest(state.off) for state in states))
        l2.append(l2_of(before, members.levels[j]))
        linf.append(max(on[-1][-1], off[-1][-1]))
    if not several:
        assert before is not None
        images = [_image(network.networks[0], deep, j, before, members, arithmetic) for j in range(1, deep.depth)]
        l2, linf = [*images, *l2], [*images, *linf]
    return DeepErrors(on=tuple(on), off=tuple(off), l2=tuple(l2), linf=tuple(linf))


def _greatest(values: Floats) -> float:
    return float("inf") if np.isnan(values).any() else float(values.max())


def reach_estimate(deep: DeepDictionary, j: int, level: int) -> float:
    """Return a bound of |D[j:J] z|_2/|z|_2 for z with `level` nonzeros. Estimated."""
    if j == deep.depth:
        return 1.0
    squares = np.sort((real_atoms(deep.product(j, deep.depth)) ** 2).sum(axis=0))[-level:]
    return min(norm_estimate(deep, j, deep.depth), float(np.sqrt(squares.sum())) * _UP)


def _image(
    network: UnrolledNetwork, deep: DeepDictionary, j: int, errors: Errors, members: DeepClass, arithmetic: str
) -> float:
    """Bound |x~_j - x_j|_2 for x~_j = D[j:J] x~_J as evaluated."""
    matrix, level = real_atoms(deep.product(j, deep.depth)), members.levels[-1]
    lengths = np.linalg.norm(matrix, axis=0)
    exact_zeros = not errors.off.any()
    factor = reach_estimate(deep, j, level) if exact_zeros else norm_estimate(deep, j, deep.depth)
    moved = min(_weighted(lengths, errors.on, errors.off, level), factor * l2_of(errors, level))
    sizes = float(members.bounds[-1]) + errors.on
    image = _weighted(lengths, sizes, errors.off, level)
    model = RoundingModel.of(arithmetic, network.dtype)
    m, n = matrix.shape
    theta = model.sum_error((level if exact_zeros else n) + 3)
    largest = float(lengths.max() + max(sizes.max(), errors.off.max()))
    underflow = 8 * model.tiny * (m + n + 4) * (3 + largest) * (np.sqrt(m) + 1)
    return (moved + noise_below(deep, j) + theta * image + float(underflow)) * _UP


def _weighted(weights: Floats, on: Floats, off: Floats, level: int) -> float:
    gains = np.sort(weights * (on - off))[-level:]
    return float((weights * off).sum() + np.maximum(gains, 0).sum()) * _UP
