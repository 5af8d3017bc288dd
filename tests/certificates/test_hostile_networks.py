"""Files that are no network: exit code 2 and one line, whatever is in them."""

from __future__ import annotations

import hashlib
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from certificate_networks import Sample, check, draft, evidence, files

import certificates
from certificates.checker import main
from certificates.networks import canonical, network_from_bytes, network_of, read_network
from certificates.rules import stored_network

ATOMS = np.array([[1.0, 0.0, 0.5], [0.0, 1.0, 0.5]])
SAMPLE = Sample(
    ATOMS,
    {"V": ATOMS.T.copy(), "W": ATOMS, "D": ATOMS, "t": np.full(3, 0.25)},
    [{"signal": "V", "state": None, "threshold": "t"}, {"analysis": "W", "synthesis": "D", "threshold": "t"}],
    1,
    Fraction(1),
    Fraction(0),
)


def headed(header: object, body: bytes) -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + body


def described(tensors: bytes, **changes: object) -> bytes:
    fields: dict[str, Any] = json.loads(files(SAMPLE)[1])
    fields |= {"tensors_sha256": hashlib.sha256(tensors).hexdigest(), **changes}
    return json.dumps({name: value for name, value in fields.items() if value != "left out"}).encode()


TENSORS, DESCRIPTION = files(SAMPLE)
LENGTH = int.from_bytes(TENSORS[:8], "little")
HEADER, BODY = json.loads(TENSORS[8 : 8 + LENGTH]), TENSORS[8 + LENGTH :]
T = {"data_offsets": [0, 12], "dtype": "F32", "shape": [3]}
DESCRIPTIONS = {
    "no JSON": (b"{", "the description is not JSON"),
    "no object": (b"[1]", "the description is not an object"),
    "no ASCII": ("{\"x\": \"ü\"}".encode(), "not printable ASCII without backslash"),
    "a float": (b'{"schema": 1.0}', "holds 1.0, which is not an integer"),
    "NaN": (b'{"schema": NaN}', "holds NaN, which is not an integer"),
    "a long number": (b'{"schema": 12345678901234567}', "a number of more than 16 digits"),
    "a key twice": (b'{"schema": 1, "schema": 1}', "a key that stands twice"),
    "deep": (b'{"schema": [[[[[1]]]]]}', "nested more than 4 deep"),
    "a field too few": (described(TENSORS, kind="left out"), "has other fields than"),
    "a field too many": (described(TENSORS, more=1), "has other fields than"),
    "schema": (described(TENSORS, schema=2), "is not of schema 1"),
    "schema true": (described(TENSORS, schema=True), "is not of schema 1"),
    "kind": (described(TENSORS, kind="rolled"), "is not of schema 1 and kind unrolled"),
    "code": (described(TENSORS, code="complex"), "code is not signed or nonnegative"),
    "dtype": (described(TENSORS, dtype="float16"), "dtype is not float32 or float64"),
    "dtype list": (described(TENSORS, dtype=["float32"]), "dtype is not float32 or float64"),
    "shape": (described(TENSORS, shape=[2]), "shape is not [m, n]"),
    "negative shape": (described(TENSORS, shape=[-2, 3]), "shape is not [m, n]"),
    "huge shape": (described(TENSORS, shape=[1 << 20, 1 << 20]), "shape is not [m, n]"),
    "digest": (described(TENSORS, tensors_sha256="00"), "tensors_sha256 is not a digest"),
    "no digest": (described(TENSORS, tensors_sha256=None), "tensors_sha256 is not a digest"),
    "dictionary digest": (described(TENSORS, dictionary_sha256="x" * 64), "dictionary_sha256 is not a digest"),
    "other tensors": (described(b""), "their digest differs"),
    "no activation": (described(TENSORS, activation="relu"), "the activation is not one of"),
    "unknown activation": (described(TENSORS, activation={"name": "step"}), "the activation is not one of"),
    "surplus": (described(TENSORS, activation={"name": "relu", "tau": "1"}), "has other fields than it should"),
    "slope": (described(TENSORS, activation={"name": "leaky-relu", "slope": "1"}), "the slope of leaky-relu is not"),
    "slope 1/3": (described(TENSORS, activation={"name": "leaky-relu", "slope": "1/3"}), "is not a number of type float32"),
    "slope of float64": (described(TENSORS, activation={"name": "leaky-relu", "slope": f"{2**30 + 1}/{2**32}"}), "float32"),
    "slope float": (described(TENSORS, activation={"name": "leaky-relu", "slope": "0.1"}), "the slope of leaky-relu"),
    "tau zero": (described(TENSORS, activation={"name": "silu", "tau": "0"}), "the tau of silu is not"),
    "tau 1/3": (described(TENSORS, activation={"name": "silu", "tau": "1/3"}), "the tau of silu is not"),
    "tau number": (described(TENSORS, activation={"name": "silu", "tau": 1}), "the tau of silu is not"),
    "no layers": (described(TENSORS, layers=[]), "layers is not a list of 1 to 1000 layers"),
    "layers": (described(TENSORS, layers={}), "layers is not a list of 1 to 1000 layers"),
    "layer": (described(TENSORS, layers=["V"]), "layer 0 has neither"),
    "mixed layer": (described(TENSORS, layers=[{"signal": "V", "synthesis": "D", "threshold": "t"}]), "layer 0 has neither"),
    "no name": (described(TENSORS, layers=[{"signal": "V", "state": 3, "threshold": "t"}]), "does not name its tensors"),
    "no signal": (described(TENSORS, layers=[{"signal": None, "state": None, "threshold": "t"}]), "does not name"),
    "no W": (described(TENSORS, layers=[{"analysis": None, "synthesis": "D", "threshold": "t"}]), "does not name"),
    "two shapes": (described(TENSORS, layers=[{"signal": "V", "state": "V", "threshold": "t"}]), "in another shape"),
    "too large": (described(TENSORS, shape=[4000, 4000], layers=[{"analysis": "W", "synthesis": "D", "threshold": "t"}]), "the tensors have more than 20000000 entries"),
    "unused": (described(TENSORS, layers=[{"signal": "V", "state": None, "threshold": "t"}]), "tensor D is used by no layer"),
    "missing": (described(TENSORS, layers=[{"signal": "V", "state": "M", "threshold": "t"}]), "tensor D is used by no"),
}  # fmt: skip
FILES = {
    "empty": (b"", "the tensors are cut short"),
    "a long header": ((1 << 40).to_bytes(8, "little"), "the tensors are cut short"),
    "header cut": (TENSORS[: LENGTH // 2], "the tensors are cut short"),
    "cut": (TENSORS[:-1], "and the file has 83"),
    "longer": (TENSORS + b"\0", "and the file has 85"),
    "no header": (headed(b"[]", BODY), "the header of the tensors is not an object"),
    "missing": (headed({"V": HEADER["V"]}, BODY), "tensor D is missing"),
    "a name twice": (headed(b'{"t": 1, "t": 1}', BODY), "a key that stands twice"),
    "no description": (headed({**HEADER, "t": 1}, BODY), "tensor t is not described by data_offsets, dtype and shape"),
    "another type": (headed({**HEADER, "t": {**T, "dtype": "F64"}}, BODY), "tensor t is not of type F32 and shape [3]"),
    "another shape": (headed({**HEADER, "t": {**T, "shape": [1, 3]}}, BODY), "tensor t is not of type F32 and shape"),
    "offsets": (headed({**HEADER, "t": {**T, "data_offsets": [0]}}, BODY), "are not two natural numbers"),
    "negative": (headed({**HEADER, "t": {**T, "data_offsets": [-12, 0]}}, BODY), "are not two natural numbers"),
    "length": (headed({**HEADER, "t": {**T, "data_offsets": [72, 83]}}, BODY), "as many bytes as its shape needs"),
    "overlap": (headed({**HEADER, "t": {**T, "data_offsets": [0, 12]}}, BODY), "the tensors overlap"),
    "gap": (headed({**HEADER, "t": {**T, "data_offsets": [73, 85]}}, BODY + b"\0"), "there are bytes between them"),
    "NaN": (headed(HEADER, BODY[:-4] + b"\0\0\xc0\x7f"), "tensor t holds a value that is not finite"),
    "infinite": (headed(HEADER, b"\0\0\x80\xff" + BODY[4:]), "tensor V holds a value that is not finite"),
}


def test_the_sample_is_read():
    stored = network_from_bytes(headed({**HEADER, "__metadata__": {"format": "np"}}, BODY), described(headed({**HEADER, "__metadata__": {"format": "np"}}, BODY)))  # fmt: skip
    assert stored.tensors["V"].values == tuple(ATOMS.T.ravel())
    assert stored.layers[1] == stored_network.Layer(True, "W", "D", "t")
    assert stored.digest != network_from_bytes(TENSORS, DESCRIPTION).digest
    assert (
        network_from_bytes(TENSORS, DESCRIPTION).digest
        == hashlib.sha256(canonical(json.loads(DESCRIPTION))).hexdigest()
    )
    assert isinstance(check(SAMPLE, draft(SAMPLE, evidence(SAMPLE))), certificates.Accepted)


@pytest.mark.parametrize("name", DESCRIPTIONS)
def test_descriptions_that_are_none(name):
    data, why = DESCRIPTIONS[name]
    with pytest.raises(certificates.SubjectError) as caught:
        network_from_bytes(TENSORS, data)
    assert why in str(caught.value)


@pytest.mark.parametrize("name", FILES)
def test_tensors_that_are_none(name):
    data, why = FILES[name]
    with pytest.raises(certificates.SubjectError) as caught:
        network_from_bytes(data, described(data))
    assert why in str(caught.value)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "net.safetensors").write_bytes(TENSORS)
    (tmp_path / "net.json").write_bytes(DESCRIPTION)
    np.save(tmp_path / "D.npy", ATOMS)
    np.save(tmp_path / "complex.npy", ATOMS + 1j)
    np.save(tmp_path / "other.npy", ATOMS[:, :2])
    content = draft(SAMPLE, evidence(SAMPLE))
    sealed = certificates.format.canonical({**content, "seal": certificates.format.seal(content)})
    (tmp_path / "c.json").write_bytes(sealed)
    return tmp_path


def run(folder: Path, dictionary: str = "D.npy", network: str = "net.safetensors") -> int:
    return main([str(folder / "c.json"), "--dictionary", str(folder / dictionary), "--network", str(folder / network)])


def test_the_command_accepts(folder, capsys):
    assert run(folder) == 0
    out = capsys.readouterr().out
    assert "network-error: arithmetic ieee, bound 1" in out
    assert "relied on: that the network is evaluated in the arithmetic of the claim" in out
    assert read_network(folder / "net.safetensors") == network_of(str(folder / "net.safetensors"))


def test_the_command_refuses_in_one_line(folder, capsys):
    (folder / "alone.safetensors").write_bytes(TENSORS)
    (folder / "cut.safetensors").write_bytes(TENSORS[:-1])
    (folder / "cut.json").write_bytes(DESCRIPTION)
    for dictionary, network, why in (
        ("D.npy", "alone.safetensors", "no file alone.json"),
        ("D.npy", "cut.safetensors", "their digest differs"),
        ("D.npy", "net.json", "a network is a file .safetensors"),
        ("D.npy", "nothing.safetensors", "no file nothing.safetensors"),
        ("complex.npy", "net.safetensors", "a network is for a real dictionary"),
        ("other.npy", "net.safetensors", "is for dictionaries of shape (2, 3), and this one has shape (2, 2)"),
    ):
        assert run(folder, dictionary, network) == 2
        captured = capsys.readouterr()
        assert captured.out == ""
        assert why in captured.err
        assert captured.err.count("\n") == 1


def test_files_that_are_too_large(folder, monkeypatch):
    monkeypatch.setattr("certificates.networks.LARGEST_DESCRIPTION", 10)
    with pytest.raises(certificates.SubjectError, match=r"net\.json is larger than 10 bytes"):
        read_network(folder / "net.safetensors")


def test_what_is_no_network():
    with pytest.raises(certificates.SubjectError, match=r"a network is a path of \.safetensors"):
        network_of(3)
    stored = network_from_bytes(TENSORS, DESCRIPTION)
    assert network_of(stored) is stored
