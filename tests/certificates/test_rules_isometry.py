"""Rules about restricted isometry constants: accepted exactly where the exact constant allows it, and what follows."""

from __future__ import annotations

import itertools
import random
from fractions import Fraction

import numpy as np
import pytest
from certificate_dictionaries import (
    ALL,
    COMPLEX,
    COMPLEX_PLANE,
    IDENTITY_HADAMARD,
    ORTHOGONAL,
    SIMPLEX,
    UNEQUAL,
    Rows,
    truth_of,
)
from certificate_steps import REPEATED, derived, refused
from certificate_truth import Truth
from certificate_writer import binary64
from gaussian_rationals import determinant
from isometry_steps import ULP, enumerated, is_derived, vector

from certificates.checker import dictionary_from_values
from certificates.format import integers
from certificates.rules import isometry
from certificates.rules.values import Reject

SAMPLES = {**ALL, "repeated": REPEATED, "one row": [[1, -2, 3]], "short": [[1, 2, 2, -1], [0, 1, -3, 5]]}


def random_rows(seed: int) -> Rows:
    """Small integer, rational and Gaussian dictionaries with many parallel, orthogonal and dependent atoms."""
    source = random.Random(seed)
    m, n = source.randint(1, 4), source.randint(2, 5)
    entries = {
        0: lambda: source.randint(-1, 1),
        1: lambda: Fraction(source.randint(-3, 3), source.randint(1, 3)),
        2: lambda: complex(source.randint(-1, 1), source.randint(-1, 1)),
        3: lambda: source.choice((0, 0, 0, 1, -2)),
    }
    entry = entries[seed % 4]
    rows = [[entry() for _ in range(n)] for _ in range(m)]
    for j in range(n):
        if not any(row[j] for row in rows):
            rows[source.randrange(m)][j] = 1
    return rows


# --- all sets of atoms ---

CANDIDATES = sorted({Fraction(p, q) for q in (1, 2, 3, 4) for p in range(3 * q + 1)} | {Fraction(999999, 10**6)})


@pytest.mark.thorough
@pytest.mark.parametrize("name", SAMPLES)
def test_a_bound_is_accepted_exactly_if_the_constant_is_not_above_it(name):
    rows = SAMPLES[name]
    truth = truth_of(rows) if name in ALL else Truth(rows)
    for level in range(1, min(truth.n, 5) + 1):
        for upper in CANDIDATES:
            assert is_derived(rows, enumerated(level, upper)) is truth.isometry_below(level, upper), (level, upper)


@pytest.mark.parametrize("seed", range(36))
def test_degenerate_dictionaries(seed):
    """Zero pivots at every depth: parallel and dependent atoms, bounds at which some set is just semidefinite."""
    rows = random_rows(seed)
    truth = Truth(rows)
    for level in range(1, truth.n + 1):
        for upper in (0, Fraction(1, 2), Fraction(3, 4), 1, Fraction(4, 3), 2, Fraction(9, 4), level - 1, level):
            assert is_derived(rows, enumerated(level, upper)) is truth.isometry_below(level, Fraction(upper))


def test_one_unit_in_the_last_place_near_the_truth():
    """(k-1)/3 for the simplex of 4 atoms, mu for 2 atoms, 0 for orthogonal ones: at the truth yes, just below no."""
    cases = [(SIMPLEX, k, Fraction(k - 1, 3)) for k in (2, 3, 4)]
    cases += [(ORTHOGONAL, k, Fraction(0)) for k in (1, 2, 3)]
    cases += [([[3, 1], [4, 0]], 2, Fraction(3, 5)), ([[1, 1, 1, 1]], 4, Fraction(3)), (REPEATED, 3, Fraction(1))]
    cases += [([[3j, 1], [4, 0j]], 2, Fraction(3, 5)), (IDENTITY_HADAMARD, 2, Fraction(1, 2))]
    for rows, level, exact in cases:
        derived(rows, enumerated(level, exact))
        derived(rows, enumerated(level, exact + ULP))
        if exact:
            why = refused(rows, enumerated(level, exact - ULP))
            assert "delta_k exceeds upper on a set that holds the atoms" in why
        else:
            assert "upper is negative" in refused(rows, enumerated(level, -ULP))


def estimate(rows: Rows, level: int) -> float:
    """delta_level in floats, from eigenvalues."""
    matrix = np.array(rows)
    matrix = matrix / np.linalg.norm(matrix, axis=0)
    sets = map(list, itertools.combinations(range(matrix.shape[1]), level))
    return max(abs(np.linalg.eigvalsh(matrix[:, s].conj().T @ matrix[:, s]) - 1).max() for s in sets)


@pytest.mark.parametrize("kind", ["float", "complex"])
def test_irrational_constants_of_float_dictionaries_are_bracketed_closely(kind):
    """Between two bounds 2^-60 apart, found by bisection from an estimate with the tests' own minors, the checker changes its answer."""
    source = random.Random(kind)
    for m, n in ((4, 4), (6, 4), (9, 5)):
        rows = [
            [
                source.gauss(0, 1) if kind == "float" else complex(source.gauss(0, 1), source.gauss(0, 1))
                for _ in range(n)
            ]
            for _ in range(m)
        ]
        truth = Truth(rows)
        for level in (2, 3, n):
            near, far = Fraction(estimate(rows, level)), Fraction(1, 2**40)
            low, high = near - far, near + far
            assert truth.isometry_below(level, high)
            assert not truth.isometry_below(level, low)
            while high - low > Fraction(1, 2**60):
                middle = (low + high) / 2
                low, high = (low, middle) if truth.isometry_below(level, middle) else (middle, high)
            derived(rows, enumerated(level, high))
            assert "delta_k exceeds upper" in refused(rows, enumerated(level, low))


def test_the_atoms_named_exceed_the_bound():
    """One bad set among all: found wherever it stands, at every level, with either sign."""
    for bad in itertools.combinations(range(6), 3):
        for entry in (3, -3):
            rows = [[9 if i == j else entry if {i, j} <= set(bad) else 0 for j in range(6)] for i in range(6)]
            truth = Truth(rows)
            for level in (3, 4, 6):
                upper = Fraction(9, 10) if entry > 0 else Fraction(7, 10)
                assert not truth.isometry_below(level, upper)
                why = refused(rows, enumerated(level, upper))
                named = [int(text) for text in why.rpartition("the atoms ")[2].split(", ")]
                assert set(bad) <= set(named)
                assert sorted(set(named)) == named
                assert len(named) <= level
            derived(rows, enumerated(2, Fraction(9, 10)))


def test_each_sign_counts_by_itself():
    """Three atoms at 120 degrees, lifted: eigenvalues 1 + 2c, 1 - c, 1 - c; and the same with c > 0."""
    lifted = [[9, -3, -3], [-3, 9, -3], [-3, -3, 9]]  # <d^_i, d^_j> = -45/99: the smallest eigenvalue is 1/11
    derived(lifted, enumerated(3, Fraction(10, 11)))
    refused(lifted, enumerated(3, Fraction(10, 11) - ULP))
    bundled = [[1, 1, 1], [1, 0, 0], [0, 1, 0], [0, 0, 1]]  # 1/2: the largest is 2
    derived(bundled, enumerated(3, 1))
    refused(bundled, enumerated(3, 1 - ULP))


def test_zero_norms_of_the_rest_decide_nothing_and_a_vanishing_row_is_needed():
    """u = mu: the first pivots are zero after one atom; with an orthogonal third atom that is fine, with another not."""
    parallel = [[1, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]
    for level in (2, 3, 4):
        derived(parallel, enumerated(level, 1))
        refused(parallel, enumerated(level, 1 - ULP))
    crossed = [[1, 1, 1, 0], [0, 0, 1, 0], [0, 0, 0, 1]]
    derived(crossed, enumerated(2, 1))
    assert "the atoms 0, 1" in refused(crossed, enumerated(3, 1))
    for order in itertools.permutations(range(4)):
        rows = [[row[j] for j in order] for row in crossed]
        assert "delta_k exceeds upper" in refused(rows, enumerated(3, 1))
        assert "delta_k exceeds upper" in refused(rows, enumerated(4, 1))


@pytest.mark.parametrize(
    "level, why", [(0, "1 to 4"), (5, "1 to 4"), (-1, "natural"), (True, "natural"), ("2", "natural")]
)
def test_the_level_of_a_constant(level, why):
    for rule, evidence in (
        ("isometry-by-enumeration", {"level": level, "upper": "1"}),
        ("hard-thresholding-by-isometry", {"level": level}),
        ("isometry-by-vector", {**vector(1, 0, [0], integers([1]))[2], "level": level}),
    ):
        assert why in refused(SIMPLEX, (rule, [], evidence))


@pytest.mark.parametrize("seed", range(24))
def test_elimination_decides_for_any_hermitian_matrix(seed):
    """Not only for Gram matrices: minors of every sign and many zeros, against all principal minors."""
    source = random.Random(seed)
    decided = set()
    for _ in range(40):
        n, top, is_complex = source.randint(3, 6), source.choice((1, 2)), source.random() < 0.5
        entry = {(i, j): (source.randint(-top, top), 0) for i in range(n) for j in range(i + 1, n)}
        if is_complex:
            entry = {at: (source.randint(-1, 1), source.randint(-top, top)) for at in entry}
        diagonal = [source.choice((0, 1, 1, 2, 3, 4)) for _ in range(n)]
        full = {**entry, **{(j, i): (a, -b) for (i, j), (a, b) in entry.items()}}
        full |= {(i, i): (d, 0) for i, d in enumerate(diagonal)}
        rows = [[entry[i, j] for j in range(i + 1, n)] for i in range(n)]
        real = [[a for a, _ in row] for row in rows]
        imaginary = [[b for _, b in row] for row in rows] if is_complex else []
        whole = isometry._Minors((), 0, 1, diagonal, real, imaginary)
        for level in range(2, n + 1):
            minors = (
                determinant([[tuple(map(Fraction, full[i, j])) for j in chosen] for i in chosen])
                for size in range(1, level + 1)
                for chosen in itertools.combinations(range(n), size)
            )
            semidefinite = all(minor >= 0 for minor in minors)
            decided.add((level, semidefinite))
            if semidefinite:
                isometry._check_all_sets(whole, level)
            else:
                with pytest.raises(Reject, match="delta_k exceeds upper"):
                    isometry._check_all_sets(whole, level)
    assert {(2, True), (2, False), (3, False), (4, False)} <= decided


def test_elimination_stops_at_the_first_negative_pivot():
    """All entries 2 off a diagonal of 1: the minors of order 3 are positive again, and those of order 4 negative."""
    for level in (2, 3, 4, 5):
        whole = isometry._Minors((), 0, 1, [1] * 5, [[2] * (4 - i) for i in range(5)], [])
        with pytest.raises(Reject, match="the atoms 0, 1"):
            isometry._check_all_sets(whole, level)


def test_a_row_that_vanishes_only_in_its_real_part_does_not_vanish():
    for part in (0, 1):
        parts = [[[0, 0], [0], []], [[0, 0], [0], []]]
        parts[part][0][1] = 1
        with pytest.raises(Reject, match="the atoms 0"):
            isometry._check_all_sets(isometry._Minors((), 0, 1, [0, 1, 1], *parts), 3)


def test_sets_have_at_most_64_atoms():
    rows = [[1] * 70]
    assert "level is not from 1 to 64" in refused(rows, enumerated(65, 69))
    assert isometry.MOST_ATOMS == 64


@pytest.mark.parametrize("text", ["2/4", "0.5", 1, None, ["1"]])
def test_bounds_are_rational_numbers(text):
    evidence = {"level": 2, "upper": text}
    assert "upper in evidence is not a rational" in refused(SIMPLEX, ("isometry-by-enumeration", [], evidence))
    evidence = {**vector(2, 0, [0], integers([1]))[2], "lower": text}
    assert "lower in evidence is not a rational" in refused(SIMPLEX, ("isometry-by-vector", [], evidence))


@pytest.mark.parametrize("kind", ["real", "complex"])
def test_inner_products_are_exact_with_their_signs(kind):
    source = random.Random(kind)
    entry = {
        "real": lambda: source.choice((-1, 1)) * source.choice((1, 255, 2**31, 2**40 - 1)),
        "complex": lambda: complex(source.randint(-9, 9), source.randint(-9, 9)),
    }[kind]
    for m, n in ((1, 2), (3, 5), (8, 4)):
        rows = [[entry() or 1 for _ in range(n)] for _ in range(m)]
        truth, handed_in = Truth(rows), dictionary_from_values(rows)
        for i, (real, imaginary) in enumerate(handed_in.inner_products()):
            for j in range(i + 1, n):
                scale = handed_in.scale[i] * handed_in.scale[j]
                found = real[j - i - 1] * scale, (imaginary[j - i - 1] if handed_in.imaginary else 0) * scale
                assert found == truth.inner(i, j)


# --- one code ---


@pytest.mark.parametrize("name", ALL)
def test_a_code_proves_exactly_its_own_ratio(name):
    """| |Dx|^2 - sum N_i^2 |x_i|^2 | / sum N_i^2 |x_i|^2, computed here by definition, and true of the constant."""
    rows, truth = ALL[name], truth_of(ALL[name])
    source = random.Random(name)
    for _ in range(12):
        support = sorted(source.sample(range(truth.n), source.randint(1, min(3, truth.n))))
        values = [
            (Fraction(source.choice((-3, -1, 1, 2, 5))), Fraction(source.randint(-2, 2) if truth.is_complex else 0))
            for _ in support
        ]
        code = sum((a * a + b * b) * truth.norm_squared(i) for i, (a, b) in zip(support, values, strict=True))
        square = Fraction(0)
        for row in range(truth.m):
            terms = [(a, b, *truth.columns[i][row]) for i, (a, b) in zip(support, values, strict=True)]
            square += sum(a * c - b * d for a, b, c, d in terms) ** 2 + sum(a * d + b * c for a, b, c, d in terms) ** 2
        lower = abs(square - code) / code
        parts = [integers([int(x[part]) for x in values], 0) for part in (0, 1)]
        parts[0] = source.choice((parts[0], binary64([float(x[0]) for x in values])))
        evidence = (support, parts[0], parts[1] if truth.is_complex else None)
        for level in range(len(support), truth.n + 1):
            derived(rows, vector(level, lower, *evidence))
        assert not truth.isometry_below(len(support), lower, strictly=True)
        why = refused(rows, vector(len(support), lower + ULP, *evidence))
        assert f"the code does not prove delta_{len(support)} to be at least lower" in why
        if len(support) > 1:
            assert "nonzeros, more than the level" in refused(rows, vector(len(support) - 1, 0, *evidence))


def test_a_code_is_about_the_atoms_as_given():
    """x = (1, 1, -10) is a null vector of unequal atoms: N_i^2 |x_i|^2 = 1, 1, 2, so delta_3 >= 1; (1, 1, -1) says less."""
    derived(UNEQUAL, vector(3, 1, [0, 1, 2], integers([1, 1, -10])))
    other = Fraction(abs(2 * Fraction(81, 100) - Fraction(202, 100)), Fraction(202, 100))
    derived(UNEQUAL, vector(3, other, [0, 1, 2], integers([1, 1, -1])))
    refused(UNEQUAL, vector(3, other + ULP, [0, 1, 2], integers([1, 1, -1])))


def test_the_phase_of_a_code_counts():
    """e1 + i (e1 + i e2)/sqrt 2 ...: <d^_0, d^_2> = 1/sqrt 2, so real coefficients attain it and imaginary ones give 0."""
    below = Fraction(707, 1000)
    derived(COMPLEX_PLANE, vector(2, below, [0, 2], integers([1000, 707]), integers([0, 0])))
    derived(COMPLEX_PLANE, vector(2, 0, [0, 2], integers([1000, 0]), integers([0, 707])))
    refused(COMPLEX_PLANE, vector(2, ULP, [0, 2], integers([1000, 0]), integers([0, 707])))


@pytest.mark.parametrize(
    "rows, step, why",
    [
        (SIMPLEX, vector(2, 0, [], integers([])), "support is empty"),
        (SIMPLEX, vector(2, 0, [1, 0], integers([1, 1])), "strictly increasing"),
        (SIMPLEX, vector(2, 0, [0, 4], integers([1, 1])), "indices below 4"),
        (SIMPLEX, vector(2, 0, [0, 1], integers([1, 0])), "the value at atom 1 is zero"),
        (SIMPLEX, vector(2, 0, [0, 1], integers([1])), "real in evidence is not an array of length 2"),
        (SIMPLEX, vector(2, 0, [0], integers([1]), integers([1])), "imaginary is not null"),
        (COMPLEX, vector(2, 0, [0], integers([1])), "imaginary is not an object"),
    ],
)
def test_a_code_is_read_like_a_null_vector(rows, step, why):
    assert why in refused(rows, step)
