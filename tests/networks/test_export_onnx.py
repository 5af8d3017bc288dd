"""The ONNX graph of a network holds its bits and computes what the torch module computes."""

from __future__ import annotations

import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import torch
from network_samples import random_network
from test_build import HADAMARD, hard_cases

from verify.errors import InputError
from verify.networks.activations import Activation
from verify.networks.build import build_unrolled
from verify.networks.export_onnx import export_onnx, onnx_model
from verify.networks.unrolled import Code, UnrolledNetwork

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
    export_onnx(network, path)
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


def test_what_is_not_exported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    network = random_network()
    with pytest.raises(InputError, match=r"net.txt: expected the extension .onnx, got '.txt'"):
        export_onnx(network, tmp_path / "net.txt")
    smooth: UnrolledNetwork = random_network(activation=Activation(name="silu", tau=Fraction(1, 64)))
    with pytest.raises(InputError, match="expected a network of relu or leaky-relu units to export, got silu"):
        export_onnx(smooth, tmp_path / "net.onnx")
    monkeypatch.setattr("verify.networks.export_onnx._MOST_BYTES", 10)
    with pytest.raises(InputError, match=r"more than one \.onnx file holds"):
        export_onnx(network, tmp_path / "net.onnx")
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(InputError, match=r"exporting to \.onnx needs the package onnx"):
        export_onnx(network, tmp_path / "net.onnx")
