"""Supports that averages leave open: exactly those that brute force finds."""

from __future__ import annotations

import itertools
from math import comb

import numpy as np
import pytest

from verify.facts.support_search import open_supports, pair_table, search_work, triple_table, triples_from_pairs


def cube(n: int, seed: int, kind: str) -> np.ndarray:
    rng = np.random.default_rng([seed, n])
    if kind == "pairs":
        return triples_from_pairs(pair_table(rng.random(comb(n, 2)) / 2, n))
    drawn = rng.random(comb(n, 3)) if kind == "triples" else rng.choice([0.2, 0.5, 0.9], comb(n, 3))
    return triple_table(drawn, n)


def averages(table: np.ndarray, level: int) -> dict[tuple[int, ...], float]:
    return {
        support: sum(float(table[t]) for t in itertools.combinations(support, 3)) / comb(level - 1, 2)
        for support in itertools.combinations(range(len(table)), level)
    }


@pytest.mark.parametrize("kind", ["pairs", "triples", "few values"])
@pytest.mark.parametrize("n", [3, 4, 6, 9])
def test_brute_force_agrees(n: int, kind: str) -> None:
    for seed, level in itertools.product(range(3), range(3, min(n, 6) + 1)):
        table = cube(n, seed, kind)
        all_averages = averages(table, level)
        ordered = sorted(set(all_averages.values()))
        for limit in (0.0, ordered[len(ordered) // 2], ordered[-1], 0.4999, 5.0):
            found = open_supports(table, level, limit, most=10**6, stopped=lambda: False)
            assert found is not None
            assert len(set(found)) == len(found)
            over = {support for support, value in all_averages.items() if value > limit * (1 + 1e-9)}
            near = {support for support, value in all_averages.items() if value > limit * (1 - 1e-9)}
            assert over <= set(found) <= near  # never one too few


def test_a_limit_on_what_is_found() -> None:
    table = cube(8, 0, "triples")
    everything = open_supports(table, 4, 0.0, most=70, stopped=lambda: False)
    assert everything is not None
    assert len(everything) == 70
    assert open_supports(table, 4, 0.0, most=69, stopped=lambda: False) is None


def test_a_search_that_is_stopped_says_nothing() -> None:
    table = cube(8, 0, "triples")
    for patience in range(30):
        asked = itertools.count()
        found = open_supports(table, 5, 0.0, most=10**6, stopped=lambda asked=asked, most=patience: next(asked) >= most)
        assert found is None or len(found) == comb(8, 5)
    assert open_supports(table, 5, 0.0, most=10**6, stopped=lambda: True) is None


def test_tables() -> None:
    pairs = pair_table(np.array([0.1, 0.2, 0.3]), 3)
    assert pairs.tolist() == [[0, 0.1, 0.2], [0.1, 0, 0.3], [0.2, 0.3, 0]]
    triples = triples_from_pairs(pairs)
    assert 0.3 <= triples[0, 1, 2] < 0.3 + 1e-9
    assert 0.3 <= triples[2, 0, 1] < 0.3 + 1e-9
    assert triples[0, 0, 1] == triples[1, 0, 1] == triples[2, 2, 2] == 0
    table = triple_table(np.arange(1.0, 5), 4)
    assert (table[0, 1, 2], table[3, 1, 0], table[2, 3, 0], table[1, 3, 2]) == (1, 2, 3, 4)
    assert np.count_nonzero(table) == 24


def test_work_grows() -> None:
    assert search_work(10, 3) < search_work(10, 5) < search_work(20, 5)
