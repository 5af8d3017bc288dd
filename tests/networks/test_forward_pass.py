"""One forward pass: every support that is said to be found is, exactly; what fails just fails; probabilities hold."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest

import verify
from verify.dictionaries.convolutional import ConvolutionalDictionary
from verify.dictionaries.dictionary import Dictionary
from verify.errors import InputError
from verify.facts.convolutional.quadratic_babel import convolutional_squared_babel_upper
from verify.facts.quadratic_babel import squared_babel_upper
from verify.facts.spread import spread_upper
from verify.networks.forward_pass import (
    LayerCodes,
    Rule,
    forward_pass,
    measured_layers,
    observed_frequency,
    typical_pass,
)
from verify.networks.forward_pass.layers import nonzeros_in_atom

F = Fraction


def rational_layer(rows: int, seed: int) -> Dictionary:
    """Unit atoms with entries 3/5, 4/5 or 1: everything is rational."""
    random, atoms = np.random.default_rng(seed), [[F(int(i == j)) for j in range(rows)] for i in range(rows)]
    for _ in range(rows - 1):
        at, signs = random.permutation(rows)[:2], random.choice((-1, 1), 2)
        atoms.append([F(0)] * rows)
        atoms[-1][at[0]], atoms[-1][at[1]] = F(3, 5) * int(signs[0]), F(4, 5) * int(signs[1])
    return verify.load(np.array(atoms, dtype=object).T)


HADAMARD = verify.load("builtin:identity-hadamard:16")  # mu = 1/4


def columns(dictionary: Dictionary) -> list[list[F]]:
    return [[F(x) for x in column] for column in np.array(dictionary.real, dtype=object).T.tolist()]


def dot(x: list[F], y: list[F]) -> F:
    return sum((a * b for a, b in zip(x, y, strict=True)), F(0))


@pytest.mark.parametrize("rule", Rule)
def test_every_support_of_a_small_layer_is_found_with_the_error_said(rule: Rule) -> None:
    """All codes on all supports with moduli at either end, and noise that is worst for an atom, in rationals."""
    atoms = np.concatenate([np.eye(4, dtype=int) * 2, [[1], [1], [-1], [1]]], axis=1)
    dictionary = verify.load(np.array([[F(int(x), 2) for x in row] for row in atoms], dtype=object))
    atoms, eps = columns(dictionary), F(1, 50)
    (layer,) = measured_layers([dictionary])
    codes = LayerCodes.of(1, F(9, 10), 1, eps)
    (said,) = forward_pass([layer], [codes], rule).layers
    assert said.found and said.threshold is not None and said.error is not None and said.gap < 0
    worst = F(0)
    for i, size, direction in itertools.product(range(len(atoms)), (F(9, 10), F(1), F(-9, 10), F(-1)), atoms):
        if rule is Rule.relu and size < 0:
            continue
        for sign in (-1, 1):
            y = [size * a + sign * eps * d for a, d in zip(atoms[i], direction, strict=True)]
            v, b = [dot(atom, y) for atom in atoms], said.threshold
            kept = {j for j, x in enumerate(v) if (x if rule is Rule.relu else abs(x)) > b}
            assert kept == {i}
            out = v[i] if rule is Rule.hard else v[i] - b if v[i] > 0 else v[i] + b
            worst = max(worst, abs(out - size))
    assert worst <= said.error
    assert worst == said.error  # attained: noise along the atom, one nonzero


def test_the_range_is_exactly_that_of_the_theory_and_the_first_layer_that_fails_is_named() -> None:
    """mu = 1/4: s = 2 is found for x_min = x_max iff 3/4 + 2 eps < 1."""
    (layer,) = measured_layers([HADAMARD])
    for eps, found in ((F(1, 8), False), (F(1, 8) - F(1, 10**9), True)):
        passed = forward_pass([layer], [LayerCodes.of(2, 1, 1, eps)])
        assert (passed.failed is None) is found
        (only,) = passed.layers
        assert only.lower == F(1, 2) + eps and only.upper == F(3, 4) - eps and only.gap == 2 * eps - F(1, 4)
    (failed,) = forward_pass([layer], [LayerCodes.of(3, 1, 1)]).layers
    assert (failed.level, failed.gap, failed.threshold, failed.error) == (2, F(1, 4), None, None)
    # b is what the caller says
    for b, found in (("1/2", True), ("0.7499", True), ("3/4", False), ("0.4999", False)):
        passed = forward_pass([layer], [LayerCodes.of(2, 1, 1)], Rule.hard, [b])
        assert (passed.failed is None) is found
    assert passed.layers[0].threshold == F("0.4999")


def test_errors_grow_from_layer_to_layer_as_the_theory_says() -> None:
    identity = verify.load(np.eye(32, dtype=int))
    layers = measured_layers([HADAMARD, identity])
    codes = [LayerCodes.of(2, 1, 1), LayerCodes.of(2, 1, 1, F(1, 100))]
    hard = forward_pass(layers, codes, Rule.hard)
    assert hard.failed is None
    first, second = hard.layers
    assert first.error == F(1, 4)  # mu (s - 1) |x|_max
    assert (second.inside, second.spread, second.noise) == (1, 1, F(1, 4) + F(1, 100))
    assert (second.lower, second.upper, second.error) == (F(26, 100), F(74, 100), F(26, 100))
    soft = forward_pass(layers, codes, Rule.soft)
    assert soft.failed == 2 and soft.layers[0].error is not None and soft.layers[0].error >= F(3, 4)
    assert soft.layers[1].gap > 0 and soft.depth == 2


def test_two_layers_find_the_supports_of_drawn_codes() -> None:
    """x_1 = D_2 x_2 with disjoint atoms of D_2, so that both are sparse; run in float64, compared with the bounds."""
    above = np.zeros((32, 16), dtype=int)
    above[range(0, 32, 2), range(16)] = 1
    above[range(1, 32, 2), range(16)] = 1
    layers = measured_layers(
        [verify.load("builtin:identity-hadamard:64"), verify.load(np.kron(np.eye(4, dtype=int), above))]
    )
    unit = [
        np.asarray(layer.dictionary.real, float) / np.linalg.norm(np.asarray(layer.dictionary.real, float), axis=0)
        for layer in layers
    ]
    low = F(1) / F(142, 100)
    codes = [LayerCodes.of(2, low, 1), LayerCodes.of(1, 1, F("1.4"))]
    said = forward_pass(layers, codes, Rule.hard)
    assert said.failed is None
    for i in range(64):
        x2 = np.zeros(64)
        x2[i] = 1.2
        x1 = unit[1] @ x2
        v = unit[0].T @ (unit[0] @ x1)
        found = np.where(np.abs(v) > float(said.layers[0].threshold or 0), v, 0)
        assert ((found != 0) == (x1 != 0)).all() and np.abs(found - x1).max() <= float(
            said.layers[0].error or 0
        ) + 1e-12
        w = unit[1].T @ found
        assert ((np.abs(w) > float(said.layers[1].threshold or 0)) == (x2 != 0)).all()


def test_upper_bounds_against_exact_sums() -> None:
    dictionary = rational_layer(4, 3)
    atoms = columns(dictionary)
    gram = [[dot(a, b) for b in atoms] for a in atoms]
    for k in range(1, len(atoms)):
        rows = [sorted((g * g for j, g in enumerate(row) if j != i), reverse=True) for i, row in enumerate(gram)]
        exact = max(sum(row[:k], F(0)) for row in rows)
        assert exact <= squared_babel_upper(dictionary, k)[-1] <= exact + F(1, 10**12)
        (layer,) = measured_layers([dictionary])
        assert exact <= layer.squares_upper(k) and layer.squares_upper(k) <= k * F(16, 25) + F(1, 10**12)
    for k in (1, 2, 3):
        exact = max(sum(sorted(map(abs, atom), reverse=True)[:k], F(0)) for atom in atoms)
        assert exact <= spread_upper(dictionary, k) <= exact + F(1, 10**15)


@pytest.mark.parametrize("boundary", ["full", "circular", "same"])
def test_filters_against_the_matrix_of_shifts(boundary: str) -> None:
    """Sums and spreads from the filters bound those of every size, and are attained at a size that shows all shifts."""
    filters = np.random.default_rng(4).standard_normal((3, 2, 3))
    conv = ConvolutionalDictionary.of(filters, stride=2 if boundary != "same" else 1, boundary=boundary)
    (layer,) = measured_layers([conv])
    for length in (4, 9):
        (whole,) = measured_layers([conv.matrix((length,))])
        for k in (1, 2, 4):
            assert whole.sum_upper(k) <= layer.sum_upper(k) + F(1, 10**12)
            assert whole.squares_upper(k) <= layer.squares_upper(k) + F(1, 10**12)
            assert whole.spread_upper(k) <= layer.spread_upper(k) + F(1, 10**12)
    if boundary != "same":
        assert abs(float(whole.squares_upper(3) - convolutional_squared_babel_upper(conv, 3)[-1])) < 1e-12
        assert abs(float(whole.spread_upper(2) - layer.spread_upper(2))) < 1e-12


def test_nonzeros_inside_an_atom_above() -> None:
    sparse = verify.load(np.array([[1, 0], [1, 1], [0, 1], [0, 1]]))
    assert [nonzeros_in_atom(HADAMARD, s, sparse) for s in (1, 3, 9)] == [1, 3, 3]
    below = ConvolutionalDictionary.of(np.ones((2, 1, 3)))  # a stripe is 5 places long
    for taps, stripes in ((5, 1), (6, 2), (11, 3)):
        above = ConvolutionalDictionary.of(np.ones((1, 2, taps)))
        assert nonzeros_in_atom(below, 2, above) == 2 * stripes
    assert nonzeros_in_atom(below, 100, ConvolutionalDictionary.of(np.ones((1, 2, 5)))) == 10


def test_the_typical_case_bounds_the_exact_probability() -> None:
    """All signs on all supports of one size, exactly: the share missed is at most the bound, for each support."""
    dictionary, s = verify.load("builtin:identity-hadamard:64"), 2
    (layer,) = measured_layers([dictionary])
    codes = LayerCodes.of(s, 1, 1)
    (said,) = typical_pass([layer], [codes]).layers
    bound = 2 * 126 * math.exp(-64 / 16) + 4 * math.exp(-64 / 8)  # mu_2(s)^2 = s/64
    assert said.probability_upper is not None and said.threshold == F(1, 2)
    assert min(1, bound) * (1 - 1e-12) <= said.probability_upper <= min(1, bound) * (1 + 1e-9)
    big = measured_layers([verify.load("builtin:identity-hadamard:256")])
    (small,) = typical_pass(big, [codes]).layers
    wanted = 2 * 510 * math.exp(-256 / 16) + 4 * math.exp(-256 / 8)
    assert small.probability_upper is not None and wanted * (1 - 1e-12) <= small.probability_upper <= wanted * (
        1 + 1e-9
    )
    (one,) = typical_pass(big, [LayerCodes.of(1, 1, 1)]).layers
    assert one.probability_upper is not None and one.probability_upper >= 2 * 511 * math.exp(-256 / 8)
    (noisy,) = typical_pass(big, [LayerCodes.of(2, 1, 1, "1/2")]).layers
    assert noisy.probability_upper is None and noisy.error is None
    (orthogonal,) = typical_pass(
        measured_layers([verify.load(np.eye(4, dtype=int))]), [LayerCodes.of(4, 1, 1, "1/4")]
    ).layers
    assert orthogonal.probability_upper == 0


def test_typical_layers_add_up() -> None:
    layers = measured_layers([verify.load("builtin:identity-hadamard:256"), verify.load(np.eye(512, dtype=int))])
    codes = [LayerCodes.of(2, 1, 1), LayerCodes.of(2, 1, 1)]
    both = typical_pass(layers, codes)
    assert both.probability_upper == both.layers[0].probability_upper
    assert both.layers[0].error == F(1, 16) and both.layers[1].noise == F(1, 16)
    soft = typical_pass(layers, codes, Rule.soft)
    assert soft.layers[0].error == F(9, 16) and soft.probability_upper is None and len(soft.layers) == 2
    with pytest.raises(InputError, match="codes of relu have none"):
        typical_pass(layers, codes, Rule.relu)
    with pytest.raises(InputError, match="expected 2 classes of codes, one for each layer, got 1"):
        typical_pass(layers, codes[:1])


def test_observed_frequencies() -> None:
    """Certain within the guarantee; never outside what the interval must hold; reproducible; signs matter."""
    (layer,) = measured_layers([HADAMARD])
    codes = LayerCodes.of(2, 1, 1, F(1, 10))
    (said,) = forward_pass([layer], [codes], Rule.relu).layers
    assert said.threshold is not None
    for rule in Rule:
        seen = observed_frequency(layer, codes, rule, said.threshold, trials=50)
        assert (seen.found, seen.trials) == (50, 50) and seen.interval.upper == 1 and seen.interval.lower < 1
    bad = observed_frequency(layer, LayerCodes.of(16, 1, 1), Rule.hard, F(1, 2), trials=50)
    assert bad.found == 0 and bad.interval.lower == 0
    some = [
        observed_frequency(layer, LayerCodes.of(3, 1, 1), Rule.hard, F(1, 2), trials=150, seed=seed)
        for seed in (1, 1, 2)
    ]
    assert some[0] == some[1] and 0 < some[2].found < 150
    with pytest.raises(InputError, match="trials: expected a number from 1 to 10000, got 0"):
        observed_frequency(layer, codes, Rule.hard, F(1, 2), trials=0)
    with pytest.raises(InputError, match="sparsity: expected at most 32 nonzeros, got 33"):
        observed_frequency(layer, LayerCodes.of(33, 1, 1), Rule.hard, F(1, 2))


@pytest.mark.parametrize("boundary", ["full", "circular", "same"])
def test_convolutional_layers_find_many_nonzeros(boundary: str) -> None:
    """Local: one nonzero a stripe, many in all, all found at any length; counted with noise at its bound."""
    filters = np.array([[[1, 8, 1.0], [0, 1, 0]], [[0, 1, 0], [-1, 8, 1.0]]])
    conv = ConvolutionalDictionary.of(filters, boundary=boundary)
    (layer,) = measured_layers([conv])
    codes = LayerCodes.of(1, 1, 1, F(1, 20))
    (said,) = forward_pass([layer], [codes], Rule.soft).layers
    assert said.found and said.threshold is not None
    seen = observed_frequency(layer, codes, Rule.soft, said.threshold, lengths=(60,), trials=30)
    assert seen.found == 30
    typical = typical_pass([layer], [codes], signal=conv.signal_lengths((60,)))
    assert typical.layers[0].statement == "thresholding-typical-local" and typical.probability_upper == 1
    with pytest.raises(InputError, match="expected the lengths of the signal"):
        typical_pass([layer], [codes])
    with pytest.raises(InputError, match="expected the lengths of the code"):
        observed_frequency(layer, codes, Rule.soft, F(1, 2))


def test_what_is_refused() -> None:
    filters = ConvolutionalDictionary.of(np.ones((2, 1, 3)))
    for stack, message in (
        ([], "expected at least one dictionary"),
        ([HADAMARD, HADAMARD], "layer 2: expected 32 rows, as many as layer 1 has atoms, got 16"),
        ([HADAMARD, filters], "layer 2: expected matrices alone or filters alone in one stack, got both"),
        ([filters, filters], "layer 2: expected filters for the 2 code channels of layer 1 on a grid of 1 axes, got 1"),
        ([verify.load(np.eye(2) * 1j)], "layer 1: expected a real dictionary, got a complex one"),
    ):
        with pytest.raises(InputError, match=message):
            measured_layers(stack)
    for values, message in (
        ((0, 1, 1), "sparsity: expected a whole number of at least 1, got 0"),
        ((True, 1, 1), "sparsity: expected a whole number"),
        ((1.5, 1, 1), "sparsity: expected a whole number"),
        ((1, 0, 1), "range: expected 0 < MIN <= MAX, got 0 and 1"),
        ((1, 2, 1), "range: expected 0 < MIN <= MAX, got 2 and 1"),
        ((1, 1, 1, -1), "noise: expected a number from 0"),
    ):
        with pytest.raises(InputError, match=message):
            LayerCodes.of(*values)
    layers = measured_layers([HADAMARD])
    with pytest.raises(InputError, match="layer 1: expected a sparsity of at most 32, the atoms of a stripe, got 33"):
        forward_pass(layers, [LayerCodes.of(33, 1, 1)])
    with pytest.raises(InputError, match="expected 1 classes of codes, one for each layer, got 2"):
        forward_pass(layers, [LayerCodes.of(1, 1, 1)] * 2)
    with pytest.raises(InputError, match="expected 1 thresholds, one for each layer, got 2"):
        forward_pass(layers, [LayerCodes.of(1, 1, 1)], Rule.hard, [1, 2])
