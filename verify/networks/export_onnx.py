"""A network as an ONNX graph of matrix products, sums and its activation; the initializers are the stored bits."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import InputError
from ..files import shown, write_atomically
from .onnx_check import OnnxCheck, check_onnx
from .onnx_units import Units
from .unrolled import Code, StateLayer, UnrolledNetwork

if TYPE_CHECKING:
    import onnx

_OPSET = 17
_IR = 8
_MOST_BYTES = (1 << 31) - (1 << 20)


def export_onnx(network: UnrolledNetwork, path: str | os.PathLike[str]) -> OnnxCheck:
    """Write a network to `path`, which ends in .onnx: input `signals` (batch, m), output `codes` (batch, n).

    Nodes are MatMul, Add, Sub, Neg and Relu, and those of docs/networks.md for other activations. Guarantee: the graph
    is made of the stored floats and computes the expressions of docs/networks.md, v - t as v + (-t); before it is
    written, onnxruntime has run it and every layer was within rounding of torch, or the result says why not. Raises
    InputError if the package onnx is missing, for another extension, if onnxruntime computes something else and if
    writing fails.
    """
    if Path(path).suffix.lower() != ".onnx":
        raise InputError(f"{shown(path)}: expected the extension .onnx, got {Path(path).suffix[:20]!r}")
    model = onnx_model(network)
    if model.ByteSize() > _MOST_BYTES:
        raise InputError(
            f"{shown(path)}: the graph would have {model.ByteSize()} bytes, more than one .onnx file holds"
        )
    answer = check_onnx(network, model, [code_name(network, at) for at in range(network.depth)])
    write_atomically(path, model.SerializeToString())
    return answer


def code_name(network: UnrolledNetwork, at: int) -> str:
    """Return the name that the codes after layer `at` (from 0) have in the graph."""
    return "codes" if at == network.depth - 1 else f"code.{at}"


def onnx_model(network: UnrolledNetwork) -> onnx.ModelProto:
    """Return the ONNX graph of a network."""
    try:
        import onnx
        import onnx.numpy_helper
    except ImportError:
        raise InputError("exporting to .onnx needs the package onnx: install sparse-verify[onnx]") from None
    graph = _Graph(network)
    graph.build()
    element = getattr(onnx.TensorProto, "FLOAT" if network.dtype == "float32" else "DOUBLE")
    m, n = network.shape
    proto = onnx.helper.make_graph(
        graph.nodes,
        "unrolled",
        [onnx.helper.make_tensor_value_info("signals", element, ["batch", m])],
        [onnx.helper.make_tensor_value_info("codes", element, ["batch", n])],
        [onnx.numpy_helper.from_array(array, name) for name, array in graph.constants.items()],
    )
    model = onnx.helper.make_model(
        proto, producer_name="sparse-verify", opset_imports=[onnx.helper.make_opsetid("", _OPSET)]
    )
    model.ir_version = _IR
    onnx.helper.set_model_props(model, {"network_sha256": network.digest})
    onnx.checker.check_model(model)
    return model


class _Graph:
    """The nodes and constants, layer by layer; each matrix is a constant once, transposed where rows need it."""

    def __init__(self, network: UnrolledNetwork) -> None:
        self.nodes: list[Any] = []
        self.constants: dict[str, Any] = {}
        self._network = network
        self._images: dict[str, str] = {}
        self._units = Units(network.activation, self._node, self._number)

    def build(self) -> None:
        code: str | None = None
        for at, layer in enumerate(self._network.layers):
            names = self._network.layer_names(layer)
            if isinstance(layer, StateLayer):
                v = self._state(at, layer, names, code)
            else:
                analysis = self._constant(f"{names['analysis']}", layer.analysis)
                if code is None:
                    v = self._node("MatMul", "signals", analysis)
                else:
                    synthesis = self._constant(f"{names['synthesis']}.transposed", layer.synthesis.T)
                    residual = self._node("Sub", "signals", self._node("MatMul", code, synthesis))
                    v = self._node("Add", code, self._node("MatMul", residual, analysis))
            threshold = self._constant(f"-{names['threshold']}", -layer.threshold)
            code = self._shrunk(v, threshold, code_name(self._network, at))

    def _state(self, at: int, layer: StateLayer, names: dict[str, str | None], code: str | None) -> str:
        key = f"{names['signal']}"
        if key not in self._images:
            signal = self._constant(f"{key}.transposed", layer.signal.T)
            self._images[key] = self._node("MatMul", "signals", signal)
        if layer.state is None or code is None or at == 0:
            return self._images[key]
        state = self._constant(f"{names['state']}.transposed", layer.state.T)
        return self._node("Add", self._images[key], self._node("MatMul", code, state))

    def _shrunk(self, v: str, threshold: str, name: str) -> str:
        up = self._node("Add", v, threshold)
        if self._network.code is Code.nonnegative:
            return self._units.relu(up, name)
        down = self._node("Add", self._node("Neg", v), threshold)
        return self._node("Sub", self._units.relu(up), self._units.relu(down), name=name)

    def _number(self, value: float) -> str:
        return self._constant(f"number.{value!r}", np.array(value, dtype=self._network.dtype.value))

    def _constant(self, name: str, array: Any) -> str:
        self.constants.setdefault(name, np.ascontiguousarray(array) if array.ndim else array)
        return name

    def _node(self, kind: str, *inputs: str, name: str | None = None) -> str:
        import onnx

        result = name or f"{kind.lower()}.{len(self.nodes)}"
        self.nodes.append(onnx.helper.make_node(kind, list(inputs), [result]))
        return result
