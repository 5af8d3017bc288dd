"""Networks of convolutions as files: NET.safetensors with the tensors, NET.json beside it (docs/networks.md)."""

from __future__ import annotations

import hashlib
import os
import re
from typing import Any

import numpy as np

from ...errors import InputError
from ...files import shown
from ..stored import NetworkFiles, canonical, one_of, parsed, read_description, read_file, read_tensors, tensor_path
from ..unrolled import Code, DType, Matrix
from .unrolled import ConvolutionalNetwork, FilterLayer

_FIELDS = {
    "activation", "boundary", "code", "dictionary_sha256", "dtype", "kind", "layers", "schema", "shape", "stride",
    "tensors_sha256",
}  # fmt: skip
_PARTS = {"analysis", "synthesis", "threshold"}


def load_convolutional_network(path: str | os.PathLike[str]) -> ConvolutionalNetwork:
    """Read a network from `path`, which ends in .safetensors, and the .json beside it.

    Guarantee: the network holds exactly the floats of the file. Raises InputError, one line, for anything that is not
    exactly a network of convolutions; LimitError for what is too large.
    """
    target = tensor_path(path)
    try:
        return from_files(read_file(target), read_description(target.with_suffix(".json")))
    except InputError as error:
        raise type(error)(f"{shown(target)}: {error}") from None


def to_files(network: ConvolutionalNetwork) -> NetworkFiles:
    """Return the two files of a network."""
    import safetensors.numpy

    tensors = safetensors.numpy.save({name: np.ascontiguousarray(a) for name, a in network.tensors.items()})
    description = {
        "schema": 1,
        "kind": "convolutional",
        "code": network.code.value,
        "dtype": network.dtype.value,
        "activation": {"name": "relu"},
        "shape": list(network.shape),
        "stride": list(network.stride),
        "boundary": network.boundary,
        "layers": [network.layer_names(layer) for layer in network.layers],
        "tensors_sha256": hashlib.sha256(tensors).hexdigest(),
        "dictionary_sha256": network.dictionary_sha256,
    }
    data = canonical(description)
    return NetworkFiles(tensors=tensors, description=data, canonical=data)


def from_files(tensors: bytes, description: bytes) -> ConvolutionalNetwork:
    """Return the network of two files; raise InputError if they are none."""
    fields = parsed(description, "the description")
    if fields.get("kind") == "unrolled":
        raise InputError("a network for a dictionary, not one of convolutions: leave --convolutional out")
    if set(fields) != _FIELDS:
        odd = sorted(set(fields) ^ _FIELDS)[0]
        raise InputError(f"the description {'has an unknown' if odd in fields else 'lacks the'} field {odd[:60]!r}")
    if type(fields["schema"]) is not int or fields["schema"] != 1 or fields["kind"] != "convolutional":
        raise InputError("the description is not of schema 1 and kind convolutional")
    for name in ("tensors_sha256", "dictionary_sha256"):
        value = fields[name]
        if not (isinstance(value, str) and re.fullmatch("[0-9a-f]{64}", value)) and (value or name[0] == "t"):
            raise InputError(f"{name}: expected a digest of 64 hexadecimal digits")
    if hashlib.sha256(tensors).hexdigest() != fields["tensors_sha256"]:
        raise InputError("the tensors are not those of the description: the file was cut short, changed or exchanged")
    if fields["activation"] != {"name": "relu"}:
        raise InputError("activation: expected relu, the one that networks of convolutions have")
    arrays = read_tensors(tensors)
    layers = _layers(fields["layers"], arrays)
    used = {name for layer in fields["layers"] for name in layer.values()}
    if unused := sorted(set(arrays) - used):
        raise InputError(f"tensor {unused[0][:60]!r} is used by no layer")
    boundary = fields["boundary"]
    return ConvolutionalNetwork(
        code=one_of(Code, fields["code"], "code"),
        dtype=one_of(DType, fields["dtype"], "dtype"),
        shape=_numbers(fields["shape"], "shape"),
        stride=_numbers(fields["stride"], "stride"),
        boundary=boundary if isinstance(boundary, str) else "",
        layers=layers,
        dictionary_sha256=fields["dictionary_sha256"],
        stored_as=NetworkFiles(tensors=tensors, description=description, canonical=canonical(fields)),
    )


def _numbers(value: Any, name: str) -> tuple[int, ...]:
    if not (isinstance(value, list) and value and all(type(x) is int for x in value)):
        raise InputError(f"{name}: expected a list of integers")
    return tuple(value)


def _layers(value: Any, arrays: dict[str, Matrix]) -> tuple[FilterLayer, ...]:
    if not isinstance(value, list):
        raise InputError("layers: expected a list")
    layers: list[FilterLayer] = []
    for at, fields in enumerate(value):
        if not isinstance(fields, dict) or set(fields) != _PARTS:
            raise InputError(f"layer {at} does not have analysis, synthesis, threshold")
        for part, name in fields.items():
            if not isinstance(name, str) or name not in arrays:
                raise InputError(f"layer {at}, {part}: there is no tensor {name!r:.60}")
        layers.append(FilterLayer(**{part: arrays[name] for part, name in fields.items()}))
    return tuple(layers)
