"""Proposals of dual and null vectors: one of the two is there, and what fails says so."""

from __future__ import annotations

import numpy as np
import pytest

from verify.solvers.signed_duals import RowProjector, SignedDuals, heaviest_vertex, least_dual
from verify.solvers.threads import in_threads


def problem(seed: int, m: int = 8, n: int = 16, k: int = 3) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    rows = rng.standard_normal((n, m))
    signs = np.zeros(n)
    signs[rng.permutation(n)[:k]] = rng.choice([-1.0, 1.0], k)
    return rows / np.linalg.norm(rows, axis=1)[:, None], signs


def kinds(rows: np.ndarray, signs: np.ndarray, dual: np.ndarray, null: np.ndarray) -> tuple[bool, bool]:
    products = rows @ dual
    on = signs != 0
    has_dual = np.allclose(products[on], signs[on], atol=1e-5) and np.abs(products[~on]).max() < 1
    is_null = np.abs(null @ rows).max() < 1e-6 * np.abs(null).max(initial=1e-300)
    return has_dual, bool(is_null and (signs * null).sum() > np.abs(null[~on]).sum())


@pytest.mark.parametrize("k", [2, 4, 6])
def test_the_three_ways_agree(k: int) -> None:
    for seed in range(12):
        rows, signs = problem(seed, k=k)
        search = SignedDuals(RowProjector(rows), signs[None], np.zeros((1, len(rows))))
        search.advance(3000)
        answers = set()
        for found in (search.proposals(), least_dual(rows, signs), heaviest_vertex(rows, signs)):
            assert found is not None
            dual, null = kinds(rows, signs, found.dual[0], found.null_vector[0])
            assert dual != null
            answers.add(dual)
        assert len(answers) == 1


def test_some_problems_are_kept() -> None:
    rows, signs = problem(0)
    both = np.stack([signs, -signs])
    search = SignedDuals(RowProjector(rows), both, np.zeros_like(both))
    search.advance(50)
    before = search.proposals().dual
    assert np.allclose(before[0], -before[1])
    search.keep(np.array([False, True]))
    assert np.allclose(search.proposals().dual, before[1:])


def test_projections_have_the_preimages_they_say() -> None:
    rows, _ = problem(1)
    rows[:, -1] = rows[:, 0]  # rank 7
    projector = RowProjector(rows)
    vectors = np.random.default_rng(0).standard_normal((3, len(rows)))
    projected = projector.projected(vectors)
    assert np.allclose(projector.projected(projected), projected)
    assert np.allclose(projector.preimage(vectors) @ rows.T, projected)


def test_where_there_is_nothing_to_choose_there_is_no_proposal() -> None:
    rows, signs = problem(2, m=3, n=5, k=3)
    assert least_dual(rows, signs) is None
    assert least_dual(np.eye(4, 6), np.array([1.0, 1, 1, 1])) is None
    plane = np.array([[1.0, 0, 0], [0, 1, 0], [1, 1, 0]])
    assert least_dual(plane, np.array([1.0, 1, 0])) is None


def test_an_unbounded_program_has_no_vertex() -> None:
    twice = np.array([[1.0, 0], [1.0, 0], [0, 1.0]])
    assert heaviest_vertex(twice, np.array([1.0, -1.0, 0])) is None
    assert heaviest_vertex(np.full((3, 2), np.nan), np.array([1.0, 0, 0])) is None


def test_results_of_threads_come_in_order_and_work_can_be_left() -> None:
    assert list(in_threads(lambda x: x * x, range(20), 4)) == [x * x for x in range(20)]
    begun = []
    results = in_threads(begun.append, range(10_000), 1)
    next(results)
    results.close()  # pyright: ignore[reportAttributeAccessIssue]  a generator
    assert len(begun) < 10_000


def test_errors_in_threads_are_raised() -> None:
    with pytest.raises(ZeroDivisionError):
        list(in_threads(lambda x: 1 // x, [1, 0]))
