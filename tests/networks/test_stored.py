"""Networks as files: what is written is read, and nothing else is."""

from __future__ import annotations

import hashlib
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.numpy
from network_samples import random_network

from verify.errors import InputError
from verify.networks.activations import Activation
from verify.networks.stored import from_files, load_network, read_tensors, save_network
from verify.networks.unrolled import Code, DType, ResidualLayer, StateLayer, UnrolledNetwork

LEAKY = Activation(name="leaky-relu", slope=Fraction(1, 128))


@pytest.mark.parametrize("form", ["state", "residual"])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("activation", [Activation(), LEAKY, Activation(name="gelu-tanh", tau=Fraction(1, 4096))])
def test_what_is_written_is_read(tmp_path: Path, form: str, dtype: str, activation: Activation) -> None:
    network = random_network(form, dtype=dtype, activation=activation, code=Code.nonnegative)
    path = tmp_path / "net.safetensors"
    save_network(network, path)
    read = load_network(path)
    assert (read.code, read.dtype, read.shape, read.activation) == (
        network.code, network.dtype, network.shape, network.activation,
    )  # fmt: skip
    assert read.digest == network.digest
    assert list(read.tensors) == list(network.tensors)
    assert all(a.tobytes() == b.tobytes() for a, b in zip(read.tensors.values(), network.tensors.values(), strict=True))
    first, second = (getattr(layer, "state" if form == "state" else "analysis") for layer in read.layers[1:3])
    assert first is second  # what is shared stays shared
    again = tmp_path / "again.safetensors"
    save_network(read, again)
    assert (again.read_bytes(), again.with_suffix(".json").read_bytes()) == (
        path.read_bytes(), path.with_suffix(".json").read_bytes(),
    )  # fmt: skip


def test_the_digest_is_that_of_the_canonical_description(tmp_path: Path) -> None:
    path = tmp_path / "net.safetensors"
    network = random_network()
    save_network(network, path)
    fields = json.loads(path.with_suffix(".json").read_bytes())
    assert fields["tensors_sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    canonical = json.dumps(fields, sort_keys=True, separators=(",", ":")).encode() + b"\n"
    assert network.digest == hashlib.sha256(canonical).hexdigest()
    path.with_suffix(".json").write_text(json.dumps(fields, indent=1))
    assert load_network(path).digest == network.digest  # another spelling of the same


def test_every_flipped_bit_is_refused_or_another_network(tmp_path: Path) -> None:
    network = random_network(m=1, n=2, depth=2)
    tensors, description = network.files.tensors, network.files.description
    for data, other in ((tensors, False), (description, True)):
        for at in range(0, 8 * len(data), 5):
            flipped = bytearray(data)
            flipped[at // 8] ^= 1 << at % 8
            pair = (tensors, bytes(flipped)) if other else (bytes(flipped), description)
            try:
                read = from_files(*pair)
            except InputError as error:
                assert "\n" not in str(error)
            else:
                assert other
                assert read.digest != network.digest
    for length in (0, 7, 8, 100, len(tensors) - 1):
        with pytest.raises(InputError, match="cut short, changed or exchanged"):
            from_files(tensors[:length], description)


def edited(**changes: Any) -> tuple[bytes, bytes]:
    """The files of a small network with other fields; a field that becomes `del` is left out."""
    network = random_network("state")
    fields = json.loads(network.files.description) | changes
    fields = {name: value for name, value in fields.items() if value != "del"}
    return network.files.tensors, json.dumps(fields).encode()


LAYER = {"state": None, "signal": "signal.0", "threshold": "threshold.0"}
DESCRIPTIONS = [
    ({"more": 1}, "the description has an unknown field 'more'"),
    ({"code": "del"}, "the description lacks the field 'code'"),
    ({"schema": 2}, "not of schema 1 and kind unrolled"),
    ({"schema": True}, "not of schema 1 and kind unrolled"),
    ({"kind": "deep"}, "not of schema 1 and kind unrolled"),
    ({"code": "any"}, "code: expected signed or nonnegative"),
    ({"dtype": "bfloat16"}, "dtype: expected float32 or float64"),
    ({"dtype": "float64"}, "expected entries of type float64, got float32"),
    ({"tensors_sha256": "0" * 63}, "tensors_sha256: expected a digest"),
    ({"tensors_sha256": None}, "tensors_sha256: expected a digest"),
    ({"tensors_sha256": "0" * 64}, "the tensors are not those of the description"),
    ({"dictionary_sha256": "abc"}, "dictionary_sha256: expected a digest"),
    ({"shape": [3, "5"]}, r"shape: expected \[m, n\]"),
    ({"shape": [3, 6]}, r"layer 0, signal: expected the shape \(6, 3\), got \(5, 3\)"),
    ({"shape": [0, 5]}, "shape: expected m >= 1, n >= 2"),
    ({"layers": []}, "is used by no layer"),
    ({"layers": {}}, "layers: expected a list"),
    ({"layers": [LAYER]}, "tensor 'state.1' is used by no layer"),
    ({"layers": [{"signal": "signal.0"}]}, "layer 0 has neither state, signal, threshold"),
    ({"layers": [LAYER | {"signal": None}]}, "layer 0, signal: there is no tensor None"),
    ({"layers": [LAYER | {"signal": "V"}]}, "layer 0, signal: there is no tensor 'V'"),
    ({"activation": "relu"}, "activation: expected one of relu, leaky-relu"),
    ({"activation": {"name": "tanh"}}, "activation: expected one of relu, leaky-relu"),
    ({"activation": {"name": "relu", "tau": "1"}}, "activation relu: expected the fields name"),
    ({"activation": {"name": "silu"}}, "activation silu: expected the fields name, tau"),
    ({"activation": {"name": "silu", "tau": "0.5"}}, "tau of silu: expected a rational number"),
    ({"activation": {"name": "silu", "tau": "1/3"}}, "tau: expected a power of two from"),
    ({"activation": {"name": "leaky-relu", "slope": "1"}}, "slope: expected a number a with 0 <= a < 1"),
    ({"activation": {"name": "leaky-relu", "slope": "1/100"}}, "slope: expected exactly a number of type float32"),
]


@pytest.mark.parametrize(("changes", "message"), DESCRIPTIONS)
def test_descriptions_that_are_refused(changes: dict[str, Any], message: str) -> None:
    assert from_files(*edited())
    with pytest.raises(InputError, match=message):
        from_files(*edited(**changes))


TEXTS = [
    (b'{"schema": 1.0}', "holds 1.0, which is not an integer"),
    (b'{"schema": NaN}', "holds NaN, which is not an integer"),
    (b'{"schema": 12345678901234567}', "a number of more than 16 digits"),
    (b'{"schema": 1, "schema": 1}', "has a key that stands twice"),
    (b'{"schema": "\\u0031"}', "not printable ASCII without backslash"),
    (b"[1]", "is not an object"),
    (b"{", "is not JSON"),
    (b"[" * 100_000, "is not JSON"),
]


@pytest.mark.parametrize(("text", "message"), TEXTS)
def test_texts_that_are_refused(text: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message):
        from_files(random_network().files.tensors, text)


def test_tensors_that_are_refused() -> None:
    good = safetensors.numpy.save({"a": np.zeros(2, np.float32)})
    assert list(read_tensors(good)) == ["a"]
    for data, message in (
        (b"1234567", "cut short: 7 bytes"),
        ((1 << 40).to_bytes(8, "little") + good[8:], "the header of the tensors has more than"),
        (good[:-1], "the tensors cannot be read"),
        (good[:8] + b"?" + good[9:], "the tensors cannot be read"),
        (good.replace(b"F32", b"Q32"), "the tensors cannot be read"),
    ):
        with pytest.raises(InputError, match=message):
            read_tensors(data)


def test_paths_that_are_refused(tmp_path: Path) -> None:
    network = random_network()
    for name, message in (
        ("a.npz", "expected a network named .safetensors"),
        ("a/b.safetensors", "folder does not exist"),
    ):
        with pytest.raises(InputError, match=message):
            save_network(network, tmp_path / name)
    with pytest.raises(InputError, match=r"no file a\.safetensors"):
        load_network(tmp_path / "a.safetensors")
    save_network(network, tmp_path / "a.safetensors")
    (tmp_path / "a.json").unlink()
    with pytest.raises(InputError, match=r"no file a\.json"):
        load_network(tmp_path / "a.safetensors")
    with pytest.raises(InputError, match="not a valid path"):
        load_network("a\0.safetensors")
    (tmp_path / "a.json").write_bytes(b" " * ((1 << 20) + 1))
    with pytest.raises(InputError, match=r"a.json has more than 1048576 bytes"):
        load_network(tmp_path / "a.safetensors")


def layer(**changes: Any) -> UnrolledNetwork:
    parts: dict[str, Any] = {"state": None, "signal": np.ones((3, 2)), "threshold": np.zeros(3)} | changes
    return UnrolledNetwork(code=Code.signed, dtype=DType.float64, shape=(2, 3), layers=(StateLayer(**parts),))


VALUES = [
    ({"signal": np.ones((2, 3))}, r"layer 0, signal: expected the shape \(3, 2\), got \(2, 3\)"),
    ({"signal": np.ones((3, 2), np.float32)}, "layer 0, signal: expected entries of type float64, got float32"),
    ({"signal": np.full((3, 2), np.nan)}, r"layer 0, signal: expected finite numbers, got nan at \(0, 0\)"),
    ({"threshold": np.array([0, np.inf, 0])}, r"layer 0, threshold: expected finite numbers, got inf at \(1,\)"),
    ({"threshold": np.array([0, -1.0, 0])}, "layer 0, threshold: expected numbers >= 0, got -1.0"),
    ({"state": np.eye(3)}, "layer 0, state: expected none, because the code is 0 before it"),
]


@pytest.mark.parametrize(("changes", "message"), VALUES)
def test_values_that_are_refused(changes: dict[str, Any], message: str) -> None:
    assert layer().depth == 1
    with pytest.raises(InputError, match=message):
        layer(**changes)


def test_too_many_layers_and_entries() -> None:
    one = random_network("residual", depth=1)
    with pytest.raises(InputError, match="layers: expected 1 to 1000 of them, got 1001"):
        UnrolledNetwork(code=one.code, dtype=one.dtype, shape=one.shape, layers=one.layers * 1001)
    wide = np.zeros((4, 4_000_000), np.float32)
    large = ResidualLayer(analysis=wide, synthesis=wide.copy(), threshold=np.zeros(4_000_000, np.float32))
    with pytest.raises(InputError, match="the matrices have more than 20000000 entries"):
        UnrolledNetwork(code=one.code, dtype=one.dtype, shape=(4, 4_000_000), layers=(large,))


ACTIVATIONS = [
    ({"name": "tanh"}, "activation: expected one of relu"),
    ({"name": "relu", "tau": Fraction(1)}, "activation relu: expected no parameter and nothing else"),
    ({"name": "silu"}, "activation silu: expected a tau and nothing else"),
    ({"name": "leaky-relu", "tau": Fraction(1)}, "activation leaky-relu: expected a slope and nothing else"),
    ({"name": "leaky-relu", "slope": Fraction(-1, 8)}, "slope: expected a number a with"),
    ({"name": "mish", "tau": Fraction(3, 4)}, "tau: expected a power of two"),
    ({"name": "mish", "tau": Fraction(0)}, "tau: expected a power of two"),
    ({"name": "mish", "tau": Fraction(2) ** 64}, "tau: expected a power of two"),
]


@pytest.mark.parametrize(("fields", "message"), ACTIVATIONS)
def test_activations_that_are_refused(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        Activation(**fields)
