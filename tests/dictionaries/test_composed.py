"""Products of convolutional dictionaries equal the products of their matrices."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from verify.dictionaries import composed as module
from verify.dictionaries.composed import composed
from verify.dictionaries.convolutional import ConvolutionalDictionary
from verify.errors import InputError, LimitError

of = ConvolutionalDictionary.of


def exact(dictionary) -> np.ndarray:
    return np.array([[Fraction(x) for x in row] for row in dictionary.real.tolist()], dtype=object)


def assert_product(first: ConvolutionalDictionary, second: ConvolutionalDictionary, code: tuple[int, ...]) -> None:
    whole = composed(first, second)
    middle = second.signal_lengths(code)
    assert whole.signal_lengths(code) == first.signal_lengths(middle)
    assert (exact(first.matrix(middle)) @ exact(second.matrix(code)) == exact(whole.matrix(code))).all()


def test_filters_compose_and_strides_multiply() -> None:
    rng = np.random.default_rng(0)
    for boundary, (t, s), (u, r) in product(["full", "circular"], [(1, 1), (2, 1), (3, 3)], [(1, 1), (2, 2), (3, 2)]):
        first = of(rng.integers(-4, 5, (2, 2, t)) + 0.5, stride=s, boundary=boundary)
        second = of(rng.integers(-4, 5, (3, 2, u)) + 0.5, stride=r, boundary=boundary)
        assert composed(first, second).stride == (s * r,)
        assert_product(first, second, (3,))
    first, second = of(rng.standard_normal((2, 1, 2, 3)), stride=(1, 2)), of(rng.standard_normal((2, 2, 2, 1)))
    assert composed(first, second).filters.dtype == object
    assert_product(first, second, (2, 2))


def test_pointwise_filters_go_with_every_boundary() -> None:
    mixing, same = of([[[1], [2]], [[0], [3]]]), of([[[1, 2, 3], [0, 1, 1]], [[1, 1, 1], [2, 0, 1]]], boundary="same")
    for first, second in ((mixing, same), (same, mixing)):
        assert composed(first, second).boundary == "same"
        assert_product(first, second, (5,))


def test_products_keep_types_that_hold_them() -> None:
    thirds = composed(of([[[Fraction(1, 3), 1]]]), of([[[1.5, 3]]]))
    assert thirds.filters.tolist() == [[[Fraction(1, 2), Fraction(5, 2), 3]]] or thirds.filters.dtype == np.float64
    assert composed(of([[[0.5, 1.0]]]), of([[[3, 1]]])).filters.dtype == np.float64
    assert composed(of([[[1e300]]]), of([[[1e300]]])).filters.dtype == object


def test_what_is_no_product_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    full, two = of([[[1, 2]]]), of([[[1, 2]], [[1, 3]]])
    same, around = of([[[1, 2, 1]]], boundary="same"), of([[[1, 2]]], boundary="circular")
    for first, second, message in [
        (full, of([[[[1, 2]]]]), "on one grid, got 1 and 2 axes"),
        (two, full, "second dictionary to have 2 signal channels, one for each filter of the first, got 1"),
        (full, around, "one boundary for both dictionaries, got 'full' and 'circular'"),
        (same, same, "the middle code is cut"),
        (two, of([[[1], [-1]]]), None),
        (of([[[1]], [[1]]]), of([[[1], [-1]]]), "the product of an array and an array: .* zeros only in filter 0"),
    ]:
        if message is None:
            composed(first, second)
            continue
        with pytest.raises(InputError, match=message):
            composed(first, second)
    monkeypatch.setattr(module, "MOST_ENTRIES", 2)
    with pytest.raises(LimitError, match="too much work"):
        composed(full, full)
