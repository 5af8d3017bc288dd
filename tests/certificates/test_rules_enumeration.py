"""The rule that looks at all sets of s atoms: what it accepts is what SPEC.md says, and true."""

from __future__ import annotations

import itertools
import json
import math
import time
from fractions import Fraction

import pytest
from certificate_dictionaries import (
    ALL,
    COMPLEX_PLANE,
    IDENTITY_HADAMARD,
    NEARLY_ORTHOGONAL,
    ORTHOGONAL,
    SIMPLEX,
    truth_of,
)
from certificate_steps import asked, derived, refused
from certificate_truth import Truth
from certificate_writer import draft, resealed
from exact_null_space import small_real_dictionaries
from hostile_steps import SECONDS, step, with_steps

import certificates
from certificates.checker import dictionary_from_values
from certificates.rules import RULES
from certificates.rules.dictionary import Dictionary
from certificates.rules.values import Reject

PRIME = 2**31 - 1
ROOTS = {5: 2, 13: 5, 65: 18, 10009: 3303, 17592186044297: pow(3, (17592186044297 - 1) // 4, 17592186044297)}


def sets(size, modulus=PRIME, point=123456789, root=0):
    return ("spark-by-enumeration", [], {"modulus": modulus, "point": point, "root": root, "size": size})


def accepts(subject: Dictionary, size: int, modulus: int, point: int, root: int = 0) -> bool:
    evidence = sets(size, modulus, point, root)[2]
    try:
        found = RULES["spark-by-enumeration"](subject, evidence).derive([])
    except Reject:
        return False
    assert found == {"kind": "spark-lower", "theorem": "spark-by-enumeration", "value": size + 1}
    return True


def determinant(matrix: list[list[int]]) -> int:
    if not matrix:
        return 1
    first, *rest = matrix
    return sum((-1) ** j * a * determinant([row[:j] + row[j + 1 :] for row in rest]) for j, a in enumerate(first))


def expected(subject: Dictionary, size: int, modulus: int, point: int, root: int) -> bool:
    """Every minor of the specification by itself, expanded along its first row."""
    atoms = [list(column) for column in subject.real]
    for atom, imaginary in zip(atoms, subject.imaginary, strict=False):
        atom[:] = [a + root * b for a, b in zip(atom, imaginary, strict=True)]
    rows = [[sum(a * point ** (r * i) for i, a in enumerate(atom)) for atom in atoms] for r in range(1, size + 1)]

    def minors(t: int) -> list[int]:
        return [
            determinant([[row[j] for j in chosen] for row in rows[:t]])
            for chosen in itertools.combinations(range(subject.n), t)
        ]

    invertible = all(math.gcd(minor, modulus) == 1 for t in range(1, size) for minor in minors(t))
    return invertible and all(minor % modulus for minor in minors(size))


def subjects() -> list[tuple[Dictionary, Truth]]:
    rows = [*ALL.values(), *(dictionary.real.tolist() for _, dictionary in small_real_dictionaries(104))]
    return [(dictionary_from_values(one), Truth(one)) for one in rows]


SUBJECTS = subjects()
SIZES = [(subject, truth, size) for subject, truth in SUBJECTS for size in range(2, min(subject.m, subject.n - 1) + 1)]


@pytest.mark.parametrize("modulus", [3, 4, 5, 9, 13, 15, 65, 77, 1009, 1009 * 1013, 10009])
def test_it_accepts_what_the_specification_says_and_only_what_is_true(modulus):
    """Small and composite moduli, where minors vanish by chance: neither more nor less is accepted."""
    accepted = 0
    for subject, truth, size in SIZES:
        is_complex = subject.field == "complex"
        if is_complex and modulus not in ROOTS:
            continue
        root = ROOTS[modulus] if is_complex else 0
        for point in (0, 2, 7, 1001):
            answer = accepts(subject, size, modulus, point, root)
            assert answer is expected(subject, size, modulus, point, root)
            assert not answer or truth.spark > size
            accepted += answer
    assert accepted > 100 or modulus < 1000


def test_a_large_prime_shows_all_there_is():
    prime = 17592186044297
    for subject, truth, size in SIZES:
        root = ROOTS[prime] if subject.field == "complex" else 0
        assert accepts(subject, size, prime, 3141592653589, root) is (truth.spark > size)


def test_a_size_too_large_by_one_is_refused():
    derived(IDENTITY_HADAMARD, sets(3))
    assert "not proved to be independent" in refused(IDENTITY_HADAMARD, sets(4))
    derived(IDENTITY_HADAMARD, sets(3), ("uniqueness-by-spark", [0], asked(1, "l0")))
    why = refused(IDENTITY_HADAMARD, sets(3), ("uniqueness-by-spark", [0], asked(2, "l0")))
    assert "does not hold at level 2" in why
    repeated = [[1, 0, 2, 1], [0, 1, 0, 1], [3, 1, 6, 1]]
    assert "not proved to be independent" in refused(repeated, sets(2))
    assert "is not invertible" in refused(repeated, sets(3))


def test_the_size_is_from_2_to_the_dimension_and_below_the_number_of_atoms():
    for size in (0, 1, 5, 7):
        assert "size is not from 2 to 4" in refused(IDENTITY_HADAMARD, sets(size))
    assert "size is the number of atoms: use independence-by-rank" in refused(IDENTITY_HADAMARD, sets(8))
    assert "size is the number of atoms: use independence-by-rank" in refused(ORTHOGONAL, sets(3))
    assert "size is not from 2 to 2" in refused(ORTHOGONAL, sets(4))
    assert "size is not from 2 to 1" in refused([[1, 2, 3]], sets(2))
    assert "use independence-by-rank" in refused([[1, 0], [0, 1]], sets(2))
    derived(NEARLY_ORTHOGONAL, sets(2))


@pytest.mark.parametrize("field", ["modulus", "point", "root", "size"])
@pytest.mark.parametrize("value", [-1, "3", None, True, [3]])
def test_numbers_are_natural(field, value):
    rule, uses, evidence = sets(2)
    assert f"{field} in evidence is not a natural number" in refused(SIMPLEX, (rule, uses, {**evidence, field: value}))


def test_modulus_and_root():
    for modulus in (0, 1, 2):
        assert "modulus is not above 2" in refused(SIMPLEX, sets(2, modulus))
    assert "root is not 0, and the dictionary is real" in refused(SIMPLEX, sets(2, 10009, 7, 3303))
    derived(COMPLEX_PLANE, sets(2, 10009, 7, 3303))
    derived(COMPLEX_PLANE, sets(2, 10009, 7, 10009 - 3303))
    for root in (0, 1, 3304):
        assert "root is not a square root of -1" in refused(COMPLEX_PLANE, sets(2, 10009, 7, root))
    assert "root is not a square root of -1" in refused(COMPLEX_PLANE, sets(2, 2**31 - 1, 7, 1))
    parallel = [[1 + 1j, 2 + 0j, 1], [0, 0, 1]]  # (1 - i)(1 + i) = 2
    assert "not proved to be independent" in refused(parallel, sets(2, 10009, 7, 3303))


def test_a_modulus_that_divides_a_minor_is_refused():
    rows = [[1, 1, 0], [1, 1 + 10007, 1]]
    derived(rows, sets(2))
    assert "not proved to be independent" in refused(rows, sets(2, 10007))
    assert truth_of(rows).spark == 3
    rows = [[1, 1, 0, 1], [1, 1 + 10007, 1, 0], [0, 0, 1, 5]]
    derived(rows, sets(3))
    assert "a minor of fewer than `size` atoms is not invertible" in refused(rows, sets(3, 10007))
    assert "is not invertible" in refused(rows, sets(3, 10007 * PRIME))  # composite, and a zero divisor in the way
    derived(rows, sets(3, 10009 * 10037))


def test_points_that_lose_atoms_are_refused():
    for point in (0, PRIME, 3 * PRIME):
        assert "is not invertible" in refused([[0, 1, 0, 1], [1, 1, 0, 0], [0, 0, 1, 1]], sets(2, PRIME, point))
    derived(SIMPLEX, sets(2, PRIME, 5))
    assert "is not invertible" in refused([[5, 1, 0], [-1, 1, 1]], sets(2, PRIME, 5))  # 5 - 1 x vanishes at x = 5


def test_scales_do_not_matter():
    rows = [[Fraction(PRIME, 3), 0, Fraction(1, PRIME)], [0, 10**40, Fraction(1, PRIME)]]
    derived(rows, sets(2))
    huge = [[1e300, 0.0, 1e-300], [0.0, 5e-324, 1e-300]]
    derived(huge, sets(2))


def test_the_work_is_known_before_and_bounds_the_time():
    rows = [[(i * j * j) % 101 + (i == j) for j in range(1, 41)] for i in range(1, 21)]
    subject = dictionary_from_values(rows)
    tasks = [RULES["spark-by-enumeration"](subject, sets(size)[2]) for size in range(2, 21)]
    works = [task.work for task in tasks]
    assert works == sorted(works)
    for size, work in enumerate(works, 2):
        columns = sum(math.comb(40, t) * (size - t) for t in range(1, size))
        assert 100 * columns < work < 10_000 * columns + 10**6
    longer = dictionary_from_values([[x + 2**3000 * (x % 7) for x in row] for row in rows])
    assert RULES["spark-by-enumeration"](longer, sets(2)[2]).work - works[0] == 20 * 40 * 2 * 100


@pytest.mark.thorough
def test_more_work_than_there_is_time_is_counted_and_refused_at_once():
    rows = [[int(i == j) for j in range(1500)] for i in range(1200)]
    rows[0] = [1] * 1500
    subjects = [{**draft(rows).subject, "role": "dictionary"}]
    handed_in = dictionary_from_values(rows)
    for size in (12, 600, 1200):
        content = {**json.loads(with_steps([step(*sets(size)[:2], **sets(size)[2])])), "subjects": subjects}
        del content["seal"]
        start = time.monotonic()
        found = certificates.check(resealed(content), dictionary=handed_in)
        assert isinstance(found, certificates.Rejected)
        assert "over the work limit" in found.why
        assert time.monotonic() - start < SECONDS
    assert RULES["spark-by-enumeration"](handed_in, sets(1200)[2]).work < 2**120  # counted no further
