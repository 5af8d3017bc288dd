"""Exact arithmetic of a few atoms against identities, brute force, and NumPy's own half precision."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest

from verify.attack import exact_matrices as exact
from verify.attack import lasso_signs, set_spectra, unit_atoms
from verify.attack.experiment import NotAnInstance
from verify.attack.experiments.rounded_sums import _rounded
from verify.dictionaries.dictionary import Dictionary
from verify.facts.isometry import isometries


def test_systems_are_solved_or_singular() -> None:
    rows = exact.matrix(np.array([[0.0, 2.0, 1.0], [1.0, -1.0, 0.5], [3.0, 0.0, 0.25]]))
    found = exact.solved(rows, [Fraction(1), Fraction(2), Fraction(3)])
    assert found is not None
    assert exact.times(rows, found) == [1, 2, 3]
    assert exact.solved([[Fraction(1), Fraction(2)], [Fraction(2), Fraction(4)]], [Fraction(1), Fraction(1)]) is None


def test_a_null_vector_is_one_and_other_kernels_are_refused() -> None:
    rows = exact.matrix(np.array([[1.0, 2.0, 3.0], [2.0, 4.0, 7.0]]))
    assert exact.null_vector(rows) == [-2, 1, 0]
    for array in (np.ones((2, 3)), np.eye(3)):
        with pytest.raises(NotAnInstance, match="kernel is a line"):
            exact.null_vector(exact.matrix(array))


def test_definiteness_against_all_principal_minors() -> None:
    """Positive semidefinite iff all principal minors are at least 0."""
    seen = set()
    for entries in itertools.product((-1, 0, 1, 2), repeat=6):
        a, b, c, d, e, f = entries
        if (a * 5 + b * 3 + c + d * 7 + e + f * 2) % 7:
            continue  # a seventh of them is enough
        rows = [[Fraction(x) for x in row] for row in ((a, b, c), (b, d, e), (c, e, f))]
        minors = [
            round(np.linalg.det(np.array(rows, dtype=float)[np.ix_(chosen, chosen)]))
            for size in (1, 2, 3)
            for chosen in itertools.combinations(range(3), size)
        ]
        assert exact.positive_semidefinite(rows) == (min(minors) >= 0)
        seen.add(min(minors) >= 0)
    assert seen == {True, False}


def test_vectors_of_different_lengths_are_refused() -> None:
    for operation in (exact.dot, exact.difference):
        with pytest.raises(NotAnInstance, match="fit together"):
            operation([Fraction(1)], [])


def test_unit_atoms_have_norm_1_and_points_come_back() -> None:
    points = unit_atoms.drawn(np.random.default_rng(0), 12, 3, 4)
    floats = unit_atoms.float_unit_atoms(points)
    np.testing.assert_allclose(unit_atoms.points_of(floats), points, atol=1e-12)
    np.testing.assert_allclose(unit_atoms.unit_atoms(points, "cpu").numpy(), floats, atol=1e-15)
    rows = unit_atoms.exact_unit_atoms(points[0], 5)
    assert [row[i] for i, row in enumerate(exact.gram(rows))] == [1, 1, 1, 1]
    assert len(rows) == 5
    np.testing.assert_allclose(np.array(rows[:3], dtype=float), floats[0], atol=1e-15)


def test_isometry_against_the_facts() -> None:
    D = np.random.default_rng(3).integers(-3, 4, (4, 5)) + 4.0 * np.eye(4, 5)
    D[:, 4] = [1, 2, -1, 3]
    for fact in isometries(Dictionary.from_array(D)):
        upper = set_spectra.isometry_upper(exact.gram(exact.matrix(D)), fact.level)
        assert fact.lower <= upper <= fact.upper + Fraction(1, 10**9)


def test_an_isometry_that_is_not_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(set_spectra, "positive_semidefinite", lambda rows: False)
    with pytest.raises(NotAnInstance, match="upper bound of delta"):
        set_spectra.isometry_upper(exact.matrix(np.eye(2)), 2)


def test_a_spectral_norm_is_bounded_from_above_and_closely() -> None:
    for D in (np.array([[3.0, 0.0], [4.0, 5.0]]), 1e200 * np.eye(2, 3), np.zeros((2, 2))):
        upper = set_spectra.norm_square_upper(exact.matrix(D))
        square = Fraction(np.linalg.norm(D, 2)) ** 2
        assert square * (1 - Fraction(1, 10**12)) <= upper <= square * (1 + Fraction(1, 10**10))
    assert set_spectra.norm_square_upper(exact.matrix(np.array([[3.0, 0.0], [4.0, 5.0]]))) >= 45


def test_a_spectral_norm_that_is_not_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(set_spectra, "positive_semidefinite", lambda rows: False)
    with pytest.raises(NotAnInstance, match="spectral norm"):
        set_spectra.norm_square_upper(exact.matrix(np.eye(2)))


def test_a_minimiser_beats_its_neighbours() -> None:
    D = exact.matrix(np.array([[1.0, 0.5, -0.25], [0.0, 1.0, 0.75]]))
    y, t = [Fraction(2), Fraction(-1)], [Fraction(1, 4)] * 3

    def objective(x: exact.Vector) -> Fraction:
        left = exact.difference(y, exact.times(D, x))
        return exact.square(left) / 2 + sum(a * abs(b) for a, b in zip(t, x, strict=True))

    found = lasso_signs.exact_minimiser(D, y, t)
    for step in itertools.product((-1, 0, 1), repeat=3):
        assert objective(found) <= objective([x + Fraction(s, 100) for x, s in zip(found, step, strict=True)])


def test_an_unbounded_problem_has_no_minimiser() -> None:
    D = [[Fraction(1), Fraction(-1)]]
    with pytest.raises(NotAnInstance, match="found and proved"):
        lasso_signs.exact_minimiser(D, [Fraction(0)], [Fraction(-1), Fraction(-1)], nonnegative=True)


def test_rounding_is_that_of_half_precision() -> None:
    random = np.random.default_rng(0)
    for value in [
        *(random.standard_normal(300) * 2.0 ** random.integers(-30, 10, 300)).tolist(),
        2.0**-25,
        1 + 2.0**-11,
    ]:
        assert float(_rounded(Fraction(value), 11, -24)) == float(np.float16(value))
