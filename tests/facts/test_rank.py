"""The rank: never above the truth, equal to it whenever a prime can see it, and proved by a minor."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest
from exact_reference import KINDS, Reference, kernel, sample, samples

from verify.dictionaries.dictionary import Dictionary
from verify.facts import rank as module
from verify.facts.rank import PRIMES, rank, residues

PRIME = PRIMES[0]
ROOT = residues(sample("complex64", 0, 2, 2), [0]).root


def assert_proved(dictionary: Dictionary) -> None:
    truth = Reference(dictionary)
    found = rank(dictionary)
    assert found.upper == min(dictionary.shape)
    assert found.lower == truth.rank  # 31-bit primes: a miss would be news
    assert found.minor is not None
    rows, columns = found.minor.rows, found.minor.columns
    assert len(rows) == len(columns) == found.lower
    for indices, below in ((rows, truth.m), (columns, truth.n)):
        assert all(a < b for a, b in itertools.pairwise(indices))
        assert 0 <= indices[0] <= indices[-1] < below
    assert kernel([[truth.columns[j][i] for i in rows] for j in columns]) == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.sampled(3)
def test_the_rank_is_that_of_exact_elimination(kind: str) -> None:
    for arguments in samples([kind], 8):
        assert_proved(sample(*arguments))


@pytest.mark.parametrize("kind", ["float32", "float64", "int64", "fractions", "complex64"])
def test_planted_deficiency(kind: str) -> None:
    for seed in range(5):
        dictionary = sample(kind, seed, 4, 6)
        parts = [np.array(part) for part in dictionary.parts]
        for part in parts:
            part[3] = part[0]  # a row twice
            part[:, 5] = part[:, 2]
        assert_proved(Dictionary.from_parts(parts[0], parts[1] if len(parts) == 2 else None))
        assert rank(Dictionary.from_parts(parts[0], parts[1] if len(parts) == 2 else None)).lower <= 3


@pytest.mark.parametrize("kind", KINDS)
def test_residues_are_those_of_positive_integer_multiples(kind: str) -> None:
    for arguments in samples([kind], 3, most=5):
        dictionary = sample(*arguments)
        atoms = list(range(dictionary.shape[1]))[::-1]
        found = residues(dictionary, atoms)
        assert found.modulus == PRIME
        assert (found.root * found.root + 1) % PRIME == 0 if dictionary.imaginary is not None else found.root == 0
        truth = Reference(dictionary)
        for at, atom in enumerate(atoms):
            values = [
                (x.re.numerator * pow(x.re.denominator, -1, PRIME) + found.root * x.im.numerator * pow(x.im.denominator, -1, PRIME)) % PRIME
                for x in truth.columns[atom]
            ]  # fmt: skip
            column = [int(x) for x in found.matrix[:, at]]
            pivot = next(k for k, value in enumerate(values) if value)
            factor = column[pivot] * pow(values[pivot], -1, PRIME) % PRIME
            assert factor
            assert column == [value * factor % PRIME for value in values]


def test_some_atoms_of_many_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_SPARE_ATOMS", 2)
    assert_proved(sample("float64", 0, 3, 30))
    array = np.zeros((3, 30))
    array[0] = 1
    array[1, 11], array[2, 12] = 1, 1  # not among the atoms that are looked at first
    assert_proved(Dictionary.from_array(array))


def test_too_much_work_is_not_done(monkeypatch: pytest.MonkeyPatch) -> None:
    dictionary = sample("float64", 0, 4, 40)
    monkeypatch.setattr(module, "_MOST_WORK", 10)
    found = rank(dictionary)
    assert (found.lower, found.upper, found.minor) == (1, 4, None)
    monkeypatch.setattr(module, "_SPARE_ATOMS", 1)
    monkeypatch.setattr(module, "_MOST_WORK", 4 * 4 * 20)
    found = rank(Dictionary.from_array(np.ones((4, 40))))  # deficient; the selection fits and all atoms would not
    assert found.lower == 1
    assert found.minor is not None


def test_atoms_that_vanish_modulo_a_prime() -> None:
    """The multiples of float atoms need not be primitive; a Gaussian integer can vanish although it is."""
    p = float(PRIME)
    for rows in ([[p, p]], [[p, 1.0, 0.0], [0.0, 1.0, 1.0]], [[p, 2 * p, 3 * p], [p, -p, p]], [[p, 0.0], [0.0, p]]):
        assert_proved(Dictionary.from_array(rows))
    z = complex(-ROOT, 1)
    assert (-ROOT + ROOT) % PRIME == 0
    for rows in ([[z, z]], [[z, 0, z], [0, z, 1]], [[z, 1], [1, z.conjugate()]]):
        assert_proved(Dictionary.from_array(rows))


def test_a_prime_that_divides_every_minor_is_replaced() -> None:
    """The determinant is a multiple of the first prime, so the second one shows the full rank."""
    dictionary = Dictionary.from_array(np.array([[1, 1], [1, 1 + PRIME]], dtype=np.int64))
    found = rank(dictionary)
    assert found.lower == 2
    assert found.minor is not None
    assert found.minor.modulus == PRIMES[1]


def test_a_rank_that_no_prime_shows_is_bounded_from_below() -> None:
    product = PRIMES[0] * PRIMES[1] * PRIMES[2]
    found = rank(Dictionary.from_array([[Fraction(1), Fraction(1)], [Fraction(1), Fraction(1 + product)]]))
    assert (found.lower, found.upper) == (1, 2)
