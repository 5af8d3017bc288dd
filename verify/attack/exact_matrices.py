"""Small rational matrices, lists of rows: products, systems, definiteness. For instances of a few atoms."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from numpy.typing import NDArray

from .experiment import NotAnInstance

Vector = list[Fraction]
Matrix = list[Vector]


def vector(array: NDArray[Any]) -> Vector:
    """Return the entries of an array as the rationals that they are; raise NotAnInstance for one that is not finite."""
    try:
        return [Fraction(entry) for entry in array.ravel().tolist()]
    except (OverflowError, ValueError):
        raise NotAnInstance("all entries are finite") from None


def matrix(array: NDArray[Any]) -> Matrix:
    """Return the rows of a matrix as the rationals that they are."""
    return [vector(row) for row in array]


def dot(left: Vector, right: Vector) -> Fraction:
    """Return the inner product; raise NotAnInstance for vectors of different lengths."""
    _fit(left, right)
    return sum((a * b for a, b in zip(left, right, strict=True) if a and b), Fraction(0))


def times(rows: Matrix, entries: Vector) -> Vector:
    """Return the product of a matrix and a vector."""
    return [dot(row, entries) for row in rows]


def columns(rows: Matrix) -> Matrix:
    """Return the transposed matrix."""
    return [list(column) for column in zip(*rows, strict=True)]


def product(left: Matrix, right: Matrix) -> Matrix:
    """Return the product of two matrices."""
    others = columns(right)
    return [[dot(row, column) for column in others] for row in left]


def gram(rows: Matrix) -> Matrix:
    """Return the inner products of the columns."""
    atoms = columns(rows)
    return [[dot(a, b) for b in atoms] for a in atoms]


def difference(left: Vector, right: Vector) -> Vector:
    """Return left - right; raise NotAnInstance for vectors of different lengths."""
    _fit(left, right)
    return [a - b for a, b in zip(left, right, strict=True)]


def _fit(left: Vector, right: Vector) -> None:
    if len(left) != len(right):
        raise NotAnInstance("arrays fit together")


def square(entries: Iterable[Fraction]) -> Fraction:
    """Return the sum of squares."""
    return sum((entry * entry for entry in entries), Fraction(0))


def greatest(entries: Iterable[Fraction]) -> Fraction:
    """Return the largest modulus, 0 for none."""
    return max((abs(entry) for entry in entries), default=Fraction(0))


def sum_of_largest(entries: Iterable[Fraction], count: int) -> Fraction:
    """Return the sum of so many largest numbers, of all where there are fewer."""
    return sum(sorted(entries, reverse=True)[:count], Fraction(0))


def coherence(inner: Matrix) -> Fraction:
    """Return the largest modulus off the diagonal."""
    return greatest(entry for i, row in enumerate(inner) for j, entry in enumerate(row) if i != j)


def part(rows: Matrix, chosen: Sequence[int]) -> Matrix:
    """Return the rows and columns with these indices."""
    return [[rows[i][j] for j in chosen] for i in chosen]


def solved(rows: Matrix, right: Vector) -> Vector | None:
    """Return the solution of a square system by elimination, or None if the matrix is singular."""
    size = len(rows)
    work = [[*row, b] for row, b in zip(rows, right, strict=True)]
    for i in range(size):
        pivot = next((k for k in range(i, size) if work[k][i]), None)
        if pivot is None:
            return None
        work[i], work[pivot] = work[pivot], work[i]
        head = work[i] = [entry / work[i][i] for entry in work[i]]
        for k in range(size):
            if k != i and work[k][i]:
                factor = work[k][i]
                work[k] = [a - factor * b for a, b in zip(work[k], head, strict=True)]
    return [row[-1] for row in work]


def null_vector(rows: Matrix) -> Vector:
    """Return the null vector of a matrix with one more column than its rank; raise NotAnInstance for other matrices."""
    work = [list(row) for row in rows]
    width = len(work[0])
    pivots: list[int] = []
    for j in range(width):
        at = len(pivots)
        pivot = next((k for k in range(at, len(work)) if work[k][j]), None)
        if pivot is None:
            continue
        work[at], work[pivot] = work[pivot], work[at]
        head = work[at] = [entry / work[at][j] for entry in work[at]]
        for k in range(len(work)):
            if k != at and work[k][j]:
                factor = work[k][j]
                work[k] = [a - factor * b for a, b in zip(work[k], head, strict=True)]
        pivots.append(j)
    if len(pivots) != width - 1:
        raise NotAnInstance("the kernel is a line")
    free = next(j for j in range(width) if j not in pivots)
    found = [Fraction(0)] * width
    found[free] = Fraction(1)
    for row, j in zip(work, pivots, strict=False):
        found[j] = -row[free]
    return found


def positive_semidefinite(rows: Matrix) -> bool:
    """Say whether a symmetric matrix is positive semidefinite, by elimination."""
    work = [list(row) for row in rows]
    for i in range(len(work)):
        pivot = work[i][i]
        if pivot < 0 or (not pivot and any(work[i][i:])):
            return False
        if pivot:
            for k in range(i + 1, len(work)):
                factor = work[k][i] / pivot
                if factor:
                    work[k] = [a - factor * b for a, b in zip(work[k], work[i], strict=True)]
    return True
