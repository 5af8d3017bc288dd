"""What the theorems conclude about small dictionaries, against exhaustive search in exact arithmetic."""

from __future__ import annotations

import dataclasses
import math
from fractions import Fraction
from functools import cache

import numpy as np
import pytest
from exact_null_space import NullSpace, small_real_dictionaries
from exact_reference import KINDS, REAL_KINDS, Gauss, Reference, fractions_array, sample, samples

from verify.budget import Budget
from verify.dictionaries.dictionary import Dictionary
from verify.dictionaries.families import build
from verify.facts.enumeration import independent_sets
from verify.facts.measure import Facts, measure
from verify.judge import Judgement, Level, judge
from verify.verdict import Guaranteed, Question, Refuted, Scaling

pytestmark = pytest.mark.sampled(3)

SMALL = 6


def judged(dictionary: Dictionary, scaling: Scaling = Scaling.unit) -> Judgement:
    return judge(measured(dictionary), scaling)


@cache
def measured(dictionary: Dictionary) -> Facts:
    return measure(dictionary)


@cache
def truth_of(dictionary: Dictionary) -> Reference:
    return Reference(dictionary)


def assert_between(level: Level, fails: list[bool]) -> None:
    """`fails[k - 1]` says whether the answer at level k is no."""
    first = next((k for k, failed in enumerate(fails, 1) if failed), math.inf)
    assert level.guaranteed < first
    assert level.refuted is None or level.refuted >= first


@cache
def small_real() -> tuple[Dictionary, ...]:
    """Dictionaries with exactly known basis pursuit: equal and unequal norms, many null spaces of dimension 1."""
    found = [sample(*arguments) for arguments in samples(list(REAL_KINDS), 5, most=SMALL)]
    for seed in range(25):
        rng = np.random.default_rng(seed)
        m = int(rng.integers(2, 5))
        array = rng.integers(-4, 5, (m, m + 1))
        array[0, ~array.any(axis=0)] = 1
        found.append(Dictionary.from_array(array))
        found.append(Dictionary.from_array(rng.choice([-1, 1], (4, 5))))  # equal norms
    return tuple(found)


@pytest.mark.parametrize("kind", KINDS)
def test_spark_bounds(kind: str) -> None:
    for arguments in samples([kind], 6, most=SMALL):
        dictionary = sample(*arguments)
        truth = Reference(dictionary)
        judgement = judged(dictionary)
        for bound in judgement.known.spark:
            assert truth.spark == math.inf if bound.value is None else bound.value <= truth.spark
        vector = judgement.known.facts.null_vector
        assert truth.spark <= (math.inf if vector is None else len(vector.support))


def cheap(dictionary: Dictionary) -> Facts:
    """What is measured without linear programs."""
    return measure(dictionary, budget=Budget(time_limit=1e-9))


def classical(dictionary: Dictionary) -> Judgement:
    """What follows without enumeration and without linear programs."""
    return judge(dataclasses.replace(cheap(dictionary), enumeration=None))


def enumerated(dictionary: Dictionary) -> Judgement:
    return judge(dataclasses.replace(cheap(dictionary), enumeration=independent_sets(dictionary)))


def test_enumeration_decides_uniqueness_of_small_real_dictionaries() -> None:
    """The exact spark: every level is guaranteed below it, up to the dimension, which refutes what is above."""
    sharper = 0
    for name, dictionary in small_real_dictionaries(390):
        judgement = enumerated(dictionary)
        level, spark = judgement.levels.l0, NullSpace(dictionary).spark
        n = dictionary.shape[1]
        assert all(bound.value is None or bound.value <= spark for bound in judgement.known.spark), name
        assert level.guaranteed == (n if spark == math.inf else (spark - 1) // 2), name
        assert level.refuted is None or 2 * level.refuted >= spark
        sharper += (
            level.guaranteed_by == "uniqueness-by-spark"
            and level.guaranteed > classical(dictionary).levels.l0.guaranteed
        )
    assert sharper > 20


@pytest.mark.parametrize("kind", KINDS)
def test_enumeration_decides_uniqueness_of_every_kind(kind: str) -> None:
    for arguments in samples([kind], 6, most=SMALL):
        dictionary = sample(*arguments)
        spark, n = Reference(dictionary).spark, dictionary.shape[1]
        assert enumerated(dictionary).levels.l0.guaranteed == (n if spark == math.inf else (spark - 1) // 2)


@pytest.mark.parametrize("scaling", Scaling)
@pytest.mark.parametrize("kind", KINDS)
def test_uniqueness_is_2k_below_the_spark(kind: str, scaling: Scaling) -> None:
    for arguments in samples([kind], 6, most=SMALL):
        dictionary = sample(*arguments)
        spark = Reference(dictionary).spark
        fails = [2 * k >= spark for k in range(1, dictionary.shape[1] + 1)]
        assert_between(judged(dictionary, scaling).levels.l0, fails)


@pytest.mark.thorough
@pytest.mark.parametrize("scaling", Scaling)
def test_basis_pursuit(scaling: Scaling) -> None:
    decided = 0
    for dictionary in small_real():
        truth = truth_of(dictionary)
        level = judged(dictionary, scaling).levels.l1
        fails = [truth.basis_pursuit_fails(k, scaling.value) for k in range(1, truth.n + 1)]
        assert_between(level, fails)
        decided += level.refuted == level.guaranteed + 1
    assert decided > 20


@pytest.mark.parametrize("scaling", Scaling)
def test_a_null_space_of_dimension_one_refutes_basis_pursuit_exactly(scaling: Scaling) -> None:
    """The heaviest entries of the one null vector decide; floats apart, the level refuted is the least there is."""
    count = 0
    for dictionary in small_real():
        truth = truth_of(dictionary)
        if truth.n - truth.rank != 1:
            continue
        count += 1
        (h,) = truth.circuits
        least = next(k for k in range(1, truth.n + 1) if truth.heavy(h, k, scaling.value))
        refuted = judged(dictionary, scaling).levels.l1.refuted
        assert refuted is not None
        tie = truth.overweight(h, least, scaling.value) == 0
        assert refuted == least or (tie and scaling is Scaling.unit and refuted == least + 1)
    assert count > 40


@pytest.mark.parametrize("kind", ["complex64", "gaussian-integers", "complex-parallel"])
def test_complex_basis_pursuit_is_refuted_by_a_true_null_vector(kind: str) -> None:
    for arguments in samples([kind], 8, most=SMALL):
        dictionary = sample(*arguments)
        truth = Reference(dictionary)
        for scaling in Scaling:
            level = judged(dictionary, scaling).levels.l1
            fails = [truth.basis_pursuit_fails(k, scaling.value) for k in range(1, truth.n + 1)]
            first = next((k for k, failed in enumerate(fails, 1) if failed), math.inf)
            assert level.guaranteed < first
            if truth.n - truth.rank == 1 and level.refuted is not None:
                assert level.refuted >= first


def codes(truth: Reference, level: int, seed: int) -> list[dict[int, Gauss]]:
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(4):
        size = int(rng.integers(1, level + 1))
        support = rng.choice(truth.n, size, replace=False).tolist()
        # equal sizes make ties, sizes far apart make a matching pursuit lose sight of the small ones
        values = rng.choice([1, -1, 2, 1000], (2, size))
        found.append(
            {
                j: Gauss(Fraction(int(a)), Fraction(int(b) if truth.is_complex else 0))
                for j, a, b in zip(support, *values, strict=True)
            }
        )
    return found


@pytest.mark.parametrize("scaling", Scaling)
@pytest.mark.parametrize("kind", [*KINDS, "identity-hadamard"])
def test_matching_pursuit_recovers_at_guaranteed_levels(kind: str, scaling: Scaling) -> None:
    small = kind != "identity-hadamard"
    for seed, arguments in enumerate(samples([kind], 3, most=SMALL) if small else [None] * 3):
        dictionary = build("identity-hadamard", "16") if arguments is None else sample(*arguments)
        level = judged(dictionary, scaling).levels.omp.guaranteed
        truth = Reference(dictionary)
        if level:
            for code in codes(truth, level, seed):
                assert truth.matching_pursuit(code, scaling.value)
                assert truth.matching_pursuit(code, scaling.value, last=True)


def test_matching_pursuit_fails_at_refuted_levels() -> None:
    """Splitting the null vector gives a code that is not recovered."""
    for arguments in samples(["float64", "small-integers", "low-rank", "fractions"], 6, most=SMALL):
        dictionary = sample(*arguments)
        level = judged(dictionary).levels.omp
        truth = Reference(dictionary)
        if level.refuted is None:
            continue
        h = min(truth.circuits, key=lambda vector: sum(map(bool, vector)))
        support = [j for j, x in enumerate(h) if x]
        half = (len(support) + 1) // 2
        first = {j: h[j] for j in support[:half]}
        second = {j: Gauss(-h[j].re, -h[j].im) for j in support[half:]}
        assert not (truth.matching_pursuit(first, "unit") and truth.matching_pursuit(second, "unit"))
        assert half <= level.refuted


def test_the_simplex_of_50_atoms_gives_24_and_not_25() -> None:
    levels = judged(build("simplex", "50")).levels
    for question in Question:
        assert (levels[question].guaranteed, levels[question].refuted) == (24, 25)
        assert isinstance(levels[question].at(24), Guaranteed)
        assert isinstance(levels[question].at(25), Refuted)


def test_scaling_matters() -> None:
    """[e1, e2, c (e1 + e2)] with c = 1/10: unit atoms guarantee level 1, the atoms as given refute it."""
    dictionary = Dictionary.from_array(
        fractions_array([[Fraction(1), Fraction(0), Fraction(1, 10)], [Fraction(0), Fraction(1), Fraction(1, 10)]])
    )
    unit, given = judged(dictionary), judged(dictionary, Scaling.as_given)
    assert unit.known.facts.coherence.squared == Fraction(1, 2)
    assert (unit.levels.l1.guaranteed, unit.levels.l1.refuted) == (1, 2)
    assert (given.levels.l1.guaranteed, given.levels.l1.refuted) == (0, 1)
    assert given.levels.l1.refuted_by == "failure-by-heavy-part"
    assert (unit.levels.omp.guaranteed, given.levels.omp.guaranteed) == (1, 0)
    assert given.levels.l0.guaranteed == unit.levels.l0.guaranteed == 1
    truth = Reference(dictionary)
    assert not truth.basis_pursuit_fails(1, "unit")
    assert truth.basis_pursuit_fails(1, "as-given")


def test_independent_atoms_do_not_make_matching_pursuit_recover() -> None:
    """[e1, e2, (1, 1, 1/10)]: basis pursuit recovers everything, and OMP misses x = (1, 1, 0)."""
    one, zero = Fraction(1), Fraction(0)
    rows = [[one, zero, one], [zero, one, one], [zero, zero, Fraction(1, 10)]]
    dictionary = Dictionary.from_array(fractions_array(rows))
    for scaling in Scaling:
        levels = judged(dictionary, scaling).levels
        assert (levels.l1.guaranteed, levels.l1.guaranteed_by) == (3, "recovery-by-independence")
        assert levels.omp.guaranteed < 2
        code = {0: Gauss(one, zero), 1: Gauss(one, zero)}
        assert not Reference(dictionary).matching_pursuit(code, scaling.value)


def test_orthogonal_atoms_answer_everything() -> None:
    for scaling in Scaling:
        levels = judged(sample("orthogonal", 0, 5, 5), scaling).levels
        assert [levels[question].guaranteed for question in Question] == [5, 5, 5, 5]


@pytest.mark.parametrize("n", [2, 4, 16, 64])
def test_identity_hadamard_uses_the_uncertainty_principle(n: int) -> None:
    judgement = judged(build("identity-hadamard", str(n)))
    bound = judgement.known.spark_lower
    assert bound is not None
    root = math.isqrt(4 * n)
    assert bound.value == root + (root * root < 4 * n)
    spark = {2: 3, 4: 4, 16: 8, 64: 16}[n]  # 2 sqrt(n), attained, for even powers of two
    assert bound.value <= spark
    assert judgement.levels.l0.guaranteed == (spark - 1) // 2
