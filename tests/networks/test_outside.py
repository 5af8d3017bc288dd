"""Networks from elsewhere: LISTA, LISTA-CP, ALISTA, tied or untied, from files and modules."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.numpy
import torch
from numpy.typing import NDArray

from verify.dictionaries.dictionary import Dictionary
from verify.errors import InputError
from verify.networks.code_class import CodeClass
from verify.networks.error_bounds import ErrorBounder
from verify.networks.exact_forward import exact_forward
from verify.networks.outside import load_outside, network_from_module, network_from_tensors
from verify.networks.unrolled import Code, ResidualLayer

RANDOM = np.random.default_rng(2)
ATOMS = RANDOM.standard_normal((3, 5))
DICTIONARY = Dictionary.from_array(ATOMS)
STATE, SIGNAL, WEIGHTS = (RANDOM.standard_normal(shape).astype(np.float32) for shape in ((5, 5), (5, 3), (3, 5)))
THRESHOLD = np.abs(RANDOM.standard_normal(5)).astype(np.float32)
ONE, TWO = np.array([0.25], np.float32), np.array(0.5, np.float32)
Tensors = dict[str, NDArray[Any]]

LISTA: Tensors = {
    "layers.0.signal": SIGNAL, "layers.0.threshold": THRESHOLD, "layers.1.state": STATE, "layers.1.signal": SIGNAL,
    "layers.1.threshold": ONE, "layers.2.state": STATE, "layers.2.signal": SIGNAL, "layers.2.threshold": ONE,
}  # fmt: skip
TIED: Tensors = {"state": STATE, "signal": SIGNAL} | {f"layers.{at}.threshold": ONE for at in range(3)}
CP: Tensors = {
    "layers.0.weights": WEIGHTS, "layers.0.threshold": ONE, "layers.1.weights": 2 * WEIGHTS, "layers.1.threshold": TWO,
}  # fmt: skip
ALISTA: Tensors = {
    "weights": WEIGHTS, "layers.0.threshold": ONE, "layers.0.step": np.float32([1]), "layers.1.threshold": TWO,
    "layers.1.step": np.array(0.75, np.float32), "layers.2.threshold": TWO, "layers.2.step": np.array(0.75, np.float32),
}  # fmt: skip
Y = [0.5, -1.0, 2.0]


def plain(layers: list[tuple[NDArray[Any], NDArray[Any], NDArray[Any]]]) -> NDArray[Any]:
    """The code by the textbook's formula in binary64."""
    x = np.zeros(5)
    for M, V, t in layers:
        v = M.astype(float) @ x + V.astype(float) @ np.array(Y)
        x = np.sign(v) * np.maximum(np.abs(v) - t.astype(float), 0)
    return x


def close(tensors: Tensors, layers: list[tuple[NDArray[Any], NDArray[Any], NDArray[Any]]]) -> None:
    network = network_from_tensors(tensors, DICTIONARY)
    found = np.array(exact_forward(network, Y)[-1], dtype=float)
    wanted = plain(layers)
    assert wanted.any()
    assert np.allclose(found, wanted, rtol=1e-6, atol=1e-6 * np.abs(wanted).max())


def test_lista() -> None:
    close(LISTA, [(STATE, SIGNAL, THRESHOLD), *[(STATE, SIGNAL, ONE)] * 2])
    network = network_from_tensors(LISTA)
    state = network.layers[1].parts["state"]
    assert state is not None
    assert state.tobytes() == STATE.tobytes()  # the floats as they are
    assert STATE.flags.writeable  # and a copy


def test_tied_lista_shares_its_tensors_and_drops_the_first_state() -> None:
    close(TIED, [(STATE, SIGNAL, ONE)] * 3)
    assert sorted(network_from_tensors(TIED).tensors) == ["signal.0", "state.1", "threshold.0"]


def test_lista_cp_with_the_dictionary_or_its_own_synthesis() -> None:
    eye, atoms = np.eye(5), ATOMS.astype(np.float32).astype(float)
    layers = [(eye - k * WEIGHTS.T @ atoms, k * WEIGHTS.T, t) for k, t in ((1, ONE), (2, TWO))]
    close(CP, layers)
    close(CP | {"synthesis": ATOMS.astype(np.float32)}, layers)


def test_alista_multiplies_its_steps_once() -> None:
    eye, atoms = np.eye(5), ATOMS.astype(np.float32).astype(float)
    close(ALISTA, [(eye - k * WEIGHTS.T @ atoms, k * WEIGHTS.T, t) for k, t in ((1, ONE), (0.75, TWO), (0.75, TWO))])
    network = network_from_tensors(ALISTA, DICTIONARY)
    first, second, third = network.layers
    assert isinstance(first, ResidualLayer)
    assert isinstance(second, ResidualLayer)
    assert isinstance(third, ResidualLayer)
    assert first.analysis.tobytes() == WEIGHTS.tobytes()  # the bits of the file
    assert second.analysis is third.analysis
    assert network.dictionary_sha256 == DICTIONARY.digest


def test_files_and_modules_say_the_same(tmp_path: Path) -> None:
    path = tmp_path / "trained.safetensors"
    path.write_bytes(safetensors.numpy.save(CP))
    assert load_outside(path, DICTIONARY, nonnegative=True).code is Code.nonnegative
    module = torch.nn.Module()
    module.layers = torch.nn.ModuleList()
    for at in range(2):
        layer = torch.nn.Module()
        layer.weights = torch.nn.Parameter(torch.from_numpy(CP[f"layers.{at}.weights"].copy()))
        layer.register_buffer("threshold", torch.tensor(CP[f"layers.{at}.threshold"].item()))
        module.layers.append(layer)
    assert network_from_module(module, DICTIONARY).digest == load_outside(path, DICTIONARY).digest


def test_linear_layers_of_torch() -> None:
    module = torch.nn.Module()
    module.signal, module.state = torch.nn.Linear(3, 5, bias=False), torch.nn.Linear(5, 5, bias=False)
    module.layers = torch.nn.ModuleList([torch.nn.Module() for _ in range(2)])
    for layer in module.layers:
        layer.threshold = torch.nn.Parameter(torch.full((5,), 0.125))
    network = network_from_module(module)
    y = torch.tensor([Y])
    with torch.no_grad():
        first = torch.nn.functional.softshrink(module.signal(y), 0.125)
        second = torch.nn.functional.softshrink(module.signal(y) + module.state(first), 0.125)
        assert torch.allclose(network.to_torch()(y), second, atol=1e-6)


def small_dictionary() -> tuple[Dictionary, torch.Tensor]:
    """[I, H]/norms of 8 x 16: mu = 0.354, so that codes with one nonzero can be learned and certified."""
    H = np.array([[1]])
    for _ in range(3):
        H = np.block([[H, H], [H, -H]])
    atoms = np.concatenate([np.eye(8), H / np.sqrt(8)], axis=1).astype(np.float32)
    return Dictionary.from_array(atoms), torch.from_numpy(atoms.copy())


def test_a_trained_network_is_bounded_and_a_broken_layer_is_not() -> None:
    dictionary, atoms = small_dictionary()
    generator = torch.Generator().manual_seed(0)
    weights = [atoms.clone().requires_grad_() for _ in range(4)]
    thresholds = [torch.tensor(0.36 * 0.75**at).requires_grad_() for at in range(4)]
    parameters = [*weights, *thresholds]
    for _ in range(60):
        support = torch.randint(16, (256, 1), generator=generator)
        values = torch.rand((256, 1), generator=generator) * 2 - 1
        codes = torch.zeros(256, 16).scatter_(1, support, values)
        x = torch.zeros(256, 16)
        for W, t in zip(weights, thresholds, strict=True):
            v = x + (codes @ atoms.T - x @ atoms.T) @ W
            x = torch.sign(v) * torch.relu(torch.abs(v) - t)
        loss = ((x - codes) ** 2).sum() / 256
        for parameter, slope in zip(parameters, torch.autograd.grad(loss, parameters), strict=True):
            parameter.data -= 0.02 * slope
    tensors = {f"layers.{at}.weights": W.detach().numpy().copy() for at, W in enumerate(weights)}
    tensors |= {f"layers.{at}.threshold": t.detach().numpy().copy() for at, t in enumerate(thresholds)}
    one = CodeClass.of(1, 1, 0, 16)
    found = ErrorBounder(network_from_tensors(tensors, dictionary), dictionary).bounds(one)
    assert found.linf < 1
    tensors["layers.3.weights"] = -30 * tensors["layers.3.weights"]
    broken = ErrorBounder(network_from_tensors(tensors, dictionary), dictionary).bounds(one)
    assert broken.linf > 1
    assert broken.on[:3] == found.on[:3]
    assert found.on[3] < 1 < broken.on[3]


BAD: list[tuple[Tensors, str]] = [
    ({}, "expected tensors named layers.K.threshold"),
    ({"weights": WEIGHTS}, r"expected tensors named layers.K.threshold"),
    ({"layers.0.bias": ONE}, "tensor 'layers.0.bias': expected a name as layers.0.threshold"),
    ({"layers.00.threshold": ONE}, "tensor 'layers.00.threshold': expected a name"),
    (CP | {"layers.9999.threshold": ONE}, "for 1 to 1000 layers"),
    (CP | {"synthesis": ATOMS}, "expected all tensors of type float32 or float64, got float32, float64"),
    ({"layers.0.weights": WEIGHTS.astype(np.float16)}, "got float16"),
    (CP | {"layers.0.signal": SIGNAL}, r"layer 0: expected either signal \(with state\) or weights"),
    (CP | {"layers.3.threshold": ONE}, r"layer 2: expected either signal \(with state\) or weights"),
    (CP | {"layers.1.state": STATE}, "layer 1: state goes with signal, not with weights"),
    (LISTA | {"layers.1.step": ONE}, "layer 1: step goes with weights, not with signal"),
    (LISTA | {"layers.1.synthesis": WEIGHTS}, "layer 1: synthesis goes with weights, not with signal"),
    (LISTA | {"state": STATE}, "layer 1: state is given for this layer and for all"),
    ({n: v for n, v in LISTA.items() if n != "layers.1.state"}, "layer 1: expected a state beside signal"),
    ({n: v for n, v in CP.items() if n != "layers.1.threshold"}, "layer 1: expected a threshold"),
    (CP | {"layers.1.step": WEIGHTS}, "layer 1: expected a step of one number"),
    (CP | {"layers.1.threshold": -ONE}, "layer 1, threshold: expected numbers >= 0, got -0.25"),
    (CP | {"layers.1.threshold": THRESHOLD[:4]}, r"layer 1, threshold: expected the shape \(5,\), got \(4,\)"),
    (CP | {"layers.1.weights": WEIGHTS * np.float32(np.nan)}, "layer 1, analysis: expected finite numbers"),
    (CP | {"layers.1.step": np.float32(1e38), "layers.1.weights": 10 * WEIGHTS}, "analysis: expected finite numbers"),
    ({"layers.0.weights": np.float32(1), "layers.0.threshold": ONE}, "layer 0: expected a matrix, got the shape"),
]  # fmt: skip


@pytest.mark.parametrize(("tensors", "message"), BAD, ids=[message[:50] for _, message in BAD])
def test_tensors_that_are_refused(tensors: Tensors, message: str) -> None:
    with pytest.raises(InputError, match=message):
        network_from_tensors(tensors, DICTIONARY)


def test_what_needs_a_dictionary() -> None:
    with pytest.raises(InputError, match="layer 0: expected a tensor synthesis, or the dictionary"):
        network_from_tensors(CP)
    with pytest.raises(InputError, match="expected a real dictionary for a network, got a complex one"):
        network_from_tensors(CP, Dictionary.from_array(ATOMS + 1j))
    with pytest.raises(InputError, match="entries of the dictionary are out of the range of float32"):
        network_from_tensors(CP, Dictionary.from_array(ATOMS * 1e60))
    other = Dictionary.from_array([[Fraction(1, 3), 1], [0, 1]])
    with pytest.raises(InputError, match=r"layer 0, synthesis: expected the shape \(3, 5\), got \(2, 2\)"):
        network_from_tensors(CP, other)


def test_files_that_are_refused(tmp_path: Path) -> None:
    for name, data, message in (
        ("a.npz", b"", "a.npz: expected tensors named .safetensors"),
        ("a.safetensors", b"123", "the tensors are cut short"),
        ("b.safetensors", safetensors.numpy.save({"weights": WEIGHTS}), "expected tensors named layers.K.threshold"),
    ):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(InputError, match=message):
            load_outside(tmp_path / name)
    with pytest.raises(InputError, match=r"none.safetensors: no file none.safetensors"):
        load_outside(tmp_path / "none.safetensors")
