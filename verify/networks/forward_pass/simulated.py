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

    `nonzeros` is the mean number of nonzeros of a code. Observed: the codes are drawn and run in float64.
    """

    found: int
    trials: int
    interval: Interval
    threshold: Fraction
    nonzeros: float


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
    eps, b = float(codes.noise if noise is None else noise), float(threshold)
    found = nonzeros = 0
    for start in range(0, trials, _AT_ONCE):
        count = min(_AT_ONCE, trials - start)
        x = np.stack([_code(random, chosen, codes, rule) for chosen in unit.supports(random, codes.sparsity, count)])
        y = unit.synthesis(x)
        v = unit.analysis(y)
        if eps:
            e = unit.analysis(random.standard_normal(y.shape))
            v += e * (eps / np.abs(e).reshape(count, -1).max(axis=1)).reshape(-1, *[1] * (e.ndim - 1))
        nonzeros += int(np.count_nonzero(x))
        kept = v > b if rule is Rule.relu else np.abs(v) > b
        found += int((kept == (x != 0)).reshape(count, -1).all(axis=1).sum())
    interval = clopper_pearson(found, trials - found, trials, confidence)
    return Frequency(found=found, trials=trials, interval=interval, threshold=threshold, nonzeros=nonzeros / trials)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Matrix:
    """Unit atoms of a matrix."""

    atoms: Floats

    def synthesis(self, x: Floats) -> Floats:
        return x @ self.atoms.T

    def analysis(self, y: Floats) -> Floats:
        return y @ self.atoms

    def supports(self, random: np.random.Generator, s: int, count: int) -> Floats:
        chosen = np.zeros((count, self.atoms.shape[1]))
        for row in chosen:
            row[random.permutation(len(row))[:s]] = 1
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

    def supports(self, random: np.random.Generator, s: int, count: int) -> Floats:
        """Return supports (count, C, l..): atoms in random order, each where every stripe that holds it has room."""
        C, *lengths = self.norms.shape
        reach, wraps = self.dictionary.reach, self.dictionary.boundary is Boundary.circular
        wide = lengths if wraps else [n + 2 * r for n, r in zip(lengths, reach, strict=True)]
        places = np.stack(np.unravel_index(np.arange(int(np.prod(lengths))), lengths), axis=1)
        around = np.stack(np.meshgrid(*(np.arange(-r, r + 1) for r in reach), indexing="ij"), axis=-1)
        steps = around.reshape(-1, len(reach))
        chosen = np.zeros((count, C * len(places)), dtype=bool)
        held = np.zeros((count, int(np.prod(wide))), dtype=np.int32)
        order = np.stack([random.permutation(chosen.shape[1]).astype(np.int32) for _ in range(count)])
        rows = np.arange(count)
        for step in range(chosen.shape[1]):
            atoms = order[:, step]
            near = places[atoms % len(places)][:, None] + steps
            near = near % wide if wraps else near + reach  # beyond the ends nothing stands, and what is counted is less
            at = np.asarray(np.ravel_multi_index(tuple(np.moveaxis(near, -1, 0)), wide))
            room = held[rows[:, None], at].max(axis=1) < s
            if room.any():
                chosen[rows[room], atoms[room]] = True
                held[rows[room][:, None], at[room]] += 1
        return chosen.reshape(count, C, *lengths).astype(np.float64)


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


def _code(random: np.random.Generator, chosen: Floats, codes: LayerCodes, rule: Rule) -> Floats:
    code = chosen * float(codes.largest)
    places = np.flatnonzero(chosen)
    code.ravel()[places[random.integers(len(places))]] = float(codes.least)
    return code if rule is Rule.relu else code * random.choice((-1.0, 1.0), code.shape)
