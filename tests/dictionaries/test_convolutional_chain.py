"""Chains of convolutional dictionaries: everything equals the matrices of small sizes."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, product

import numpy as np
import pytest

from verify.dictionaries import composed
from verify.dictionaries.convolutional import ConvolutionalDictionary
from verify.dictionaries.convolutional_chain import ConvolutionalChain, stripe_size
from verify.errors import InputError
from verify.facts.convolutional.stripes import stripe_sparsity

of = ConvolutionalDictionary.of
CASES = [
    ([((2, 1, 3), 2), ((3, 2, 2), 1), ((2, 3, 2), 2)], "full", (3,)),
    ([((2, 2, 3), 1), ((1, 2, 2), 2), ((2, 1, 1), 1)], "circular", (5,)),
    ([((2, 1, 2, 3), (1, 2)), ((2, 2, 2, 1), (2, 1)), ((1, 2, 1, 2), 1)], "full", (2, 2)),
]


def chain(case: tuple, **options: object) -> ConvolutionalChain:
    random = np.random.default_rng(3)
    shapes, boundary, _ = case
    return ConvolutionalChain.of(
        [of(random.integers(-4, 5, shape) + 0.5, stride=s, boundary=boundary) for shape, s in shapes], **options
    )


@pytest.mark.parametrize("case", CASES)
def test_layers_and_products_are_those_of_the_matrices(case):
    made, last = chain(case), case[2]
    lengths = made.signal_lengths(last)
    random = np.random.default_rng(0)
    codes = made.layers_of(random.integers(-3, 4, (made.dictionaries[-1].channels[0], *last)) + 0.0)
    matrices = [d.matrix(n).real.astype(float) for d, n in zip(made.dictionaries, lengths[1:], strict=True)]
    for at, matrix in enumerate(matrices):
        assert (codes[at].ravel() == matrix @ codes[at + 1].ravel()).all()
    assert made.code_lengths(lengths[0]) == lengths[1:]
    for i, j in combinations(range(made.depth + 1), 2):
        whole = made.product(i, j).matrix(lengths[j]).real.astype(float)
        assert (whole == np.linalg.multi_dot([np.eye(len(matrices[i])), *matrices[i:j]])).all()
        assert made.no_product(i, j) is None
    assert made.product(0, 3) is made.product(0, 3)


@pytest.mark.parametrize(("first", "second"), list(product(["full", "circular"], repeat=2)))
@pytest.mark.parametrize(("t", "k"), list(product([1, 2, 4], [1, 2])))
def test_nonzeros_under_a_patch_are_counted_over_all_supports(first, second, t, k):
    before, after = of(np.ones((1, 1, k)), boundary=first), of(np.ones((1, 1, t)), boundary=second)
    made, n = ConvolutionalChain.of([before, after]), 7
    worst = [0] * (n + 1)
    for bits in range(1 << n):
        code = np.array([[bits >> i & 1 for i in range(n)]])
        places = np.concatenate([code[0], code[0][: t - 1]]) if second == "circular" else code[0]
        most = max(int(places[i : i + t].sum()) for i in range(len(places) - t + 1))
        level = stripe_sparsity(before, code).largest
        worst[level] = max(worst[level], most)
    for level in (1, 2, 3):
        assert max(worst[: level + 1]) <= made.patch_level(0, level) <= t
    if t <= 2 * k - 1 and first == second:
        assert max(worst[:2]) == made.patch_level(0, 1) == 1


def test_the_reasons_for_no_product_and_the_size_of_a_stripe(monkeypatch):
    same, pointwise = of([[[1, 2, 1]]], boundary="same"), of([[[2]]])
    made = ConvolutionalChain.of([same, same, pointwise], tolerances=[0.5])
    assert made.no_product(0, 2) == (
        "the product of dictionaries 1 to 2: expected the boundary full or circular for a product: with 'same' the "
        "middle code is cut, and the product is no convolutional dictionary"
    )
    assert made.no_product(1, 3) is None
    assert made.tolerances == (Fraction(1, 2),) * 3
    assert stripe_size(of(np.ones((3, 1, 4, 5)), stride=(2, 1))) == 3 * 3 * 9
    monkeypatch.setattr(composed, "MOST_ENTRIES", 1)
    assert "too much work" in str(chain(CASES[0]).no_product(0, 2))


def test_bad_input_is_refused_in_one_line():
    one, two = of([[[1, 2]]]), of([[[1, 2]], [[1, 3]]])
    for dictionaries, options, words in [
        ([one], {}, "at least two dictionaries for a chain, got 1"),
        (
            [two, of([[[1.0]]])],
            {},
            "dictionary 2 to have 2 signal channels, one for each filter of dictionary 1, got 1",
        ),
        ([one, one, of([[[1], [2]]])], {}, "dictionary 3 to have 1 signal channels, .* dictionary 2, got 2"),
        ([one, of([[[[1.0]]]])], {}, "dictionary 2 to have filters with 1 axis of taps, as the one before, got 2"),
        ([one, one], {"tolerances": [1, 2, 3]}, "one tolerance, or 2, one for each dictionary, got 3"),
        ([one, one], {"tolerances": [-1]}, "tolerances of at least 0, got -1"),
        ([one, one], {"tolerances": ["x"]}, "finite numbers, got"),
        ([one, one], {"tolerances": [float("nan")]}, "finite numbers, got"),
    ]:
        with pytest.raises(InputError, match=words):
            ConvolutionalChain.of(dictionaries, **options)
    made = chain(CASES[0])
    with pytest.raises(InputError, match="0 <= start < end <= 3"):
        made.product(1, 1)
    with pytest.raises(InputError, match=r"dictionary 3: expected signals .* plus a multiple of the stride 2, got 3"):
        made.code_lengths((9,))
