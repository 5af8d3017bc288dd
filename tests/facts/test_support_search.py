"""Supports that averages leave open: exactly those that brute force finds."""

from __future__ import annotations

import itertools
import math
from math import comb

import numpy as np
import pytest

from certificates.rules import supports
from certificates.rules.values import Reject
from verify.facts.support_search import checking_work, open_supports, pair_table, triple_table, triples_from_pairs


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
            found = open_supports(table, level, limit, most=10**6, most_work=1e99, stopped=lambda: False)
            assert found is not None
            found = found.supports
            assert len(set(found)) == len(found)
            over = {support for support, value in all_averages.items() if value > limit * (1 + 1e-9)}
            near = {support for support, value in all_averages.items() if value > limit * (1 - 1e-9)}
            assert over <= set(found) <= near  # never one too few


def test_a_limit_on_what_is_found() -> None:
    table = cube(8, 0, "triples")
    everything = open_supports(table, 4, 0.0, most=70, most_work=1e99, stopped=lambda: False)
    assert everything is not None
    assert len(everything.supports) == 70
    assert open_supports(table, 4, 0.0, most=69, most_work=1e99, stopped=lambda: False) is None
    work = checking_work(8, everything.prefixes, everything.pairs)
    assert open_supports(table, 4, 0.0, most=70, most_work=work, stopped=lambda: False) == everything
    assert open_supports(table, 4, 0.0, most=70, most_work=0.9 * checking_work(8, 1, 28), stopped=lambda: False) is None


def test_a_search_that_is_stopped_says_nothing() -> None:
    table = cube(8, 0, "triples")
    for patience in range(30):
        asked = itertools.count()
        limits = {"most": 10**6, "most_work": 1e99}
        found = open_supports(table, 5, 0.0, **limits, stopped=lambda asked=asked, most=patience: next(asked) >= most)
        assert found is None or len(found.supports) == comb(8, 5)
    assert open_supports(table, 5, 0.0, most=10**6, most_work=1e99, stopped=lambda: True) is None


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


def test_the_counts_are_those_of_the_checker() -> None:
    """No fewer than its search visits, and for the same bounds not one more."""
    pruned = 0
    for n, level, seed in ((6, 4, 0), (9, 5, 1), (10, 6, 2), (9, 7, 3), (8, 8, 4), (12, 5, 5)):
        table = cube(n, seed, "triples")
        sums = sorted(averages(table, level).values())
        for limit in (0.0, sums[len(sums) // 2], sums[-1] * 1.001, 2 * sums[-1]):
            found = open_supports(table, level, limit, most=10**6, most_work=1e99, stopped=lambda: False)
            assert found is not None
            values = [math.floor(table[t] * 2**60) for t in itertools.combinations(range(n), 3)]
            triples, whole = supports.triple_lists(values, n), math.floor(limit * comb(level - 1, 2) * 2**60)
            exact = supports.Visits(found.prefixes, found.pairs)
            supports.search(triples, level, whole, lambda _: None, exact)
            for less in (supports.Visits(found.prefixes - 1, 10**9), supports.Visits(10**9, found.pairs - 1)):
                with pytest.raises(Reject, match="more prefixes or pairs than are declared"):
                    supports.search(triples, level, whole, lambda _: None, less)
            pruned += found.prefixes < sum(comb(n - level + size, size) for size in range(level - 1))
    assert pruned > 5
