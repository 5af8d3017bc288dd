"""The codes and the noise that a network is certified for."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import SupportsIndex, cast

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError

LARGEST = 1 << 64

RowNoise = Callable[[NDArray[np.float64]], NDArray[np.float64]]
"""From the rows v_i of a matrix to bounds of |v_i e|."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeClass:
    """All codes x with |x|_0 <= `sparsity` and |x_i| <= `bound`, with noise |e|_2 <= `noise`; exact numbers.

    `rows`, where it is given, bounds what the noise makes of the rows of a matrix more sharply than its norm.
    """

    sparsity: int
    bound: Fraction
    noise: Fraction
    rows: RowNoise | None = None

    @staticmethod
    def of(sparsity: SupportsIndex, bound: object, noise: object, atoms: int, *, in_stripe: bool = False) -> CodeClass:
        """Return the class for a dictionary with so many atoms, or filters with so many in a stripe.

        Numbers are taken exactly: ints, Fractions, floats, or texts as 0.01 or 1/100. Raises InputError for a level
        outside 1 .. n, and for numbers that are negative, above 2^64 or none.
        """
        try:
            level = 0 if isinstance(sparsity, bool) else operator.index(sparsity)
        except TypeError:
            level = 0
        if not 1 <= level <= atoms:
            what = "the size of a stripe" if in_stripe else "the number of atoms"
            raise InputError(f"sparsity: expected a level from 1 to {atoms}, {what}, got {sparsity!r}")
        return CodeClass(sparsity=level, bound=exact_between(bound, "bound"), noise=exact_between(noise, "noise"))


def exact_between(value: object, name: str) -> Fraction:
    """Return a number exactly; raise InputError unless it is from 0 to 2^64."""
    try:
        if isinstance(value, bool) or (isinstance(value, str) and len(value) > 400):
            raise ValueError
        number = Fraction(cast("str", value))  # what it does not take, it refuses
    except (TypeError, ValueError, OverflowError, ZeroDivisionError):
        raise InputError(f"{name}: expected a number such as 0.01 or 1/100, got {str(value)[:60]!r}") from None
    if not 0 <= number <= LARGEST:
        raise InputError(f"{name}: expected a number from 0 to 2^64, got {str(value)[:60]}")
    if max(number.numerator, number.denominator).bit_length() > 2000:
        raise InputError(f"{name}: expected a shorter number")
    return number
