"""Chains of dictionaries: exact products, exact deep codes, and every refusal."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from deep_truths import times

from verify.dictionaries import deep as module
from verify.dictionaries.deep import DeepDictionary
from verify.dictionaries.dictionary import Dictionary
from verify.errors import InputError, LimitError

F = Fraction
A = [[1, 0, 2], [F(1, 3), 1, 1]]
B = [[1, -1], [0, 2], [F(1, 7), 0]]


def one(rows) -> Dictionary:
    return Dictionary.from_array(rows)


def rows_of(dictionary: Dictionary) -> list[list[Fraction]]:
    return [[F(x) for x in row] for row in dictionary.real.tolist()]


def test_products_are_exact() -> None:
    deep = DeepDictionary.of([one(A), one(B), one(np.array([[1.0, 0.1], [3.0, -1.0]]))])
    expected = [list(row) for row in zip(*(times(A, column) for column in zip(*B, strict=True)), strict=True)]
    assert rows_of(deep.product(0, 2)) == expected
    third = deep.dictionaries[2].real.tolist()
    assert rows_of(deep.product(0, 3)) == [
        list(row) for row in zip(*(times(expected, column) for column in zip(*third, strict=True)), strict=True)
    ]
    assert deep.product(1, 2) is deep.dictionaries[1]
    assert deep.product(0, 2) is deep.product(0, 2)
    assert deep.product(0, 2).origin.source == "the product of dictionaries 1 to 2"


def test_products_of_floats_that_are_floats_stay_floats_and_others_do_not() -> None:
    rng = np.random.default_rng(0)
    whole = DeepDictionary.of([one(rng.integers(-9, 9, (4, 5)) * 0.5), one(rng.integers(-9, 9, (5, 6)) * 1.0)])
    assert whole.product(0, 2).real.dtype == np.float64
    drawn = DeepDictionary.of([one(rng.standard_normal((4, 5))), one(rng.standard_normal((5, 6)))])
    assert drawn.product(0, 2).is_rational
    close = np.array(drawn.product(0, 2).real, dtype=float)
    assert np.allclose(close, drawn.dictionaries[0].real @ drawn.dictionaries[1].real)
    huge = DeepDictionary.of([one([[1e300, 1.0]]), one([[1e300, 1.0], [1.0, 1e300]])])
    assert huge.product(0, 2).is_rational


def test_complex_products_are_exact() -> None:
    a, b = np.array([[1 + 1j, 2], [1j, 1]]), np.array([[1, -1j], [2 - 1j, 1]])
    found = DeepDictionary.of([one(a), one(b)]).product(0, 2)
    assert found.field == "complex"
    assert (found.real + 1j * found.imaginary == a @ b).all()


def test_deep_codes_follow_exactly() -> None:
    deep = DeepDictionary.of([one([[1, 0, 2], [1, 1, 1]]), one([[1, -1], [0, 2], [3, 0]])], slopes=[1, F(1, 2)])
    layers = deep.layers_of({1: 3})
    assert layers == [{0: F(-3, 2), 1: F(9, 2)}, {0: F(-3, 2), 1: F(6)}, {1: F(3)}]
    assert not deep.is_linear
    assert deep.is_linear_inside(0, 1)
    assert not deep.is_linear_inside(0, 2)
    assert DeepDictionary.of([one(A), one(B)], slopes=[F(1, 2), 1]).is_linear_inside(0, 2)


@pytest.mark.parametrize(
    ("rows", "options", "why"),
    [
        ([A], {}, "at least two dictionaries for a deep model, got 1"),
        ([A, A], {}, "dictionary 2 to have 3 rows, one for each atom of the one before, got shape"),
        ([A, np.ones((3, 2)) * 1j + np.eye(3, 2)], {}, "all dictionaries real or all complex, got real before complex"),
        ([A, B], {"tolerances": [1]}, "expected 2 tolerances, one for each dictionary, got 1"),
        ([A, B], {"tolerances": [1, -1]}, "tolerances of at least 0, got -1"),
        ([A, B], {"tolerances": [1, float("nan")]}, "tolerances that are finite numbers"),
        ([A, B], {"slopes": [1, "x"]}, "slopes that are finite numbers"),
        ([A, B], {"slopes": [0, 1]}, "slopes above 0 and at most 1"),
        ([A, B], {"slopes": [2, 1]}, "slopes above 0 and at most 1"),
        ([[[1j, 1]], [[1j, 1], [1, 0]]], {"slopes": [1, 0.5]}, "slopes of 1 for complex dictionaries"),
    ],
)
def test_what_is_no_chain_is_refused(rows, options, why) -> None:
    with pytest.raises(InputError, match=why):
        DeepDictionary.of([one(each) for each in rows], **options)


def test_products_that_are_none_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    zero = DeepDictionary.of([one([[1, 1]]), one([[1, 1], [-1, 2]])])
    with pytest.raises(InputError, match=r"the product of dictionaries 1 to 2: .*zero column at index 0"):
        zero.product(0, 2)
    with pytest.raises(InputError, match="expected 0 <= start < end <= 2 for a product, got 1 and 1"):
        zero.product(1, 1)
    monkeypatch.setattr(module, "_MOST_WORK", 5)
    with pytest.raises(LimitError, match=r"the product of dictionaries 1 to 2: .*is too much work"):
        DeepDictionary.of([one(A), one(B)]).product(0, 2)


@pytest.mark.parametrize(
    ("levels", "why"), [((1,), "expected 2 sparsity levels"), ((1, 3), "dictionary 2: .* from 1 to 2"), ((0, 1), "got 0"), ((True, 1), "got True"), ((1.5, 1), "got 1.5")]
)  # fmt: skip
def test_levels_that_do_not_fit_are_refused(levels, why) -> None:
    with pytest.raises(InputError, match=why):
        DeepDictionary.of([one(A), one(B)]).checked_levels(levels)
