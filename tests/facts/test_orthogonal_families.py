"""Two orthogonal families: found where they are, never claimed where they are not."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from exact_reference import KINDS, Reference, dot, sample, samples

from verify.dictionaries.dictionary import Dictionary
from verify.facts import orthogonal_families as module
from verify.facts.orthogonal_families import orthogonal_family


def found_in(dictionary: Dictionary) -> tuple[int, ...] | None:
    family = orthogonal_family(dictionary)
    if family is not None:
        truth = Reference(dictionary)
        second = sorted(set(range(truth.n)) - set(family))
        assert family
        assert second
        assert list(family) == sorted(set(family))
        for members in (family, second):
            for i, j in itertools.combinations(members, 2):
                assert not dot(truth.columns[i], truth.columns[j])
    return family


def bases(seed: int, *, complex_: bool = False) -> tuple[np.ndarray, list[int]]:
    """Two orthogonal bases of four dimensions in integers, shuffled and scaled, and where the first one's atoms are."""
    rng = np.random.default_rng(seed)
    h = np.array([[1, 1, 1, 1], [1, -1, 1, -1], [1, 1, -1, -1], [1, -1, -1, 1]])
    second = np.diag([1, 1j, -1, 1]) @ h if complex_ else h
    both = np.hstack([np.eye(4), second]) * rng.choice([1, -2, 8], 8)
    order = rng.permutation(8)
    return both[:, order], sorted(int(k) for k in np.flatnonzero(order < 4))


@pytest.mark.parametrize("complex_", [False, True])
def test_two_shuffled_bases_are_told_apart(complex_: bool) -> None:
    for seed in range(10):
        array, first = bases(seed, complex_=complex_)
        family = found_in(Dictionary.from_array(array))
        assert family is not None
        assert list(family) in (first, sorted(set(range(8)) - set(first)))


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_false_is_claimed_of_any_kind(kind: str) -> None:
    for arguments in samples([kind], 6):
        found_in(sample(*arguments))


def test_it_is_found_if_and_only_if_there_is_one() -> None:
    """Against all splits of small integer dictionaries, whose products are zero or far from it."""
    count = {True: 0, False: 0}
    for seed in range(120):
        rng = np.random.default_rng(seed)
        array = rng.choice([0, 0, 0, 1, -1], (3, 5))
        array[0, ~array.any(axis=0)] = 1
        truth = Reference(Dictionary.from_array(array))
        if not truth.mu_squared:
            continue
        splits = any(
            all(
                not truth.squared(i, j)
                for part in (chosen, set(range(5)) - set(chosen))
                for i, j in itertools.combinations(sorted(part), 2)
            )
            for size in range(1, 5)
            for chosen in itertools.combinations(range(5), size)
        )
        count[splits] += 1
        assert (found_in(Dictionary.from_array(array)) is not None) is splits
    assert min(count.values()) > 5


def test_products_that_are_almost_zero_are_refused() -> None:
    """With float entries some products are about 1e-17: floats cannot tell, exact arithmetic can."""
    angle = 0.1234
    q = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    exact = np.hstack([np.eye(2), q])
    assert found_in(Dictionary.from_array(exact)) is not None  # cos sin - sin cos is 0 exactly
    tilted = exact.copy()
    tilted[0, 3] = np.nextafter(tilted[0, 3], 0)
    truth = Reference(Dictionary.from_array(tilted))
    assert 0 < truth.squared(2, 3) < 1e-31
    assert found_in(Dictionary.from_array(tilted)) is None
    tiny = Dictionary.from_array([[1.0, 1e-17, 1.0], [0.0, 1.0, 1.0]])
    assert found_in(tiny) is None
    complex_tiny = Dictionary.from_array([[1.0, 1e-17j, 1.0], [0.0, 1.0, 1.0]])
    assert found_in(complex_tiny) is None


def test_odd_cycles_and_large_dictionaries_have_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert found_in(Dictionary.from_array([[1, 1, 0], [0, 1, 1], [1, 0, 1]])) is None
    assert found_in(Dictionary.from_array([[1, 1], [0, 0]])) is not None  # each atom a family
    assert found_in(Dictionary.from_array([[1, 2, 3]])) is None  # n > 2m
    array, _ = bases(0)
    monkeypatch.setattr(module, "_MOST_ATOMS", 7)
    assert found_in(Dictionary.from_array(array)) is None
