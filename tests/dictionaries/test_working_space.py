"""Products with atoms in floats stay within their bound, whatever the size of the atoms."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from exact_reference import Reference, sample

from verify.dictionaries.dictionary import Dictionary
from verify.dictionaries.working_space import working_space
from verify.verdict import Scaling


def assert_within(dictionary: Dictionary, scaling: Scaling, vectors: np.ndarray) -> None:
    truth = Reference(dictionary)
    space = working_space(dictionary, scaling)
    assert space.shape == dictionary.shape
    products, errors = space.products(vectors)
    for y, computed, allowed in zip(vectors.tolist(), products.tolist(), errors.tolist(), strict=True):
        for j, column in enumerate(truth.columns):
            exact = sum((Fraction(w) * x.re for w, x in zip(y, column, strict=True)), Fraction(0))
            least, most = Fraction(computed[j]) - Fraction(allowed[j]), Fraction(computed[j]) + Fraction(allowed[j])
            if scaling is Scaling.as_given:
                assert least <= exact * Fraction(2) ** space.exponent <= most
            else:  # compare squares: exact / N_j
                square = exact**2 / truth.norms[j] * (1 if exact > 0 else -1)
                assert least * abs(least) <= square <= most * abs(most)


@pytest.mark.parametrize("scaling", Scaling)
@pytest.mark.parametrize("kind", ["float64", "float32", "mixed-magnitudes", "between-magnitudes", "int64", "fractions", "longdouble", "uint8"])  # fmt: skip
def test_products_are_within_the_bound(kind: str, scaling: Scaling) -> None:
    for seed in range(6):
        rng = np.random.default_rng(seed)
        dictionary = sample(kind, seed, int(rng.integers(1, 7)), int(rng.integers(2, 7)))
        vectors = np.rint(rng.standard_normal((4, dictionary.shape[0])) * 2.0 ** rng.integers(1, 52, (4, 1)))
        vectors[~vectors.any(axis=1), 0] = 1
        assert_within(dictionary, scaling, vectors)


@pytest.mark.parametrize("size", [1e-100, 1e-170, 1e-290, 1e-310, 5e-324])
def test_an_atom_far_smaller_than_the_others_has_its_own_bound(size: float) -> None:
    dictionary = Dictionary.from_array(np.array([[1.0, 0.3 * size, -size], [0.7, 0.6 * size, 0.9 * size]]))
    vectors = np.array([[2**50 + 1, -(2**51) - 3], [3, 7], [2**40, 1]], dtype=float)
    assert_within(dictionary, Scaling.as_given, vectors)


@pytest.mark.parametrize(
    "scale", [Fraction(1), Fraction(10) ** 400, Fraction(1, 10**400), Fraction(2) ** -1074, Fraction(3, 7)]
)
def test_the_largest_entry_is_brought_near_one(scale: Fraction) -> None:
    rows = np.array([[scale * 3, scale, scale / 5]], dtype=object)
    space = working_space(Dictionary.from_array(rows), Scaling.as_given)
    assert 0.25 <= np.abs(space.rows).max() <= 1
