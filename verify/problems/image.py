"""A dictionary and a signal in binary64, scaled by powers of two, with rigorous bounds of what products lose.

Source of the bounds: Higham, Accuracy and Stability of Numerical Algorithms (2002), sections 3.1 and 3.6.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..dictionaries.dictionary import Dictionary, Real
from ..dictionaries.signals import Signal
from ..exact import Enclosure
from ..rounding import BINARY64, float_upper, gamma
from ..verdict import Scaling

Floats = NDArray[np.float64]
Numbers = NDArray[Any]
"""Of dtype float64 or complex128."""

SLACK = 1 + 2.0**-30
"""Covers the roundings made while bounds are computed: fewer than 2^22 in a row."""
_TINY = 2.0**-500
_MODERATE = 8
"""Numbers of about this many bits above or below 1 are not scaled."""


@dataclass(frozen=True, kw_only=True, eq=False)
class AtomImage:
    """Columns a_j near d_j 2^-exponents[j], each entry rounded once at most.

    All exponents are equal, or (for unit atoms only) bring each atom near norm 1. The image problem has the weights
    `costs`: 1 for atoms as given, |a_j| for unit atoms. A dual vector v' of the image means v' 2^-dual_exponent.
    """

    atoms: Numbers
    exponents: tuple[int, ...]
    scaling: Scaling

    @property
    def dual_exponent(self) -> int:
        """The exponent that dual vectors are scaled back by."""
        return self.exponents[0] if self.scaling is Scaling.as_given else 0

    @cached_property
    def norms(self) -> Floats:
        """|a_j|, computed."""
        parts = (np.real(self.atoms), np.imag(self.atoms)) if np.iscomplexobj(self.atoms) else (self.atoms,)
        return np.sqrt(sum(np.einsum("ij,ij->j", part, part) for part in parts))

    @cached_property
    def norms_upper(self) -> Floats:
        """Upper bounds of the exact norms: m' squares rounded, atoms rounded once, squares below 2^-1022 lost."""
        return self.norms * (1 + self._relative) + self._length * _TINY

    @cached_property
    def norms_lower(self) -> Floats:
        """Lower bounds of the exact norms."""
        return np.maximum(self.norms * (1 - self._relative) - self._length * _TINY, 0.0)

    @property
    def costs(self) -> Floats:
        """The weights of the image problem, computed."""
        return np.ones(len(self.exponents)) if self.scaling is Scaling.as_given else self.norms

    @property
    def costs_upper(self) -> Floats:
        """Upper bounds of the exact weights."""
        return self.costs if self.scaling is Scaling.as_given else self.norms_upper

    @property
    def costs_lower(self) -> Floats:
        """Lower bounds of the exact weights."""
        return self.costs if self.scaling is Scaling.as_given else self.norms_lower

    @property
    def _length(self) -> int:
        return self.atoms.shape[0] * (2 if np.iscomplexobj(self.atoms) else 1)

    @property
    def _relative(self) -> float:
        return rounding_upper(self._length + 8)

    def products(self, vector: Numbers) -> tuple[Numbers, Floats]:
        """Return the computed <a_j, v> for all j, and bounds of how far each is from the exact atom's.

        v is taken exactly. Cost: one product with the matrix.
        """
        values = (vector.conj() @ self.atoms).conj() if np.iscomplexobj(self.atoms) else vector @ self.atoms
        parts = 2 if np.iscomplexobj(self.atoms) else 1  # |(a, b)| <= |a| + |b|
        size = norm_upper(vector)
        errors = (self.norms_upper * (size * parts * rounding_upper(self._length + 4)) + self._lost(size)) * SLACK
        return values, errors

    def applied(self, support: NDArray[np.intp], values: Numbers, signal: Numbers) -> tuple[Numbers, Floats]:
        """Return b - A z computed, z = `values` on `support`, and bounds of the error of each entry (real parts)."""
        columns = self.atoms[:, support]
        residual = signal - columns @ values
        moduli = np.abs(signal) + np.abs(columns) @ np.abs(values)
        parts = 2 if np.iscomplexobj(self.atoms) else 1
        relative = parts * rounding_upper(parts * len(support) + 6)
        return residual, (moduli * relative + self._lost(float(np.abs(values).sum()))) * SLACK

    def _lost(self, size: float) -> float:
        """Bound what underflow takes from a sum of products with a vector of this size."""
        return self._length * _TINY * (1 + size) + len(self.exponents) * _TINY


@dataclass(frozen=True, kw_only=True, eq=False)
class Image:
    """The image of one problem: min over z of costs with A z near b, b near y 2^-signal_exponent.

    A code z of the image means x_j = z_j 2^(signal_exponent - exponents[j]).
    """

    atoms: AtomImage
    signal: Numbers
    signal_exponent: int

    @property
    def value_exponent(self) -> int:
        """Of basis pursuit and bpdn: their values are those of the image times 2 to this power."""
        return self.signal_exponent - self.atoms.dual_exponent


def image(dictionary: Dictionary, signal: Signal, scaling: Scaling, *, uniform: bool = False) -> Image:
    """Return the image of a problem, `uniform` with one exponent for all atoms.

    Cost: one pass over the entries, once for each dictionary in a row of problems.
    """
    exponents = _exponents(signal.parts, of_columns=False)
    parts = [_scaled(part, exponents) for part in signal.parts]
    atoms = atom_image(dictionary, scaling, uniform or scaling is Scaling.as_given)
    vector = parts[0] if len(parts) == 1 else parts[0] + 1j * parts[1]
    if np.iscomplexobj(atoms.atoms):
        vector = vector.astype(np.complex128)
    return Image(atoms=atoms, signal=vector, signal_exponent=int(exponents[0]))


@lru_cache(maxsize=4)
def atom_image(dictionary: Dictionary, scaling: Scaling, uniform: bool) -> AtomImage:
    """Return the image of a dictionary; the last ones are remembered."""
    exponents = _exponents(dictionary.parts, of_columns=not uniform)
    parts = [_scaled(part, exponents) for part in dictionary.parts]
    atoms = parts[0] if len(parts) == 1 else parts[0] + 1j * parts[1]
    every = np.broadcast_to(exponents, dictionary.shape[1]).tolist()
    return AtomImage(atoms=atoms, exponents=tuple(every), scaling=scaling)


@lru_cache(maxsize=1 << 10)
def rounding_upper(operations: int) -> float:
    """Return a float above gamma_m (Higham 2002, section 3.1)."""
    return float_upper(gamma(operations, BINARY64.unit_roundoff))


def norm_upper(vector: Numbers) -> float:
    """Return a float that is at least |v|_2."""
    parts = (np.real(vector), np.imag(vector)) if np.iscomplexobj(vector) else (vector,)
    total = sum(float(np.dot(part, part)) for part in parts)
    return math.sqrt(total) * (1 + rounding_upper(2 * len(vector) + 8)) + len(vector) * _TINY


def inner_enclosed(left: Numbers, right: Numbers) -> Enclosure:
    """Enclose Re <left, right'>, right' what was rounded once to `right`; `left` is exact."""
    value = float(np.vdot(left, right).real)
    error = norm_upper(left) * norm_upper(right) * rounding_upper(2 * len(left) + 4)
    error = (error + 2 * len(left) * _TINY * (1 + norm_upper(left))) * SLACK
    return Enclosure(Fraction(value) - Fraction(error), Fraction(value) + Fraction(error))


def _exponents(parts: Sequence[Real], *, of_columns: bool) -> NDArray[np.int_]:
    """Return e with the largest entry, of each column or of all, in [2^(e-1), 2^e); 0 where scaling would do little."""
    axis = 0 if of_columns else None
    largest = np.maximum.reduce([_largest(part, axis) for part in parts])
    exponents = np.array([_exponent(value) for value in np.atleast_1d(largest).tolist()])
    return np.zeros_like(exponents) if np.abs(exponents).max() <= _MODERATE else exponents


def _largest(part: Real, axis: int | None) -> Any:
    if part.dtype == object:
        return np.asarray(np.abs(part).max(axis=axis), dtype=object)
    return np.maximum(np.abs(part.max(axis=axis).astype(object)), np.abs(part.min(axis=axis).astype(object)))


def _exponent(value: float | int | Fraction) -> int:
    if not value:
        return 0
    p, q = value.as_integer_ratio()
    e = p.bit_length() - q.bit_length()
    return e + 1 if Fraction(p, q) >= Fraction(2) ** e else e


def _scaled(part: Real, exponents: NDArray[np.int_]) -> Floats:
    """Return the entries (of columns, or of one vector) times 2^-exponents, each rounded once at most."""
    if part.dtype == object or (part.dtype.kind in "iu" and part.dtype.itemsize == 8):
        shifts = np.broadcast_to(exponents, part.shape)
        result = np.empty(part.shape)
        for at, value in np.ndenumerate(part.astype(object)):
            result[at] = float(Fraction(value) * Fraction(2) ** -int(shifts[at]))
        return result
    values = np.asarray(part, dtype=np.float64)
    if not exponents.any():
        return values
    half = exponents // 2  # two steps, because 2^-exponent itself can overflow
    return np.ldexp(np.ldexp(values, -half), half - exponents)
