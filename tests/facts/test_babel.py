"""The Babel function: the enclosure contains the exact values, tightly."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest
from exact_reference import KINDS, TINY, Reference, root, sample, samples

from verify.dictionaries.dictionary import Dictionary
from verify.facts import babel as module
from verify.facts.babel import Babel, babel
from verify.facts.coherence import mutual_coherence


def measured(dictionary: Dictionary) -> Babel:
    return babel(dictionary, mutual_coherence(dictionary))


def assert_encloses(found: Babel, truth: Reference) -> None:
    assert len(found.lower) == len(found.upper) <= truth.n - 1
    for k, (lower, upper) in enumerate(zip(found.lower, found.upper, strict=True), 1):
        exact = truth.babel(k)
        assert lower <= exact + TINY
        assert exact - TINY <= upper
        assert upper - lower < Fraction(k * k + k * (4 * truth.m + 60), 2**50)
        assert lower * 2**50 % 1 == 0
        assert upper * 2**50 % 1 == 0
    for values in (found.lower, found.upper):
        assert all(a <= b for a, b in itertools.pairwise(values))


@pytest.mark.parametrize("kind", KINDS)
def test_the_enclosure_contains_the_exact_values(kind: str) -> None:
    for arguments in samples([kind], 5, most=7):
        dictionary = sample(*arguments)
        truth = Reference(dictionary)
        found = measured(dictionary)
        assert_encloses(found, truth)
        assert found.lower[0] <= root(truth.mu_squared) + TINY
        assert root(truth.mu_squared) - TINY <= found.upper[0]


def test_rows_beyond_one_block_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_ROWS_AT_ONCE", 2)
    for seed in range(5):
        for kind in ("float64", "complex128", "near-ties"):
            dictionary = sample(kind, seed, 3, 7)
            assert_encloses(measured(dictionary), Reference(dictionary))


def test_the_diagonal_does_not_count() -> None:
    assert measured(sample("orthogonal", 0, 5, 5)).upper == (0, 0, 0, 0)


@pytest.mark.parametrize("n", [4, 16, 64])
def test_a_dyadic_coherence_gives_exact_upper_bounds(n: int) -> None:
    h = sample("hadamard", 0, n, 2 * n)
    found = measured(h)
    mu = 1 / root(Fraction(n))
    assert found.upper[:n] == tuple(k * mu for k in range(1, min(n, len(found.upper)) + 1))
    assert len(found.upper) == max(7 if n == 4 else 8, int(1 / mu) + 1)  # mu_1(sqrt(n)) = 1, proved one step later


@pytest.mark.parametrize("n", [3, 7, 50, 65])
def test_a_rational_coherence_is_rounded_up_once(n: int) -> None:
    upper = measured(sample("simplex", 0, n, n)).upper
    assert len(upper) == n - 1
    for k, bound in enumerate(upper, 1):
        assert Fraction(k, n - 1) <= bound < Fraction(k, n - 1) + Fraction(k, 2**50)


def test_the_length_is_where_the_function_has_passed_1() -> None:
    """At least 8, at most n - 1, and the first k with mu_1(k) >= 1 is there unless no k is."""
    for kind, seed, _, _ in samples(["float64", "near-ties", "complex64", "uint8"], 6):
        for n in (2, 5, 9, 12, 25):
            found = measured(sample(kind, seed, 6, n))
            if len(found.upper) < n - 1:
                assert len(found.upper) >= 8
                assert found.lower[-1] >= 1
                assert len(found.upper) == 8 or found.lower[-2] < 1


def test_one_coherent_pair_does_not_cut_the_function_short() -> None:
    """A simplex of 60 atoms and, elsewhere, one pair with coherence 2/5: mu_1(k) < 1 for all k < 59."""
    array = np.zeros((62, 62), dtype=np.int64)
    array[:60, :60] = 60 * np.eye(60, dtype=np.int64) - 1
    array[60:, 60:] = [[5, 2], [0, 4]]
    assert len(measured(Dictionary.from_array(array)).upper) == 61


def test_the_function_is_measured_no_further_than_1024(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LONGEST", 10)
    assert len(measured(sample("simplex", 0, 30, 30)).upper) == 10


def test_a_lower_bound_never_falls() -> None:
    """mu_1(k) is constant here while the rounding slack grows: the bound at k is still one at k + 1."""
    array = np.eye(40)
    array[0, 1] = 0.7
    lower = measured(Dictionary.from_array(array)).lower
    assert lower[0] == lower[-1] > Fraction(57, 100)


def test_slack_is_taken_off_below_and_put_on_above() -> None:
    error = Fraction(1, 2**40)
    found = module.enclosed_sums([0.5, 0.75], error, None)
    assert found.lower[1] <= Fraction(3, 4) - 2 * error
    assert found.upper[1] >= Fraction(3, 4) + 2 * error
    capped = module.enclosed_sums([0.5, 0.75], error, Fraction(1, 3))
    assert Fraction(2, 3) <= capped.upper[1] < Fraction(2, 3) + Fraction(2, 2**50)
