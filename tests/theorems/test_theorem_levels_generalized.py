"""Levels by generalized coherence, its sums and the null space equal what naive loops find."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from level_samples import (
    CASES,
    EQUAL,
    L0,
    L1,
    L1_AS_GIVEN,
    NETWORK,
    ONE,
    UNEQUAL,
    facts,
    increments,
    sizes,
)

from verify.facts.generalized import GeneralizedCoherence
from verify.facts.generalized_babel import GeneralizedBabel
from verify.facts.heavy_vectors import NullSpaceLower
from verify.facts.null_space import NullSpace, NullSpaceUpper
from verify.facts.null_vectors import NullVector
from verify.theorems import (
    Case,
    Known,
    Recovery,
    SparkBound,
    convergence_by_generalized_babel,
    convergence_by_generalized_coherence,
    failure_by_heavy_part,
    rate_by_generalized_babel,
    recovery_by_generalized_coherence,
    recovery_by_independence,
    recovery_by_null_space,
    spark_by_generalized_babel,
    spark_by_generalized_coherence,
    spark_by_null_space,
    uniqueness_by_recovery,
)
from verify.verdict import Question, Scaling


def generalized(*upper: Fraction, imaginary: bool = False) -> GeneralizedCoherence:
    weights = np.ones((len(upper), 1), dtype=np.int64)
    return GeneralizedCoherence(
        weights=weights, upper=upper, atom=0, lower=Fraction(0), vector=None, imaginary=weights if imaginary else None
    )


def sums(upper: list[Fraction]) -> GeneralizedBabel:
    totals = [a + b for a, b in zip(upper, [Fraction(0), *upper], strict=False)]
    return GeneralizedBabel(basis=generalized(Fraction(1)), upper=tuple(upper), sums=tuple(totals))


def constants(
    *uppers: tuple[int, Fraction], scaling: Scaling = Scaling.unit, lowers: tuple[NullSpaceLower, ...] = ()
) -> NullSpace:
    bounds = tuple(NullSpaceUpper(level=k, upper=u, basis=generalized(Fraction(1))) for k, u in uppers)
    return NullSpace(scaling=scaling, uppers=bounds, lowers=lowers)


TINY = Fraction(1, 10**60)
BY_GENERALIZED = [
    (recovery_by_generalized_coherence.THEOREM, Question.l1),
    (convergence_by_generalized_coherence.THEOREM, Question.network),
]


@pytest.mark.parametrize(("entry", "question"), BY_GENERALIZED)
@pytest.mark.parametrize("k", range(1, 30))
def test_levels_by_generalized_coherence_at_equality(entry, question: Question, k: int) -> None:
    """(2k-1) mu~ = 1: the level is k - 1."""
    case = Case(question=question, scaling=Scaling.unit)
    at = Fraction(1, 2 * k - 1)
    for upper, level in ((at, k - 1), (at - TINY, k), (at + TINY, k - 1)):
        known = Known(facts=facts(n=100, generalized=generalized(Fraction(0), upper, upper / 2)))
        assert entry.level(known, case) == level
        assert entry.evidence(known) is known.facts.generalized
        for other in CASES:
            if other.question is not question:
                assert entry.level(known, other) == 0
    assert entry.level(Known(facts=facts(n=7, generalized=generalized(Fraction(0)))), case) == 7
    assert entry.level(Known(facts=facts()), case) == 0


def test_scalings_and_fields_of_generalized_coherence() -> None:
    found = generalized(Fraction(1, 10))
    recovery, network = (entry for entry, _ in BY_GENERALIZED)
    for norms, answers in ((EQUAL, True), (UNEQUAL, False)):
        known = Known(facts=facts(norms=norms, generalized=found))
        assert recovery.level(known, L1) == 5
        assert recovery.level(known, L1_AS_GIVEN) == (5 if answers else 0)
        for scaling in Scaling:  # a positive factor per atom does not matter to the network
            assert network.level(known, Case(question=Question.network, scaling=scaling)) == 5
    complex_ = Known(facts=facts(generalized=generalized(Fraction(1, 10), imaginary=True), is_real=False))
    assert recovery.level(complex_, L1) == 5
    assert network.level(complex_, NETWORK) == 0
    independent = Known(facts=facts(n=4, is_real=False), spark=(SparkBound(value=None, theorem="x"),))
    assert recovery_by_independence.THEOREM.level(independent, NETWORK) == 0
    assert recovery_by_independence.THEOREM.level(independent, L1) == 4


@given(increments)
def test_levels_by_generalized_babel(steps: list[Fraction]) -> None:
    upper = list(itertools.accumulate(sorted(steps, reverse=True)))
    known = Known(facts=facts(n=12, generalized_babel=sums(upper)))
    naive = sum(1 for a, b in zip(upper, [Fraction(0), *upper], strict=False) if a + b < 1)  # they increase
    for scaling in Scaling:
        case = Case(question=Question.network, scaling=scaling)
        assert convergence_by_generalized_babel.THEOREM.level(known, case) == naive
    assert convergence_by_generalized_babel.THEOREM.level(known, L1) == 0
    assert convergence_by_generalized_babel.THEOREM.level(Known(facts=facts()), NETWORK) == 0
    rate = rate_by_generalized_babel.THEOREM
    assert rate.level(known) == naive
    assert rate.evidence(known, naive) is known.facts.generalized_babel
    for k in range(14):
        total = upper[k - 1] + (upper[k - 2] if k > 1 else 0) if 1 <= k <= len(upper) else Fraction(1)
        assert rate.rate(known, k) == (total if total < 1 else None)
    assert rate.level(Known(facts=facts())) == 0
    assert rate.rate(Known(facts=facts()), 1) is None
    bound = spark_by_generalized_babel.THEOREM.lower(known.facts)
    least = next((s for s in itertools.count(2) if s - 2 >= len(upper) or upper[s - 2] >= 1), 0)
    assert bound == (None if least > 12 else SparkBound(value=least, theorem="spark-by-generalized-babel"))


@pytest.mark.parametrize("k", range(1, 12))
def test_generalized_babel_at_equality(k: int) -> None:
    """P(j) = j/(2k-1): P(k) + P(k-1) = 1 guarantees k - 1; P(s-1) = 1 gives spark s = 2k."""
    found = sums([Fraction(j, 2 * k - 1) for j in range(1, k + 1)])
    assert convergence_by_generalized_babel.THEOREM.level(Known(facts=facts(n=40, generalized_babel=found)), NETWORK) == k - 1  # fmt: skip
    longer = sums([Fraction(j, 2 * k - 1) for j in range(1, 2 * k + 3)])
    bound = spark_by_generalized_babel.THEOREM.lower(facts(n=40, generalized_babel=longer))
    assert bound == SparkBound(value=2 * k, theorem="spark-by-generalized-babel")
    both = facts(n=40, generalized_babel=longer, generalized=generalized(Fraction(1, 2 * k - 1)))
    assert spark_by_generalized_babel.THEOREM.lower(both) is None  # mu~ says as much


@given(st.fractions(min_value=0, max_value=2, max_denominator=500), sizes)
def test_spark_by_generalized_coherence(upper: Fraction, n: int) -> None:
    bound = spark_by_generalized_coherence.THEOREM.lower(facts(n=n, generalized=generalized(upper, upper / 2)))
    if (n - 1) * upper < 1:
        assert bound is None
    else:
        naive = next(s for s in itertools.count(1) if (s - 1) * upper >= 1)
        assert bound == SparkBound(value=naive, theorem="spark-by-generalized-coherence")
        assert naive <= n
    assert spark_by_generalized_coherence.THEOREM.lower(facts(n=n)) is None


@given(
    st.lists(st.tuples(st.integers(1, 12), st.fractions(min_value=0, max_value=Fraction(59, 60), max_denominator=60)))
)
def test_spark_by_null_space(bounds: list[tuple[int, Fraction]]) -> None:
    found = spark_by_null_space.THEOREM.lower(facts(null_space=constants(*bounds)))
    naive = [next(s for s in itertools.count(1) if s * u >= k) for k, u in bounds if k <= 12 * u]
    assert (None if found is None else found.value) == max(naive, default=None)
    assert spark_by_null_space.THEOREM.lower(facts()) is None


def test_levels_by_the_null_space() -> None:
    half = Fraction(1, 2)
    for at, level in ((half, 2), (half - TINY, 3), (half + TINY, 2)):
        found = constants((1, half / 2), (2, half - TINY), (3, at), (4, Fraction(3, 4)))
        known = Known(facts=facts(null_space=found))
        assert recovery_by_null_space.THEOREM.level(known, L1) == level
        assert recovery_by_null_space.THEOREM.evidence(known) is found.uppers[level - 1]
        for case in CASES:
            if case != L1:
                assert recovery_by_null_space.THEOREM.level(known, case) == 0
    as_given = Known(facts=facts(null_space=constants((2, half - TINY), scaling=Scaling.as_given)))
    assert recovery_by_null_space.THEOREM.level(as_given, L1) == 0
    assert recovery_by_null_space.THEOREM.level(as_given, L1_AS_GIVEN) == 2
    nothing = Known(facts=facts())
    assert recovery_by_null_space.THEOREM.level(nothing, L1) == 0
    assert recovery_by_null_space.THEOREM.evidence(nothing) is None
    assert recovery_by_null_space.THEOREM.level(Known(facts=facts(null_space=constants((1, half)))), L1) == 0


def test_uniqueness_by_recovery() -> None:
    for question in (Question.l1, Question.network, Question.omp):
        known = Known(facts=facts(), recovery=Recovery(question=question, level=4))
        for case in CASES:
            assert uniqueness_by_recovery.THEOREM.level(known, case) == (4 if case.question is Question.l0 else 0)
        assert uniqueness_by_recovery.THEOREM.evidence(known) == known.recovery
    assert uniqueness_by_recovery.THEOREM.level(Known(facts=facts()), L0) == 0


def test_the_heavier_of_two_null_vectors_is_the_witness() -> None:
    light = NullVector(support=(0, 1, 2, 3), real=(1, 1, 1, 1), imaginary=None, squared_norms=(ONE,) * 4)
    heavy = NullVector(support=(0, 4, 5, 6, 7), real=(4, 1, -1, 1, 1), imaginary=None, squared_norms=(ONE,) * 5)
    for lower, level, witness in ((Fraction(1, 2), 1, heavy), (Fraction(1, 2) - TINY, 2, light)):
        found = constants(lowers=(NullSpaceLower(level=1, lower=lower, vector=heavy),))
        known = Known(facts=facts(null_vector=light, null_space=found))
        for case in (L1, L1_AS_GIVEN):
            assert failure_by_heavy_part.THEOREM.level(known, case) == level
            assert failure_by_heavy_part.THEOREM.witness(known, case) is witness
    assert failure_by_heavy_part.THEOREM.witness(Known(facts=facts()), L1) is None
    only = constants(lowers=(NullSpaceLower(level=1, lower=Fraction(1, 2), vector=heavy),))
    assert failure_by_heavy_part.THEOREM.level(Known(facts=facts(null_space=only)), L1) == 1
