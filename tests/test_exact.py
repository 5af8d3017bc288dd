"""Exact arithmetic against plain Python."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from exact_reference import Gauss, kernel
from hypothesis import given
from hypothesis import strategies as st

from verify.exact import (
    Enclosure,
    echelon_pivots,
    gram_matrix,
    integer_rank,
    rational_root,
    root_enclosure,
    sign_of_root_sum,
    solve,
)
from verify.exact import kernel as integer_kernel

rationals = st.fractions(min_value=0, max_value=10**12, max_denominator=10**15)
PRIME = 101


def test_an_enclosure_is_an_interval() -> None:
    assert Enclosure(Fraction(1), Fraction(1)).lower == 1
    with pytest.raises(ValueError, match=r"lower <= upper, not 2 > 1"):
        Enclosure(Fraction(2), Fraction(1))


@given(rationals)
def test_rational_roots(value: Fraction) -> None:
    assert rational_root(value**2) == value
    found = rational_root(value)
    assert found is None or found**2 == value
    assert rational_root(value**2 + Fraction(1, 10**40)) is None or value == 0


def test_no_root_is_invented() -> None:
    assert rational_root(Fraction(2)) is None
    assert rational_root(Fraction(1, 2)) is None
    assert rational_root(Fraction(2, 9)) is None
    assert rational_root(Fraction(9, 2)) is None
    assert rational_root(Fraction(0)) == 0
    assert rational_root(Fraction(10**4000 + 1)) is None


@given(rationals, st.integers(0, 200))
def test_root_enclosures(value: Fraction, bits: int) -> None:
    found = root_enclosure(value, bits)
    assert found.lower >= 0
    assert found.lower**2 <= value <= found.upper**2
    for end in (found.lower, found.upper):
        assert end * 2**bits % 1 == 0
    width = found.upper - found.lower
    assert width in (0, Fraction(1, 2**bits))
    assert (width == 0) is (found.lower**2 == value)


def test_root_enclosures_have_128_bits() -> None:
    found = root_enclosure(Fraction(2))
    assert found.upper - found.lower == Fraction(1, 2**128)
    assert root_enclosure(Fraction(9, 4)) == Enclosure(Fraction(3, 2), Fraction(3, 2))


matrices = st.integers(1, 4).flatmap(
    lambda n: st.lists(st.lists(st.integers(-(10**25), 10**25), min_size=n, max_size=n), min_size=1, max_size=4)
)
small_matrices = st.integers(1, 4).flatmap(
    lambda n: st.lists(st.lists(st.integers(-2, 2), min_size=n, max_size=n), min_size=1, max_size=4)
)


@given(matrices)
def test_gram_matrices(rows: list[list[int]]) -> None:
    right = rows[::-1]
    assert gram_matrix(rows, right) == [[sum(x * y for x, y in zip(a, b, strict=True)) for b in right] for a in rows]


def rank(rows: list[list[int]]) -> int:
    return len(rows[0]) - len(kernel([[Gauss(Fraction(x), Fraction(0)) for x in column] for column in zip(*rows, strict=True)]))  # fmt: skip


@given(small_matrices)
def test_pivots_and_echelon_form(rows: list[list[int]]) -> None:
    """Minors of such a matrix are below 101 in modulus, so its rank modulo 101 is its rank."""
    pivots, form = echelon_pivots([[x % PRIME for x in row] for row in rows], PRIME)
    assert len(pivots) == len(form) == rank(rows)
    assert pivots == sorted(set(pivots))
    for at, pivot in enumerate(pivots):
        assert [row[pivot] for row in form] == [int(k == at) for k in range(len(form))]
        assert not any(form[at][:pivot])
    for row in rows:  # every row is the combination of the form's rows that the pivots say
        for j, value in enumerate(row):
            assert (sum(row[p] * line[j] for p, line in zip(pivots, form, strict=True)) - value) % PRIME == 0


def test_the_empty_matrix_has_no_pivots() -> None:
    assert echelon_pivots([], PRIME) == ([], [])
    assert echelon_pivots([[0, 0]], PRIME) == ([], [])


@given(small_matrices, st.lists(st.integers(-9, 9), min_size=4, max_size=4))
def test_solutions_are_exact(rows: list[list[int]], right: list[int]) -> None:
    n = min(len(rows), len(rows[0]))
    square = [row[:n] for row in rows[:n]]
    solution = solve(square, right[:n])
    if rank(square) < n:
        assert solution is None
    else:
        assert solution is not None
        for row, value in zip(square, right, strict=False):
            assert sum(a * x for a, x in zip(row, solution, strict=True)) == value
            assert all(math.gcd(x.numerator, x.denominator) == 1 for x in solution)


def test_kernels_and_ranks() -> None:
    assert integer_rank([[1, 2], [2, 4]]) == 1
    assert integer_kernel([[1, 0], [0, 1]]) == []
    for matrix in ([[1, 2, 3], [2, 4, 6]], [[10**40, 1, 0]], [[0, 0]]):
        basis = integer_kernel(matrix)
        assert len(basis) == len(matrix[0]) - integer_rank(matrix)
        assert integer_rank(basis) == len(basis)
        assert all(sum(a * h for a, h in zip(row, vector, strict=True)) == 0 for row in matrix for vector in basis)


def test_signs_of_sums_of_roots() -> None:
    F = Fraction
    assert sign_of_root_sum([]) == 0
    assert sign_of_root_sum([(F(0), F(2))]) == 0
    assert sign_of_root_sum([(F(1), F(8)), (F(-2), F(2))]) == 0
    assert sign_of_root_sum([(F(1), F(8)), (F(-2), F(2)), (F(1), F(3)), (F(-1, 3), F(27))]) == 0
    assert sign_of_root_sum([(F(-3), F(2, 9))]) == -1
    assert sign_of_root_sum([(F(1), F(2)), (F(1), F(3)), (F(-1), F(10))]) == -1  # 3.1463 and 3.1623
    assert sign_of_root_sum([(F(10**50), F(2)), (F(-1, 10**50), F(3))]) == 1
    close = [(F(1), F(2)), (F(-1), F(2 * 10**400 + 1, 10**400))]
    assert sign_of_root_sum(close) is None
    assert sign_of_root_sum(close, bits=2000) == -1
