"""Laws of generalized coherence and null-space constants: what does not matter, and that more effort loses nothing."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from exact_reference import fractions_array, sample
from small_truths import small

from verify.budget import Budget, Effort
from verify.dictionaries.dictionary import Dictionary
from verify.dictionaries.families import build
from verify.facts.measure import Facts, measure
from verify.judge import Level, judge
from verify.verdict import Question, Scaling

CLOSE = Fraction(1, 10**6)


def rows_of(dictionary: Dictionary) -> np.ndarray:
    return fractions_array([[Fraction(*x.as_integer_ratio()) for x in row] for row in dictionary.real.tolist()])


def assert_same(before: Facts, after: Facts, scaling: Scaling) -> None:
    """Enclosures of one number meet and are narrow; levels are the same, for the network up to ties."""
    if before.generalized is not None and after.generalized is not None:
        a, b = before.generalized.enclosure, after.generalized.enclosure
        assert max(a.lower, b.lower) <= min(a.upper, b.upper)
        assert max(a.upper, b.upper) - min(a.lower, b.lower) < CLOSE
    first, second = judge(before, scaling).levels, judge(after, scaling).levels
    for question in (Question.l0, Question.l1):
        one, other = first[question], second[question]
        assert (one.guaranteed, one.refuted) == (other.guaranteed, other.refuted)
    assert_no_contradiction(first.network, second.network)


def assert_no_contradiction(one: Level, other: Level) -> None:
    for a, b in ((one, other), (other, one)):
        assert a.refuted is None or a.refuted > b.guaranteed


CHOSEN = [known for known in small(78) if not known[0].startswith("wildly-scaled")][::2]


@pytest.mark.thorough
@pytest.mark.parametrize("scaling", Scaling)
def test_the_order_and_the_signs_of_atoms_and_coordinates_do_not_matter(scaling: Scaling) -> None:
    for seed, (_, dictionary, _) in enumerate(CHOSEN):
        rng = np.random.default_rng(seed)
        rows = rows_of(dictionary)
        m, n = rows.shape
        order, signs = rng.permutation(n), rng.choice([1, -1], n)
        changed = (rows * signs)[:, order][rng.permutation(m)] * rng.choice([1, -1], (m, 1))
        before, after = measure(dictionary, scaling=scaling), measure(Dictionary.from_array(changed), scaling=scaling)
        assert_same(before, after, scaling)
        if before.generalized is not None and after.generalized is not None:
            for at, i in enumerate(order):  # both are bounds of mu~_i, 3 % apart at most where it is not the greatest
                assert abs(before.generalized.upper[i] - after.generalized.upper[at]) < Fraction(1, 8)


@pytest.mark.thorough
def test_the_size_of_atoms_does_not_matter_to_unit_atoms() -> None:
    for seed, (_, dictionary, _) in enumerate(CHOSEN):
        rng = np.random.default_rng(seed)
        rows = rows_of(dictionary)
        factors = [Fraction(int(p), int(q)) * Fraction(10) ** int(e) for p, q, e in zip(rng.integers(1, 99, rows.shape[1]), rng.integers(1, 99, rows.shape[1]), rng.integers(-60, 60, rows.shape[1]), strict=True)]  # fmt: skip
        changed = Dictionary.from_array(rows * np.array(factors, dtype=object))
        assert_same(measure(dictionary), measure(changed), Scaling.unit)


@pytest.mark.thorough
@pytest.mark.parametrize("factor", [Fraction(3), Fraction(1, 7), Fraction(10) ** 90, Fraction(1, 10**90)])
def test_one_factor_for_all_atoms_does_not_matter_to_atoms_as_given(factor: Fraction) -> None:
    for _, dictionary, _ in CHOSEN[::3]:
        changed = Dictionary.from_array(rows_of(dictionary) * factor)
        for scaling in Scaling:
            assert_same(measure(dictionary, scaling=scaling), measure(changed, scaling=scaling), scaling)


def test_generalized_coherence_is_at_most_the_coherence() -> None:
    for _, dictionary, _ in CHOSEN:
        facts = measure(dictionary)
        if facts.generalized is not None:
            assert facts.generalized.lower**2 <= facts.coherence.squared
            assert max(facts.generalized.upper) ** 2 <= facts.coherence.squared + CLOSE


def larger() -> list[Dictionary]:
    found = [sample("float64", seed, m, n) for seed, (m, n) in enumerate(((8, 16), (10, 14)))]
    found += [Dictionary.from_array(np.random.default_rng(seed).choice([-1, 1], (10, 13))) for seed in range(2)]
    return [*found, build("identity-hadamard", "16"), build("simplex", "14")]


@pytest.mark.thorough
@pytest.mark.parametrize("scaling", Scaling)
def test_more_effort_never_loses_a_level(scaling: Scaling) -> None:
    for dictionary in [*(known[1] for known in small(26)), *larger()]:
        entries = dictionary.real.size
        stopped = measure(dictionary, scaling=scaling, budget=Budget(time_limit=1e-9, entries=entries))
        quick, standard = (
            measure(dictionary, scaling=scaling, budget=Budget(effort=effort, entries=entries))
            for effort in (Effort.quick, Effort.standard)
        )
        for less, more in ((stopped, quick), (quick, standard)):
            first, second = judge(less, scaling).levels, judge(more, scaling).levels
            for question in Question:
                one, other = first[question], second[question]
                assert one.guaranteed <= other.guaranteed
                assert one.refuted is None or (other.refuted is not None and other.refuted <= one.refuted)
