"""Restricted isometry constants: the enclosure contains the exact value, tightly, and the code proves the lower bound."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
from exact_reference import KINDS, Gauss, Reference, fractions_array, sample, samples

from verify.dictionaries.dictionary import Dictionary
from verify.errors import InputError
from verify.facts import isometry as module
from verify.facts import isometry_upper
from verify.facts.isometry import RestrictedIsometry, isometries, restricted_isometry
from verify.facts.isometry_upper import Gram, greatest_modulus, proved_upper, unit_gram
from verify.progress import silent


def measured(dictionary: Dictionary, level: int) -> RestrictedIsometry:
    found = restricted_isometry(dictionary, level)
    assert found is not None
    return found


def ratio(truth: Reference, found: RestrictedIsometry) -> Fraction:
    """| |Dx|^2 - sum N_i^2 |x_i|^2 | / sum N_i^2 |x_i|^2 of the code, by definition."""
    imaginary = found.imaginary or (0,) * len(found.support)
    assert (found.imaginary is not None) is truth.is_complex
    code = {i: Gauss(Fraction(a), Fraction(b)) for i, a, b in zip(found.support, found.real, imaginary, strict=True)}
    assert all(code.values())
    assert 1 <= len(code) <= found.level
    assert list(code) == sorted(code)
    whole = sum(x.size_squared * truth.norms[i] for i, x in code.items())
    return abs(sum(y.size_squared for y in truth.apply(code)) - whole) / whole


def assert_encloses(dictionary: Dictionary, found: RestrictedIsometry) -> None:
    truth = Reference(dictionary)
    assert truth.isometry_below(found.level, found.upper)
    assert found.lower == 0 or not truth.isometry_below(found.level, found.lower, strictly=True)
    assert 0 <= found.lower <= ratio(truth, found)
    assert found.upper - found.lower < Fraction(1, 10**11)
    assert found.upper * 2**40 % 1 == 0


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.sampled(5)
def test_the_enclosure_contains_the_exact_value(kind: str) -> None:
    for arguments in samples([kind], 3, most=6):
        dictionary = sample(*arguments)
        for level in range(1, dictionary.shape[1] + 1):
            assert_encloses(dictionary, measured(dictionary, level))


@pytest.mark.parametrize("kind", ["float64", "complex128", "gaussian-integers"])
def test_sets_beyond_one_chunk_count(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = [isometries(sample(kind, seed, 3, 7)) for seed in range(4)]
    monkeypatch.setattr(isometry_upper, "_ENTRIES_AT_ONCE", 20)
    for seed in range(4):
        found = isometries(sample(kind, seed, 3, 7))
        assert [(one.level, one.lower, one.upper) for one in found] == [
            (w.level, w.lower, w.upper) for w in whole[seed]
        ]


def test_one_bad_set_is_found_wherever_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isometry_upper, "_ENTRIES_AT_ONCE", 30)
    for bad in itertools.combinations(range(7), 3):
        array = 9 * np.eye(7)
        array[np.ix_(bad, bad)] += 3 - 3 * np.eye(3)
        found = measured(Dictionary.from_array(array), 3)
        assert found.support == bad
        assert found.upper > Fraction(4, 5)


@pytest.mark.parametrize("n", [2, 3, 7, 12])
def test_the_simplex_attains_its_lower_bound_exactly(n: int) -> None:
    """n unit atoms with inner products - 1/(n-1): delta_k = (k-1)/(n-1)."""
    for found in isometries(sample("simplex", 0, n, n)):
        exact = Fraction(found.level - 1, n - 1)
        assert found.lower == exact <= found.upper < exact + Fraction(1, 2**38)


def test_two_atoms_give_the_coherence() -> None:
    for array in ([[3, 1], [4, 0]], [[3j, 1], [4, 0]], [[3e-200, 1e200], [4e-200, 0]], [[3, -7], [4, 0]]):
        found = measured(Dictionary.from_array(array), 2)
        assert abs(found.lower - Fraction(3, 5)) < Fraction(1, 2**45)
        assert Fraction(3, 5) <= found.upper < Fraction(3, 5) + Fraction(1, 2**38)
    assert measured(Dictionary.from_array([[3, 1], [4, 0]]), 2).upper > Fraction(3, 5)


@pytest.mark.parametrize("level", range(1, 6))
def test_orthogonal_atoms_give_exactly_zero(level: int) -> None:
    fourier = [[1j ** (i * j) for j in range(4)] for i in range(4)]
    for array in (np.diag([1e-200, -3.0, 1e200, 5.0, 7.0]), np.array(fourier)):
        if level <= array.shape[1]:
            found = measured(Dictionary.from_array(array), level)
            assert found.lower == found.upper == 0
            assert ratio(Reference(Dictionary.from_array(array)), found) == 0


def test_barely_not_orthogonal_atoms_do_not_give_zero() -> None:
    """An inner product far below the rounding error, in either part."""
    for tiny in (1e-30, 1e-30j):
        array = np.eye(3, dtype=complex)
        array[0, 1] = tiny
        assert measured(Dictionary.from_array(array), 2).upper > 0
    array = np.eye(3)
    array[0, 1] = -1e-30
    found = measured(Dictionary.from_array(array), 3)
    assert 0 <= found.lower <= Fraction(1, 10**29) < found.upper < Fraction(1, 10**12)


def test_the_first_constant_is_zero() -> None:
    for kind in ("float64", "complex128", "low-rank"):
        found = measured(sample(kind, 0, 3, 5), 1)
        assert found.lower == found.upper == 0


def test_dependent_atoms_have_a_constant_of_at_least_one() -> None:
    for kind in ("antipodal", "complex-parallel"):
        assert measured(sample(kind, 1, 4, 6), 2).lower > 1 - Fraction(1, 10**12)
    assert measured(Dictionary.from_array([[1, 1], [2, 2]]), 2).lower == 1
    assert measured(Dictionary.from_array([[1, 1, 1, 1]]), 4).lower == 3


def test_it_does_not_fall_with_the_level() -> None:
    for seed in range(4):
        dictionary = sample("float64", seed, 4, 8)
        found = [measured(dictionary, level) for level in range(1, 9)]
        assert all(a.lower <= b.upper for a, b in itertools.pairwise(found))


@pytest.mark.parametrize("kind", ["float64", "complex128"])
@pytest.mark.sampled(2)
def test_scaling_and_signs_change_nothing(kind: str) -> None:
    rng = np.random.default_rng(4)
    for seed in range(4):
        dictionary = sample(kind, seed, 4, 6)
        array = dictionary.real + (0 if dictionary.imaginary is None else 1j * dictionary.imaginary)
        factors = rng.choice([-1.0, 2.0**300, 2.0**-300, 1.0], 6)
        other = Dictionary.from_array((array * factors)[:, rng.permutation(6)])
        for level in (2, 3, 5):
            one, two = measured(dictionary, level), measured(other, level)
            assert one.lower <= two.upper
            assert two.lower <= one.upper
            assert_encloses(other, two)


def test_too_many_sets_are_not_gone_through() -> None:
    dictionary = sample("float64", 0, 4, 9)
    assert restricted_isometry(dictionary, 4, most_cases=125) is None
    assert restricted_isometry(dictionary, 4, most_cases=126) is not None
    assert [found.level for found in isometries(sample("orthogonal", 0, 9, 9), most_cases=36)] == [2]
    assert isometries(dictionary, most_cases=35) == ()


def test_sets_have_at_most_64_atoms(monkeypatch: pytest.MonkeyPatch) -> None:
    """So many as the checker goes through."""
    monkeypatch.setattr(module, "_MOST_WORK", 10**30)
    assert measured(Dictionary.from_array(np.eye(66)), 64).upper == 0
    assert restricted_isometry(Dictionary.from_array(np.eye(66)), 65) is None


def test_entries_that_are_long_to_eliminate_exactly_are_refused() -> None:
    rng = np.random.default_rng(0)
    array = rng.standard_normal((8, 30)) * rng.choice([1e300, 1e-300], (8, 30))
    assert restricted_isometry(Dictionary.from_array(array), 4) is None
    assert restricted_isometry(Dictionary.from_array(array), 2) is not None


@pytest.mark.parametrize("level", [0, -1, 6])
def test_a_level_is_from_1_to_n(level: int) -> None:
    with pytest.raises(InputError, match=f"expected a level from 1 to 5, the number of atoms, got {level}"):
        restricted_isometry(sample("float64", 0, 3, 5), level)


def test_all_levels_up_to_the_first_constant_of_one() -> None:
    found = isometries(sample("simplex", 0, 6, 6))
    assert [one.level for one in found] == [2, 3, 4, 5, 6]
    assert [one.lower >= 1 for one in found] == [False] * 4 + [True]
    assert [one.level for one in isometries(Dictionary.from_array([[1, 1, 1], [2, 2, 0]]))] == [2]
    assert [one.level for one in isometries(sample("orthogonal", 0, 4, 4))] == [2, 3, 4]


def test_progress_counts_all_sets_twice() -> None:
    steps: list[tuple[str, int, int]] = []
    restricted_isometry(sample("float64", 0, 4, 9), 3, progress=lambda *step: steps.append(step))
    assert steps == [("restricted isometry", 84, 168), ("restricted isometry", 168, 168)]
    steps.clear()
    isometries(sample("float64", 0, 4, 9), progress=lambda *step: steps.append(step))
    assert all(0 < done <= total for _, done, total in steps)


def test_the_computed_gram_matrix_is_hermitian_and_within_its_error() -> None:
    for arguments in samples(KINDS, 2, most=6):
        dictionary = sample(*arguments)
        truth, gram = Reference(dictionary), unit_gram(dictionary)
        matrix = gram.matrix
        assert (matrix == matrix.conj().T).all()
        assert (np.diag(matrix) == 0).all()
        for i, j in itertools.combinations(range(truth.n), 2):
            exact = np.array([float(x) for x in unit_product(truth, i, j)])
            computed = np.array([matrix[i, j].real, matrix[i, j].imag])
            assert np.linalg.norm(exact - computed) <= float(gram.error) + 2.0**-50


def unit_product(truth: Reference, i: int, j: int) -> tuple[Fraction, Fraction]:
    product = sum(
        (x.conjugate() * y for x, y in zip(truth.columns[i], truth.columns[j], strict=True)),
        Gauss(Fraction(0), Fraction(0)),
    )
    norm = truth.norms[i] * truth.norms[j]
    parts = []
    for part in (product.re, product.im):
        square = part**2 / norm
        parts.append(
            Fraction(math.isqrt((square.numerator << 400) // square.denominator), 2**200) * (1 if part > 0 else -1)
        )
    return parts[0], parts[1]


@pytest.mark.thorough
def test_a_wrong_guess_does_not_make_the_bound_wrong() -> None:
    for kind in ("float32", "complex64", "simplex"):
        dictionary = sample(kind, 0, 4, 6)
        gram, truth = unit_gram(dictionary), Reference(dictionary)
        for level in (2, 3, 4):
            guess, _ = greatest_modulus(gram, level, silent)
            for factor in (0.0, 0.3, 0.999, 1 - 1e-9, 1.0, 1.5):
                upper = proved_upper(gram, level, guess * factor, silent)
                assert truth.isometry_below(level, upper)
                assert upper >= Fraction(guess * factor)


def test_the_error_of_the_gram_matrix_is_added_for_every_row() -> None:
    """Atoms with all inner products 1/2, computed too small by the whole error: only (k-1) errors make up for it."""
    truth = Reference(Dictionary.from_array(np.vstack([np.ones((1, 5)), np.eye(5)])))
    error = 1e-3
    for level in (2, 3, 5):
        for sign in (1, -1):
            gram = Gram(sign * (0.5 - error) * (1 - np.eye(5)), Fraction(error))
            guess, _ = greatest_modulus(gram, level, silent)
            upper = proved_upper(gram, level, guess, silent)
            assert truth.isometry_below(level, upper)
            assert upper < Fraction(level - 1, 2) + Fraction(1, 10**9)


def test_the_enclosure_is_what_fractions_give_too() -> None:
    rows = [[Fraction(1, 3), Fraction(2, 7), Fraction(0)], [Fraction(1), Fraction(-1, 5), Fraction(1, 2)]]
    dictionary = Dictionary.from_array(fractions_array(rows))
    for level in (2, 3):
        assert_encloses(dictionary, measured(dictionary, level))
