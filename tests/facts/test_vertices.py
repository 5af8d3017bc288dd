"""From floats to exact null vectors of small support: exact always, the vector meant wherever floats see it."""

from __future__ import annotations

import numpy as np
import pytest
from exact_null_space import NullSpace
from small_truths import assert_exact, corners, known, small

from verify.dictionaries.working_space import working_space
from verify.facts.null_vectors import NullVector
from verify.facts.vertices import exact_vertex
from verify.verdict import Scaling

MOST = 1e12


def assert_vertex(truth: NullSpace, vector: NullVector) -> None:
    """Exact, and a circuit: no null vector has a smaller support within it."""
    assert_exact(truth, vector)
    inside = set(vector.support)
    supports = [{i for i, x in enumerate(h) if x} for h in truth.circuits]
    assert inside in supports
    assert not any(support < inside for support in supports)


@pytest.mark.parametrize("scaling", Scaling)
def test_circuits_in_floats_become_themselves(scaling: Scaling) -> None:
    for name, dictionary, truth in [*small(130), *corners()]:
        space = working_space(dictionary, scaling)
        if space.row_space.nullity != truth.n - np.linalg.matrix_rank(working_space(dictionary, Scaling.unit).rows):
            continue  # atoms as given of wildly different size
        for h in truth.circuits[:6]:
            weights = [
                (b.lower + b.upper) / 2 * (1 if x > 0 else -1)
                for x, b in zip(h, truth.weights(h, scaling.value), strict=True)
            ]
            largest = max(map(abs, weights))
            floats = np.array([float(w / largest) for w in weights])
            if np.abs(floats[floats != 0]).min() < 1e-5:
                continue
            noise = np.random.default_rng(1).standard_normal(truth.n) * 1e-12
            for seen in (floats, floats + noise, -3e5 * floats):
                vector = exact_vertex(dictionary, space.rows, seen, MOST)
                assert vector is not None, name
                assert vector.support == tuple(np.flatnonzero(floats))
                assert_vertex(truth, vector)


def test_sums_of_circuits_become_circuits_within_their_support() -> None:
    found = 0
    for seed, (_, dictionary, truth) in enumerate(small(130)):
        rows = working_space(dictionary, Scaling.unit).rows
        kernel = np.linalg.svd(rows.T)[2][np.linalg.matrix_rank(rows) :]
        if not len(kernel):
            continue
        for h in np.random.default_rng(seed).standard_normal((3, len(kernel))) @ kernel:
            vector = exact_vertex(dictionary, rows, h, MOST)
            if vector is not None:
                found += 1
                assert_vertex(truth, vector)
    assert found > 150


def test_parallel_atoms_in_a_plane() -> None:
    """Rounding along the first direction of the null space is no direction."""
    _, dictionary, truth = known([[1, 0, 1, 1, -1, -1], [0, 1, -1, 1, 1, 1]])
    rows = working_space(dictionary, Scaling.unit).rows
    for tiny in (0.0, 1e-9, -1e-8):
        h = np.array([-tiny, tiny, 0.5, 0, 0.25, 0.25 + tiny])
        vector = exact_vertex(dictionary, rows, h, MOST)
        assert vector is not None
        assert vector.support in ((2, 4), (2, 5))
        assert_exact(truth, vector)


def test_what_is_no_null_vector_gives_an_exact_one_or_none() -> None:
    for seed, (_, dictionary, truth) in enumerate(small(130)):
        rng = np.random.default_rng(seed)
        rows = working_space(dictionary, Scaling.unit).rows
        drawn = rng.standard_normal(truth.n)
        for h in (drawn, np.ones(truth.n), np.eye(truth.n)[0], 1e-300 * drawn, 1e300 * drawn):
            for attempt in range(3):
                vector = exact_vertex(dictionary, rows, h, MOST, attempt)
                if vector is not None:
                    assert_exact(truth, vector)


def test_numbers_that_are_none_give_nothing() -> None:
    _, dictionary, _ = known([[1, 0, 1], [0, 1, 1]])
    rows = working_space(dictionary, Scaling.unit).rows
    for h in (np.zeros(3), np.full(3, np.nan), np.array([1, np.inf, 1]), np.array([1.0, 0, 0])):
        assert exact_vertex(dictionary, rows, h, MOST) is None


def test_a_solution_that_costs_too_much_is_left_out() -> None:
    _, dictionary, _ = known([[1, 0, 3], [0, 1, 2]])
    rows = working_space(dictionary, Scaling.as_given).rows
    assert exact_vertex(dictionary, rows, np.array([3.0, 2, -1]), 7) is None
    assert exact_vertex(dictionary, rows, np.array([3.0, 2, -1]), 8) is not None
