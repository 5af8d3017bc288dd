"""Levels and bounds computed by theorems equal what naive loops over their hypotheses find."""

from __future__ import annotations

import dataclasses
import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.facts.babel import Babel
from verify.facts.coherence import MutualCoherence
from verify.facts.enumeration import IndependentSets
from verify.facts.generalized import GeneralizedCoherence
from verify.facts.generalized_babel import GeneralizedBabel
from verify.facts.heavy_vectors import NullSpaceLower
from verify.facts.measure import Facts
from verify.facts.norms import AtomNorms
from verify.facts.null_space import NullSpace, NullSpaceUpper
from verify.facts.null_vectors import NullVector
from verify.facts.rank import Minor, Rank
from verify.theorems import (
    Case,
    Known,
    Recovery,
    SparkBound,
    convergence_by_generalized_babel,
    convergence_by_generalized_coherence,
    failure_by_dimension,
    failure_by_heavy_part,
    failure_by_two_codes,
    independence_by_babel,
    independence_by_coherence,
    independence_by_rank,
    rate_by_generalized_babel,
    recovery_by_babel,
    recovery_by_coherence,
    recovery_by_generalized_coherence,
    recovery_by_independence,
    recovery_by_null_space,
    recovery_by_orthogonality,
    spark_by_babel,
    spark_by_coherence,
    spark_by_enumeration,
    spark_by_generalized_babel,
    spark_by_generalized_coherence,
    spark_by_null_space,
    spark_by_orthogonal_families,
    uniqueness_by_recovery,
    uniqueness_by_spark,
)
from verify.verdict import Question, Scaling

ONE = Fraction(1)
EQUAL, UNEQUAL = AtomNorms(squared_min=ONE, squared_max=ONE), AtomNorms(squared_min=ONE, squared_max=2 * ONE)
BASE = Facts(
    m=5,
    n=12,
    norms=EQUAL,
    welch_squared=Fraction(0),
    coherence=MutualCoherence(squared=Fraction(1, 9), pair=(0, 1)),
    babel=None,
    rank=Rank(lower=1, upper=5, minor=None),
    null_vector=None,
    orthogonal_family=None,
)
CASES = [Case(question=question, scaling=scaling) for question in Question for scaling in Scaling]
L0, L1, NETWORK, OMP = (Case(question=question, scaling=Scaling.unit) for question in Question)
L1_AS_GIVEN = Case(question=Question.l1, scaling=Scaling.as_given)


def facts(squared: Fraction = Fraction(1, 9), n: int = 12, **changes: object) -> Facts:
    return dataclasses.replace(BASE, n=n, coherence=MutualCoherence(squared=squared, pair=(0, 1)), **changes)


def babel(*upper: Fraction) -> Babel:
    return Babel(lower=(Fraction(0),) * len(upper), upper=upper)


# Squares, their neighbours, and anything else from 0 to 1.
squares = st.one_of(
    st.builds(lambda r: Fraction(1, r * r), st.integers(1, 60)),
    st.builds(
        lambda r, p: Fraction(1, r * r) * (1 + Fraction(p, 10**40)), st.integers(2, 60), st.sampled_from([-1, 1])
    ),
    st.builds(lambda p, q: Fraction(min(p, q), max(p, q)) ** 2, st.integers(1, 999), st.integers(1, 999)),
    st.fractions(min_value=0, max_value=1, max_denominator=10**6),
)
sizes = st.integers(2, 40)


@given(squares, sizes)
def test_recovery_by_coherence(squared: Fraction, n: int) -> None:
    level = recovery_by_coherence.THEOREM.level(Known(facts=facts(squared, n)), L1)
    naive = sum(1 for _ in itertools.takewhile(lambda k: (2 * k - 1) ** 2 * squared < 1, range(1, n + 1)))
    assert level == naive
    assert recovery_by_coherence.THEOREM.level(Known(facts=facts(squared, n)), OMP) == naive
    assert recovery_by_coherence.THEOREM.level(Known(facts=facts(squared, n)), L0) == 0


@pytest.mark.parametrize("k", range(1, 60))
def test_at_equality_nothing_is_guaranteed(k: int) -> None:
    """mu = 1/(2k-1): the level is k - 1, whatever the ceiling of a float says (mu = 1/49: 24)."""
    squared = Fraction(1, (2 * k - 1) ** 2)
    assert recovery_by_coherence.THEOREM.level(Known(facts=facts(squared, 200)), L1) == k - 1
    below = squared * (1 - Fraction(1, 10**60))
    assert recovery_by_coherence.THEOREM.level(Known(facts=facts(below, 200)), L1) == k
    uppers = babel(*(Fraction(j, 2 * k - 1) for j in range(1, 150)))
    assert recovery_by_babel.THEOREM.level(Known(facts=facts(squared, 200, babel=uppers)), L1) == k - 1


@given(squares, sizes)
def test_spark_by_coherence(squared: Fraction, n: int) -> None:
    bound = spark_by_coherence.THEOREM.lower(facts(squared, n))
    independent = independence_by_coherence.THEOREM.lower(facts(squared, n))
    assert (bound is None) != (independent is None)
    if (n - 1) ** 2 * squared < 1:
        assert independent == SparkBound(value=None, theorem="independence-by-coherence")
    else:
        naive = next(s for s in itertools.count(1) if (s - 1) ** 2 * squared >= 1)
        assert bound == SparkBound(value=naive, theorem="spark-by-coherence")
        assert 2 <= naive <= n


@given(squares, sizes)
def test_spark_by_orthogonal_families(squared: Fraction, n: int) -> None:
    assert spark_by_orthogonal_families.THEOREM.lower(facts(squared, n)) is None
    bound = spark_by_orthogonal_families.THEOREM.lower(facts(squared, n, orthogonal_family=(0,)))
    if squared == 0:
        assert bound is None
    else:
        naive = next(s for s in itertools.count(1) if s**2 * squared >= 4)
        assert bound == SparkBound(value=naive, theorem="spark-by-orthogonal-families")


@pytest.mark.parametrize("size", range(1, 6))
def test_spark_by_enumeration(size: int) -> None:
    sets = IndependentSets(size=size, modulus=7, point=3, root=0, circuit=None)
    bound = spark_by_enumeration.THEOREM.lower(facts(enumeration=sets))
    assert bound == (SparkBound(value=size + 1, theorem="spark-by-enumeration") if size > 1 else None)
    assert spark_by_enumeration.THEOREM.lower(facts()) is None


increments = st.lists(st.fractions(min_value=0, max_value=Fraction(2, 3), max_denominator=12), min_size=1, max_size=12)


@given(increments, st.booleans())
def test_spark_and_recovery_by_babel(steps: list[Fraction], complete: bool) -> None:
    upper = list(itertools.accumulate(sorted(steps, reverse=True)))
    n = len(upper) + 1 if complete else len(upper) + 5
    known = Known(facts=facts(n=n, babel=babel(*upper)))

    def mu(k: int) -> Fraction | None:
        """The upper bound of mu_1(k) that is known."""
        if k == 0:
            return Fraction(0)
        return upper[k - 1] if k <= len(upper) else upper[-1] if complete else None

    bound = spark_by_babel.THEOREM.lower(known.facts)
    independent = independence_by_babel.THEOREM.lower(known.facts)
    assert (bound is None) != (independent is None)
    below = sum(1 for _ in itertools.takewhile(lambda value: value < 1, upper))
    if complete and below == len(upper):
        assert independent == SparkBound(value=None, theorem="independence-by-babel")
    else:
        assert bound == SparkBound(value=below + 2, theorem="spark-by-babel")  # any below + 1 atoms are independent

    def holds(k: int) -> bool:
        before, here = mu(k - 1), mu(k)
        return before is not None and here is not None and before + here < 1

    naive = sum(1 for _ in itertools.takewhile(holds, range(1, n + 1)))
    for case in (L1, OMP):
        assert recovery_by_babel.THEOREM.level(known, case) == naive
    assert recovery_by_babel.THEOREM.level(known, L0) == 0


def test_without_a_babel_function_there_is_no_bound() -> None:
    assert spark_by_babel.THEOREM.lower(facts()) is None
    assert independence_by_babel.THEOREM.lower(facts()) is None
    assert recovery_by_babel.THEOREM.level(Known(facts=facts()), L1) == 0


@pytest.mark.parametrize("entry", [recovery_by_coherence.THEOREM, recovery_by_babel.THEOREM])
def test_unequal_norms_as_given_are_answered_by_neither_coherence_nor_babel(entry) -> None:
    strong = {"squared": Fraction(1, 100), "babel": babel(Fraction(1, 10), Fraction(1, 5))}
    for norms, scaling, answers in [
        (EQUAL, Scaling.unit, True),
        (EQUAL, Scaling.as_given, True),
        (UNEQUAL, Scaling.unit, True),
        (UNEQUAL, Scaling.as_given, False),
    ]:
        for question in (Question.l1, Question.omp):
            level = entry.level(Known(facts=facts(norms=norms, **strong)), Case(question=question, scaling=scaling))
            assert (level > 0) is answers
    orthogonal = Known(facts=facts(Fraction(0), norms=UNEQUAL))
    assert recovery_by_coherence.THEOREM.level(orthogonal, L1_AS_GIVEN) == 0


def test_independence_by_rank() -> None:
    minor = Minor(rows=(0, 1, 2), columns=(0, 1, 2), modulus=7, root=0)
    full = Rank(lower=3, upper=3, minor=minor)
    assert independence_by_rank.THEOREM.lower(facts(n=3, rank=full)) == SparkBound(
        value=None, theorem="independence-by-rank"
    )
    assert independence_by_rank.THEOREM.lower(facts(n=4, rank=full)) is None
    unproved = Rank(lower=3, upper=3, minor=None)
    assert independence_by_rank.THEOREM.lower(facts(n=3, rank=unproved)) is None


@pytest.mark.parametrize("spark", range(1, 30))
def test_uniqueness_by_spark(spark: int) -> None:
    known = Known(
        facts=facts(n=12),
        spark=(SparkBound(value=1, theorem="a"), SparkBound(value=spark, theorem="b"), SparkBound(value=None, theorem="c")),
    )  # fmt: skip
    assert known.spark_lower is not None
    assert known.spark_lower.value == spark
    naive = sum(1 for k in range(1, 13) if 2 * k < spark)
    for case in CASES:
        assert uniqueness_by_spark.THEOREM.level(known, case) == (naive if case.question is Question.l0 else 0)
    assert uniqueness_by_spark.THEOREM.level(Known(facts=facts()), L0) == 0


@pytest.mark.parametrize("case", CASES, ids=str)
def test_independence_and_orthogonality(case: Case) -> None:
    independent = Known(facts=facts(n=9), spark=(SparkBound(value=None, theorem="x"),))
    assert recovery_by_independence.THEOREM.level(independent, case) == (0 if case.question is Question.omp else 9)
    assert recovery_by_independence.THEOREM.level(Known(facts=facts()), case) == 0
    orthogonal = Known(facts=facts(Fraction(0), n=9))
    assert recovery_by_orthogonality.THEOREM.level(orthogonal, case) == (9 if case.question is Question.omp else 0)
    assert recovery_by_orthogonality.THEOREM.level(Known(facts=facts()), case) == 0


@pytest.mark.parametrize("m", range(1, 15))
def test_failure_by_dimension(m: int) -> None:
    naive = next(k for k in itertools.count(1) if 2 * k >= m + 1)
    for case in CASES:
        assert failure_by_dimension.THEOREM.level(Known(facts=facts(n=m + 1, m=m)), case) == naive
        assert failure_by_dimension.THEOREM.level(Known(facts=facts(n=m, m=m)), case) is None


@given(st.integers(2, 20))
def test_failure_by_two_codes(size: int) -> None:
    vector = NullVector(support=tuple(range(size)), real=(1,) * size, imaginary=None, squared_norms=(ONE,) * size)
    naive = next(k for k in itertools.count(1) if 2 * k >= size)
    for case in CASES:
        assert failure_by_two_codes.THEOREM.level(Known(facts=facts(null_vector=vector)), case) == naive
        assert failure_by_two_codes.THEOREM.level(Known(facts=facts()), case) is None


@given(st.lists(st.tuples(st.integers(1, 40), st.integers(1, 6)), min_size=2, max_size=9))
def test_failure_by_heavy_part_with_rational_norms(entries: list[tuple[int, int]]) -> None:
    """Norms 1 .. 6 and real entries: all weights are integers, so equality is decided."""
    values, norms = [value for value, _ in entries], [norm for _, norm in entries]
    vector = NullVector(
        support=tuple(range(len(values))),
        real=tuple(v * (-1) ** k for k, v in enumerate(values)),
        imaginary=None,
        squared_norms=tuple(Fraction(norm**2) for norm in norms),
    )
    known = Known(facts=facts(null_vector=vector))
    for case, weights in (
        (L1_AS_GIVEN, values),
        (L1, [v * norm * 2**20 for v, norm in zip(values, norms, strict=True)]),
    ):
        weights = sorted(weights, reverse=True)
        naive = next(k for k in itertools.count(1) if 2 * sum(weights[:k]) >= sum(weights))
        found = failure_by_heavy_part.THEOREM.level(known, case)
        assert found is not None
        exactly = case is L1_AS_GIVEN or norms[0] in (1, 2, 4)  # divided by the first norm: exact if it is dyadic
        tie = any(2 * sum(weights[:k]) == sum(weights) for k in range(len(weights)))
        assert found == naive if exactly or not tie else found >= naive
    for case in CASES:
        if case.question is not Question.l1:
            assert failure_by_heavy_part.THEOREM.level(known, case) is None
    assert failure_by_heavy_part.THEOREM.level(Known(facts=facts()), L1) is None


def test_heavy_part_of_a_complex_null_vector() -> None:
    """|3 + 4i| = 5 = 2 + 3; |1 + i| is irrational, and at equality of irrational weights nothing is refuted."""
    vector = NullVector(support=(0, 1, 2), real=(3, 2, 0), imaginary=(4, 0, -3), squared_norms=(ONE, ONE, ONE))
    assert failure_by_heavy_part.THEOREM.level(Known(facts=facts(null_vector=vector)), L1) == 1
    lighter = dataclasses.replace(vector, real=(3, 2, 1))
    assert failure_by_heavy_part.THEOREM.level(Known(facts=facts(null_vector=lighter)), L1) == 2
    irrational = NullVector(support=(0, 1), real=(1, 1), imaginary=(1, -1), squared_norms=(ONE, ONE))
    assert failure_by_heavy_part.THEOREM.level(Known(facts=facts(null_vector=irrational)), L1) == 2


# --- generalized coherence, its sums, null-space constants ---


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
