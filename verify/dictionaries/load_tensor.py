"""Tensors of torch as arrays, without a copy where that is possible."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from ..errors import InputError
from .entries import Entries

if TYPE_CHECKING:
    import torch

_NUMPY = {
    "float64", "float32", "float16", "int64", "int32", "int16", "int8", "uint64", "uint32", "uint16", "uint8",
    "complex64", "complex128",
}  # fmt: skip
_WIDENED = {
    "bfloat16": "float32", "float8_e4m3fn": "float32", "float8_e5m2": "float32", "float8_e4m3fnuz": "float32",
    "float8_e5m2fnuz": "float32", "complex32": "complex64",
}  # fmt: skip


def kind_of_tensor(tensor: torch.Tensor) -> tuple[str, str]:
    """Return the type of the entries in words, and why the tensor is not read, or an empty text."""
    kind = str(tensor.dtype).removeprefix("torch.")
    if kind not in _NUMPY and kind not in _WIDENED:
        return kind, f"entries of type {kind[:30]}"
    if str(tensor.layout) != "torch.strided":
        return kind, f"a tensor of layout {str(tensor.layout)[:30]}: save tensor.to_dense()"
    if tensor.device.type == "meta":
        return kind, "a tensor without entries (device meta)"
    return kind, ""


def entries_of_tensor(tensor: torch.Tensor) -> Entries:
    """Return the entries of a tensor: its own memory if it is on the CPU and of a type that numpy has.

    Guarantee: exactly its values; bfloat16 and 8-bit floats become float32, which holds all of them. Raises InputError
    for a tensor that is sparse, quantized, or has no entries.
    """
    kind, refused = kind_of_tensor(tensor)
    if refused:
        raise InputError(f"expected a dense tensor of numbers, got {refused}")
    plain = tensor.detach().resolve_conj().resolve_neg().cpu()
    wide = ""
    if kind in _WIDENED:
        plain = plain.to(getattr(import_module("torch"), _WIDENED[kind]))
        wide = f", held as {_WIDENED[kind]}"
    moved = "" if tensor.device.type == "cpu" else f", from {tensor.device}"
    shape = " x ".join(map(str, tensor.shape))
    return Entries(real=plain.numpy(), remarks=(f"{shape} {kind} values of a torch tensor{wide}{moved}",))
