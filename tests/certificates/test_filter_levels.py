"""Guaranteed levels are true: all supports of the class at small sizes, by linear programming and by running OMP."""

from __future__ import annotations

import itertools
from typing import Any

import filter_truth as truth
import numpy as np
import pytest
from filter_samples import filters_of, most_coherent
from scipy.optimize import linprog

from certificates.rules import FILTER_RULES
from certificates.rules.values import Reject

CASES = [
    ([[[9, 2]], [[-1, 4]]], (1,), "full", (5,)),
    ([[[3, 1]], [[2, -5]]], (1,), "circular", (6,)),
    ([[[1, 9, -1]], [[6, -2, -5]]], (1,), "same", (7,)),
    ([[[8, 1, 1]], [[1, -2, 8]]], (2,), "full", (4,)),
    ([[[9, 1]]], (1,), "full", (6,)),
    ([[[[6, 1]]], [[[1, -7]]]], (1, 1), "full", (2, 3)),
]


def level(filters: Any, stride: tuple[int, ...], boundary: str, most: int) -> int:
    """The greatest level up to 3 that coherence guarantees for stripes."""
    exact = filters_of(filters, stride, boundary)
    pair = most_coherent(filters, stride, boundary, most)
    fact = FILTER_RULES["filter-coherence"](exact, pair).derive([])
    found = 0
    for k in (1, 2, 3):
        asked = {"level": k, "question": "l1", "scaling": "unit", "sparsity": "stripe"}
        try:
            FILTER_RULES["recovery-by-filter-coherence"](exact, asked).derive([fact])
        except Reject:
            break
        found = k
    return found


def supports(size: truth.Size, stripes: list[set[int]], k: int) -> list[tuple[int, ...]]:
    n = len(size.atoms)
    chosen = itertools.chain.from_iterable(itertools.combinations(range(n), count) for count in range(1, 5))
    return [found for found in chosen if max(len(stripe & set(found)) for stripe in stripes) <= k]


@pytest.mark.parametrize(("filters", "stride", "boundary", "lengths"), CASES)
def test_every_code_of_the_class_is_the_only_minimiser_and_found_by_omp(filters, stride, boundary, lengths):
    k = level(filters, stride, boundary, 3 if len(stride) == 2 else 5)
    assert k
    size = truth.dictionary(filters, stride, boundary, lengths)
    stripes = truth.stripes(size, truth.shape_of(filters)[2:], stride, boundary)
    columns = np.array([[float(value) for value in column] for column in size.columns])
    D = (columns / np.linalg.norm(columns, axis=1, keepdims=True)).T
    n = D.shape[1]
    random = np.random.default_rng(len(size.columns[0]))
    found = supports(size, stripes, k)
    # some codes of the class have more nonzeros than the level: it is about stripes
    assert len(filters) == 1 or max(map(len, found)) > k
    for support in found[:: max(1, len(found) // 12)]:
        signs = random.choice([-1.0, 1.0], len(support))
        # the greatest <signs, h_S> over D h = 0, |h|_1 <= 1, with h = a - b: below 1/2 where basis pursuit succeeds
        goal = np.zeros(n)
        goal[list(support)] = -signs
        done = linprog(
            np.concatenate([goal, -goal]),
            np.ones((1, 2 * n)),
            [1.0],
            np.hstack([D, -D]),
            np.zeros(len(D)),
            bounds=(0, None),
            method="highs",
        )
        assert -done.fun < 0.5 - 1e-9
        code = np.zeros(n)
        code[list(support)] = signs * random.uniform(0.01, 1, len(support))
        chosen: list[int] = []
        residual = D @ code
        for _ in support:
            chosen.append(int(np.argmax(np.abs(D.T @ residual))))
            values = np.linalg.lstsq(D[:, chosen], D @ code, rcond=None)[0]
            residual = D @ code - D[:, chosen] @ values
        assert sorted(chosen) == sorted(support)
        assert np.abs(residual).max() < 1e-9
