"""Networks of convolutions: the module against the definition, files, building, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from verify.dictionaries.convolutional import ConvolutionalDictionary
from verify.errors import InputError
from verify.facts.convolutional.stripes import stripe_sparsity
from verify.networks.code_class import CodeClass
from verify.networks.convolutional.build import BuiltConvolutional, build_convolutional
from verify.networks.convolutional.hard_codes import crowded_code
from verify.networks.convolutional.matrices import FilterMatrices, bounder
from verify.networks.convolutional.stored import from_files, load_convolutional_network
from verify.networks.convolutional.unrolled import ConvolutionalNetwork, FilterLayer
from verify.networks.stored import load_network, save_network

CASES = [
    ((2, 2, 4), (1,), "full"),
    ((3, 3, 5), (2,), "circular"),
    ((2, 2, 3, 2), (2, 1), "full"),
    ((2, 2, 3, 4), (1, 3), "circular"),
]


def filters(shape: tuple[int, ...], stride: tuple[int, ...], boundary: str) -> ConvolutionalDictionary:
    F = np.random.default_rng(7).standard_normal(shape) / 30
    for c in range(shape[0]):
        F[(c, c, *([0] * len(stride)))] += 1
    return ConvolutionalDictionary.of(F, stride=stride, boundary=boundary)


def built(case: tuple, **options: object) -> BuiltConvolutional:
    known: dict = {"sparsity": 2, "bound": 1, "noise": "1/100", "layers": 4, "weights": "dictionary"} | options
    return build_convolutional(filters(*case), **known)


def defined(network: ConvolutionalNetwork, signal: np.ndarray) -> np.ndarray:
    """The code of a signal, with synthesis and analysis as the definition has them, in float64."""
    x = None
    for layer in network.layers:
        V, F = (
            ConvolutionalDictionary.of(a.astype(float), stride=network.stride, boundary=network.boundary)
            for a in (layer.analysis, layer.synthesis)
        )
        v = V.analysis(signal if x is None else signal - F.synthesis(x)) + (0 if x is None else x)
        t = layer.threshold.astype(float).reshape(-1, *[1] * len(network.stride))
        x = np.maximum(v - t, 0) - (0 if network.code == "nonnegative" else np.maximum(-v - t, 0))
    assert x is not None
    return x


@pytest.mark.parametrize("nonnegative", [False, True])
@pytest.mark.parametrize("case", CASES)
def test_the_module_is_the_definition_for_several_sizes_and_batches(case, nonnegative):
    made = built(case, dtype="float64", nonnegative=nonnegative)
    network, dictionary = made.network, filters(*case)
    module = network.to_torch()
    random = np.random.default_rng(3)
    for add in (0, 1, 4):
        lengths = dictionary.signal_lengths(tuple(n + add for n in dictionary.least_code))
        signals = random.standard_normal((3, dictionary.channels[1], *lengths))
        found = module(torch.tensor(signals))
        assert np.abs(found.numpy() - [defined(network, y) for y in signals]).max() < 1e-12
        assert torch.allclose(module(torch.tensor(signals[1])), found[1], rtol=0, atol=1e-13)
        with torch.no_grad():
            assert torch.allclose(module(torch.tensor(signals)), found, rtol=0, atol=1e-14)
        assert torch.allclose(module.layers_of(torch.tensor(signals))[-1], found, rtol=0, atol=1e-14)
    flipped = [
        FilterLayer(
            analysis=np.ascontiguousarray(layer.analysis[..., ::-1]), synthesis=layer.synthesis, threshold=layer.threshold
        )
        for layer in network.layers
    ]  # fmt: skip
    other = ConvolutionalNetwork(
        code=network.code, dtype=network.dtype, shape=network.shape, stride=network.stride,
        boundary=network.boundary, layers=tuple(flipped),
    )  # fmt: skip
    assert not np.allclose(other.to_torch()(torch.tensor(signals)).numpy(), found.numpy(), atol=1e-3)


def test_gradients_training_and_back():
    network = built(CASES[0]).network
    module = network.to_torch(trainable=True)
    y = torch.ones((1, 2, 9), requires_grad=True)
    module(y).sum().backward()
    assert all(p.grad is not None for p in module.parameters())
    assert y.grad is not None
    assert module.to_network().digest == network.digest
    with torch.no_grad():
        next(iter(module.parameters())).add_(1)
    assert module.to_network().digest != network.digest


@pytest.mark.parametrize("case", CASES)
def test_bounds_are_made_of_the_explicit_matrices(case):
    dictionary, network = filters(*case), built(case).network
    matrices = FilterMatrices(network, dictionary).of(network.layers[0])
    lengths = tuple(max(2 * r + 1, n) for r, n in zip(dictionary.reach, dictionary.least_code, strict=True))
    V = ConvolutionalDictionary.of(
        network.layers[0].analysis.astype(float), stride=case[1], boundary=case[2]
    ).matrix(lengths).real  # fmt: skip
    F = ConvolutionalDictionary.of(
        network.layers[0].synthesis.astype(float), stride=case[1], boundary=case[2]
    ).matrix(lengths).real  # fmt: skip
    whole = np.abs(np.eye(F.shape[1]) - np.asarray(V.T @ F, dtype=float))
    C = dictionary.channels[0]
    rows = [dictionary.atom_index(c, dictionary.reach, lengths) for c in range(C)]
    wanted = whole[rows].reshape(C, C, *lengths)
    for axis, r in enumerate(dictionary.reach, 2):
        wanted = np.take(wanted, range(2 * r + 1), axis=axis)
    assert np.abs(matrices.same - wanted.reshape(C, -1)).max() < 1e-12


def test_planned_bounds_are_those_found_afterwards_and_errors_are_reached():
    made = built(CASES[2], layers=None, error="0.03")
    assert made.plan.linf[-1] <= 0.03
    found = bounder(made.network, filters(*CASES[2])).bounds(made.codes)
    assert found.on == pytest.approx(made.plan.on)
    assert found.off == (0.0,) * made.network.depth


def test_crowded_codes_are_of_the_class_and_have_many_nonzeros():
    dictionary = filters(*CASES[0])
    codes = CodeClass.of(2, "1/2", 0, 14)
    code = crowded_code(dictionary, codes, (90,), np.random.default_rng(1))
    assert stripe_sparsity(dictionary, code).largest == 2
    assert np.count_nonzero(code) > 20
    assert set(np.unique(code)) == {-0.5, 0.0, 0.5}


def test_files(tmp_path: Path):
    network = built(CASES[1]).network
    path = tmp_path / "n.safetensors"
    save_network(network, path)
    read = load_convolutional_network(path)
    assert read.digest == network.digest
    assert (read.layers[3].analysis == network.layers[3].analysis).all()
    assert len(read.tensors) == 2 + 4
    with pytest.raises(InputError, match="for filters"):
        load_network(path)
    files = network.files
    for name, value, words in (
        ("kind", "unrolled", "for a dictionary"), ("kind", "other", "kind convolutional"), ("schema", 2, "schema 1"),
        ("boundary", "other", "full, circular or same"), ("boundary", 3, "boundary"), ("stride", [9], "stride"),
        ("stride", 2, "list of integers"), ("shape", [3, 3, 4], "shape"), ("shape", [3, 3], "shape"), ("activation", {}, "relu"),
        ("layers", {}, "a list"), ("layers", [{}], "does not have"), ("code", "x", "code"), ("extra", 1, "unknown field"),
        ("layers", [dict.fromkeys(("analysis", "synthesis", "threshold"), "none")], "no tensor"),
        ("layers", [], "is used by no layer"), ("tensors_sha256", "0" * 64, "cut short"),
        ("dictionary_sha256", 3, "digest"), ("dtype", "float64", "float64"),
    ):  # fmt: skip
        with pytest.raises(InputError, match=words):
            from_files(files.tensors, json.dumps({**json.loads(files.description), name: value}).encode())


def test_bad_input_is_refused_in_one_line():
    good = filters(*CASES[0])

    def build(dictionary: ConvolutionalDictionary = good, **options: object) -> None:
        known: dict = {"sparsity": 1, "bound": 1, "noise": 0, "layers": 2, "weights": "dictionary"} | options
        build_convolutional(dictionary, **known)

    for options, words in (
        ({"sparsity": 15}, "from 1 to 14"), ({"bound": 0}, "above 0"), ({"weights": "other"}, "expected balanced, generalized"),
        ({"weights": np.zeros((2, 2, 4))}, "not to be 0"), ({"weights": np.zeros((2, 2, 3))}, "of shape"),
        ({"dictionary": ConvolutionalDictionary.of(np.ones((2, 1, 3)))}, "level of these weights is 0"),
        ({"dtype": "int"}, "dtype"), ({"layers": None}, "either"), ({"layers": None, "error": "1e-12", "noise": 1}, "floor"),
        ({"dictionary": ConvolutionalDictionary.of(np.array([[[10**400, 1]]], dtype=object))}, "out of the range"),
    ):  # fmt: skip
        with pytest.raises(InputError, match=words):
            build(**options)
    network = built(CASES[0]).network
    with pytest.raises(InputError, match="do not belong together"):
        FilterMatrices(network, filters(*CASES[1]))
    for case, shape, words in (
        (CASES[0], (1, 3, 9), "expected \\(batch, 2, length\\)"), (CASES[0], (2, 3), "a length of 4"),
        (CASES[1], (3, 9), "a period of at least 9"), (CASES[2], (1, 2, 6, 4), "plus a multiple of 2"),
    ):  # fmt: skip
        with pytest.raises(InputError, match=words):
            built(case).network.to_torch()(torch.zeros(shape))
    with pytest.raises(InputError, match="of type torch"):
        network.to_torch()(torch.zeros((2, 9), dtype=torch.float64))
    layer = network.layers[0]
    for part, array, words in (
        ("threshold", np.zeros(3, np.float32), "the shape"), ("threshold", -np.ones(2, np.float32), ">= 0"),
        ("analysis", layer.analysis.astype(float), "of type float32"),
        ("synthesis", np.full((2, 2, 4), np.nan, np.float32), "finite"),
    ):  # fmt: skip
        with pytest.raises(InputError, match=words):
            ConvolutionalNetwork(
                code=network.code, dtype=network.dtype, shape=network.shape, stride=network.stride,
                boundary="full", layers=(FilterLayer(**{**layer.parts, part: array}),),
            )  # fmt: skip
    with pytest.raises(InputError, match="1 to 1000"):
        ConvolutionalNetwork(
            code=network.code,
            dtype=network.dtype,
            shape=network.shape,
            stride=network.stride,
            boundary="full",
            layers=(),
        )
