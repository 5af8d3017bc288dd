"""Matrices, stripes and sparsities of the experiments against the dictionaries of the toolkit, and brute force."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from verify.attack.experiments.stripe_geometry import Geometry
from verify.attack.experiments.stripe_instances import drawn_filters, drawn_supports
from verify.dictionaries.convolutional import ConvolutionalDictionary
from verify.facts.convolutional.stripes import stripe_sparsity

CASES = [(2, 1, 2, 4, 1, True), (3, 2, 3, 5, 2, False), (2, 2, 4, 5, 3, False), (2, 1, 3, 6, 2, True)]


@pytest.mark.parametrize(("C", "M", "taps", "size", "stride", "circular"), CASES)
def test_matrices_and_sparsities(C: int, M: int, taps: int, size: int, stride: int, circular: bool) -> None:
    random = np.random.default_rng(taps)
    geometry = Geometry(taps=taps, size=size, stride=stride, circular=circular)
    for filters in drawn_filters(random, 6, (C, M, taps)):
        boundary = "circular" if circular else "full"
        known = ConvolutionalDictionary.of(filters, stride=(stride,), boundary=boundary)
        np.testing.assert_array_equal(geometry.matrix(filters), np.asarray(known.matrix((size,)).real, dtype=float))
        supports = [set(np.flatnonzero(atom)) for atom in geometry.matrix(np.ones_like(filters)).T]
        levels = np.array([1, 1, 2, 3])
        for code, level in zip(drawn_supports(random, geometry, C, levels), levels, strict=True):
            found = stripe_sparsity(known, code.reshape(C, size))
            assert geometry.sparsity(code != 0, C) == found.largest <= level
            chosen = np.flatnonzero(code)
            patch = max(sum(q in supports[i] for i in chosen) for q in range(M * geometry.length))
            assert geometry.sparsity(code != 0, C, "patch") == patch
            assert patch <= found.largest >= geometry.sparsity(code != 0, C, "half") >= 1


@pytest.mark.parametrize(("C", "M", "taps", "size", "stride", "circular"), CASES)
def test_what_an_atom_sees_is_what_the_gram_matrix_of_a_large_size_holds(
    C: int, M: int, taps: int, size: int, stride: int, circular: bool
) -> None:
    geometry = Geometry(taps=taps, size=size, stride=stride, circular=circular)
    filters = drawn_filters(np.random.default_rng(1), 1, (C, M, taps))[0]
    reach = geometry.reach
    large = Geometry(taps=taps, size=2 * reach + 3, stride=stride, circular=False).matrix(filters)
    gram = (large.T @ large).reshape(C, 2 * reach + 3, C, 2 * reach + 3)[:, reach + 1, :, 1 : 2 * reach + 2]
    np.testing.assert_allclose(filters.reshape(C, -1) @ geometry.stripes(filters), gram.reshape(C, -1), atol=1e-12)
    own = (filters.reshape(C, -1) @ geometry.stripes(filters))[np.arange(C), geometry.own(C)]
    np.testing.assert_allclose(own, (filters**2).sum(axis=(1, 2)))


def test_sets_that_two_codes_make_up() -> None:
    geometry, C = Geometry(taps=2, size=4, stride=1, circular=True), 2
    for level in (1, 2):
        found = geometry.splits(C, level)
        for number in range(0, 256, 7):
            atoms = [i for i in range(8) if number >> i & 1]
            parts = (
                [set(one), set(atoms) - set(one)]
                for k in range(len(atoms) + 1)
                for one in itertools.combinations(atoms, k)
            )
            wanted = any(
                all(geometry.sparsity(np.isin(np.arange(8), list(part)), C) <= level for part in two) for two in parts
            )
            assert found[number] == wanted
