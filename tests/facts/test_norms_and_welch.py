"""Norms of atoms and the Welch bound, exactly; all facts of one dictionary together."""

from __future__ import annotations

from fractions import Fraction
from importlib import import_module

import numpy as np
import pytest
from exact_reference import KINDS, Reference, fractions_array, sample, samples

from verify.dictionaries.dictionary import Dictionary
from verify.facts import norms
from verify.facts.measure import Facts, measure
from verify.facts.norms import atom_norms
from verify.facts.welch import welch_bound_squared


def assert_exact(dictionary: Dictionary) -> None:
    truth = Reference(dictionary).norms
    found = atom_norms(dictionary)
    assert (found.squared_min, found.squared_max) == (min(truth), max(truth))
    assert found.equal is (len(set(truth)) == 1)


@pytest.mark.parametrize("atoms_at_once", [1024, 2])
@pytest.mark.parametrize("kind", KINDS)
def test_the_extreme_norms_are_exact(kind: str, atoms_at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(norms, "_ATOMS_AT_ONCE", atoms_at_once)
    for arguments in samples([kind], 6):
        assert_exact(sample(*arguments))


def test_norms_that_only_exact_arithmetic_can_tell_apart() -> None:
    up = np.nextafter(1.0, 2)
    assert not atom_norms(Dictionary.from_array([[1.0, up], [3.0, 3.0]])).equal
    assert atom_norms(Dictionary.from_array([[3.0, 4.0, 5.0], [4.0, -3.0, 0.0]])).equal
    assert not atom_norms(Dictionary.from_array([[3.0, 4.0, 5.0], [4.0, -3.0, 5e-324]])).equal
    for order in ([0, 1, 2], [2, 0, 1], [1, 2, 0]):
        array = np.array([[1.0, 1.0, up], [1e-17, 0.0, 0.0]])[:, order]
        assert_exact(Dictionary.from_array(array))


def test_norms_whose_floats_come_in_the_wrong_order() -> None:
    """The same entries in another order, one of them one bit larger or smaller: sums of squares round at random."""
    misled = 0
    for seed in range(30):
        rng = np.random.default_rng(seed)
        entries = rng.standard_normal(30)
        array = np.column_stack([rng.permutation(entries) for _ in range(40)])
        row = int(np.abs(array[:, 20]).argmin())
        array[row, 20] = np.nextafter(array[row, 20], np.inf)
        dictionary = Dictionary.from_array(array)
        assert_exact(dictionary)
        logarithms, truth = norms._logarithms(dictionary), Reference(dictionary).norms
        misled += min(truth) < truth[int(logarithms.argmin())] or truth[int(logarithms.argmax())] < max(truth)
    assert misled > 5


@pytest.mark.parametrize("dtype", [np.int8, np.int16, np.int32, np.int64])
def test_the_least_integer_of_a_type_has_no_absolute_value_in_it(dtype: type) -> None:
    least = np.iinfo(dtype).min
    for rows in ([[least, least], [least, 1]], [[least, 1], [1, 1]], [[1, 2, least], [0, least, 0]]):
        assert_exact(Dictionary.from_array(np.array(rows, dtype=dtype)))


@pytest.mark.parametrize("exponent", [100_000, -100_000])
def test_rationals_far_beyond_floats(exponent: int) -> None:
    """The logarithms of these norms differ by less than their rounding."""
    big, rng = Fraction(2) ** exponent, np.random.default_rng(1)
    factors = [1 + Fraction(int(k), 2**50) for k in rng.permutation(40)]
    assert_exact(Dictionary.from_array(fractions_array([[big * x for x in factors], [big * 0 for _ in factors]])))
    triangles = [(0, 65), (16, 63), (25, 60), (33, 56), (39, 52)]  # all with hypotenuse 65
    for k, _ in enumerate(triangles):
        factors = [big * (1 + Fraction(int(j == k), 2**60)) for j in range(5)]
        for sign in (1, -1):
            rows = [
                [t[i] * (f if sign > 0 else 1 / f) for t, f in zip(triangles, factors, strict=True)] for i in (0, 1)
            ]
            assert_exact(Dictionary.from_array(fractions_array(rows)))
    mixed = [[big, Fraction(1)], [Fraction(1), 1 / big]]
    assert_exact(Dictionary.from_array(fractions_array(mixed)))


def test_welch_bound() -> None:
    assert welch_bound_squared(3, 4) == Fraction(1, 9)
    assert welch_bound_squared(6, 16) == Fraction(1, 9)
    assert welch_bound_squared(5, 5) == welch_bound_squared(9, 2) == 0
    assert welch_bound_squared(1, 2) == 1


def test_the_welch_bound_holds_and_equiangular_tight_frames_attain_it() -> None:
    for arguments in samples(["float64", "complex64", "small-integers", "uint8"], 10):
        dictionary = sample(*arguments)
        assert welch_bound_squared(*dictionary.shape) <= Reference(dictionary).mu_squared
    frame = Dictionary.from_array([[1, 1, -1, -1], [1, -1, 1, -1], [1, -1, -1, 1]])
    assert welch_bound_squared(3, 4) == Reference(frame).mu_squared


def test_measure_leaves_out_the_babel_function_of_large_dictionaries(monkeypatch: pytest.MonkeyPatch) -> None:
    dictionary = sample("float64", 0, 4, 6)
    facts = measure(dictionary)
    assert isinstance(facts, Facts)
    assert (facts.m, facts.n) == (4, 6)
    assert facts.babel is not None
    monkeypatch.setattr(import_module("verify.facts.measure"), "LARGEST_BABEL", 5)
    assert measure(dictionary).babel is None
