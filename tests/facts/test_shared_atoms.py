"""Which atoms two dictionaries share: against a search over all pairs in fractions, and by hand."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from verify.dictionaries.dictionary import Dictionary
from verify.facts import shared_atoms as module
from verify.facts.shared_atoms import shared_atoms


def parallel(a: list, b: list) -> bool:
    """Whether two exact complex vectors, as pairs of fractions, are multiples: all 2 x 2 minors vanish."""
    return all(
        p[0] * s[0] - p[1] * s[1] == q[0] * r[0] - q[1] * r[1]
        and p[0] * s[1] + p[1] * s[0] == q[0] * r[1] + q[1] * r[0]
        for p, r in zip(a, b, strict=True)
        for q, s in zip(a, b, strict=True)
    )


def columns(dictionary: Dictionary) -> list[list]:
    real, imaginary = dictionary.to_rows()
    imaginary = imaginary or [[0] * len(row) for row in real]
    both = [
        [(Fraction(a), Fraction(b)) for a, b in zip(*rows, strict=True)] for rows in zip(real, imaginary, strict=True)
    ]
    return [list(column) for column in zip(*both, strict=True)]


@pytest.mark.parametrize("seed", range(8))
def test_pairs_are_those_of_a_search(seed: int) -> None:
    random = np.random.default_rng(seed)
    entries = random.integers(-1, 2, (2, 2, 9)) + (1j * random.integers(-1, 2, (2, 2, 9)) if seed % 2 else 0)
    entries[:, 0, (entries == 0).all(axis=1).any(axis=0)] = 1
    first, second = (Dictionary.from_array(part) for part in entries)
    found = shared_atoms(first, second)
    assert found is not None
    a, b = columns(first), columns(second)
    assert all(parallel(a[i], b[j]) for i, j in found.pairs)
    assert not any(parallel(a[i], b[j]) for i in found.first_only for j in found.second_only)
    assert sorted([i for i, _ in found.pairs] + list(found.first_only)) == list(range(9))
    assert sorted([j for _, j in found.pairs] + list(found.second_only)) == list(range(9))
    assert found.equal == all(a[i] == b[j] for i, j in found.pairs)


def found_in(first: np.ndarray, second: np.ndarray) -> module.SharedAtoms:
    found = shared_atoms(Dictionary.from_array(first), Dictionary.from_array(second))
    assert found is not None
    return found


def test_equal_numbers_of_other_types_are_equal_and_near_ones_are_not() -> None:
    large = 2**53
    near = found_in(np.array([[large + 1, 1]]), np.array([[float(large), 1.0]]))  # every two atoms of R^1 are parallel
    assert (len(near.pairs), near.equal) == (2, False)
    assert found_in(np.array([[large + 1, 1], [1, 0]]), np.array([[float(large), 1.0], [1.0, 0.0]])).first_only == (0,)
    exact = np.array([[Fraction(1), Fraction(large + 1)], [Fraction(0), Fraction(1)]])
    turned = found_in(np.array([[large + 1, 1], [1, 0]]), exact)
    assert (turned.pairs, turned.equal) == (((0, 1), (1, 0)), True)


def test_other_spaces_and_large_dictionaries_are_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    first = Dictionary.from_array([[1, 0], [0, 1]])
    assert shared_atoms(first, Dictionary.from_array([[1, 2]])) is None
    assert shared_atoms(first, Dictionary.from_array([[1, 1j], [0, 1]])) is None
    monkeypatch.setattr(module, "MOST_ENTRIES", 3)
    assert shared_atoms(first, first) is None
