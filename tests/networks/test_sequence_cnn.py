"""Unrolled networks as CNNs with kernels of one size: the same codes, exactly; layers, channels and weights counted."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import torch
from network_samples import random_network
from torch.nn.functional import conv1d, conv_transpose1d

import verify
from verify.attack import attack, trial_of
from verify.errors import InputError, LimitError
from verify.networks.activations import Activation
from verify.networks.convolutional.general_construction import SequenceCNN, gathering_layers
from verify.networks.convolutional.sequence_layers import gather, read_out, spread
from verify.networks.convolutional.sequence_stored import description_path, load_sequence_cnn, save_sequence_cnn
from verify.networks.exact_forward import exact_forward
from verify.networks.unrolled import Code, DType, StateLayer, UnrolledNetwork
from verify.theorems import theorem

SIGNAL = [0.75, -1.5, 0.3125]


def test_gathering_layers_are_counted_without_logarithms() -> None:
    for r, length in itertools.product(range(2, 12), range(1, 300)):
        found = gathering_layers(length, r)
        assert r**found >= length and (not found or r ** (found - 1) < length)
    assert gathering_layers(5**3, 5) == 3  # log(125)/log(5) is 3.0000000000000004
    assert gathering_layers(5**3 + 1, 5) == 4
    assert gathering_layers(10**30 + 1, 10) == 31


@pytest.mark.parametrize("form", ["state", "residual"])
@pytest.mark.parametrize("code", Code)
@pytest.mark.parametrize("r", [2, 3, 7, 8])
def test_the_codes_are_exactly_those_of_the_network(form: str, code: Code, r: int) -> None:
    network = random_network(form, code=code, depth=3)
    cnn = SequenceCNN.of(network, r)
    for scale in (1, -2):
        y = [scale * value for value in SIGNAL]
        codes = cnn.forward_exact(y)
        assert codes == exact_forward(network, y)[-1]
    assert any(codes)
    assert set(np.unique(np.concatenate([layer.plain.ravel() for layer in cnn.layers if layer.taps > 1]))) <= {-1, 0, 1}
    own = {abs(float(x)) for array in network.tensors.values() for x in array.ravel()} | {0.0, 1.0}
    assert {abs(float(x)) for layer in cnn.layers for x in layer.plain.ravel()} <= own


def test_gathering_and_spreading_undo_each_other_bit_by_bit() -> None:
    """Also in torch: a sum with one term that is not 0 rounds nothing."""
    y = torch.randn(2, 3, 8) * 10.0 ** torch.randint(-30, 30, (2, 3, 8))
    first, back = gather(3, 2, "float32"), spread(3, 2, "float32")
    gathered = conv1d(y, torch.from_numpy(first.weight), stride=2, groups=3)
    assert torch.equal(gathered[:, 3], y[:, 1, 1::2])
    assert torch.equal(conv_transpose1d(gathered, torch.from_numpy(back.weight), stride=2, groups=3), y)
    assert torch.equal(conv1d(y, torch.from_numpy(first.plain), stride=2), gathered)  # without groups
    assert torch.equal(conv_transpose1d(gathered, torch.from_numpy(back.plain), stride=2), y)
    out, parts = read_out(4, "float32"), torch.cat([torch.relu(y[:, :1, :4]), torch.relu(-y[:, :1, :4])], 1)
    channels = conv1d(parts, torch.from_numpy(gather(2, 4, "float32").weight), stride=4, groups=2)
    assert torch.equal(conv_transpose1d(channels, torch.from_numpy(out.weight), stride=4), y[:, :1, :4])


@pytest.mark.parametrize("form", ["state", "residual"])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_torch_module_differs_by_the_order_of_summation_only(form: str, dtype: str) -> None:
    """Layer by layer from the same state: within the rounding of a sum of so many terms, by its moduli."""
    network = random_network(form, dtype=dtype, depth=1 if form == "state" else 2, n=6)
    module = SequenceCNN.of(network, 3).to_torch()
    y = torch.randn(40, 3, dtype=getattr(torch, dtype))
    found, wanted = module(y), network.to_torch()(y)
    unit = 2.0**-24 if dtype == "float32" else 2.0**-53
    tensors = [np.abs(array).sum() for array in network.tensors.values() if array.ndim == 2]
    assert float((found - wanted).abs().max()) <= 16 * unit * np.prod([1 + t for t in tensors]) * float(y.abs().max())
    assert module(y[0]).shape == (6,) and module(y.reshape(4, 10, 3)).shape == (4, 10, 6)
    for part in (found, wanted):
        exact = exact_forward(network, y[0].double().tolist())[-1]
        assert np.allclose(part[0].numpy(), np.array(exact, float), rtol=0, atol=64 * unit * np.prod(tensors))


def test_sums_without_rounding_give_the_same_bits() -> None:
    """Small integers as weights: no order of summation rounds, so that both networks agree exactly."""
    random = np.random.default_rng(0)
    state, signal = (random.integers(-2, 3, size).astype(np.float32) for size in ((4, 4), (4, 3)))
    layers = [
        StateLayer(state=state if at else None, signal=signal, threshold=np.ones(4, np.float32)) for at in range(3)
    ]
    network = UnrolledNetwork(code=Code.signed, dtype=DType.float32, shape=(3, 4), layers=tuple(layers))
    y = torch.from_numpy(random.integers(-8, 9, (50, 3)).astype(np.float32))
    for r in (2, 3, 7):
        assert torch.equal(SequenceCNN.of(network, r).to_torch()(y), network.to_torch()(y))


@pytest.mark.parametrize(
    ("m", "n", "r", "steps"), [(3, 5, 2, 1), (3, 5, 3, 4), (2, 3, 5, 2), (60, 65, 5, 3), (60, 66, 5, 3)]
)
def test_the_counts_are_those_of_the_statement(m: int, n: int, r: int, steps: int) -> None:
    network = random_network("state", m=m, n=n, depth=steps)
    cnn = SequenceCNN.of(network, r)
    depth = {(3, 5, 2): 3, (3, 5, 3): 2, (2, 3, 5): 1, (60, 65, 5): 3, (60, 66, 5): 4}[m, n, r]
    values = {"r": r, "K": steps, "d_before": (m,), "d": (n,), "L": (depth,)}
    said = theorem("lfz2024-corollary-7").apply(
        {k: tuple(map(Fraction, v)) if isinstance(v, tuple) else Fraction(v) for k, v in values.items()}
    )
    counts = cnn.counts
    assert (counts.layers,) == said["layers"] and counts.layers == steps * (2 * depth + 1) == len(cnn.layers)
    assert (counts.channels,) == said["channels"] and counts.channels == 2 * r**depth
    assert counts.pointwise == steps
    assert all(layer.taps in (1, r) for layer in cnn.layers)
    if n < 10:
        assert counts.weights == sum(layer.plain.size for layer in cnn.layers)
        assert counts.nonzero == sum(np.count_nonzero(layer.plain) for layer in cnn.layers)
    residual = SequenceCNN.of(random_network("residual", m=m, n=n, depth=2), r)
    assert residual.counts.layers == 2 * (2 * depth + 2)


def test_a_statement_that_forgets_to_round_up_is_refuted() -> None:
    trial = trial_of("lfz2024-corollary-7")
    for constants in ({"layers_bound": "K*(2*log_product + count)"}, {"channels_bound": "2*(d_before + d)"}):
        wrong = replace(trial.statement, constants=dict(trial.statement.constants) | constants)
        assert attack(replace(trial, statement=wrong), instances=200, seed=1).violated


def test_what_is_refused() -> None:
    network = random_network()
    for size in (1, 0, True, 2.0, 10_001):
        with pytest.raises(InputError, match="kernel size: expected an integer from 2 to 10000"):
            SequenceCNN.of(network, size)
    smooth = random_network(activation=Activation(name="silu", tau=Fraction(1, 4)))
    with pytest.raises(InputError, match="a network as a CNN: expected relu units, got silu"):
        SequenceCNN.of(smooth, 3)
    with pytest.raises(LimitError, match=r"the maps of 10000 places have 400000000 entries, more than 50000000"):
        SequenceCNN.of(network, 10_000)
    cnn = SequenceCNN.of(network, 3)
    with pytest.raises(InputError, match="signal: expected 3 numbers, got 2"):
        cnn.forward_exact([1, 2])
    for y in (torch.zeros(2, 4), torch.zeros(2, 3).double()):
        with pytest.raises(InputError, match=r"signals: expected \(..., 3\) of type torch.float32, got \(2, "):
            cnn.to_torch()(y)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / "net.safetensors"
    cnn = SequenceCNN.of(random_network("residual"), 4)
    save_sequence_cnn(cnn, path)
    read = load_sequence_cnn(path)
    assert (read.kernel_size, read.network.digest) == (4, cnn.network.digest)
    assert torch.equal(read.to_torch()(torch.ones(1, 3)), cnn.to_torch()(torch.ones(1, 3)))
    beside = description_path(path)
    good = json.loads(beside.read_bytes())
    for changes, message in (
        ({"more": 1}, "expected the fields kernel_size, kind, network_sha256 and schema"),
        ({"kind": "unrolled"}, "not of schema 1 and kind sequence-cnn"),
        ({"schema": True}, "not of schema 1 and kind sequence-cnn"),
        ({"network_sha256": "0" * 64}, "of another network than the one beside it"),
        ({"kernel_size": "3"}, "kernel size: expected an integer"),
    ):
        beside.write_text(json.dumps(good | changes))
        with pytest.raises(InputError, match=message):
            load_sequence_cnn(path)
    beside.unlink()
    with pytest.raises(InputError, match=r"net\.cnn\.json: cannot be read: no such file"):
        load_sequence_cnn(path)


@pytest.mark.parametrize("form", ["state", "residual"])
def test_a_certificate_of_the_network_holds_for_the_cnn(form: str) -> None:
    """The certified error, rounding included, against codes and noise of the class, signs and coherent supports too."""
    dictionary = verify.load("builtin:identity-hadamard:4")
    built = verify.build_unrolled(
        dictionary, sparsity=1, bound=1, noise="1/1000", layers=6, weights="dictionary", form=form, dtype="float32"
    )
    result = verify.certify_network(built.network, dictionary, sparsity=1, bound=1, noise="1/1000")
    assert result.claim is not None
    bound, off = (float(Fraction(str(x))) for x in (result.claim["linf"], list(result.claim["off"])[-1]))
    atoms, random = np.asarray(dictionary.real, float), np.random.default_rng(0)
    codes = np.concatenate([np.eye(8), -np.eye(8), np.eye(8) * random.uniform(-1, 1, 8)] * 20)
    noise = random.standard_normal((len(codes), 4))
    signals = codes @ atoms.T + 1e-3 * (1 - 1e-9) * noise / np.linalg.norm(noise, axis=1, keepdims=True)
    for r in (2, 5):
        found = SequenceCNN.of(built.network, r).to_torch()(torch.tensor(signals, dtype=torch.float32)).double().numpy()
        assert np.abs(found - codes).max() <= bound
        assert np.abs(found[codes == 0]).max() <= off
