"""Facts of the atoms that 'same' leaves whole: those of explicit matrices; windows; and where nothing meets."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest

from verify.budget import Budget
from verify.dictionaries.convolutional import ConvolutionalDictionary
from verify.facts.convolutional.cuts import measure_cuts
from verify.facts.convolutional.generalized import convolutional_generalized

FILTERS = {
    "series": np.array([[[1, 9, -1]], [[6, -2, -5]]]),
    "plane": np.array([[[[0, 1, 0], [1, 9, 2], [0, -1, 1]]]]),
    "alone": np.array([[[0, 3, 0], [0, 1, 0]]]),
}


def never(_: float) -> bool:
    return False


@pytest.mark.parametrize("name", ["series", "plane"])
def test_facts_are_those_of_the_matrices(name):
    filters = FILTERS[name]
    dictionary = ConvolutionalDictionary.of(filters, boundary="same")
    facts = measure_cuts(dictionary, Budget(), affordable=never)
    narrow = wide = Fraction(0)
    sums = np.zeros((2, 2))
    for lengths in itertools.product(range(3, 6 if name == "plane" else 9), repeat=dictionary.grid_axes):
        D = np.asarray(dictionary.matrix(lengths).real, dtype=int)
        whole = np.zeros((len(filters), *lengths), dtype=bool)
        whole[(slice(None), *(slice(1, n - 1) for n in lengths))] = True
        whole = whole.ravel()
        G = D.T @ D
        N = np.sqrt(np.diag(G))
        R = np.abs(G / np.outer(N, N)) - np.eye(len(G))
        for i, j in itertools.product(np.flatnonzero(whole), range(len(G))):
            square = Fraction(int(G[i, j]) ** 2, int(G[i, i] * G[j, j])) * (i != j)
            wide, narrow = max(wide, square), max(narrow, square if whole[j] else Fraction(0))
        for at, rows in enumerate((R[np.ix_(whole, whole)], R[:, whole])):
            largest = np.sort(rows, axis=1)[:, ::-1][:, :2].cumsum(axis=1).max(axis=0)
            sums[at, : len(largest)] = np.maximum(sums[at, : len(largest)], largest)
    assert (facts.coherence.squared, facts.wide_coherence.squared) == (narrow, wide)
    for found, true in ((facts.babel, sums[0]), (facts.wide_babel, sums[1])):
        assert np.allclose(list(map(float, found[:2])), true, atol=1e-9)
        assert all(float(value) >= least - 1e-12 for value, least in zip(found, true, strict=False))
    assert facts.weights is None and facts.wide_weights is None


def test_where_no_atoms_meet_the_pair_is_whole():
    dictionary = ConvolutionalDictionary.of(FILTERS["alone"], boundary="same")
    facts = measure_cuts(dictionary, Budget(), affordable=never)
    for found in (facts.coherence, facts.wide_coherence):
        assert found.squared == 0
        assert all(1 <= p < n - 1 for (p,) in found.positions for (n,) in (found.code,))


def test_weights_of_some_windows_are_those_of_all_or_better():
    dictionary = ConvolutionalDictionary.of(FILTERS["series"], boundary="same")
    every = convolutional_generalized(dictionary)
    (alone,) = convolutional_generalized(dictionary, windows=[((0, 3),)]).families
    whole = next(family for family in every.families if family.window == ((0, 3),))
    assert max(alone.upper) <= max(whole.upper) * Fraction(1001, 1000)
