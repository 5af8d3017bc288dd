"""A layer as sparse coding: one step is a ReLU layer, exactly; more steps come closer; distances are exact."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest
import torch

import verify
from verify.errors import InputError
from verify.networks.sparse_coding_layer import SparseCodingLayer, exact_kkt_distance

F = Fraction


def drawn(*shape: int, seed: int = 0, dtype: torch.dtype = torch.float64) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=dtype)


def test_one_step_is_the_relu_layer_bit_for_bit() -> None:
    linear, conv = torch.nn.Linear(5, 7), torch.nn.Conv2d(2, 6, 3, stride=2, padding=1)
    y, image = drawn(9, 5, dtype=torch.float32), drawn(4, 2, 9, 9, dtype=torch.float32)
    dense = SparseCodingLayer(linear.weight, threshold=-linear.bias)
    images = SparseCodingLayer(conv.weight, threshold=-conv.bias, stride=2, padding=1)
    assert torch.equal(dense(y), torch.relu(y @ linear.weight.T + linear.bias))
    v = torch.nn.functional.conv2d(image, conv.weight, stride=2, padding=1)
    assert torch.equal(images(image), torch.relu(v + conv.bias[:, None, None]))
    assert torch.allclose(images(image), torch.relu(conv(image)), atol=1e-6)


def test_with_orthonormal_atoms_one_step_is_the_minimiser_exactly() -> None:
    """Atoms that are orthonormal in exact arithmetic: rows of a signed Hadamard matrix over 2, and shifts that are."""
    rows = torch.tensor([[1.0, 1, 1, 1], [1, -1, 1, -1], [1, 1, -1, -1]], dtype=torch.float64) / 2
    layer, y = SparseCodingLayer(rows, threshold=torch.tensor([0.5, -0.25, 0.0])), drawn(20, 4)
    y = (y * 64).round() / 64  # so that D^T y is not rounded
    assert all(exact_kkt_distance(layer, one, code) == 0 for one, code in zip(y, layer(y), strict=True))
    more = SparseCodingLayer(rows, 30, threshold=layer.threshold)
    assert torch.equal(more(y), layer(y))
    filters = torch.tensor([[[[1.0, 1], [1, 1]]], [[[1, -1], [1, -1]]]], dtype=torch.float64) / 2
    images = SparseCodingLayer(filters, threshold=0.25, stride=2)  # the shifts do not overlap
    image = (drawn(1, 1, 6, 6, seed=3) * 64).round() / 64
    assert exact_kkt_distance(images, image[0], images(image)[0]) == 0
    overlapping = SparseCodingLayer(filters, threshold=0.25)  # orthonormal filters are not enough
    assert exact_kkt_distance(overlapping, image[0], overlapping(image)[0]) > F(1, 10)


@pytest.mark.parametrize("kind", ["dense", "same", "stride"])
def test_more_steps_never_raise_the_objective_and_reach_the_minimiser(kind: str) -> None:
    options = {"dense": {}, "same": {"padding": 1}, "stride": {"stride": 2}}[kind]
    filters = drawn(6, 4, seed=1) if kind == "dense" else drawn(3, 2, 3, 3, seed=1)
    y = drawn(5, 4, seed=2) if kind == "dense" else drawn(5, 2, 8, 9, seed=2)
    values, distances = [], []
    for steps in (1, 2, 3, 5, 9, 400):
        layer = SparseCodingLayer(filters, steps, 0.3, **options)
        x = layer(y)
        assert (x >= 0).all()
        values.append(layer.objective(y, x))
        distances.append(layer.kkt_distance(y).max())
    assert all((after <= before + 1e-12).all() for before, after in itertools.pairwise(values))
    assert distances[0] > 0.1 and distances[-1] < 0.01 * distances[0]


def test_the_bound_of_the_norm_holds_at_every_size() -> None:
    layer = SparseCodingLayer(drawn(3, 2, 3, 3), stride=2, trainable=False)
    bound = float(layer.lipschitz_upper().detach())
    for size in (3, 7, 15):
        basis = torch.eye(2 * size * size, dtype=torch.float64).reshape(-1, 2, size, size)
        assert float(torch.linalg.matrix_norm(layer.analysis(basis).flatten(1), 2)) ** 2 <= bound * (1 + 1e-12)
    dense = SparseCodingLayer(drawn(6, 4), trainable=False)
    assert float(torch.linalg.matrix_norm(dense.filters, 2)) ** 2 <= float(dense.lipschitz_upper().detach())


def test_exact_distances_against_floats_and_by_hand() -> None:
    for layer, y in (
        (SparseCodingLayer(drawn(5, 3), 2, 0.125), drawn(1, 3, seed=5)),
        (SparseCodingLayer(drawn(2, 2, 3, 3), 2, 0.125, padding=1), drawn(1, 2, 5, 4, seed=5)),
        (SparseCodingLayer(drawn(2, 2, 2, 2), 1, 0.125, stride=2), drawn(1, 2, 6, 6, seed=5)),
    ):
        x = layer(y)
        assert abs(float(exact_kkt_distance(layer, y[0], x[0])) - float(layer.kkt_distance(y).detach())) < 1e-12
    by_hand = SparseCodingLayer(torch.tensor([[1.0, 0], [0.5, 0.5]]), threshold=0.25)
    # y = (1, 1): x = (3/4, 3/4), Dx - y = (1/8, -5/8), g = (3/8, 0): |3/4 - 3/8| = 3/8
    y = torch.ones(2)
    assert exact_kkt_distance(by_hand, y, by_hand(y)) == F(3, 8)


def test_a_dense_layer_is_certified_as_a_network() -> None:
    """Unit atoms of small coherence: the certified error after more steps is smaller, and the codes are within it."""
    dictionary = verify.load("builtin:identity-hadamard:4")
    atoms = np.array(dictionary.real, float)
    unit = verify.load(atoms / np.linalg.norm(atoms, axis=0))
    filters, y, x = torch.tensor(np.array(unit.real).T.copy()), drawn(8, 4, seed=7), torch.eye(8, dtype=torch.float64)
    for steps in (1, 4):
        layer = SparseCodingLayer(filters, steps, 0.55, trainable=False)
        network = layer.to_network()
        assert torch.allclose(network.to_torch()(y), layer(y), atol=1e-12)
        assert network.depth == steps
    result = verify.certify_network(SparseCodingLayer(filters, 1, 0.55).to_network(), unit, sparsity=1)
    assert result.claim is not None
    bound, errors = (
        Fraction(str(result.claim["linf"])),
        (SparseCodingLayer(filters, 1, 0.55)(x @ filters) - x).abs().max(),
    )
    assert float(errors.detach()) <= bound < 1


def test_training_moves_the_parameters_and_buffers_stay() -> None:
    layer = SparseCodingLayer(drawn(4, 3), 3, 0.1)
    layer(drawn(2, 3)).sum().backward()
    assert layer.filters.grad is not None and layer.threshold.grad is not None
    assert not list(SparseCodingLayer(drawn(4, 3), trainable=False).parameters())


def test_what_is_refused() -> None:
    good = drawn(4, 3)
    for arguments, options, message in (
        ((drawn(2, 3, 4),), {}, r"filters: expected floats of shape \(n, m\) or"),
        ((torch.ones(2, 3, dtype=torch.int64),), {}, "filters: expected floats"),
        ((good, 0), {}, "steps: expected a number from 1 to 1000, got 0"),
        ((good, True), {}, "steps: expected a number"),
        ((good, 1, torch.zeros(3)), {}, r"threshold: expected one number or 4, got shape \(3,\)"),
        ((good, 1, float("nan")), {}, "expected finite numbers"),
        ((good,), {"stride": 2}, "stride and padding are for filters of four axes, got 2 and 0"),
        ((drawn(2, 1, 3, 3),), {"stride": 0}, "expected a stride of at least 1"),
    ):
        with pytest.raises(InputError, match=message):
            SparseCodingLayer(*arguments, **options)
    images = SparseCodingLayer(drawn(2, 1, 3, 3), stride=2, padding=1)
    with pytest.raises(InputError, match="made of a dense layer, got filters of four axes"):
        images.to_network()
    with pytest.raises(InputError, match="expected no padding, or"):
        exact_kkt_distance(images, drawn(1, 5, 5), drawn(2, 3, 3))
    with pytest.raises(InputError, match="expected one signal of 3 and one code of 4 numbers"):
        exact_kkt_distance(SparseCodingLayer(good), drawn(4), drawn(4))
    with pytest.raises(InputError, match="threshold: expected numbers >= 0"):
        SparseCodingLayer(good, 1, -1.0).to_network()
    with pytest.raises(InputError, match=r"expected float32 or float64, got torch\.float16"):
        SparseCodingLayer(good.half()).to_network()
