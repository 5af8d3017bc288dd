"""The ONNX graph of a network holds its bits and computes what the torch module computes."""

from __future__ import annotations

import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import torch
from network_samples import random_network
from test_build import HADAMARD, hard_cases

from verify.errors import InputError
from verify.networks.activations import SMOOTH, Activation
from verify.networks.build import build_unrolled
from verify.networks.export_onnx import code_name, export_onnx, onnx_model
from verify.networks.onnx_check import check_onnx
from verify.networks.unrolled import Code

onnx = pytest.importorskip("onnx")
runtime = pytest.importorskip("onnxruntime")
LEAKY = Activation(name="leaky-relu", slope=Fraction(1, 128))
CASES = [
    (form, dtype, code, activation)
    for form in ("state", "residual")
    for dtype in ("float32", "float64")
    for code, activation in ((Code.signed, Activation()), (Code.nonnegative, Activation()), (Code.signed, LEAKY))
]


@pytest.mark.parametrize(("form", "dtype", "code", "activation"), CASES)
def test_the_graph_agrees_with_the_module(
    tmp_path: Path, form: str, dtype: str, code: Code, activation: Activation
) -> None:
    network = random_network(form, m=6, n=9, dtype=dtype, code=code, activation=activation)
    path = tmp_path / "net.onnx"
    answer = export_onnx(network, path)
    assert answer.unchecked is None
    assert 0 < answer.share < 0.1
    options = runtime.SessionOptions()
    options.intra_op_num_threads = 1
    session = runtime.InferenceSession(path.read_bytes(), options, providers=["CPUExecutionProvider"])
    y = np.random.default_rng(1).standard_normal((7, 6)).astype(dtype)
    (codes,) = session.run(None, {"signals": y})
    with torch.no_grad():
        wanted = network.to_torch()(torch.from_numpy(y)).numpy()
    assert codes.dtype == wanted.dtype == dtype
    assert np.abs(wanted).max() > 0.5
    unit = 2.0**-24 if dtype == "float32" else 2.0**-53
    assert np.abs(codes - wanted).max() <= 4000 * unit * max(1.0, np.abs(wanted).max())
    assert (codes == 0).sum() == (wanted == 0).sum() or activation is LEAKY


def test_the_initializers_are_the_stored_bits(tmp_path: Path) -> None:
    network = random_network("residual")
    path = tmp_path / "net.onnx"
    export_onnx(network, path)
    model = onnx.load(path)
    assert {node.op_type for node in model.graph.node} == {"MatMul", "Add", "Sub", "Neg", "Relu"}
    found = {i.name: onnx.numpy_helper.to_array(i) for i in model.graph.initializer}
    tensors = network.tensors
    assert found["analysis.0"].tobytes() == tensors["analysis.0"].tobytes()
    assert found["synthesis.0.transposed"].T.tobytes() == tensors["synthesis.0"].tobytes()
    assert all((found[f"-threshold.{at}"] == -tensors[f"threshold.{at}"]).all() for at in range(4))
    assert {entry.key: entry.value for entry in model.metadata_props} == {"network_sha256": network.digest}


@pytest.mark.parametrize("form", ["state", "residual"])
def test_the_graph_keeps_the_bounds_of_the_network(form: str) -> None:
    built = build_unrolled(HADAMARD, sparsity=2, bound=1, noise="1e-3", layers=12, weights="dictionary", form=form)
    codes, signals = hard_cases(built, HADAMARD)
    session = runtime.InferenceSession(
        onnx_model(built.network).SerializeToString(), providers=["CPUExecutionProvider"]
    )
    (found,) = session.run(None, {"signals": signals})
    assert np.abs(found.astype(float) - codes).max() <= built.plan.linf[-1] < 0.2
    assert not found[codes == 0].any()


@pytest.mark.parametrize("name", SMOOTH)
def test_smooth_units_are_exported_and_compared(tmp_path: Path, name: str) -> None:
    activation = Activation(name=name, tau=Fraction(1, 64))
    for form, dtype, code in (("state", "float32", Code.signed), ("residual", "float64", Code.nonnegative)):
        network = random_network(form, m=6, n=9, dtype=dtype, code=code, activation=activation)
        answer = export_onnx(network, tmp_path / "net.onnx")
        if (name, dtype) == ("gelu", "float64"):
            assert answer.unchecked is not None
            assert "Could not find an implementation for Erf" in answer.unchecked
            continue
        assert answer.unchecked is None
        unit = 2.0**-24 if dtype == "float32" else 2.0**-53
        assert 0 < answer.difference < 1000 * unit
        assert 0 < answer.share < 0.1


CHANGES = {
    "weights": {"analysis": 1 + 2e-5}, "threshold": {"threshold": 1 + 2e-4}, "form": {"synthesis": -1.0}
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_a_graph_of_another_network_is_refused(change: str) -> None:
    network = random_network("residual", m=6, n=9)
    model = onnx_model(network)
    names = [code_name(network, at) for at in range(network.depth)]
    assert check_onnx(network, model, names).unchecked is None
    last = network.layers[-1]
    parts = {p: a if p not in CHANGES[change] else a * np.float32(CHANGES[change][p]) for p, a in last.parts.items()}
    other = replace(network, layers=(*network.layers[:-1], replace(last, **parts)))
    with pytest.raises(InputError, match=r"onnxruntime .* does not compute this network: it is up to .* from torch"):
        check_onnx(other, model, names)


def test_what_nobody_could_compare_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    big = random_network("residual", m=6, n=9)
    layers = tuple(replace(layer, analysis=layer.analysis * np.float32(1e30)) for layer in big.layers)
    answer = export_onnx(replace(big, layers=layers), tmp_path / "net.onnx")
    assert answer.unchecked == "the signals tried overflow float32, in torch too"
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    answer = export_onnx(big, tmp_path / "net.onnx")
    assert answer.unchecked == "onnxruntime is not installed"
    assert (tmp_path / "net.onnx").stat().st_size


def test_what_is_not_exported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    network = random_network()
    with pytest.raises(InputError, match=r"net.txt: expected the extension .onnx, got '.txt'"):
        export_onnx(network, tmp_path / "net.txt")
    monkeypatch.setattr("verify.networks.export_onnx._MOST_BYTES", 10)
    with pytest.raises(InputError, match=r"more than one \.onnx file holds"):
        export_onnx(network, tmp_path / "net.onnx")
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(InputError, match=r"exporting to \.onnx needs the package onnx"):
        export_onnx(network, tmp_path / "net.onnx")
    assert not list(tmp_path.iterdir())
