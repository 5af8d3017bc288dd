"""The norms of the atoms, squared and exact."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ..dictionaries.dictionary import Dictionary

_ATOMS_AT_ONCE = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class AtomNorms:
    """The least and the greatest N_i^2, exactly."""

    squared_min: Fraction
    squared_max: Fraction

    @property
    def equal(self) -> bool:
        """Whether all atoms have exactly the same norm."""
        return self.squared_min == self.squared_max


def atom_norms(dictionary: Dictionary) -> AtomNorms:
    """Return the least and the greatest squared norm of an atom.

    Guarantee: exact; logarithms in binary64, with a margin for their rounding, select the atoms that can be extreme,
    exact integers decide. Cost: one pass over the entries.
    """
    logarithms = _logarithms(dictionary)
    margin = (4 * dictionary.shape[0] + 64) * 2.0**-52 + 2.0**-40 + float(np.abs(logarithms).max()) * 2.0**-49
    low = np.flatnonzero(logarithms <= logarithms.min() + margin)
    high = np.flatnonzero(logarithms >= logarithms.max() - margin)
    exact = [_squared(dictionary, atoms.tolist()) for atoms in (low, high)]
    return AtomNorms(squared_min=min(exact[0]), squared_max=max(exact[1]))


def _logarithms(dictionary: Dictionary) -> np.ndarray:
    """Return log2 N_i, safe from overflow and underflow."""
    result: list[np.ndarray] = []
    for start in range(0, dictionary.shape[1], _ATOMS_AT_ONCE):
        blocks = [part[:, start : start + _ATOMS_AT_ONCE] for part in dictionary.parts]
        stacked = np.concatenate(blocks, axis=0)
        if dictionary.is_rational:
            largest = np.abs(stacked).max(axis=0)
            exponents = [_exponent(value) for value in largest.tolist()]  # Python's integers: 2^64 is one of its own
            scaled = np.asarray(stacked / largest, dtype=np.float64)
            fraction = np.array([float(v / Fraction(2) ** e) for v, e in zip(largest.tolist(), exponents, strict=True)])
            result.append(np.array(exponents) + np.log2(fraction) + np.log2(np.sqrt((scaled**2).sum(axis=0))))
            continue
        stacked = np.asarray(stacked, dtype=np.float64)
        _, exponents = np.frexp(np.abs(stacked).max(axis=0))
        half = exponents // 2
        scaled = np.ldexp(np.ldexp(stacked, -half), half - exponents)
        result.append(exponents + np.log2(np.sqrt(np.einsum("lj,lj->j", scaled, scaled))))
    return np.concatenate(result)


def _exponent(value: Fraction) -> int:
    return value.numerator.bit_length() - value.denominator.bit_length()


def _squared(dictionary: Dictionary, atoms: list[int]) -> list[Fraction]:
    selected = dictionary.integer_atoms(atoms)
    return [scale**2 * norm for scale, norm in zip(selected.scale, selected.squared_norms, strict=True)]
