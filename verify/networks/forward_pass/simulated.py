"""How often a forward pass finds the support of random codes: observed, with exact intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...dictionaries.convolutional import Boundary, ConvolutionalDictionary
from ...dictionaries.dictionary import Dictionary
from ...errors import InputError
from ...problems.recovery.clopper_pearson import MOST_TRIALS, Interval, clopper_pearson
from .codes import LayerCodes, Rule
from .layers import Layer, MeasuredLayer

Floats = NDArray[np.float64]
_AT_ONCE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Frequency:
    """`found` of `trials` random codes had their support found; `interval` encloses the probability (Clopper, Pearson).

    Observed: the codes are drawn and run in float64.
    """

    found: int
    trials: int
    interval: Interval
    threshold: Fraction


def observed_frequency(
    layer: MeasuredLayer,
    codes: LayerCodes,
    rule: Rule,
    threshold: Fraction,
    *,
    noise: Fraction | None = None,
    lengths: Sequence[int] | None = None,
    trials: int = 200,
    seed: int = 0,
    confidence: Fraction = Fraction(95, 100),
) -> Frequency:
    """Draw codes of a class and noise at its bound, threshold D^T y once, and count the supports found exactly.

    Supports are uniform (for filters: atoms at random as long as no stripe holds more than s, on a code of `lengths`);
    one nonzero is |x|_min, all others |x|_max, signs are random (positive for relu); e is a random direction with the
    largest |d_i^T e| = `noise` (default: that of the class). Guarantee: the interval, as trials are independent; counts
    are observed. Raises InputError for too many trials, a sparsity above the atoms, and filters without `lengths`.
    """
    if isinstance(trials, bool) or not isinstance(trials, int) or not 1 <= trials <= MOST_TRIALS:
        raise InputError(f"trials: expected a number from 1 to {MOST_TRIALS}, got {trials!r:.40}")
    if codes.sparsity > layer.others + 1:
        raise InputError(f"sparsity: expected at most {layer.others + 1} nonzeros, got {codes.sparsity}")
    random = np.random.default_rng(seed)
    unit = _unit(layer.dictionary, lengths)
    eps, b, found = float(codes.noise if noise is None else noise), float(threshold), 0
    for start in range(0, trials, _AT_ONCE):
        count = min(_AT_ONCE, trials - start)
        x = np.stack([_code(random, unit, codes, rule) for _ in range(count)])
        y = unit.synthesis(x)
        v = unit.analysis(y)
        if eps:
            e = unit.analysis(random.standard_normal(y.shape))
            v += e * (eps / np.abs(e).reshape(count, -1).max(axis=1)).reshape(-1, *[1] * (e.ndim - 1))
        kept = v > b if rule is Rule.relu else np.abs(v) > b
        found += int((kept == (x != 0)).reshape(count, -1).all(axis=1).sum())
    interval = clopper_pearson(found, trials - found, trials, confidence)
    return Frequency(found=found, trials=trials, interval=interval, threshold=threshold)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Matrix:
    """Unit atoms of a matrix."""

    atoms: Floats

    def synthesis(self, x: Floats) -> Floats:
        return x @ self.atoms.T

    def analysis(self, y: Floats) -> Floats:
        return y @ self.atoms

    def support(self, random: np.random.Generator, s: int) -> Floats:
        chosen = np.zeros(self.atoms.shape[1])
        chosen[random.permutation(len(chosen))[:s]] = 1
        return chosen


@dataclass(frozen=True, slots=True, kw_only=True)
class _Filters:
    """Unit atoms of filters at one size."""

    dictionary: ConvolutionalDictionary
    norms: Floats

    def synthesis(self, x: Floats) -> Floats:
        return np.asarray(self.dictionary.synthesis(x / self.norms), dtype=np.float64)

    def analysis(self, y: Floats) -> Floats:
        return np.asarray(self.dictionary.analysis(y), dtype=np.float64) / self.norms

    def support(self, random: np.random.Generator, s: int) -> Floats:
        chosen, held = np.zeros(self.norms.shape), np.zeros(self.norms.shape[1:], dtype=int)
        wraps = self.dictionary.boundary is Boundary.circular
        for at in random.permutation(chosen.size):
            place = np.unravel_index(at, chosen.shape)
            stripe = np.ix_(
                *[
                    _near(int(p), r, n, wraps)
                    for p, r, n in zip(place[1:], self.dictionary.reach, held.shape, strict=True)
                ]
            )
            if held[stripe].max() < s:
                held[stripe] += 1
                chosen[place] = 1
        return chosen


def _near(place: int, reach: int, length: int, wraps: bool) -> list[int]:
    places = range(place - reach, place + reach + 1)
    return sorted({p % length for p in places}) if wraps else [p for p in places if 0 <= p < length]


def _unit(dictionary: Layer, lengths: Sequence[int] | None) -> Any:
    if isinstance(dictionary, Dictionary):
        atoms = np.asarray(dictionary.real, dtype=np.float64)
        return _Matrix(atoms=atoms / np.linalg.norm(atoms, axis=0))
    if lengths is None:
        raise InputError("expected the lengths of the code, which say how many atoms there are")
    filters = np.asarray(dictionary.filters, dtype=np.float64)
    floats = ConvolutionalDictionary.of(filters, stride=dictionary.stride, boundary=dictionary.boundary)
    squares = ConvolutionalDictionary.of(filters**2, stride=dictionary.stride, boundary=dictionary.boundary)
    ones = np.ones((dictionary.channels[1], *dictionary.signal_lengths(lengths)))
    return _Filters(dictionary=floats, norms=np.sqrt(np.asarray(squares.analysis(ones), dtype=np.float64)))


def _code(random: np.random.Generator, unit: Any, codes: LayerCodes, rule: Rule) -> Floats:
    chosen = unit.support(random, codes.sparsity)
    code = chosen * float(codes.largest)
    places = np.flatnonzero(chosen)
    code.ravel()[places[random.integers(len(places))]] = float(codes.least)
    return code if rule is Rule.relu else code * random.choice((-1.0, 1.0), code.shape)
