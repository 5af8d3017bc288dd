"""What is handed in is what is measured: entries are kept exactly, or refused."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from exact_reference import fractions_array

from verify.certify.check import check_dictionary
from verify.dictionaries.dictionary import Dictionary
from verify.errors import InputError
from verify.facts.coherence import mutual_coherence

BIG = 2**53 + 1  # no binary64 number


@pytest.mark.parametrize(
    "rows",
    [
        [[BIG, 0.5], [1, 1]],
        [[2**63 + 1, -1], [1, 1]],
        [[2**64, -1], [1, 1]],
        [[-(2**90), 1], [1, 3]],
        [[np.uint64(2**63 + 1), np.int64(-1)], [1, 1]],
        [np.array([2**63 + 1, 1], dtype=np.uint64), np.array([-1, 1], dtype=np.int64)],
        [[Fraction(1, 3), 0.5], [1, BIG]],
        [[BIG, 1], [0, 1]],
        ((0.1, 2), (1, 1)),
    ],
)
def test_lists_keep_their_numbers(rows) -> None:
    dictionary = Dictionary.from_array(rows)
    assert dictionary.imaginary is None
    for found, wanted in zip(dictionary.real.tolist(), rows, strict=True):
        assert [Fraction(x) for x in found] == [Fraction(*x.as_integer_ratio()) if hasattr(x, "as_integer_ratio") else Fraction(int(x)) for x in wanted]  # fmt: skip


def test_complex_lists_keep_their_numbers() -> None:
    dictionary = Dictionary.from_array([[BIG, 0.5j], [1, 1]])
    assert dictionary.imaginary is not None
    assert [Fraction(x) for x in dictionary.real[0]] == [BIG, 0]
    assert [Fraction(x) for x in dictionary.imaginary[0]] == [0, Fraction(1, 2)]
    plain = Dictionary.from_array([[1, 0.5j], [1, 1]])
    assert plain.real.dtype == np.float64


def test_a_rounded_entry_would_change_the_coherence() -> None:
    exact = mutual_coherence(Dictionary.from_array([[BIG, 1.0], [BIG - 1, 1.0]]))
    assert exact.squared == Fraction((2 * BIG - 1) ** 2, 2 * (BIG**2 + (BIG - 1) ** 2)) < 1


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, complex(1, np.nan), complex(np.inf, 0)])
def test_numbers_that_are_not_finite_are_refused(bad: complex) -> None:
    for rows in ([[bad, 1], [1, 1]], [[bad, BIG], [1, 1]], np.array([[bad, 1], [1, 1]])):
        with pytest.raises(InputError, match=r"expected finite numbers, got .* at row 0, column 0"):
            Dictionary.from_array(rows)


@pytest.mark.parametrize(
    ("real", "imaginary", "message"),
    [
        (np.ones((2, 2)), np.ones((2, 3)), r"parts of one shape, got real \(2, 2\) and imaginary \(2, 3\)"),
        (np.ones(3), None, r"expected a matrix \(atoms are columns\), got an array of shape \(3,\)"),
        (np.ones((2, 1)), None, "at least one row and two atoms"),
    ],
)
def test_parts_that_do_not_fit_are_refused(real, imaginary, message) -> None:
    with pytest.raises(InputError, match=message):
        Dictionary.from_parts(real, imaginary)


def test_one_rational_part_makes_both_rational() -> None:
    dictionary = Dictionary.from_parts(np.full((2, 2), 0.5), np.full((2, 2), Fraction(1, 3), dtype=object))
    assert dictionary.to_rows() == ([[Fraction(1, 2)] * 2] * 2, [[Fraction(1, 3)] * 2] * 2)
    assert dictionary.is_rational


@pytest.mark.parametrize("dtype", [np.float16, np.float64, np.int64, np.uint8])
def test_parts_of_two_kinds_are_both_kept_exactly(dtype: type) -> None:
    """A rank-one matrix with thirds in one part: rounding either part would make its rank two."""
    plain = np.array([[1, 2, 3], [2, 4, 6]], dtype=dtype)
    thirds = fractions_array(
        [[Fraction(1, 3), Fraction(2, 3), Fraction(1)], [Fraction(2, 3), Fraction(4, 3), Fraction(2)]]
    )
    for real, imaginary in ((plain, thirds), (thirds, plain)):
        result = check_dictionary(Dictionary.from_parts(real.copy(), imaginary.copy()))
        assert result.facts.rank.lower == 1
        assert result.facts.coherence.squared == 1


def test_the_digest_is_that_of_the_checker() -> None:
    for rows in ([[BIG, 0.5], [1, 1]], [[Fraction(1, 3), 1], [1, 1]], [[-0.0, 1], [1, 1]], [[BIG, 0.5j], [1, 1]]):
        check_dictionary(rows)  # the checker compares the digest with its own
