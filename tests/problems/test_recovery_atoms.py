"""Proved bounds of products, norms and least singular values have the right direction."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from exact_reference import Reference
from small_truths import corners, small

from verify.dictionaries.dictionary import Dictionary
from verify.dictionaries.families import build
from verify.problems.recovery.atoms import Atoms, least_singular_values
from verify.verdict import Scaling


def gram_determinant(rows: list[list[Fraction]]) -> Fraction:
    size = len(rows)
    gram = [[sum((a * b for a, b in zip(x, y, strict=True)), Fraction(0)) for y in rows] for x in rows]
    product = Fraction(1)
    for i in range(size):
        pivot = next((j for j in range(i, size) if gram[j][i]), None)
        if pivot is None:
            return Fraction(0)
        if pivot != i:
            gram[i], gram[pivot] = gram[pivot], gram[i]
            product = -product
        product *= gram[i][i]
        for j in range(i + 1, size):
            factor = gram[j][i] / gram[i][i]
            gram[j] = [x - factor * y for x, y in zip(gram[j], gram[i], strict=True)]
    return product


def is_below(bound: float, rows: list[list[Fraction]]) -> bool:
    """Whether all eigenvalues of the Gram matrix are at least bound^2: leading minors of G - bound^2 I (exactly)."""
    size = len(rows)
    square = Fraction(bound) ** 2
    gram = [[sum((a * b for a, b in zip(x, y, strict=True)), Fraction(0)) for y in rows] for x in rows]
    for i in range(size):
        gram[i][i] -= square
    for i in range(size):  # Cholesky without roots
        if gram[i][i] <= 0:
            return False
        for j in range(i + 1, size):
            factor = gram[j][i] / gram[i][i]
            gram[j] = [x - factor * y for x, y in zip(gram[j], gram[i], strict=True)]
    return True


def test_least_singular_values_are_lower_bounds() -> None:
    rng = np.random.default_rng(0)
    proved = 0
    for m, k in ((3, 2), (5, 5), (4, 1), (6, 3)):
        rows = rng.standard_normal((20, k, m))
        rows[3, 0] *= 1e-6
        rows[4] = 0
        rows[5, -1] = rows[5, 0]
        least, inverse = least_singular_values(rows, np.zeros(20))
        assert inverse.shape == (20, k, k)
        assert least[4] == 0
        assert k == 1 or least[5] == 0
        for matrix, bound in zip(rows, least.tolist(), strict=True):
            if bound > 0:
                proved += 1
                assert is_below(bound, [[Fraction(x) for x in row] for row in matrix.tolist()])
                assert bound > 0.3 * np.linalg.svd(matrix, compute_uv=False)[-1] / np.sqrt(k)
    assert proved > 60


def test_matrices_that_are_off_lower_the_bound() -> None:
    rows = np.eye(3)[None]
    exact, off = (least_singular_values(rows, np.array([e]))[0][0] for e in (0.0, 0.25))
    assert 0.99 < exact <= 1
    assert 0.74 < off <= 0.75
    assert least_singular_values(rows, np.array([1.5]))[0][0] == 0


@pytest.mark.parametrize("scaling", Scaling)
def test_rows_products_and_norms_are_within_their_bounds(scaling: Scaling) -> None:
    rng = np.random.default_rng(3)
    for _, dictionary, _ in [*small(26), *corners()]:
        atoms = Atoms(dictionary, scaling)
        truth = Reference(dictionary)
        factor = Fraction(2) ** atoms.space.exponent
        vectors = rng.standard_normal((2, dictionary.shape[0])) * np.array([[1.0], [1e-5]])
        products, errors = atoms.products(vectors)
        for j, column in enumerate(truth.columns):
            if scaling is Scaling.as_given:
                exact = [x.re * factor for x in column]
                assert sum(x * x for x in exact) <= Fraction(float(atoms.norms[j])) ** 2
                distance = sum((x - Fraction(y)) ** 2 for x, y in zip(exact, atoms.rows[j].tolist(), strict=True))
                assert distance <= Fraction(float(atoms.errors[j])) ** 2
                for vector, product, error in zip(vectors, products[:, j].tolist(), errors[:, j].tolist(), strict=True):
                    value = sum((x * Fraction(y) for x, y in zip(exact, vector.tolist(), strict=True)), Fraction(0))
                    assert abs(value - Fraction(product)) <= Fraction(error)
            else:
                assert atoms.norms[j] >= 1
                assert atoms.errors[j] < 1e-10


def test_dependent_rows_still_have_a_bound() -> None:
    """[I, H] with a row twice: the kernel is the same, and so is the bound for independent rows."""
    rows = build("identity-hadamard", "4").real
    doubled = Dictionary.from_array(np.vstack([rows, rows[:1]]))
    assert Atoms(doubled, Scaling.as_given).least_singular_value > 0
    assert Atoms(build("simplex", "6"), Scaling.unit).least_singular_value > 0


def test_rows_that_are_dependent_only_nearly_have_none() -> None:
    nearly = Dictionary.from_array([[1.0, 1, 0], [1.0, 1, 2.0**-60]])
    assert Atoms(nearly, Scaling.as_given).least_singular_value == 0
