"""Levels and bounds computed by theorems equal what naive loops over their hypotheses find."""

from __future__ import annotations

import dataclasses
import itertools
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from level_samples import (
    CASES,
    EQUAL,
    L0,
    L1,
    L1_AS_GIVEN,
    OMP,
    ONE,
    UNEQUAL,
    babel,
    facts,
    increments,
    sizes,
    squares,
)

from verify.facts.enumeration import IndependentSets
from verify.facts.null_vectors import NullVector
from verify.facts.rank import Minor, Rank
from verify.theorems import (
    Case,
    Known,
    SparkBound,
    failure_by_dimension,
    failure_by_heavy_part,
    failure_by_two_codes,
    independence_by_babel,
    independence_by_coherence,
    independence_by_rank,
    recovery_by_babel,
    recovery_by_coherence,
    recovery_by_independence,
    recovery_by_orthogonality,
    spark_by_babel,
    spark_by_coherence,
    spark_by_enumeration,
    spark_by_orthogonal_families,
    uniqueness_by_spark,
)
from verify.verdict import Question, Scaling


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
