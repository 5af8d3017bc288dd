"""Exact recovery of a support, mu_2(k), frame bounds and groups of confusable atoms, against exact computations."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest

from verify.dictionaries.dictionary import Dictionary
from verify.dictionaries.families import build
from verify.errors import InputError, LimitError
from verify.exact import real_eigenvalues
from verify.facts import exact_recovery as module
from verify.facts.confusable_groups import confusable_groups
from verify.facts.exact_recovery import DependentSupport, ExactRecovery, exact_recovery
from verify.facts.frame_bounds import LARGEST_DIMENSION, frame_bounds
from verify.facts.quadratic_babel import quadratic_babel
from verify.verdict import Scaling


def coherences(dictionary: Dictionary) -> np.ndarray:
    """The squares |<d_i, d_j>|^2/(N_i N_j)^2, exactly."""
    n = dictionary.shape[1]
    atoms = dictionary.integer_atoms(range(n))
    norms = atoms.squared_norms
    return np.array(
        [[Fraction(atoms.inner_product_squared(i, atoms, j), norms[i] * norms[j]) for j in range(n)] for i in range(n)]
    )


def drawn(seed: int, shape: tuple[int, int] = (4, 7)) -> Dictionary:
    random = np.random.default_rng(seed)
    real = random.integers(-4, 5, shape) if seed % 2 else random.standard_normal(shape)
    real[0, np.abs(real).max(axis=0) == 0] = 1
    return Dictionary.from_array(real + 1j * random.standard_normal(shape) if seed % 3 == 2 else real)


# --- exact recovery ---


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("scaling", Scaling)
def test_the_coefficient_is_that_of_the_pseudoinverse(
    seed: int, scaling: Scaling, monkeypatch: pytest.MonkeyPatch
) -> None:
    dictionary = drawn(seed)
    matrix = dictionary.real if dictionary.imaginary is None else dictionary.real + 1j * dictionary.imaginary
    if scaling is Scaling.unit:
        matrix = matrix / np.linalg.norm(matrix, axis=0)
    for support, bits in itertools.product([(2,), (0, 3), (1, 4, 6)], (3000, 0)):
        monkeypatch.setattr(module, "_MOST_EXACT_BITS", bits)  # an exact inverse, and one in floats
        found = exact_recovery(dictionary, support, scaling)
        assert isinstance(found, ExactRecovery)
        rest = [j for j in range(7) if j not in support]
        near = np.abs(np.linalg.pinv(matrix[:, support]) @ matrix[:, rest]).sum(axis=0).max()
        assert float(found.lower) <= near * (1 + 1e-12)
        assert float(found.upper) >= near * (1 - 1e-12)
        assert found.upper - found.lower < Fraction(1, 10**9)


def test_coefficients_that_are_known() -> None:
    spikes = Dictionary.from_array([[1, 0, 1, 2], [0, 1, 1, 1]])
    for support, scaling, square in (
        ([0, 1], Scaling.as_given, 9),  # (2, 1): 3
        ([0, 1], Scaling.unit, 2),  # (1, 1) over sqrt 2
        ([0], Scaling.as_given, 4),
        ([3], Scaling.unit, Fraction(9, 10)),
    ):
        found = exact_recovery(spikes, support, scaling)
        assert isinstance(found, ExactRecovery)
        assert found.lower**2 <= square <= found.upper**2
        assert float(found.upper) == pytest.approx(math.sqrt(square), rel=1e-12)
    exact = exact_recovery(spikes, [1, 0], Scaling.as_given)
    assert isinstance(exact, ExactRecovery)
    assert (exact.support, exact.lower, exact.upper) == ((0, 1), 3, 3)


def test_everything_as_a_support() -> None:
    found = exact_recovery(build("simplex", "6"), range(5))
    assert isinstance(found, ExactRecovery)
    whole = exact_recovery(Dictionary.from_array([[1, 1], [0, 1]]), [0, 1])
    assert isinstance(whole, ExactRecovery)
    assert whole.upper == 0


def test_dependent_atoms_have_no_coefficient() -> None:
    """Theory 1.6: without the rank condition [e1, e1, e2] with S = {0, 1} would pass."""
    repeated = Dictionary.from_array([[1, 1, 0], [0, 0, 1]])
    found = exact_recovery(repeated, [0, 1])
    assert isinstance(found, DependentSupport)
    assert found.vector.support == (0, 1)
    several = Dictionary.from_array([[1, 0, 1, 1, 2], [0, 1, 1, -1, 1]])
    for support in itertools.combinations(range(5), 4):
        dependent = exact_recovery(several, support)
        assert isinstance(dependent, DependentSupport)
        assert set(dependent.vector.support) <= set(support)


def test_bad_supports(monkeypatch: pytest.MonkeyPatch) -> None:
    simplex = build("simplex", "6")
    for support, message in (
        ([], "at least one atom, got none"),
        ([6], "atoms from 0 to 5 in the support, got 6"),
        ([-1, 2], "got -1"),
        ([1, 1], "every atom of the support once"),
        ([0.5], "a support as a list of atoms"),
        (3, "a support as a list of atoms"),
        ("ab", "a support as a list of atoms"),
    ):
        with pytest.raises(InputError, match=message):
            exact_recovery(simplex, support)  # type: ignore[arg-type]
    monkeypatch.setattr(module, "_MOST_EXACT_BITS", 0)
    near = Dictionary.from_array([[1, 1, 0], [0, 1e-13, 1]])
    with pytest.raises(LimitError, match="too nearly dependent"):
        exact_recovery(near, [0, 1])
    monkeypatch.setattr(module, "null_vector_on", lambda *_: None)
    with pytest.raises(LimitError, match="name fewer"):
        exact_recovery(near, [0, 1, 2])


# --- mu_2 ---


@pytest.mark.parametrize("seed", range(6))
def test_the_l2_babel_function_is_enclosed_tightly(seed: int) -> None:
    dictionary = drawn(seed)
    squares = coherences(dictionary)
    found = quadratic_babel(dictionary)
    assert len(found.upper) == 6
    for k, (lower, upper) in enumerate(zip(found.lower, found.upper, strict=True), 1):
        rows = [sorted((x for j, x in enumerate(row) if j != i), reverse=True)[:k] for i, row in enumerate(squares)]
        true = max(map(sum, rows))
        assert lower**2 <= true <= upper**2
        assert upper - lower < 1e-6 * (upper + 1e-3)
    assert list(found.lower) == sorted(found.lower)


def test_the_l2_babel_function_of_orthogonal_atoms_is_zero() -> None:
    found = quadratic_babel(Dictionary.from_array(np.eye(4)))
    assert set(found.lower) == {0}
    assert max(found.upper) < 1e-6


# --- frame bounds ---


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("scale", [1.0, 2.0**-300, 3e100])
def test_frame_bounds_hold_the_exact_eigenvalues(seed: int, scale: float) -> None:
    given = drawn(seed, (3, 5) if seed < 3 else (3, 2))
    parts = [part.astype(float) * scale for part in given.parts]
    dictionary = Dictionary.from_parts(parts[0], parts[1] if len(parts) > 1 else None)
    found = frame_bounds(dictionary, Scaling.as_given)
    assert found is not None
    rows = [[[Fraction(x) for x in row] for row in part.tolist()] for part in parts]
    real = (
        rows[0]
        if len(rows) == 1
        else [
            *([*a, *(-y for y in b)] for a, b in zip(*rows, strict=True)),
            *([*b, *a] for a, b in zip(*rows, strict=True)),
        ]
    )
    square = [[sum((x * y for x, y in zip(a, b, strict=True)), Fraction(0)) for b in real] for a in real]
    values = real_eigenvalues(square)
    least, greatest = min(v.lower for v in values), max(v.upper for v in values)
    assert found.least.lower <= max(least, Fraction(0)) + Fraction(1, 10**300)
    assert found.least.upper >= least
    assert found.greatest.lower <= greatest <= found.greatest.upper
    assert found.greatest.upper - found.least.lower < (greatest - least) * Fraction(10**9 + 1, 10**9) + greatest / 10**9


def test_frame_bounds_of_tight_frames_and_fractions() -> None:
    for scaling, constant in ((Scaling.unit, 2), (Scaling.as_given, 17)):
        found = frame_bounds(build("identity-hadamard", "16"), scaling)
        assert found is not None
        assert found.least.lower <= constant <= found.least.upper
        assert found.greatest.lower <= constant <= found.greatest.upper
        assert found.greatest.upper - found.least.lower < Fraction(1, 10**6)
    thirds = Dictionary.from_array([[Fraction(1, 3), 0, Fraction(1, 3)], [0, 2, 0]])
    found = frame_bounds(thirds, Scaling.as_given)
    assert found is not None
    assert found.least.lower <= Fraction(2, 9) <= found.least.upper
    assert found.greatest.lower <= 4 <= found.greatest.upper
    low = frame_bounds(Dictionary.from_array([[1, 2], [1, 2]]), Scaling.unit)  # not a frame
    assert low is not None
    assert low.least.lower == 0
    assert frame_bounds(Dictionary.from_array(np.eye(LARGEST_DIMENSION + 1, 2, dtype=np.int8))) is None


def test_frame_bounds_survive_a_useless_factorisation(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> None:
        raise np.linalg.LinAlgError

    monkeypatch.setattr(np.linalg, "cholesky", fail)
    found = frame_bounds(build("simplex", "6"))
    assert found is not None
    assert found.least.lower == 0
    assert found.greatest.upper >= Fraction(6, 5)
    monkeypatch.setattr(np.linalg, "eigh", lambda a: (np.zeros(len(a)), np.zeros_like(a)))
    found = frame_bounds(build("simplex", "6"))
    assert found is not None
    assert found.greatest.upper >= Fraction(6, 5) >= found.greatest.lower


# --- confusable atoms ---


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("threshold", [Fraction(1, 9), Fraction(1, 2)])
def test_groups_are_the_classes_of_the_exact_relation(seed: int, threshold: Fraction) -> None:
    dictionary = drawn(seed, (4, 9))
    squares = coherences(dictionary)
    pairs = [(i, j) for i, j in itertools.combinations(range(9), 2) if squares[i][j] >= threshold]
    found = confusable_groups(dictionary, threshold)
    assert found.pairs == len(pairs)
    order = sorted(pairs, key=lambda p: (-squares[p[0]][p[1]], p))[:10]
    assert [(pair.first, pair.second, pair.squared) for pair in found.worst] == [
        (i, j, squares[i][j]) for i, j in order
    ]
    classes = [{i} for i in range(9)]
    for i, j in pairs:
        one, other = (next(c for c in classes if x in c) for x in (i, j))
        if one is not other:
            classes.remove(other)
            one |= other
    groups = sorted((tuple(sorted(c)) for c in classes if len(c) > 1), key=lambda g: (-len(g), g))
    assert list(found.groups) == groups
    if pairs:
        cliques = [
            c
            for s in range(2, 10)
            for c in itertools.combinations(range(9), s)
            if set(itertools.combinations(c, 2)) <= set(pairs)
        ]
        assert len(found.clique) == max(map(len, cliques))
        assert found.clique in cliques


def test_no_pair_and_many_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    none = confusable_groups(Dictionary.from_array(np.eye(3)), Fraction(1, 9))
    assert (none.pairs, none.worst, none.groups, none.clique) == (0, (), (), ())
    monkeypatch.setattr("verify.facts.confusable_groups._MOST_EDGES_FOR_CLIQUES", 1)
    many = confusable_groups(build("simplex", "6"), Fraction(1, 25))
    assert (many.pairs, many.groups, many.clique) == (15, (tuple(range(6)),), (0, 1))
