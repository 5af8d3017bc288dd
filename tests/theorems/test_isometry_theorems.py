"""Theorems on restricted isometry: levels against naive loops, conclusions against exact experiments."""

from __future__ import annotations

import dataclasses
import itertools
import math
from collections.abc import Iterator
from fractions import Fraction

import numpy as np
import pytest
from exact_reference import REAL_KINDS, Reference, fractions_array, sample, samples
from hypothesis import given
from hypothesis import strategies as st

from verify.dictionaries.dictionary import Dictionary
from verify.facts.babel import Babel
from verify.facts.isometry import RestrictedIsometry, isometries
from verify.facts.measure import Facts, measure
from verify.facts.norms import AtomNorms
from verify.theorems import (
    Case,
    IsometryBound,
    Known,
    hard_thresholding_by_isometry,
    independence_by_isometry,
    isometry_by_babel,
    recovery_by_isometry,
    spark_by_isometry,
)
from verify.verdict import Question, Scaling

RECOVERY, THRESHOLDING = recovery_by_isometry.THEOREM, hard_thresholding_by_isometry.THEOREM
L1, L1_AS_GIVEN = (Case(question=Question.l1, scaling=scaling) for scaling in Scaling)
PLAIN = measure(sample("float64", 0, 3, 8))
Vector = list[Fraction]


def isometry(level: int, upper: Fraction) -> RestrictedIsometry:
    return RestrictedIsometry(level=level, lower=Fraction(0), upper=upper, support=(0,), real=(1,), imaginary=None)


def facts(n: int, uppers: dict[int, Fraction], **changes: object) -> Facts:
    found = tuple(isometry(level, upper) for level, upper in uppers.items() if level <= n)
    return dataclasses.replace(PLAIN, n=n, isometries=found, **changes)


near = [Fraction(0), Fraction(1), Fraction(7071067811, 10**10), Fraction(7071067812, 10**10), Fraction(3, 2)]
near += [Fraction(6180339887, 10**10), Fraction(6180339888, 10**10), Fraction(618033988749894848, 10**18)]
bounds = st.one_of(st.sampled_from(near), st.fractions(min_value=0, max_value=2, max_denominator=10**6))
tables = st.dictionaries(st.integers(2, 12), bounds, max_size=6)


@given(st.integers(2, 12), tables)
def test_recovery_at_every_level_whose_bound_is_known(n: int, uppers: dict[int, Fraction]) -> None:
    known = Known(facts=facts(n, uppers))

    def holds(k: int) -> bool:
        return any(2 * u**2 < 1 for level, u in uppers.items() if min(2 * k, n) <= level <= n)

    naive = max((k for k in range(1, n + 1) if holds(k)), default=0)
    equal = AtomNorms(squared_min=Fraction(1), squared_max=Fraction(1))
    assert RECOVERY.level(known, L1) == naive
    assert RECOVERY.level(Known(facts=facts(n, uppers, norms=equal)), L1_AS_GIVEN) == naive
    unequal = AtomNorms(squared_min=Fraction(1), squared_max=Fraction(2))
    assert RECOVERY.level(Known(facts=facts(n, uppers, norms=unequal)), L1_AS_GIVEN) == 0
    for question in (Question.l0, Question.omp):
        assert RECOVERY.level(known, Case(question=question, scaling=Scaling.unit)) == 0
    if naive:
        bound = RECOVERY.evidence(known)
        assert isinstance(bound, IsometryBound)
        assert bound.level >= min(2 * naive, n)
        assert 2 * bound.upper**2 < 1


def test_the_root_of_one_half_is_decided_in_rationals() -> None:
    for upper, level in ((Fraction(7071067811865475, 10**16), 2), (Fraction(7071067811865476, 10**16), 0)):
        assert RECOVERY.level(Known(facts=facts(12, {4: upper})), L1) == level


@given(st.integers(2, 12), tables)
def test_spark_and_independence(n: int, uppers: dict[int, Fraction]) -> None:
    known = facts(n, uppers)
    proved = [level for level, upper in uppers.items() if upper < 1 and level <= n]
    spark, independent = spark_by_isometry.THEOREM.lower(known), independence_by_isometry.THEOREM.lower(known)
    assert (independent is not None) is (n in proved)
    assert (spark is not None) is (bool(proved) and n not in proved)
    if spark is not None:
        assert spark.value == max(proved) + 1


@given(st.integers(2, 12), tables)
def test_hard_thresholding_at_every_level_whose_rate_is_below_one(n: int, uppers: dict[int, Fraction]) -> None:
    known = Known(facts=facts(n, uppers))
    phi = (1 + Fraction(math.isqrt(5 << 400), 2**200)) / 2  # below the truth by less than 2^-200
    best = 0
    for k in range(1, n + 1):
        usable = [upper for level, upper in uppers.items() if min(3 * k, n) <= level <= n]
        rate = THRESHOLDING.rate(known, k)
        exact = phi * min(usable, default=Fraction(9))
        if exact * 2**32 > 2**32 - 1:
            assert rate is None
            continue
        assert rate is not None
        assert exact <= rate < exact + Fraction(1, 2**32) + Fraction(1, 2**190)
        assert rate * 2**32 % 1 == 0
        assert (rate == 0) is (min(usable) == 0)
        bound = THRESHOLDING.evidence(known, k)
        assert isinstance(bound, IsometryBound)
        assert bound.upper == min(usable)
        best = k
    assert THRESHOLDING.level(known) == best


def test_the_babel_function_bounds_constants_of_large_dictionaries() -> None:
    uppers = (Fraction(1, 10), Fraction(1, 5), Fraction(3, 5), Fraction(4, 5), Fraction(1), Fraction(6, 5))
    found = dataclasses.replace(PLAIN, n=100, babel=Babel(lower=(Fraction(0),) * 6, upper=uppers))
    concluded = isometry_by_babel.THEOREM.upper(found)
    assert [(one.level, one.upper) for one in concluded] == list(enumerate(uppers[:4], 2))
    known = Known(facts=found, isometry=concluded)
    assert RECOVERY.level(known, L1) == 2
    assert RECOVERY.evidence(known) == IsometryBound(level=4, upper=Fraction(3, 5), theorem="isometry-by-babel")
    assert THRESHOLDING.level(known) == 1
    better = dataclasses.replace(found, isometries=(isometry(4, Fraction(1, 2)), isometry(5, Fraction(7, 10))))
    known = Known(facts=better, isometry=concluded)
    assert RECOVERY.evidence(known) == IsometryBound(level=4, upper=Fraction(1, 2), theorem="isometry-by-enumeration")
    assert isometry_by_babel.THEOREM.upper(dataclasses.replace(found, babel=None)) == ()


def measured() -> Iterator[tuple[Dictionary, Facts]]:
    """Small real dictionaries with all their constants; nearly orthogonal ones among them."""
    chosen = [sample(*arguments) for arguments in samples(list(REAL_KINDS), 2, most=5)]
    for seed in range(14):
        rng = np.random.default_rng(seed)
        array = np.vstack([rng.integers(3, 9) * np.eye(5, dtype=int), rng.integers(-2, 3, (2, 5))])
        chosen.append(Dictionary.from_array(array))
        chosen.append(
            Dictionary.from_array(np.hstack([array, rng.integers(-2, 3, (7, 1)) + 3 * np.eye(7, 1, dtype=int)]))
        )
        m = int(rng.integers(3, 6))
        chosen.append(Dictionary.from_array(np.hstack([4 * np.eye(m, dtype=int), rng.choice([-1, 1], (m, 2))])))
    for dictionary in chosen:
        yield dictionary, dataclasses.replace(measure(dictionary), isometries=isometries(dictionary))


@pytest.mark.thorough
def test_the_conclusions_are_true_of_small_dictionaries() -> None:
    recovered = beyond = bounded = 0
    for dictionary, found in measured():
        truth = Reference(dictionary)
        for theorem in (spark_by_isometry.THEOREM, independence_by_isometry.THEOREM):
            bound = theorem.lower(found)
            if bound is not None:
                assert truth.spark == math.inf if bound.value is None else bound.value <= truth.spark
                bounded += 1
        known = Known(facts=found, isometry=isometry_by_babel.THEOREM.upper(found))
        for one in known.isometry:
            assert truth.isometry_below(one.level, one.upper)
        for case in (L1, L1_AS_GIVEN):
            level = RECOVERY.level(known, case)
            assert not any(truth.basis_pursuit_fails(k, case.scaling.value) for k in range(1, level + 1))
            recovered += level > 0
            beyond += level > 1
    assert min(recovered, beyond, bounded) > 20


def test_the_spark_bound_is_attained() -> None:
    """The simplex of n atoms: delta_{n-1} < 1 = delta_n, and its spark is n."""
    for n in (3, 5, 8):
        dictionary = sample("simplex", 0, n, n)
        found = dataclasses.replace(measure(dictionary), isometries=isometries(dictionary))
        bound = spark_by_isometry.THEOREM.lower(found)
        assert bound is not None
        assert bound.value == n == Reference(dictionary).spark


# --- iterative hard thresholding, in exact arithmetic ---


def unit_vector(parameters: Vector) -> Vector:
    """A rational point of the unit sphere."""
    square = sum(t * t for t in parameters)
    return [*(2 * t / (square + 1) for t in parameters), (square - 1) / (square + 1)]


def product(a: Vector, b: Vector) -> Fraction:
    return sum((x * y for x, y in zip(a, b, strict=True)), Fraction(0))


def thresholded(values: Vector, level: int, last: bool) -> Vector:
    """The `level` entries of largest modulus; of equal ones the first, or the last."""
    order = sorted(range(len(values)), key=lambda i: (-abs(values[i]), -i if last else i))
    return [value if i in order[:level] else Fraction(0) for i, value in enumerate(values)]


def iterate(atoms: list[Vector], code: Vector, level: int, last: bool, steps: int) -> Iterator[Fraction]:
    """Yield |x^l - x|^2 for l = 1 .. steps."""
    signal = [product(row, code) for row in map(list, zip(*atoms, strict=True))]
    x = [Fraction(0)] * len(code)
    for _ in range(steps):
        residual = [y - product(row, x) for y, row in zip(signal, map(list, zip(*atoms, strict=True)), strict=True)]
        x = thresholded([v + product(atom, residual) for v, atom in zip(x, atoms, strict=True)], level, last)
        difference = [a - b for a, b in zip(x, code, strict=True)]
        yield product(difference, difference)


def unit_dictionary(seed: int, n: int, m: int) -> list[Vector]:
    """n rational unit atoms in m dimensions, near the axes e_i or -e_i."""
    rng = np.random.default_rng(seed)
    atoms = []
    for i in range(n):
        parameters = [Fraction(int(rng.integers(-1, 2)), int(rng.integers(4, 12))) for _ in range(m - 1)]
        if i < m - 1:
            parameters[i] = Fraction(int(rng.choice([-1, 1])))
        atoms.append(unit_vector(parameters))
    return atoms


@pytest.mark.thorough
def test_hard_thresholding_converges_at_the_rate_proved() -> None:
    tried = 0
    worst = Fraction(0)
    for seed in range(70):
        rng = np.random.default_rng(seed)
        m = int(rng.integers(5, 9))
        n = int(rng.integers(4, m + 1))
        atoms = unit_dictionary(seed, n, m)
        dictionary = Dictionary.from_array(fractions_array([list(row) for row in zip(*atoms, strict=True)]))
        known = Known(facts=dataclasses.replace(measure(dictionary), isometries=isometries(dictionary)))
        for level in range(1, min(3, THRESHOLDING.level(known)) + 1):
            rate = THRESHOLDING.rate(known, level)
            assert rate is not None
            for _ in range(3):
                code = [Fraction(0)] * n
                for i in rng.choice(n, int(rng.integers(1, level + 1)), replace=False):
                    code[i] = Fraction(int(rng.choice([-9, -2, -1, 1, 1, 2, 9])))
                for last in (False, True):
                    errors = list(iterate(atoms, code, level, last, 3))
                    for step, error in enumerate(errors, 1):
                        assert error <= rate ** (2 * step) * product(code, code)
                    worst = max(worst, errors[0] / (rate**2 * product(code, code)) if rate else Fraction(0))
                    tried += 1
    assert tried > 200
    assert worst > Fraction(1, 20)


def test_hard_thresholding_fails_where_atoms_are_parallel() -> None:
    """delta_2 = 1: nothing is promised, and the iteration stops at the wrong one of two equal atoms."""
    atoms = [[Fraction(1), Fraction(0)], [Fraction(1), Fraction(0)], [Fraction(0), Fraction(1)]]
    code = [Fraction(0), Fraction(1), Fraction(0)]
    assert list(iterate(atoms, code, 1, last=False, steps=3)) == [2, 2, 2]
    dictionary = Dictionary.from_array([[1, 1, 0], [0, 0, 1]])
    known = Known(facts=dataclasses.replace(measure(dictionary), isometries=isometries(dictionary)))
    assert THRESHOLDING.level(known) == 0
    assert THRESHOLDING.rate(known, 1) is None


def test_the_golden_ratio_is_what_thresholding_costs() -> None:
    """|H_k(v) - y| <= phi |v - y| for k-sparse y, attained at k = 1 by y = (phi, 0), v = (1, 1) with the tie broken badly."""
    phi = (1 + Fraction(math.isqrt(5 << 200), 2**100)) / 2
    y, v = [phi, Fraction(0)], [Fraction(1), Fraction(1)]
    kept = thresholded(v, 1, last=True)
    lost, given = ([a - b for a, b in zip(one, y, strict=True)] for one in (kept, v))
    assert abs(product(lost, lost) / product(given, given) - phi**2) < Fraction(1, 2**90)
    rng = np.random.default_rng(1)
    for _ in range(300):
        n, k = int(rng.integers(1, 6)), int(rng.integers(1, 4))
        y = thresholded([Fraction(int(x)) for x in rng.integers(-3, 4, n)], k, last=False)
        v = [Fraction(int(x)) for x in rng.integers(-3, 4, n)]
        for last in (False, True):
            lost, given = ([a - b for a, b in zip(one, y, strict=True)] for one in (thresholded(v, k, last), v))
            assert product(lost, lost) <= (phi**2 + Fraction(1, 2**90)) * product(given, given)


@pytest.mark.parametrize("order", list(itertools.permutations(range(3)))[:3])
def test_orthogonal_atoms_are_recovered_in_one_step(order: tuple[int, ...]) -> None:
    atoms = [[Fraction(int(i == j)) for j in range(3)] for i in order]
    dictionary = Dictionary.from_array(np.eye(3)[:, list(order)])
    known = Known(facts=dataclasses.replace(measure(dictionary), isometries=isometries(dictionary)))
    assert THRESHOLDING.level(known) == 3
    assert THRESHOLDING.rate(known, 3) == 0
    assert next(iterate(atoms, [Fraction(3), Fraction(0), Fraction(-1)], 2, last=False, steps=1)) == 0
