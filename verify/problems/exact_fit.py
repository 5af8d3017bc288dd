"""Least squares on a few atoms in exact arithmetic: coefficients and squared distances as rationals."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ..dictionaries.dictionary import Dictionary
from ..dictionaries.signals import Signal
from ..errors import LimitError
from ..exact import gram_matrix, solve

_LONGEST_DENOMINATOR = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """The least-squares code on some atoms: x_i for `atoms` (independent, others are 0), and |y - Dx|_2^2, exactly."""

    atoms: tuple[int, ...]
    values: tuple[Fraction, ...]
    squared: Fraction


class ExactFits:
    """Exact least squares of one real signal on sets of atoms of one real dictionary.

    Cost of one fit of k atoms: k^2 inner products of m integers and one system of k equations. Raises LimitError if
    entries have too long a common denominator.
    """

    def __init__(self, dictionary: Dictionary, signal: Signal) -> None:
        self._dictionary = dictionary
        self._atoms: dict[int, tuple[Fraction, list[int]]] = {}
        self._fractions = signal.fractions[0]
        common = 1
        for value in self._fractions:
            common = math.lcm(common, value.denominator)
            if common.bit_length() > _LONGEST_DENOMINATOR:
                raise LimitError(
                    f"the entries of the signal have a common denominator of more than {_LONGEST_DENOMINATOR} bits, "
                    "too long for exact work: round them to fewer digits"
                )
        self._signal = [int(value * common) for value in self._fractions]
        self._signal_scale = Fraction(1, common)
        self.signal_squared = sum((value * value for value in self._fractions), Fraction(0))

    def atom(self, index: int) -> tuple[Fraction, list[int]]:
        """Return scale s > 0 and the primitive integer vector a with d_i = s a."""
        if index not in self._atoms:
            integer = self._dictionary.integer_atoms([index])
            self._atoms[index] = integer.scale[0], list(integer.real[0])
        return self._atoms[index]

    @property
    def integer_signal(self) -> tuple[list[int], Fraction]:
        """The signal as integers, and the factor that makes it y."""
        return self._signal, self._signal_scale

    def fit(self, support: Sequence[int], fixed: Mapping[int, Fraction] | None = None) -> Fit:
        """Return the least-squares code on a support, where the entries of `fixed` are kept at their values.

        Atoms that depend on earlier ones of the support (fixed ones come first) get 0. Exact.
        """
        fixed = fixed or {}
        right, scale = (self._signal, self._signal_scale) if not fixed else self._remainder(fixed)
        atoms, coefficients, rest = self._solved([i for i in support if i not in fixed], right)
        values = {i: value * scale / self.atom(i)[0] for i, value in zip(atoms, coefficients, strict=True)}
        values |= fixed
        order = tuple(sorted(values))
        return Fit(atoms=order, values=tuple(values[i] for i in order), squared=rest * scale**2)

    def squared_distance(self, support: Sequence[int]) -> Fraction:
        """Return the squared distance of the signal from the span of some atoms, exactly."""
        return self.fit(support).squared

    def squared_residual(self, atoms: Sequence[int], values: Sequence[Fraction]) -> Fraction:
        """Return |y - Dx|_2^2 of the code with these values, exactly."""
        return sum((x * x for x in self.residual(atoms, values)), Fraction(0))

    def residual(self, atoms: Sequence[int], values: Sequence[Fraction]) -> list[Fraction]:
        """Return y - Dx of the code with these values, exactly."""
        right, scale = self._remainder(dict(zip(atoms, values, strict=True)))
        return [x * scale for x in right]

    def inner_products(self, vector: Sequence[int], atoms: Iterable[int]) -> tuple[Fraction, list[Fraction]]:
        """Return <v, y> and <v, d_i> for an integer vector v and some atoms, exactly."""
        atoms = list(atoms)
        rows = [self._signal, *(self.atom(i)[1] for i in atoms)]
        first, *others = gram_matrix([list(vector)], rows)[0]
        return first * self._signal_scale, [c * self.atom(i)[0] for c, i in zip(others, atoms, strict=True)]

    def _remainder(self, values: Mapping[int, Fraction]) -> tuple[list[int], Fraction]:
        """Return y minus the atoms with these coefficients, as integers and their scale."""
        scaled = {i: value * self.atom(i)[0] for i, value in values.items()}
        common = math.lcm(self._signal_scale.denominator, *(value.denominator for value in scaled.values()))
        rest = [value * (common // self._signal_scale.denominator) for value in self._signal]
        for i, value in scaled.items():
            factor = int(value * common)
            rest = [r - factor * a for r, a in zip(rest, self.atom(i)[1], strict=True)]
        return rest, Fraction(1, common)

    def _solved(self, support: Sequence[int], right: list[int]) -> tuple[list[int], list[Fraction], Fraction]:
        """Return independent atoms among these, coefficients of the integer atoms, and the squared residual."""
        atoms = list(support)
        products = gram_matrix([*(self.atom(i)[1] for i in atoms), right], [*(self.atom(i)[1] for i in atoms), right])
        count = len(atoms)
        kept = list(range(count))
        coefficients = solve([row[:count] for row in products[:count]], products[count][:count]) if count else []
        if coefficients is None:
            kept = []
            coefficients = []
            for i in range(count):
                trial = [*kept, i]
                found = solve([[products[a][b] for b in trial] for a in trial], [products[a][count] for a in trial])
                if found is not None:
                    kept, coefficients = trial, found
        explained = sum((c * products[i][count] for c, i in zip(coefficients, kept, strict=True)), Fraction(0))
        return [atoms[i] for i in kept], coefficients, products[count][count] - explained
