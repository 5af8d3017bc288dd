"""Which atoms to leave out: covers against all subsets, pairs against fractions, and what is claimed of the rest."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest

from verify.budget import Budget, Effort
from verify.dictionaries.dictionary import Dictionary
from verify.dictionaries.families import build
from verify.errors import InputError, LimitError
from verify.facts import confusable, fewest_to_drop
from verify.facts.coherence import mutual_coherence
from verify.facts.confusable import confusable_pairs, threshold_of_level
from verify.facts.fewest_to_drop import vertex_cover
from verify.facts.improved import improved


def unlimited() -> Budget:
    return Budget(effort=Effort.thorough)


def covers(vertices: set[int], edges: list[tuple[int, int]]) -> bool:
    return all(i in vertices or j in vertices for i, j in edges)


@pytest.mark.parametrize("seed", range(30))
def test_covers_are_the_smallest_of_all_subsets(seed: int) -> None:
    random = np.random.default_rng(seed)
    n = int(random.integers(2, 11))
    edges = [pair for pair in itertools.combinations(range(n), 2) if random.random() < random.choice([0.2, 0.5, 0.8])]
    found = vertex_cover(edges, unlimited())
    smallest = next(r for r in range(n + 1) if any(covers(set(c), edges) for c in itertools.combinations(range(n), r)))
    assert covers(set(found.vertices), edges)
    assert found.optimal
    assert len(found.vertices) == found.least == smallest


def test_a_cover_without_search_still_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    edges = [(i, (i + 1) % 9) for i in range(9)]
    stopped = Budget(effort=Effort.thorough, time_limit=0)
    stopped.stopped()
    monkeypatch.setattr(fewest_to_drop, "_MOST_EDGES_FOR_SEARCH", 1)
    found = vertex_cover(edges, stopped)
    assert covers(set(found.vertices), edges)
    assert found.least <= 5 <= len(found.vertices)
    assert not found.optimal


def test_a_search_that_is_stopped_claims_no_more_than_its_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(0)
    edges = [pair for pair in itertools.combinations(range(60), 2) if random.random() < 0.2]
    whole = vertex_cover(edges, unlimited())
    early = vertex_cover(edges, Budget(effort=Effort.thorough, time_limit=0))
    assert whole.optimal
    assert early.least <= whole.least <= len(early.vertices)


def exact_pairs(dictionary: Dictionary, threshold: Fraction) -> list[tuple[int, int]]:
    parts = [[[Fraction(v) for v in column] for column in part.T.tolist()] for part in dictionary.parts]

    def dot(a: int, i: int, b: int, j: int) -> Fraction:
        return sum((x * y for x, y in zip(parts[a][i], parts[b][j], strict=True)), Fraction(0))

    def norm(i: int) -> Fraction:
        return sum((dot(a, i, a, i) for a in range(len(parts))), Fraction(0))

    found = []
    for i, j in itertools.combinations(range(dictionary.shape[1]), 2):
        square = sum(dot(a, i, a, j) for a in range(len(parts))) ** 2
        if len(parts) == 2:
            square += (dot(0, i, 1, j) - dot(1, i, 0, j)) ** 2
        if square >= threshold * norm(i) * norm(j):
            found.append((i, j))
    return found


@pytest.mark.parametrize("source", ["steiner:6x16", "simplex:5", "dirac-dft:4", "gaussian:4x9:3", "paley:3"])
@pytest.mark.parametrize(
    "threshold",
    [
        Fraction(1, 9),
        Fraction(1, 16),
        Fraction(1, 25),
        Fraction(1, 9) - Fraction(1, 10**30),
        Fraction(1, 9) + Fraction(1, 10**30),
    ],
)
def test_pairs_at_a_threshold_are_those_of_exact_fractions(source: str, threshold: Fraction) -> None:
    dictionary = build(*source.split(":", 1))
    assert list(map(tuple, confusable_pairs(dictionary, threshold).pairs.tolist())) == exact_pairs(
        dictionary, threshold
    )


def test_pairs_across_tiles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confusable, "_TILE", 4)
    monkeypatch.setattr(confusable, "_PAIRS_AT_ONCE", 3)
    dictionary = build("steiner", "6x16")
    threshold = Fraction(1, 9)
    assert list(map(tuple, confusable_pairs(dictionary, threshold).pairs.tolist())) == exact_pairs(
        dictionary, threshold
    )
    monkeypatch.setattr(confusable, "MOST_PAIRS", 50)
    with pytest.raises(LimitError, match="more than 50 pairs of atoms reach the threshold"):
        confusable_pairs(dictionary, threshold)


@pytest.mark.parametrize("seed", range(4))
def test_what_stays_has_the_level_and_nothing_smaller_would_do(seed: int) -> None:
    dictionary = Dictionary.from_array(
        np.random.default_rng(seed).integers(-2, 3, size=(4, 8)) + np.eye(4, 8, dtype=int) * 5
    )
    try:
        found = improved(dictionary, 2, unlimited())
    except InputError as error:
        assert "no two of the 8 atoms have a coherence below 1/3" in str(error)
        return
    assert mutual_coherence(found.dictionary).squared == found.after.squared < threshold_of_level(2)
    assert found.optimal
    pairs = exact_pairs(dictionary, threshold_of_level(2))
    assert found.pairs == len(pairs)
    for r in range(len(found.dropped)):
        assert not any(covers(set(c), pairs) for c in itertools.combinations(range(8), r))
    assert (found.dictionary.real == dictionary.real[:, list(found.kept)]).all()
    for lost in found.dropped:
        assert lost.nearest in found.kept


def test_a_simplex_loses_no_atom_at_the_level_it_has_and_all_but_one_above() -> None:
    simplex = build("simplex", "6")  # mu = 1/5: level 2 is guaranteed, level 3 needs mu < 1/5
    assert improved(simplex, 2, unlimited()).dropped == ()
    with pytest.raises(InputError, match=r"no two of the 6 atoms have a coherence below 1/5"):
        improved(simplex, 3, unlimited())
    for level in (0, 7):
        with pytest.raises(InputError, match="expected a sparsity from 1 to 6"):
            improved(simplex, level, unlimited())


def test_complex_atoms() -> None:
    found = improved(build("dirac-dft", "4"), 2, unlimited())
    assert len(found.dropped) == 4
    assert found.optimal
    assert found.dictionary.field == "complex"
