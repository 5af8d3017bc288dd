"""A factor that shows an upper bound of the spectral norm of a dictionary (certificates/SPEC.md, spectral-norm)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ..dictionaries.dictionary import Dictionary
from ..rounding import dyadic_upper
from .weights import real_atoms

_DIGITS = 44


@dataclass(frozen=True, slots=True, kw_only=True)
class NormFactor:
    """|D|_2 <= `upper`, because t I - G = L L^T + R, up to a small R: t is `square`, L the integers times 2^`exponent`.

    G is D D^T for more atoms than rows, else D^T D; L is given row by row. Estimated: the checker proves it.
    """

    upper: Fraction
    square: Fraction
    integers: tuple[int, ...]
    exponent: int


def norm_factor(dictionary: Dictionary, margin: float = 1e-6) -> NormFactor:
    """Return a factor for a bound that is about `margin` above |D|_2; cost r^3, r the lesser side of D."""
    atoms = real_atoms(dictionary)
    m, n = atoms.shape
    gram = atoms @ atoms.T if n > m else atoms.T @ atoms
    size = len(gram)
    greatest = float(np.linalg.eigvalsh(gram)[-1])
    square = greatest * (1 + margin / 2)
    factor = np.linalg.cholesky(square * np.eye(size) - gram)
    exponent = math.frexp(math.sqrt(square))[1] - _DIGITS
    integers = np.rint(factor * 2.0**-exponent).astype(np.int64)
    upper = dyadic_upper(Fraction(math.sqrt(square) * (1 + margin / 2)), max(0, 40 - math.frexp(square)[1]))
    return NormFactor(
        upper=upper, square=Fraction(square), integers=tuple(integers.ravel().tolist()), exponent=exponent
    )
