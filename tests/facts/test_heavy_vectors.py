"""Heavy null vectors: shares are exact lower bounds, levels of a half are right, and the search finds the heaviest."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest
from exact_null_space import HALF
from exact_reference import sample
from small_truths import assert_exact, small

from verify.budget import Budget, Effort
from verify.dictionaries.working_space import working_space
from verify.facts.heavy_vectors import heaviest, heavy_vectors, least_level_of_half, share_of_heaviest
from verify.facts.null_vectors import NullVector
from verify.progress import silent
from verify.verdict import Scaling

ONE = Fraction(1)


def vector(*values: int, norms: tuple[int, ...] | None = None) -> NullVector:
    squared = (ONE,) * len(values) if norms is None else tuple(Fraction(x * x) for x in norms)
    return NullVector(support=tuple(range(3, 3 + len(values))), real=values, imaginary=None, squared_norms=squared)


def test_shares_are_exact_for_integers_up_to_rounding_down() -> None:
    for seed in range(60):
        rng = np.random.default_rng(seed)
        values = [int(x) or 1 for x in rng.integers(-9, 10, int(rng.integers(2, 8)))]
        moduli = sorted(map(abs, values), reverse=True)
        for level in range(1, len(values) + 3):
            exact = Fraction(sum(moduli[:level]), sum(moduli))
            assert 0 <= exact - share_of_heaviest(vector(*values), level, Scaling.as_given) < Fraction(1, 2**59)
        least = next(k for k in itertools.count(1) if 2 * sum(moduli[:k]) >= sum(moduli))
        assert least_level_of_half(vector(*values), Scaling.as_given) == least


def test_ties_are_halves() -> None:
    for values, level in (((1, -1), 1), ((2, 1, 1), 1), ((5, -3, 2), 1), ((1,) * 8, 4)):
        assert share_of_heaviest(vector(*values), level, Scaling.as_given) == HALF
        assert least_level_of_half(vector(*values), Scaling.as_given) == level
        assert least_level_of_half(vector(*values), Scaling.unit) == level
    assert least_level_of_half(vector(2, 2, norms=(3, 3)), Scaling.unit) == 1
    assert least_level_of_half(vector(1, 1, 1, norms=(4, 1, 1)), Scaling.unit) == 1
    assert least_level_of_half(vector(1, 1, 1, norms=(4, 1, 1)), Scaling.as_given) == 2


def test_irrational_weights_are_rounded_the_safe_way() -> None:
    """|h| = sqrt 2, 1, 1 - sqrt 2 would tie: 1 + e against sqrt 2 on both sides."""
    for p, q in ((99, 70), (140, 99), (577, 408), (1393, 985)):
        h = NullVector(support=(0, 1), real=(1, 1), imaginary=None, squared_norms=(Fraction(p, q) ** 2, Fraction(2)))
        heavier = max(Fraction(p, q) ** 2, Fraction(2))
        assert least_level_of_half(h, Scaling.unit) == 1
        share = share_of_heaviest(h, 1, Scaling.unit)
        assert share >= HALF
        assert (share / (1 - share)) ** 2 <= heavier / min(Fraction(p, q) ** 2, Fraction(2))


def test_the_heaviest_atoms_come_first_of_equal_ones() -> None:
    assert heaviest(vector(1, -3, 3, 2, 3), Scaling.as_given, 2) == (4, 5)
    assert heaviest(vector(1, -3, 3, 2, 3), Scaling.as_given, 4) == (4, 5, 6, 7)
    assert heaviest(vector(1, -3), Scaling.as_given, 5) == (3, 4)
    assert heaviest(vector(1, 1, norms=(2, 3)), Scaling.unit, 1) == (4,)


@pytest.mark.parametrize("scaling", Scaling)
@pytest.mark.sampled(2)
def test_the_search_finds_the_heaviest_of_small_dictionaries(scaling: Scaling) -> None:
    levels = best = 0
    for name, dictionary, truth in small(130):
        if not truth.circuits or (scaling is Scaling.as_given and name.startswith("wildly-scaled")):
            continue
        budget = Budget(effort=Effort.standard, entries=dictionary.real.size)
        found, level = heavy_vectors(dictionary, working_space(dictionary, scaling), budget, silent)
        least = next(k for k in range(1, truth.n + 1) if truth.null_space_constant(k, scaling.value).upper >= HALF)
        assert level == least, name
        assert [bound.level for bound in found] == sorted({bound.level for bound in found})
        for bound in found:
            assert_exact(truth, bound.vector)
            exact = truth.null_space_constant(bound.level, scaling.value)
            assert bound.lower <= exact.upper
            levels += 1
            best += exact.lower - bound.lower < Fraction(1, 10**9)
    assert levels > 80
    assert best >= 0.95 * levels


def test_independent_atoms_have_none() -> None:
    dictionary = sample("float64", 0, 6, 4)
    assert heavy_vectors(dictionary, working_space(dictionary, Scaling.unit), Budget(), silent) == ((), 5)


def test_a_budget_that_is_stopped_still_gives_exact_vectors() -> None:
    dictionary = sample("float64", 0, 4, 9)
    budget = Budget(time_limit=1e-9)
    found, level = heavy_vectors(dictionary, working_space(dictionary, Scaling.unit), budget, silent)
    assert budget.stopped()
    assert 1 <= level <= 10
    for bound in found:
        assert bound.lower <= 1
