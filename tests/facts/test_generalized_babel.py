"""The generalized Babel function: sums that the weights prove, and levels above those of generalized coherence."""

from __future__ import annotations

import dataclasses
from fractions import Fraction

import numpy as np
import pytest
from exact_null_space import NullSpace
from exact_reference import sample
from small_truths import assert_generalized_babel, small

from verify.budget import Budget, Effort
from verify.dictionaries.dictionary import Dictionary
from verify.dictionaries.families import build
from verify.dictionaries.working_space import working_space
from verify.facts.generalized import GeneralizedCoherence, generalized_coherence, integer_weights, largest_level
from verify.facts.generalized_babel import GeneralizedBabel, generalized_babel
from verify.solvers.largest_sums import least_largest_sums
from verify.verdict import Scaling


def measured(
    dictionary: Dictionary, effort: Effort = Effort.standard
) -> tuple[GeneralizedCoherence, GeneralizedBabel | None]:
    space = working_space(dictionary, Scaling.unit)
    generalized = generalized_coherence(dictionary, space)
    return generalized, generalized_babel(space, generalized, Budget(effort=effort, entries=dictionary.real.size))


def level(babel: GeneralizedBabel) -> int:
    return max(k for k, value in enumerate(babel.sums, 1) if value < 1)


def from_scratch(dictionary: Dictionary, *, own: bool = False) -> tuple[GeneralizedCoherence, GeneralizedBabel | None]:
    """As if mu~ were not known to be below 1; with `own` as if the atoms themselves were the best weights known."""
    space = working_space(dictionary, Scaling.unit)
    honest = generalized_coherence(dictionary, space)
    weights = integer_weights(space.rows) if own else honest.weights
    nothing = dataclasses.replace(honest, weights=weights, upper=(Fraction(1),) * len(honest.upper))
    return honest, generalized_babel(space, nothing, Budget(effort=Effort.standard, entries=dictionary.real.size))


def test_sums_never_go_further_than_generalized_coherence() -> None:
    """If (2k-1) mu~ >= 1, some P_i(k) + P_i(k-1) >= 1 for all weights.

    At the i with mu~_i = mu~, d^_i = sum of u_j d^_j with |u|_1 = 1/mu~ <= 2k-1; no |u_j| exceeds 1, for else mu~_j >
    mu~_i. So 1 = sum of u_j <w, d^_j> is at most the sum of the 2k-1 largest moduli, which is at most P_i(k) + P_i(k-1).
    """
    for _, dictionary, _ in small(130):
        assert measured(dictionary)[1] is None
    for seed in range(3):
        assert measured(sample("float64", seed, 12, 16))[1] is None


@pytest.mark.parametrize("own", [False, True])
def test_sums_of_small_dictionaries_are_proved_and_reach_the_level_of_generalized_coherence(own: bool) -> None:
    found = 0
    for name, dictionary, truth in small(91):
        honest, babel = from_scratch(dictionary, own=own)
        expected = min(largest_level(honest), truth.n)
        assert (0 if babel is None else level(babel)) == expected, name
        if babel is None:
            continue
        found += 1
        assert_generalized_babel(truth, babel)
        assert len(babel.upper) == len(babel.sums) == expected
        assert list(babel.upper) == sorted(babel.upper)
        assert 2 * expected < truth.spark
    assert found > 30


def test_longer_sums() -> None:
    """The simplex: P_i(k) = k/(n-1) for all atoms."""
    dictionary = build("simplex", "12")
    _, babel = from_scratch(dictionary)
    assert babel is not None
    assert_generalized_babel(NullSpace(dictionary), babel)
    assert len(babel.sums) == 5
    for k, (upper, total) in enumerate(zip(babel.upper, babel.sums, strict=True), 1):
        assert Fraction(k, 11) <= upper < Fraction(k, 11) * Fraction(103, 100)
        assert Fraction(2 * k - 1, 11) <= total < Fraction(2 * k - 1, 11) * Fraction(103, 100)


def test_a_budget_without_room_gives_nothing() -> None:
    dictionary = sample("float64", 2, 6, 12)
    space = working_space(dictionary, Scaling.unit)
    generalized = generalized_coherence(dictionary, space)
    stopped = Budget(effort=Effort.standard, time_limit=1e-9)
    assert generalized_babel(space, generalized, stopped) is None


def test_the_program_finds_the_least_sums() -> None:
    """For level 1 the sum is the largest inner product: the program returns mu~_i."""
    for _, dictionary, truth in small(26):
        rows = working_space(dictionary, Scaling.unit).rows
        for atom in range(truth.n):
            found = least_largest_sums(rows, atom, 1)
            exact = truth.mu_tilde(atom, "unit")
            assert found is not None
            products = rows @ found.weights
            assert abs(products[atom] - 1) < 1e-6
            assert abs(np.abs(np.delete(products, atom)).max() - float(exact.lower)) < 1e-6


def test_sums_count_all_other_atoms_once() -> None:
    """For two atoms at cosine c and more terms than atoms, P_i(k) = 0 by the best weights: they are independent."""
    generalized, babel = measured(Dictionary.from_array([[1.0, 0.6], [0.0, 0.8]]))
    assert largest_level(generalized) >= 2
    assert babel is None  # nothing above n is asked
    assert max(generalized.upper) < Fraction(1, 10**9)
