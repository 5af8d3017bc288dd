"""Generalized coherence: enclosed and proved for every small dictionary, and equal to its closed forms."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from exact_reference import sample
from small_truths import assert_generalized, corners, known, small

from verify.dictionaries.dictionary import Dictionary
from verify.dictionaries.families import build
from verify.dictionaries.working_space import working_space
from verify.facts.coherence import mutual_coherence
from verify.facts.generalized import (
    UPPER_BITS,
    GeneralizedCoherence,
    generalized_coherence,
    generalized_work,
    integer_weights,
    largest_level,
)
from verify.verdict import Scaling

CLOSE = Fraction(1, 10**6)


def measured(dictionary: Dictionary) -> GeneralizedCoherence:
    return generalized_coherence(dictionary, working_space(dictionary, Scaling.unit))


@pytest.mark.thorough
def test_hundreds_of_small_dictionaries_are_enclosed_closely() -> None:
    for name, dictionary, truth in small(200):
        found = measured(dictionary)
        assert_generalized(truth, found)
        exact = truth.generalized_coherence("unit")
        assert found.enclosure.lower <= exact.upper, name
        assert found.enclosure.upper >= exact.lower, name
        assert found.enclosure.upper - exact.upper < CLOSE, name
        assert exact.lower - found.enclosure.lower < CLOSE, name
        assert all((bound * 2**UPPER_BITS).denominator == 1 for bound in found.upper)
        for i, upper in enumerate(found.upper):  # the others are approximated coarsely, or known to be smaller
            assert upper <= max(exact.upper, truth.mu_tilde(i, "unit").upper * Fraction(103, 100)) + CLOSE


def test_the_corners() -> None:
    for name, dictionary, truth in corners():
        found = measured(dictionary)
        assert_generalized(truth, found)
        exact = truth.generalized_coherence("unit")
        assert found.enclosure.upper - exact.upper < CLOSE, name
        assert exact.lower - found.enclosure.lower < CLOSE, name


def assert_is(found: GeneralizedCoherence, value: Fraction) -> None:
    assert found.lower <= value <= max(found.upper)
    assert max(found.upper) - found.lower < CLOSE


@pytest.mark.parametrize("n", [3, 4, 9, 30])
def test_the_simplex(n: int) -> None:
    """An equiangular tight frame: mu~ = mu = 1/(n-1)."""
    found = measured(build("simplex", str(n)))
    assert_is(found, Fraction(1, n - 1))
    for upper in found.upper:
        assert abs(upper - Fraction(1, n - 1)) < Fraction(3, 100) / (n - 1)


def test_the_icosahedron_is_an_equiangular_tight_frame() -> None:
    """Six lines at cosine 1/sqrt(5), in floats: mu~ <= mu, and 1/mu~ = min |u|_1 = sqrt(5) up to rounding."""
    golden = (1 + math.sqrt(5)) / 2
    rows = np.array([[0, 0, 1, 1, golden, golden], [1, 1, golden, -golden, 0, 0], [golden, -golden, 0, 0, 1, -1]])
    dictionary = Dictionary.from_array(rows)
    found = measured(dictionary)
    mu = math.sqrt(mutual_coherence(dictionary).squared)
    assert mu == pytest.approx(1 / math.sqrt(5), abs=1e-12)
    assert float(found.lower) == pytest.approx(mu, abs=1e-6)
    assert float(max(found.upper)) == pytest.approx(mu, abs=1e-6)


@pytest.mark.parametrize("n", [4, 16])
def test_identity_and_hadamard(n: int) -> None:
    """mu~ = mu = 1/sqrt(n): sqrt(n) e_1 is the sum of n unit columns of signs, divided by sqrt(n)."""
    assert_is(measured(build("identity-hadamard", str(n))), Fraction(1, math.isqrt(n)))


@pytest.mark.parametrize(
    "rows", [np.eye(4), np.array([[3.0, 4], [4, -3]]), np.array([[1.0, 1], [0, 1], [5, 7]]), np.array([[1e-150, 0], [0, 1e150]])]
)  # fmt: skip
def test_independent_atoms_have_none(rows: np.ndarray) -> None:
    found = measured(Dictionary.from_array(rows))
    assert found.lower == 0
    assert found.vector is None
    assert max(found.upper) < Fraction(1, 10**12)
    assert largest_level(found) > 10**11


def test_parallel_atoms_have_one() -> None:
    for rows in ([[1, 1, 0], [0, 0, 1]], [[1, -3, 0], [2, -6, 1]], [[0, 0], [2, 4]], [[7, -7]]):
        _, dictionary, truth = known(rows)
        found = measured(dictionary)
        assert_generalized(truth, found)
        assert found.lower == 1
        assert 1 <= max(found.upper) < 1 + Fraction(1, 10**12)
        assert largest_level(found) == 0
        assert found.vector is not None
        assert len(found.vector.support) == 2


def test_an_atom_outside_the_span_of_the_others_has_none() -> None:
    _, dictionary, truth = known([[1, 0, 1, 0], [0, 1, 1, 0], [0, 0, 0, 3]])
    assert truth.mu_tilde(3, "unit").exact == 0
    assert measured(dictionary).upper[3] < Fraction(1, 10**12)


def test_long_dictionaries_get_short_weights() -> None:
    """30 bits where nothing else decides, and as good to eight digits."""
    found = measured(sample("float64", 1, 10, 25))
    assert int(np.abs(found.weights).max()) <= 2**30


# --- levels and helpers ---


def levels(upper: Fraction) -> int:
    weights = np.ones((1, 1), dtype=np.int64)
    return largest_level(GeneralizedCoherence(weights=weights, upper=(upper,), atom=0, lower=Fraction(0), vector=None))


@pytest.mark.parametrize("k", range(1, 40))
def test_the_level_at_equality_is_not_reached(k: int) -> None:
    at = Fraction(1, 2 * k - 1)
    assert levels(at) == k - 1
    assert levels(at - Fraction(1, 10**40)) == k
    assert levels(at + Fraction(1, 10**40)) == k - 1
    assert levels(Fraction(1, 2 * k)) == k


def test_the_level_is_the_greatest_with_2k_minus_1_times_mu_below_1() -> None:
    rng = np.random.default_rng(0)
    for p, q in rng.integers(1, 400, (500, 2)).tolist():
        t = Fraction(p, q)
        assert levels(t) == sum(1 for k in range(1, 300) if (2 * k - 1) * t < 1)
    assert levels(Fraction(0)) > 10**9


def test_weights_become_integers() -> None:
    vectors = np.array(
        [[1.0, -0.5, 0], [np.nan, 2, 1], [np.inf, -np.inf, np.nan], [0, 0, 0], [5e-324, 0, 0], [1e308, 1, 0]]
    )
    found = integer_weights(vectors, 10)
    assert found.tolist() == [[1024, -512, 0], [0, 1024, 512], [0] * 3, [0] * 3, [1024, 0, 0], [1024, 0, 0]]
    assert integer_weights(np.array([[1.0, 2.0**-53]])).tolist() == [[2**52, 0]]


def test_the_work_grows_with_the_dictionary() -> None:
    work = [generalized_work(Dictionary.from_array(np.ones((m, n)))) for m, n in ((2, 4), (4, 4), (4, 9), (9, 9))]
    assert work == sorted(work)
    assert work[0] > 0


def test_progress_counts_to_the_number_of_atoms() -> None:
    calls: list[tuple[str, int, int]] = []
    dictionary = sample("float64", 1, 3, 8)
    generalized_coherence(dictionary, working_space(dictionary, Scaling.unit), lambda *call: calls.append(call))
    assert calls[-1] == ("generalized coherence", 8, 8)
    assert all(work == "generalized coherence" and done <= total == 8 for work, done, total in calls)
