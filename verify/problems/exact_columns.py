"""Some atoms in exact integers: exact residuals, and exact codes on these atoms found by refinement."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from functools import cached_property

from ..dictionaries.dictionary import Dictionary
from ..dictionaries.signals import Signal
from ..exact import IntegerMatrix
from .proofs import ExactCode

Vector = list[Fraction]


class ExactColumns:
    """Atoms as exact real columns; complex ones as [Re, -Im; Im, Re], for the unknowns (Re x, Im x)."""

    def __init__(self, dictionary: Dictionary, support: Sequence[int]) -> None:
        self.support = tuple(support)
        self.is_complex = dictionary.field == "complex"
        atoms = dictionary.integer_atoms(support)
        columns = [list(column) for column in atoms.real]
        if atoms.imaginary is not None:
            turned = [[-x for x in column] for column in atoms.imaginary]
            columns = [[*a, *b] for a, b in zip(atoms.real, atoms.imaginary, strict=True)]
            columns += [[*t, *a] for t, a in zip(turned, atoms.real, strict=True)]
        self.scale = list(atoms.scale) * (2 if self.is_complex else 1)
        self.columns = columns
        self.length = len(columns[0]) if columns else dictionary.shape[0] * (2 if self.is_complex else 1)

    @cached_property
    def _rows(self) -> IntegerMatrix:
        return IntegerMatrix([*zip(*self.columns, strict=True)])

    def residual(self, signal: Sequence[Fraction], values: Sequence[Fraction]) -> Vector:
        """Return y - D_S x exactly, in real and then imaginary parts."""
        if not self.columns:
            return list(signal)
        factors = [x * scale for x, scale in zip(values, self.scale, strict=True)]
        common = math.lcm(*(factor.denominator for factor in factors))
        products = self._rows.times([factor.numerator * (common // factor.denominator) for factor in factors])
        return [y - Fraction(product, common) for y, product in zip(signal, products, strict=True)]

    def code(self, values: Sequence[Fraction]) -> ExactCode:
        """Return the exact code with these values on the support; zeros leave it."""
        s = len(self.support)
        real, imaginary = values[:s], values[s:]
        kept = [i for i in range(s) if real[i] or (self.is_complex and imaginary[i])]
        used = [real[i] for i in kept] + ([imaginary[i] for i in kept] if self.is_complex else [])
        divisor = math.lcm(*(value.denominator for value in used))
        integers = [value.numerator * (divisor // value.denominator) for value in used]
        exponent = 0
        if divisor & (divisor - 1) == 0:  # a power of two belongs into the exponent
            exponent, divisor = 1 - divisor.bit_length(), 1
        return ExactCode(
            support=tuple(self.support[i] for i in kept),
            real=tuple(integers[: len(kept)]),
            imaginary=tuple(integers[len(kept) :]) if self.is_complex else None,
            exponent=exponent,
            divisor=divisor,
        )


def signal_vector(signal: Signal, *, is_complex: bool) -> Vector:
    """Return the exact entries of a signal, real and then, for complex dictionaries, imaginary parts."""
    real, imaginary = signal.fractions
    return [*real, *(imaginary or [Fraction(0)] * len(real))] if is_complex else real
