"""What a loader or a family hands over: the entries of a matrix, and what was done to get them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

MOST_ENTRIES = 20_000_000
"""Of a dictionary: as many as the checker reads."""
LARGEST_TEXT = 64 << 20
"""Bytes of a text file that is read or written."""
MOST_TEXT_ENTRIES = 2_000_000
"""Entries of a text file that is read or written: exact entries are Python objects of some hundred bytes."""
MOST_DIGITS = 4000
"""Decimal digits of an exact numerator or denominator in a text file: as many as the checker reads."""

_INT64 = (-(2**63), 2**63 - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entries:
    """The entries of a matrix as read, atoms in columns unless told otherwise, and remarks on the reading.

    `real` may be complex, and then `imaginary` is None; it may also be of a shape that is no dictionary's.
    """

    real: NDArray[Any]
    imaginary: NDArray[Any] | None = None
    remarks: tuple[str, ...] = ()

    def transposed(self) -> Entries:
        """Return the transposed entries, with a remark that says so."""
        return Entries(
            real=self.real.T,
            imaginary=None if self.imaginary is None else self.imaginary.T,
            remarks=(*self.remarks, "transposed: the rows of the file are the atoms"),
        )


def exact_arrays(parts: list[list[list[int | Fraction]]]) -> tuple[list[NDArray[Any]], str]:
    """Return equal-length rows of exact numbers as arrays, and a text that says of what.

    The arrays are all int64 if every number of all parts is an integer that fits, else all of `Fraction` objects.
    """
    integral = all(value.denominator == 1 for part in parts for row in part for value in row)
    if integral and all(_INT64[0] <= value <= _INT64[1] for part in parts for row in part for value in row):
        return [np.array([[int(v) for v in row] for row in part], dtype=np.int64) for part in parts], "integers"
    arrays: list[NDArray[Any]] = []
    for part in parts:
        array = np.empty((len(part), len(part[0])), dtype=object)
        for i, row in enumerate(part):
            array[i, :] = [Fraction(value) for value in row]
        arrays.append(array)
    return arrays, "integers beyond 64 bits" if integral else "fractions"
