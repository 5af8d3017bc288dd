"""Null vectors are exact, have no zeros on their support, and are found where they are planted."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
from exact_reference import KINDS, Gauss, Reference, sample, samples

from verify.dictionaries.dictionary import Dictionary
from verify.facts import null_vectors as module
from verify.facts.coherence import MutualCoherence, mutual_coherence
from verify.facts.null_vectors import NullVector, null_vector, null_vector_on
from verify.facts.rank import PRIMES, residues

PRIME = PRIMES[0]


def found_in(dictionary: Dictionary) -> NullVector | None:
    vector = null_vector(dictionary, mutual_coherence(dictionary))
    if vector is not None:
        assert_exact(dictionary, vector)
    return vector


def assert_exact(dictionary: Dictionary, vector: NullVector) -> None:
    truth = Reference(dictionary)
    assert all(a < b for a, b in itertools.pairwise(vector.support))
    assert len(vector.support) == len(vector.real) == len(vector.squared_norms) >= 2
    assert (vector.imaginary is not None) is (dictionary.imaginary is not None)
    imaginary = vector.imaginary or (0,) * len(vector.real)
    code = {j: Gauss(Fraction(a), Fraction(b)) for j, a, b in zip(vector.support, vector.real, imaginary, strict=True)}
    assert all(code.values())
    assert not any(truth.apply(code))
    assert vector.squared_norms == tuple(truth.norms[j] for j in vector.support)
    assert math.gcd(*vector.real, *imaginary) == 1
    assert truth.n > 8 or len(vector.support) >= truth.spark


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.sampled(3)
def test_a_null_vector_is_exact_and_there_is_one_if_the_rank_is_below_n(kind: str) -> None:
    for arguments in samples([kind], 6, most=7):
        dictionary = sample(*arguments)
        assert (found_in(dictionary) is not None) is (Reference(dictionary).rank < dictionary.shape[1])


@pytest.mark.parametrize("kind", ["float16", "float64", "between-magnitudes", "int64", "fractions", "complex64", "gaussian-rationals"])  # fmt: skip
def test_a_multiple_of_an_atom_is_found(kind: str) -> None:
    for seed in range(4):
        dictionary = sample(kind, seed, 8, 5)
        parts = [np.array(part) for part in dictionary.parts]
        for part in parts:
            part[:, 4] = part[:, 1]
        vector = found_in(Dictionary.from_parts(parts[0], parts[1] if len(parts) == 2 else None))
        assert vector is not None
        assert vector.support == (1, 4)
        assert sorted(vector.real) == [-1, 1]


def test_a_complex_multiple_of_an_atom_is_found() -> None:
    vector = found_in(sample("complex-parallel", 3, 5, 4))
    assert vector is not None
    assert vector.support == (0, 3)
    assert sorted(a * a + b * b for a, b in zip(vector.real, vector.imaginary or (), strict=True)) == [1, 5]


@pytest.mark.parametrize("n", [3, 10, 50, 64])
def test_the_simplex_has_the_vector_of_ones(n: int) -> None:
    vector = found_in(sample("simplex", 1, n, n))
    assert vector is not None
    assert vector.support == tuple(range(n))
    assert set(vector.real) in ({1}, {-1})


def test_a_long_vector_is_looked_for_where_it_is_short_to_write() -> None:
    simplex = 65 * np.eye(65, dtype=int) - 1
    coherence = MutualCoherence(squared=Fraction(1, 64**2), pair=(0, 1))
    vector = null_vector(Dictionary.from_array(simplex), coherence)
    assert vector is not None
    assert vector.real == (1,) * 65
    for entries in (simplex / 2, simplex * 2**15):
        assert null_vector(Dictionary.from_array(entries), coherence) is None


def test_a_small_span_planted_among_independent_atoms_is_found() -> None:
    """Four atoms of three coordinates among atoms of all ten: an order by zeros puts them first."""
    for seed in range(5):
        rng = np.random.default_rng(seed)
        array = rng.integers(1, 50, (10, 9))
        planted = [1, 4, 5, 8]
        array[3:, planted] = 0
        vector = found_in(Dictionary.from_array(array))
        assert vector is not None
        assert vector.support == (1, 4, 5, 8)


def test_independent_atoms_have_none() -> None:
    assert found_in(sample("float64", 0, 6, 4)) is None
    assert found_in(sample("orthogonal", 0, 6, 6)) is None


def test_too_much_work_is_not_done(monkeypatch: pytest.MonkeyPatch) -> None:
    dictionary = sample("float64", 0, 4, 6)
    assert found_in(dictionary) is not None
    monkeypatch.setitem(null_vector_on.__kwdefaults__, "most_solving", 10)
    assert found_in(dictionary) is None
    monkeypatch.undo()
    monkeypatch.setattr(module, "_MOST_WORK", 10)
    assert found_in(dictionary) is None


def test_a_caller_may_allow_more_or_less_solving() -> None:
    plane = Dictionary.from_array([[1, 0, 3], [0, 1, 2]])
    assert null_vector_on(plane, [0, 1, 2], most_solving=7) is None
    vector = null_vector_on(plane, [0, 1, 2], most_solving=8)  # 2 unknowns^3, numbers of 1 bit
    assert vector is not None
    assert vector.real in ((3, 2, -1), (-3, -2, 1))


def test_entries_of_very_different_size_do_not_take_forever() -> None:
    rng = np.random.default_rng(0)
    shape = (63, 64)
    entries = rng.standard_normal(shape) + 1j * rng.standard_normal(shape)
    dictionary = Dictionary.from_array(entries * 10.0 ** rng.choice([-300, 0, 300], shape))
    assert null_vector(dictionary, mutual_coherence(dictionary)) is None


def test_orders_cost_time_only_where_they_are_cheap_or_show_something(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []
    exact = module._smallest_circuit
    monkeypatch.setattr(module, "_smallest_circuit", lambda *a: calls.append(1) or exact(*a))
    monkeypatch.setattr(module, "_CHEAP_ORDER", 0)
    dictionary = sample("float64", 0, 4, 9)
    assert found_in(dictionary) is not None
    assert len(calls) == 2
    calls.clear()
    monkeypatch.undo()
    monkeypatch.setattr(module, "_smallest_circuit", lambda *a: calls.append(1) or exact(*a))
    assert found_in(dictionary) is not None
    assert len(calls) == 9


def test_atoms_that_vanish_modulo_the_prime() -> None:
    p = float(PRIME)
    vector = found_in(Dictionary.from_array([[p, 1.0, 0.0], [0.0, 1.0, 1.0]]))
    assert vector is None  # the first prime does not see it, and the dimension gives the same bound
    vector = found_in(Dictionary.from_array([[p, 1.0, 0.0, 2.0], [0.0, 1.0, 1.0, 2.5]]))
    assert vector is not None
    assert vector.support == (1, 2, 3)
    assert found_in(Dictionary.from_array([[p, 2 * p, 3 * p], [p, -p, p]])) is None
    z = complex(-residues(sample("complex64", 0, 2, 2), [0]).root, 1)
    vector = found_in(Dictionary.from_array([[z, z, 0], [0, 0, 1]]))
    assert vector is not None
    assert vector.support == (0, 1)


def test_dependence_modulo_a_prime_is_not_believed() -> None:
    """Two atoms parallel modulo the first prime only: the exact product refuses them."""
    dictionary = Dictionary.from_array(np.array([[1, 1, 0], [1, 1 + PRIME, 0], [0, 0, 1]], dtype=np.int64))
    assert found_in(dictionary) is None
    planted = Dictionary.from_array(np.array([[1, 1, 3, 0], [1, 1 + PRIME, 3, 0], [0, 0, 5, 1]], dtype=np.int64))
    assert found_in(planted) is None or Reference(planted).spark == 3


def test_a_set_of_atoms_that_is_no_circuit_gives_nothing() -> None:
    dictionary = Dictionary.from_array([[1, 1, 0, 1], [1, 1, 0, 2], [0, 0, 1, 3]])
    assert null_vector_on(dictionary, [0, 1, 2]) is None  # the first two alone are dependent
    assert null_vector_on(dictionary, [0, 2, 3]) is None  # independent
    assert null_vector_on(Dictionary.from_array([[1, 1, 1, 1], [1, 1, 2, 2]]), [0, 1, 2, 3]) is None  # two circuits


def test_atoms_that_the_null_vector_does_not_need_are_dropped() -> None:
    """Also where a prime divides a coefficient, which therefore is not zero."""
    vector = null_vector_on(Dictionary.from_array([[1, 0, 1], [0, 1, 0]]), [0, 1, 2])
    assert vector is not None
    assert (vector.support, vector.real, len(vector.squared_norms)) == ((0, 2), (-1, 1), 2)
    for seed in range(20):
        rng = np.random.default_rng(seed)
        base = rng.integers(-4, 5, (3, 3))
        base[0] += 9 * (np.arange(3) + 1)
        array = np.column_stack([base, base[:, 0] * 2 + base[:, 2] * 5])
        dictionary = Dictionary.from_array(array)
        vector = null_vector_on(dictionary, [0, 1, 2, 3])
        if Reference(dictionary).rank == 3:
            assert vector is not None
            assert (vector.support, vector.real) in (((0, 2, 3), (2, 5, -1)), ((0, 2, 3), (-2, -5, 1)))
            assert_exact(dictionary, vector)
    planted = Dictionary.from_array(np.array([[1, 0, 1], [0, 1, PRIME]], dtype=np.int64))
    vector = null_vector_on(planted, [0, 1, 2])
    assert vector is not None
    assert vector.support == (0, 1, 2)
