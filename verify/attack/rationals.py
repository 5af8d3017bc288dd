"""Arrays of an instance as exact numbers: integers with a common power of two, fractions, inner products, norms."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from numpy.typing import NDArray

from ..exact import Enclosure, gram_matrix, root_enclosure
from ..theorems.language.values import Root, Value, root


def fractions(array: NDArray[Any]) -> list[Fraction]:
    """Return the entries of an array, in order, as the rationals that they are."""
    return [Fraction(entry) for entry in array.ravel().tolist()]


def integers(array: NDArray[Any]) -> tuple[list[int], int]:
    """Return the entries of an array as integers h and an exponent e, entry = h 2^e exactly."""
    ratios = [entry.as_integer_ratio() for entry in array.ravel().tolist()]
    shift = max((q.bit_length() for _, q in ratios), default=1) - 1
    return [p << (shift + 1 - q.bit_length()) for p, q in ratios], -shift


def inner_products(left: NDArray[Any], right: NDArray[Any]) -> tuple[list[list[int]], int]:
    """Return the inner products of the columns of two matrices as integers and a power of two: left^T right."""
    rows: list[list[list[int]]] = []
    exponents = 0
    for matrix in (left, right):
        entries, exponent = integers(matrix.T)
        m = matrix.shape[0]
        rows.append([entries[at : at + m] for at in range(0, len(entries), m)])
        exponents += exponent
    return gram_matrix(rows[0], rows[1]), exponents


def power_of_two(exponent: int) -> Fraction:
    """Return 2^exponent."""
    return Fraction(2) ** exponent


def euclidean_norm(values: Iterable[Fraction]) -> Fraction | Root:
    """Return the Euclidean norm exactly: rational, or the root of a rational."""
    return root(sum((value * value for value in values), Fraction(0)))


def ends(value: Value) -> tuple[Fraction, Fraction]:
    """Return a lower and an upper bound: the number twice if it is rational, else some 128 bits apart."""
    if isinstance(value, Root):
        square = value.square
        value = root_enclosure(square, 128 + max(0, square.denominator.bit_length() - square.numerator.bit_length()))
    return (value.lower, value.upper) if isinstance(value, Enclosure) else (value, value)


def largest(values: Iterable[Fraction | Enclosure]) -> Fraction | Enclosure:
    """Return the largest of some numbers, 0 for none: exactly if its ends agree."""
    both = [ends(value) for value in values] or [(Fraction(0), Fraction(0))]
    lower, upper = max(end[0] for end in both), max(end[1] for end in both)
    return lower if lower == upper else Enclosure(lower, upper)
