"""Proved constants of networks for deep codes: never exceeded by exact runs, nearly attained, and refused where nothing holds."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from verify.dictionaries.deep import DeepDictionary
from verify.dictionaries.dictionary import Dictionary
from verify.errors import InputError
from verify.facts.measure import measure
from verify.networks.deep_bounds import (
    DeepClass,
    deepest_first,
    entries_error,
    layer_by_layer,
    layer_weights,
    refit,
    unit_weights,
)
from verify.networks.spectral import least_eigenvalue_lower, norm_upper, sparse_singular_value_lower

F = Fraction
STEPS = 60


def upper(value) -> float:
    return float(getattr(value, "upper", value))


def hadamard(size: int) -> np.ndarray:
    found = np.array([[1.0]])
    while len(found) < size:
        found = np.block([[found, found], [found, -found]])
    return found


def two_layers(eps, slopes=None, scale: float = 1.0) -> DeepDictionary:
    first = np.hstack([np.eye(16) * 2, hadamard(16) / 4])
    second = (np.eye(32) + np.roll(np.eye(32), 1, axis=0) / 4) * scale
    parts = [Dictionary.from_array(first), Dictionary.from_array(second)]
    return DeepDictionary.of(parts, tolerances=[eps, eps], slopes=slopes)


MEMBERS = DeepClass(levels=(2, 1), bounds=(F(1), F(1)), smallest=F(1, 2))


def network(dictionary: Dictionary, level: int, bound: float, sigma: float, signals: np.ndarray) -> np.ndarray:
    norms = np.linalg.norm(dictionary.real, axis=0)
    atoms, weights = dictionary.real / norms, unit_weights(dictionary)
    mu = np.abs(weights @ atoms - np.eye(len(norms))).max()
    codes, error = np.zeros((len(norms), signals.shape[1])), bound * norms.max()
    for _ in range(STEPS):
        moved = codes + weights @ (signals - atoms @ codes)
        codes = np.sign(moved) * np.maximum(np.abs(moved) - level * mu * error - sigma, 0)
        error = (2 * level - 1) * mu * error + 2 * sigma
    return codes / norms[:, None]


def drawn(deep: DeepDictionary, eps: float, seed: int, count: int = 40):
    rng = np.random.default_rng(seed)
    last = np.zeros((32, count))
    last[rng.integers(0, 32, count), range(count)] = rng.uniform(0.5, 0.99, count) * rng.choice([-1, 1], count)
    values = [last]
    for dictionary, slope in zip(reversed(deep.dictionaries), reversed(deep.slopes), strict=True):
        plain = dictionary.real @ values[-1]
        plain = np.where(plain < 0, float(slope) * plain, plain)
        error = rng.standard_normal(plain.shape) * (plain != 0 if len(values) == 1 else 1)
        values.append(plain + eps * error / np.linalg.norm(error, axis=0))
    return values[::-1]


def norms(errors: np.ndarray) -> float:
    return float(np.linalg.norm(errors, axis=0).max())


@pytest.mark.parametrize("eps", [F(0), F(1, 1000), F(1, 100)])
def test_bounds_are_not_exceeded(eps: Fraction) -> None:
    deep = two_layers(eps)
    whole, first = deepest_first(deep, MEMBERS, steps=STEPS), deepest_first(deep, MEMBERS, steps=STEPS, layer=1)
    layers = layer_by_layer(deep, MEMBERS, steps=STEPS)
    again, below = (refit(deep, MEMBERS, entries_error(layers), layer=layer) for layer in (None, 1))
    y, x1, x2 = drawn(deep, float(eps), 3)
    product = np.array(deep.product(0, 2).real, dtype=float)
    second = deep.dictionaries[1].real
    deepest = network(deep.product(0, 2), 1, 1.0, upper(whole["sigma"]), y)
    middle = network(deep.dictionaries[0], 2, 1.0, upper(layers["sigma"][0]), y)
    last = network(deep.dictionaries[1], 1, 1.0, upper(layers["sigma"][1]), middle)
    refitted = np.zeros_like(last)
    for j, column in enumerate(last.T):
        support = np.flatnonzero(column)
        refitted[support, j] = np.linalg.lstsq(product[:, support], y[:, j], rcond=None)[0]
    slack = 1e-12
    assert norms(deepest - x2) <= upper(whole["error"]) + slack
    assert norms(second @ deepest - x1) <= upper(first["error"]) + slack
    assert np.abs(middle - x1).max() <= upper(layers["error_linf"][0]) + slack
    assert norms(middle - x1) <= upper(layers["error_l2"][0]) + slack
    assert norms(last - x2) <= upper(layers["error_l2"][1]) + slack
    assert ((last != 0) == (x2 != 0)).all()
    assert norms(refitted - x2) <= upper(again["error"]) + slack
    assert norms(second @ refitted - x1) <= upper(below["error"]) + slack
    assert norms(last - x2) > upper(layers["error_l2"][1]) / 3, "the bound is near what is seen"
    assert upper(again["C_2"]) < upper(whole["C_2"]) < upper(layers["C_2"][1])


def test_layer_by_layer_with_a_leaky_relu() -> None:
    eps = F(1, 100)
    deep = two_layers(eps, slopes=[1, F(1, 2)])
    layers = layer_by_layer(deep, MEMBERS, steps=STEPS)
    y, x1, x2 = drawn(deep, float(eps), 4)
    middle = network(deep.dictionaries[0], 2, 1.0, upper(layers["sigma"][0]), y)
    assert np.abs(middle - x1).max() <= upper(layers["error_linf"][0])
    undone = np.where(middle < 0, 2 * middle, middle)
    last = network(deep.dictionaries[1], 1, 1.0, upper(layers["sigma"][1]), undone)
    assert norms(last - x2) <= upper(layers["error_l2"][1])
    plain = layer_by_layer(two_layers(eps), MEMBERS, steps=STEPS)
    assert layers["error_linf"][0] == plain["error_linf"][0]
    assert upper(layers["C_2"][1]) == pytest.approx(2 * upper(plain["C_2"][1]))


def test_scaling_the_last_dictionary_scales_its_errors() -> None:
    small, large = (layer_by_layer(two_layers(F(1, 100), scale=s), MEMBERS, steps=STEPS) for s in (1.0, 4.0))
    assert upper(large["C_2"][1]) == pytest.approx(upper(small["C_2"][1]) / 4)
    one, four = (deepest_first(two_layers(F(1, 100), scale=s), MEMBERS, steps=STEPS) for s in (1.0, 4.0))
    assert upper(four["C_2"]) == pytest.approx(upper(one["C_2"]) / 4)


def test_weights_of_the_generalized_coherence_are_used() -> None:
    rng = np.random.default_rng(0)
    one = Dictionary.from_array(rng.standard_normal((8, 12)))
    generalized = measure(one).generalized
    assert generalized is not None
    own, better = layer_weights(one), layer_weights(one, generalized)
    square = [c.coherence.square if hasattr(c.coherence, "square") else c.coherence**2 for c in (own, better)]
    assert square[1] < square[0]
    assert square[1] <= max(generalized.upper) ** 2
    rows = unit_weights(one, generalized)
    atoms = one.real / np.linalg.norm(one.real, axis=0)
    assert np.allclose((rows * atoms.T).sum(axis=1), 1)
    assert np.abs(rows @ atoms - np.eye(12)).max() == pytest.approx(float(square[1]) ** 0.5)
    assert np.linalg.norm(rows, axis=1).max() == pytest.approx(float(better.length.square) ** 0.5)
    spread = better.spread(3)
    assert np.sort(np.abs(rows), axis=1)[:, -3:].sum(axis=1).max() == pytest.approx(float(spread.square) ** 0.5)


def test_spectral_bounds_hold_and_are_sharp() -> None:
    rng = np.random.default_rng(1)
    for shape in ((5, 8), (8, 5), (1, 3)):
        one = Dictionary.from_array(rng.standard_normal(shape))
        true = np.linalg.norm(one.real, 2)
        assert true <= float(norm_upper(one)) <= true * (1 + 1e-6)
    tall = Dictionary.from_array(rng.standard_normal((9, 6)))
    for level in (1, 2, 3, 6):
        from itertools import combinations

        sets = (np.linalg.svd(tall.real[:, list(s)], compute_uv=False)[-1] for s in combinations(range(6), level))
        least = min(sets)
        assert least * (1 - 1e-5) <= float(sparse_singular_value_lower(tall, level)) <= least
    wide = Dictionary.from_array(np.hstack([np.eye(80), np.eye(80)[:, :1] + np.eye(80)[:, 1:2]]))
    assert float(sparse_singular_value_lower(wide, 2)) == 0, "Gershgorin: 1 - 1"
    assert sparse_singular_value_lower(Dictionary.from_array([[1, 1, 2], [0, 1, 1]]), 3) == 0
    assert least_eigenvalue_lower([[F(0), F(0)], [F(0), F(0)]]) <= 0
    for level in (0, 7):
        with pytest.raises(InputError, match="sparsity level from 1 to 6"):
            sparse_singular_value_lower(tall, level)


def test_bad_floats_make_no_false_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    matrix = [[F(2), F(1)], [F(1), F(2)]]
    true = least_eigenvalue_lower(matrix)
    assert 1 - F(1, 10**6) < true <= 1
    monkeypatch.setattr(np.linalg, "eigvalsh", lambda _: np.array([5.0, 5.0]))
    assert least_eigenvalue_lower(matrix) <= true
    monkeypatch.setattr(np.linalg, "cholesky", lambda a: a * 3)
    assert least_eigenvalue_lower(matrix) <= true


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"levels": (2,)}, "expected 2 sparsity levels"),
        ({"bounds": (F(1),)}, "expected 2 bounds of at least 0"),
        ({"bounds": (F(1), F(-1))}, "expected 2 bounds of at least 0"),
        ({"smallest": F(0)}, "expected a smallest modulus above 0"),
        ({"levels": (3, 3)}, r"dsc-layer-by-layer: layer 1: the hypothesis \(2 lam_j - 1\) mu_j < 1 fails"),
    ],
)
def test_classes_that_do_not_fit_are_refused(change, why) -> None:
    fields = {"levels": (2, 1), "bounds": (F(1), F(1)), "smallest": F(1, 2)}
    with pytest.raises(InputError, match=why):
        layer_by_layer(two_layers(F(0)), DeepClass(**{**fields, **change}), steps=1)


def test_what_a_network_cannot_do_is_refused() -> None:
    deep = two_layers(F(1, 10))
    with pytest.raises(InputError, match=r"the hypothesis a < \|x\|_min fails"):
        refit(deep, MEMBERS, entries_error(layer_by_layer(deep, MEMBERS, steps=STEPS)))
    with pytest.raises(InputError, match="smallest nonzero modulus of x_J for refit, got none"):
        refit(deep, DeepClass(levels=(2, 1), bounds=(F(1), F(1))), F(0))
    with pytest.raises(InputError, match="refit: no 32 atoms of D"):
        refit(deep, DeepClass(levels=(2, 32), bounds=(F(1), F(1)), smallest=F(1)), F(0))
    with pytest.raises(InputError, match="expected a layer from 1 to 2, got 3"):
        deepest_first(deep, MEMBERS, steps=1, layer=3)
    with pytest.raises(InputError, match="expected slopes of 1"):
        deepest_first(two_layers(F(0), slopes=[1, F(1, 2)]), MEMBERS, steps=1)
    with pytest.raises(InputError, match="dsc-deepest-first: the hypothesis"):
        deepest_first(deep, DeepClass(levels=(2, 9), bounds=(F(1), F(1))), steps=1)
    with pytest.raises(InputError, match="expected a real dictionary for a network of ReLUs"):
        layer_weights(Dictionary.from_array([[1j, 1], [1, 2]]))
    one = Dictionary.from_array([[1.0, 1.0], [0.0, 1.0]])
    generalized = measure(Dictionary.from_array([[1.0, 1.0, 0.5], [0.0, 1.0, 2.0]])).generalized
    assert generalized is not None
    import dataclasses

    bad = dataclasses.replace(generalized, weights=np.array([[0, 1], [1, 1]]))
    with pytest.raises(InputError, match="not orthogonal to their atom, got <w, d> = 0 at atom 0"):
        layer_weights(one, bad)
    with pytest.raises(InputError, match="the error of the network is infinite"):
        entries_error({"error": None})
    assert entries_error({"error": F(1)}) == 1
