"""Whether onnxruntime computes from a graph what torch computes from the network, layer by layer, up to rounding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError
from .step_rounding import step_rounding
from .unrolled import ResidualLayer, UnrolledNetwork

if TYPE_CHECKING:
    import onnx

_SIGNALS = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class OnnxCheck:
    """What came out, observed: how far the final codes of `signals` signals are apart, and no layer more than `share`
    of what its rounding allows. `unchecked` says why nothing was compared, else it is None.
    """

    runtime: str = ""
    signals: int = 0
    difference: float = 0.0
    share: float = 0.0
    unchecked: str | None = None


def check_onnx(network: UnrolledNetwork, model: onnx.ModelProto, names: Sequence[str]) -> OnnxCheck:
    """Run a graph in onnxruntime and compare each layer with torch; `names` are the codes after every layer.

    Torch gets the code before the layer as onnxruntime computed it, so each difference is bounded by the rounding of
    one layer (`step_rounding`), as certificates assume it. Half of the signals are noise, half come from few atoms.
    Cost: that of two forward passes. Raises InputError where a difference is larger, or the graph by itself ends with
    other codes than the graph that also shows its layers.
    """
    try:
        import onnxruntime
    except ImportError:
        return OnnxCheck(unchecked="onnxruntime is not installed")
    name = f"onnxruntime {onnxruntime.__version__}"
    y = _signals(network)
    try:
        codes = _run(onnxruntime, model, y, names)
        (alone,) = _run(onnxruntime, model, y, names[-1:])
    except Exception as error:  # whatever it does not take, it raises errors of its own, which share no base
        return OnnxCheck(unchecked=f"{name} does not run it: {' '.join(str(error).split())[:160]}")
    difference, share, finite = _compared(network, y, codes)
    if not finite:
        return OnnxCheck(unchecked=f"the signals tried overflow {network.dtype.value}, in torch too")
    if not share <= 1 or not np.array_equal(alone, codes[-1]):
        raise InputError(
            f"{name} does not compute this network: it is up to {difference:.3g} from torch, {share:.3g} times what "
            "rounding allows"
        )
    return OnnxCheck(runtime=name, signals=len(y), difference=difference, share=share)


def _compared(network: UnrolledNetwork, y: NDArray[Any], codes: Sequence[NDArray[Any]]) -> tuple[float, float, bool]:
    """Return the greatest difference from torch at the end, the greatest share of the allowed one in a layer, and
    whether torch's codes are finite.
    """
    import torch

    module, rows = network.to_torch(), torch.from_numpy(y)
    before = np.zeros((len(y), network.shape[1]), dtype=y.dtype)
    share = 0.0
    with torch.no_grad(), np.errstate(all="ignore"):
        for at, (layer, after) in enumerate(zip(network.layers, codes, strict=True)):
            wanted = module.step(at, torch.from_numpy(before) if at else None, rows).numpy()
            allowed = step_rounding(network, layer, before.astype(np.float64), y.astype(np.float64))
            gap = np.abs(after.astype(np.float64) - wanted) / allowed
            share = max(share, float("inf") if np.isnan(gap).any() else float(gap.max()))
            before = after
        alone = module(rows).numpy()
        whole = np.abs(codes[-1].astype(np.float64) - alone)
    return float(whole.max()), share, bool(np.isfinite(alone).all())


def _run(onnxruntime: Any, model: onnx.ModelProto, y: NDArray[Any], names: Sequence[str]) -> list[NDArray[Any]]:
    """Return the values by these names that a graph has for signals."""
    import onnx

    shown = onnx.ModelProto()
    shown.CopyFrom(model)
    known = model.graph.output[0]
    for name in names[:-1]:
        extra = onnx.ValueInfoProto()
        extra.CopyFrom(known)
        extra.name = name
        shown.graph.output.append(extra)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    session = onnxruntime.InferenceSession(shown.SerializeToString(), options, providers=["CPUExecutionProvider"])
    found: list[NDArray[Any]] = session.run(list(names), {"signals": y})
    return found


def _signals(network: UnrolledNetwork) -> NDArray[Any]:
    """Return signals that noise makes, and such that excite few units each: x -> the transpose of the first layer."""
    m, n = network.shape
    random = np.random.default_rng(0)
    layer = network.layers[0]
    rows = np.asarray(layer.analysis.T if isinstance(layer, ResidualLayer) else layer.signal, dtype=np.float64)
    rows = rows / np.maximum((rows**2).sum(axis=1, keepdims=True), np.finfo(np.float64).tiny)
    few = np.zeros((_SIGNALS // 2, n))
    for row in few:
        row[random.choice(n, min(n, 3), replace=False)] = random.choice([-1.0, 1.0], min(n, 3))
    scale = np.abs(rows).max()
    noise = random.standard_normal((_SIGNALS - len(few), m)) * scale
    return np.concatenate([few @ rows, noise]).astype(network.dtype.value)
