"""Approximation from the row space: near the exact values, on both sides of them, and never a number that is none."""

from __future__ import annotations

import numpy as np
import pytest
from exact_null_space import NullSpace
from small_truths import corners, small

from verify.dictionaries.working_space import working_space
from verify.solvers.row_space import Approximation, RowSpace
from verify.verdict import Scaling

CLOSE = 1e-6


def targets(n: int, seed: int, count: int = 12) -> np.ndarray:
    """Single atoms, signs on some atoms, and signs on all."""
    rng = np.random.default_rng(seed)
    return np.concatenate([np.eye(n), rng.choice([-1, 0, 1], (count, n)), rng.choice([-1, 1], (2, n))]).astype(float)


def assert_consistent(rows: np.ndarray, wanted: np.ndarray, found: Approximation) -> None:
    """What is returned is what it is said to be."""
    for values in (found.distance, found.dual, found.primal, found.value):
        assert np.isfinite(values).all()
    assert found.dual.shape == (len(wanted), rows.shape[1])
    scale = 1 + np.abs(found.dual) @ np.abs(rows).T
    residual = wanted - found.dual @ rows.T
    assert np.abs(np.abs(residual).max(axis=1) - found.distance).max() < 1e-9 * scale.max()
    assert np.abs((wanted * found.primal).sum(axis=1) - found.value).max() < 1e-12
    sums = np.abs(found.primal).sum(axis=1)
    assert (sums < 1 + 1e-12).all()
    # up to rounding a null vector of norm 1, or, where there is none, nothing
    assert np.abs(found.primal @ rows).max() < 1e-9 * np.abs(rows).max() + 1e-4 * (sums < 0.5).max()
    assert (found.value <= found.distance + 1e-9 + 1e-4 * (sums < 0.5)).all()


def true_values(truth: NullSpace, wanted: np.ndarray, scaling: Scaling) -> tuple[np.ndarray, np.ndarray]:
    bounds = [truth.signed_value({i: int(s) for i, s in enumerate(row) if s}, scaling.value) for row in wanted.tolist()]
    return np.array([float(b.lower) for b in bounds]), np.array([float(b.upper) for b in bounds])


@pytest.mark.thorough
@pytest.mark.parametrize("scaling", Scaling)
def test_distance_and_value_enclose_the_truth_closely(scaling: Scaling) -> None:
    """The null space seen in floats is the true one unless atoms as given are of wildly different size."""
    seen, loose = 0, 0
    for seed, (name, dictionary, truth) in enumerate(small(195)):
        space = working_space(dictionary, scaling)
        wanted = targets(truth.n, seed, 6)
        found = space.row_space.approximate(wanted, tolerance=1e-8)
        assert_consistent(space.rows, wanted, found)
        if scaling is Scaling.as_given and name.startswith("wildly-scaled"):
            continue
        assert space.row_space.nullity == truth.n - np.linalg.matrix_rank(space.rows)
        lower, upper = true_values(truth, wanted, scaling)
        assert (found.distance >= lower - 1e-9).all(), name
        if space.row_space.nullity:
            assert (found.value <= upper + 1e-9).all(), name
            assert (found.distance <= upper + 1e-4).all(), name
            assert (found.value >= lower - 1e-4).all(), name
            seen += len(wanted)
            loose += int(((found.value < lower - CLOSE) | (found.distance > upper + CLOSE)).sum())
        else:
            assert (found.distance < 1e-9).all()
    assert seen > 1500
    assert loose < seen / 100


@pytest.mark.parametrize("tolerance", [1e-2, 1e-4, 1e-6])
def test_a_tolerance_is_kept_on_both_sides(tolerance: float) -> None:
    for seed, (name, dictionary, _) in enumerate(small(130)):
        space = working_space(dictionary, Scaling.unit)
        if space.row_space.nullity == 0:
            continue
        found = space.row_space.approximate(targets(len(space.rows), seed), tolerance=tolerance)
        gap = found.distance - found.value
        assert (gap <= 10 * tolerance * found.distance + 1e-9).all(), name


def gaussian(m: int, n: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((n, m))


SHAPES = {
    "square": gaussian(5, 5),
    "tall": gaussian(9, 5),
    "one-dimensional null space": gaussian(6, 7),
    "one row": gaussian(1, 6),
    "one row, one of them zero": np.array([[1.0], [0.0], [2.0]]),
    "many more atoms than rows": gaussian(2, 80),
    "an ordinary one": gaussian(12, 30),
    "above the size of small matrices": gaussian(60, 130),
    "a small null space of many atoms": gaussian(55, 60),
    "rank deficient": gaussian(3, 12) @ gaussian(6, 3, 1),
    "rank deficient, tall": gaussian(2, 4) @ gaussian(9, 2, 1),
    "duplicates": np.repeat(gaussian(3, 4), 2, axis=0),
    "small entries": 1e-150 * gaussian(3, 6),
    "large entries": 1e150 * gaussian(3, 6),
    "entries of very different size": gaussian(3, 6) * np.array([1e-200, 1, 1e5, 1e-5, 1, 1e-9])[:, None],
}


@pytest.mark.parametrize("name", SHAPES)
def test_every_shape(name: str) -> None:
    rows = SHAPES[name]
    space = RowSpace(rows)
    assert space.count == len(rows)
    assert space.nullity == len(rows) - np.linalg.matrix_rank(rows / np.abs(rows).max(), tol=1e-9)
    wanted = targets(len(rows), 3, 4)
    for tolerance in (1e-2, 1e-8):
        found = space.approximate(wanted, tolerance=tolerance)
        assert_consistent(rows, wanted, found)
        if space.nullity:
            gap = found.distance - found.value
            assert (gap <= 1.1 * max(tolerance, 1e-6) * found.distance + 1e-9).all()
        else:
            assert (found.distance < 1e-9).all()
    assert np.abs(space.projected(rows.T) - rows.T).max() <= 1e-12 * np.abs(rows).max()


def test_a_simplex_has_closed_forms() -> None:
    """The null space is that of the vector of ones: <b, h>/|h|_1 = |sum of b| / n."""
    n = 7
    rows = n * np.eye(n) - 1
    wanted = targets(n, 0)
    found = RowSpace(rows).approximate(wanted, tolerance=1e-9)
    assert np.abs(found.value - np.abs(wanted.sum(axis=1)) / n).max() < 1e-7
    assert np.abs(found.distance - np.abs(wanted.sum(axis=1)) / n).max() < 1e-7


def test_first_steps_that_widen_the_gap_do_not_end_the_search() -> None:
    rows = np.array([[-4 / 7], [-3 / 11], [9 / 2], [4 / 7], [-5 / 8]])
    found = RowSpace(rows).approximate(np.eye(5), tolerance=1e-8)
    moduli = np.abs(rows[:, 0])
    for i in range(5):  # h_i and the one entry that costs least to balance it
        other = np.delete(moduli, i).max()
        assert found.value[i] == pytest.approx(other / (other + moduli[i]), abs=1e-7)


def test_no_targets_and_one_target() -> None:
    space = RowSpace(gaussian(3, 6))
    none = space.approximate(np.empty((0, 6)))
    assert (none.distance.shape, none.dual.shape, none.primal.shape, none.value.shape) == ((0,), (0, 3), (0, 6), (0,))
    one = space.approximate(np.eye(6)[2:3])
    many = space.approximate(np.eye(6))
    assert one.value[0] == pytest.approx(many.value[2], abs=1e-7)


def test_targets_in_the_row_space_and_no_target_at_all() -> None:
    rows = gaussian(3, 6)
    wanted = np.concatenate([rows.T, np.zeros((1, 6))])
    found = RowSpace(rows).approximate(wanted)
    assert (found.distance < 1e-11).all()
    assert np.isfinite(found.primal).all()


def test_batches_do_not_change_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    space, wanted = RowSpace(gaussian(5, 12)), targets(12, 1)
    whole = space.approximate(wanted)
    monkeypatch.setattr("verify.solvers.row_space._BATCH_ENTRIES", 30)
    parts = space.approximate(wanted)
    assert np.abs(whole.value - parts.value).max() < 1e-7
    assert np.abs(whole.distance - parts.distance).max() < 1e-7


def test_enough_and_hopeless_stop_early_and_stay_bounds() -> None:
    rows = gaussian(6, 15)
    space, wanted = RowSpace(rows), targets(15, 2)
    exact = space.approximate(wanted, tolerance=1e-9)
    early = space.approximate(wanted, tolerance=1e-9, enough=1.5)
    assert (early.distance <= 1.5).all()
    assert (early.distance >= exact.distance - 1e-8).all()
    assert (early.distance > exact.distance + 1e-3).any()
    lost = space.approximate(wanted, tolerance=1e-9, hopeless=0.1)
    assert (lost.value <= exact.value + 1e-8).all()
    assert (lost.distance >= exact.distance - 1e-8).all()
    assert (lost.distance > exact.distance + 1e-3).any()
    never = space.approximate(wanted, tolerance=1e-9, enough=0.0, hopeless=np.inf)
    assert np.abs(never.value - exact.value).max() < 1e-7
    for found in (early, lost):
        assert_consistent(rows, wanted, found)


def test_singular_equations_end_a_search_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    rows, wanted = gaussian(4, 9), targets(9, 0)
    space = RowSpace(rows)

    def singular(*_: object) -> None:
        raise np.linalg.LinAlgError

    monkeypatch.setattr("verify.solvers.normal_equations.NormalEquations.factored", singular)
    found = space.approximate(wanted)
    assert (found.value == 0).all()
    assert (found.distance <= np.abs(wanted - space.projected(wanted)).max(axis=1) + 1e-12).all()


def test_the_corners() -> None:
    for name, dictionary, truth in corners():
        for scaling in Scaling:
            space = working_space(dictionary, scaling)
            wanted = targets(truth.n, 5)
            found = space.row_space.approximate(wanted)
            assert_consistent(space.rows, wanted, found)
            lower, upper = true_values(truth, wanted, scaling)
            assert (found.distance >= lower - 1e-9).all(), name
            if space.row_space.nullity and not (name == "tiny and huge" and scaling is Scaling.as_given):
                assert (found.value <= upper + 1e-9).all(), name
