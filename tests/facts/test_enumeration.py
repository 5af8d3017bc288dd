"""Sets of independent atoms: as large as they are, with the circuit that ends them, and proved to the checker."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from exact_null_space import NullSpace, small_real_dictionaries
from exact_reference import KINDS, Gauss, Reference, fractions_array, sample, samples
from hypothesis import given
from hypothesis import strategies as st

from certificates.rules.dictionary import Dictionary as Subject
from certificates.rules.enumeration import spark_by_enumeration
from certificates.rules.values import Reject
from verify.budget import Budget, Effort
from verify.dictionaries.dictionary import Dictionary
from verify.dictionaries.families import build
from verify.errors import LimitError
from verify.facts import enumeration as module
from verify.facts import null_vectors
from verify.facts.enumeration import IndependentSets, columns_to_reduce, independent_sets

FIRST, SECOND, THIRD = module._PRIMES
POINT = module._POINT


def assert_found(dictionary: Dictionary, spark: float) -> IndependentSets | None:
    """Assert that the sets are as large as they can be, and that the circuit is exact."""
    m, n = dictionary.shape
    found = independent_sets(dictionary)
    largest = min(m, n - 1)
    if largest < 2:
        assert found is None
        return None
    assert found is not None
    assert found.size == min(spark - 1, largest)
    assert (found.circuit is not None) is (spark <= largest)
    if found.circuit is not None:
        vector = found.circuit
        assert len(vector.support) == spark
        imaginary = vector.imaginary or (0,) * len(vector.real)
        code = {
            j: Gauss(Fraction(a), Fraction(b)) for j, a, b in zip(vector.support, vector.real, imaginary, strict=True)
        }
        assert all(code.values())
        assert not any(Reference(dictionary).apply(code))
    return found


def checked(dictionary: Dictionary, found: IndependentSets, size: int) -> int:
    """The bound that the checker's rule derives for this size."""
    evidence = {"modulus": found.modulus, "point": found.point, "root": found.root, "size": size}
    return spark_by_enumeration(Subject.from_rows(*dictionary.to_rows()), evidence).derive([])["value"]


def test_the_spark_of_small_real_dictionaries() -> None:
    for _, dictionary in small_real_dictionaries(390):
        assert_found(dictionary, NullSpace(dictionary).spark)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.sampled(3)
def test_the_spark_of_every_kind_and_the_checker_agrees(kind: str) -> None:
    for arguments in samples([kind], 8, most=7):
        dictionary = sample(*arguments)
        found = assert_found(dictionary, Reference(dictionary).spark)
        if found is None or dictionary.real.dtype == np.longdouble:  # which the checker does not read
            continue
        for size in range(2, min(dictionary.shape[0], dictionary.shape[1] - 1) + 1):
            if size <= found.size:
                assert checked(dictionary, found, size) == size + 1
            else:
                with pytest.raises(Reject):
                    checked(dictionary, found, size)


def test_identity_and_hadamard_of_16_have_spark_8() -> None:
    found = independent_sets(build("identity-hadamard", "16"))
    assert found is not None
    assert found.size == 7
    assert found.circuit is not None
    assert len(found.circuit.support) == 8


@pytest.mark.parametrize("at_once", [1, 2, 7])
def test_chunks_of_any_size_see_all_sets(monkeypatch: pytest.MonkeyPatch, at_once: int) -> None:
    monkeypatch.setattr(module, "_AT_ONCE", at_once)
    for _, dictionary in small_real_dictionaries(60):
        assert_found(dictionary, NullSpace(dictionary).spark)


def test_the_search_ends_where_the_work_does() -> None:
    dictionary = sample("float64", 0, 6, 9)
    entries = 8 * 6 * 9
    assert [columns_to_reduce(9, size) for size in (2, 3, 4)] == [9, 45, 129]
    assert columns_to_reduce(9, 6) == sum(1 for t in range(1, 6) for _ in itertools.combinations(range(9), t))
    for size in range(2, 7):
        work = entries + columns_to_reduce(9, size)
        for most, expected in ((work, size), (work - 1, size - 1)):
            found = independent_sets(dictionary, most_work=most)
            assert (1 if found is None else found.size) == expected
            assert found is None or found.circuit is None
    assert independent_sets(dictionary, most_work=10**9) == independent_sets(dictionary, most_work=work)


def test_the_search_stops_when_asked_and_keeps_what_is_complete(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_AT_ONCE", 4)
    dictionary = sample("float64", 0, 5, 7)
    sizes = []
    for patience in range(60):
        budget, asked = Budget(effort=Effort.thorough), itertools.count()
        monkeypatch.setattr(Budget, "stopped", lambda _, asked=asked, patience=patience: next(asked) >= patience)
        found = independent_sets(dictionary, budget=budget)
        sizes.append(1 if found is None else found.size)
        assert next(asked) <= patience + 3
    assert sizes == sorted(sizes)
    assert set(sizes) == {1, 2, 3, 4, 5}


def test_ctrl_c_at_any_moment_keeps_the_sizes_that_are_complete(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_AT_ONCE", 4)
    dictionary = sample("float64", 0, 5, 7)
    sizes = []
    for moment in range(60):
        calls: list[tuple[str, int, int]] = []

        def interrupted(*call: Any, calls: list[Any] = calls, moment: int = moment) -> None:
            calls.append(call)
            if len(calls) == moment + 1:
                raise KeyboardInterrupt

        budget = Budget(effort=Effort.thorough)
        found = independent_sets(dictionary, progress=interrupted, budget=budget)
        sizes.append(1 if found is None else found.size)
        assert len(calls) <= moment + 1
        assert budget.interrupted is (len(calls) == moment + 1)
        if found is not None:
            assert checked(dictionary, found, found.size) == found.size + 1
    assert sizes == sorted(sizes)
    assert set(sizes) == {1, 2, 3, 4, 5}


def test_progress_counts_to_the_end_of_every_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_AT_ONCE", 4)
    calls: list[tuple[str, int, int]] = []
    independent_sets(sample("float64", 0, 4, 7), progress=lambda *call: calls.append(call))
    for size in (2, 3, 4):
        of_size = [(done, total) for work, done, total in calls if work == f"sets of {size} atoms"]
        assert of_size == sorted(of_size)
        # every set of size - 2 atoms with at least two later ones has its later atoms compared
        assert {total for _, total in of_size} == {math.comb(7, size - 1)}
        assert math.comb(7, size - 1) - math.comb(7, size - 2) <= of_size[-1][0] <= math.comb(7, size - 1)


def test_a_prime_that_sees_a_dependence_which_is_none_is_replaced() -> None:
    dictionary = Dictionary.from_array(np.array([[1, 1, 1], [1, 1 + FIRST, 5]], dtype=np.int64))
    found = assert_found(dictionary, 3)
    assert found is not None
    assert found.modulus == SECOND


def test_a_prime_that_maps_an_atom_to_zero_is_replaced() -> None:
    dictionary = Dictionary.from_array(np.array([[FIRST - POINT, 1, 2], [1, 0, 1]], dtype=np.int64))
    found = assert_found(dictionary, 3)
    assert found is not None
    assert found.modulus == SECOND


def integers(*rows: list[int]) -> Dictionary:
    return Dictionary.from_array(fractions_array([[Fraction(x) for x in row] for row in rows]))


def test_independent_atoms_that_no_prime_shows_are_not_claimed() -> None:
    def dictionary(product: int) -> Dictionary:
        return integers([1, 1, 1, 3], [1, 1 + product, 5, 2], [0, 0, 1, 0])

    assert independent_sets(dictionary(FIRST * SECOND * THIRD)) is None
    found = independent_sets(dictionary(FIRST * SECOND))
    assert found is not None
    assert (found.size, found.modulus) == (2, THIRD)
    assert found.circuit is not None
    assert found.circuit.support == (0, 1, 3)  # in a plane


def test_the_best_of_several_primes_is_kept() -> None:
    """(1, 1, p, 0) is dependent on two atoms modulo p, (1, 0, 0, q) on one modulo q."""
    for last, size, modulus in (([1, 0, 0, SECOND * THIRD], 2, FIRST), ([1, 0, 0, 1], 3, SECOND)):
        atoms = [[1, 0, 0, 0], [0, 1, 0, 0], [1, 1, FIRST, 0], last]
        dictionary = integers(*map(list, zip(*atoms, strict=True)))
        assert Reference(dictionary).spark == math.inf
        found = independent_sets(dictionary)
        assert found is not None
        assert (found.size, found.modulus, found.circuit) == (size, modulus, None)


def test_a_circuit_that_takes_too_long_to_solve_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    dictionary = build("identity-hadamard", "4")
    monkeypatch.setitem(null_vectors.null_vector_on.__kwdefaults__, "most_solving", 0)
    calls: list[tuple[str, int, int]] = []
    found = independent_sets(dictionary, progress=lambda *call: calls.append(call))
    assert found is not None
    assert (found.size, found.modulus, found.circuit) == (3, FIRST, None)
    assert len(calls) == 5  # no other prime is asked: these atoms are dependent


def test_too_long_entries_are_refused() -> None:
    rows = [[Fraction(1, 2**200_001), Fraction(1), Fraction(1)], [Fraction(1), Fraction(1), Fraction(2)]]
    with pytest.raises(LimitError, match="common denominator"):
        independent_sets(Dictionary.from_array(fractions_array(rows)))


residue = st.one_of(st.integers(1 - FIRST, FIRST - 1), st.sampled_from([FIRST - 1, 1 - FIRST, 0, 1, -1, FIRST // 2]))


@given(st.lists(st.tuples(residue, residue), min_size=1, max_size=30), st.sampled_from(module._PRIMES))
def test_products_and_inverses_are_exact(pairs: list[tuple[int, int]], prime: int) -> None:
    a, b = (np.sign(side) * (np.abs(np.array(side, dtype=np.int64)) % prime) for side in zip(*pairs, strict=True))
    assert module._times(a, b, prime).tolist() == [int(x) * int(y) % prime for x, y in zip(a, b, strict=True)]
    units = np.where(a % prime == 0, 1, a % prime)
    assert module._inverses(units, prime).tolist() == [pow(int(x), -1, prime) for x in units]
    assert module._inverses(units[:0], prime).tolist() == []


def test_the_primes_fit_the_arithmetic() -> None:
    for prime in module._PRIMES:
        assert prime % 4 == 1
        assert (module._AT_ONCE + 1) * prime < 2**63
        assert prime < 2**44
        assert all(pow(a, prime - 1, prime) == 1 for a in (2, 3, 5, 7, 11, 13))
