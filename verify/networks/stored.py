"""Networks as files: NET.safetensors with the tensors, NET.json beside it with the layers (docs/networks.md)."""

from __future__ import annotations

import hashlib
import json
import os
import re
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import numpy as np

from ..errors import InputError, LimitError
from ..files import reason, shown, write_atomically
from .activations import NAMES, SMOOTH, Activation
from .unrolled import Code, DType, Layer, Matrix, ResidualLayer, StateLayer, UnrolledNetwork

if TYPE_CHECKING:
    from .convolutional.unrolled import ConvolutionalNetwork

LARGEST_TENSORS, LARGEST_DESCRIPTION, LARGEST_HEADER = 1 << 30, 1 << 20, 1 << 20
_FIELDS = {
    "activation", "code", "dictionary_sha256", "dtype", "kind", "layers", "schema", "shape", "tensors_sha256",
}  # fmt: skip
_Kind = TypeVar("_Kind", bound=StrEnum)
_STATE, _RESIDUAL = {"state", "signal", "threshold"}, {"analysis", "synthesis", "threshold"}
_RATIONAL = re.compile(r"(?:[1-9][0-9]{0,99}|0)(?:/[1-9][0-9]{0,99})?")
_PLAIN = re.compile(rb"[\t\n\r -\[\]-~]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkFiles:
    """The bytes of the two files of a network, and the one spelling of the description that its digest is made of."""

    tensors: bytes
    description: bytes
    canonical: bytes


def save_network(network: UnrolledNetwork | ConvolutionalNetwork, path: str | os.PathLike[str]) -> None:
    """Write a network to `path`, which ends in .safetensors, and its description to the .json beside it.

    Guarantee: each file is written whole or not at all, first the tensors; the description names their digest, so
    that two files that do not belong together are never read as a network. Raises InputError if that is impossible.
    """
    target, files = tensor_path(path), network.files
    write_atomically(target, files.tensors)
    write_atomically(target.with_suffix(".json"), files.description)


def load_network(path: str | os.PathLike[str]) -> UnrolledNetwork:
    """Read a network from `path`, which ends in .safetensors, and the .json beside it.

    Guarantee: the network holds exactly the floats of the file. Raises InputError, one line, for anything that is not
    exactly a network: a file cut short or changed, an unknown field, a tensor that is missing, unused or of another
    shape or type, a number that is not finite, a negative threshold; LimitError for what is too large.
    """
    target = tensor_path(path)
    try:
        tensors = _bytes(target, LARGEST_TENSORS)
        return from_files(tensors, _bytes(target.with_suffix(".json"), LARGEST_DESCRIPTION))
    except InputError as error:
        raise type(error)(f"{shown(target)}: {error}") from None


def to_files(network: UnrolledNetwork) -> NetworkFiles:
    """Return the two files of a network."""
    import safetensors.numpy

    tensors = safetensors.numpy.save({name: np.ascontiguousarray(a) for name, a in network.tensors.items()})
    description = {
        "schema": 1,
        "kind": "unrolled",
        "code": network.code.value,
        "dtype": network.dtype.value,
        "activation": _activation_fields(network.activation),
        "shape": list(network.shape),
        "layers": [network.layer_names(layer) for layer in network.layers],
        "tensors_sha256": hashlib.sha256(tensors).hexdigest(),
        "dictionary_sha256": network.dictionary_sha256,
    }
    data = canonical(description)
    return NetworkFiles(tensors=tensors, description=data, canonical=data)


def from_files(tensors: bytes, description: bytes) -> UnrolledNetwork:
    """Return the network of two files; raise InputError if they are none."""
    fields = parsed(description, "the description")
    if fields.get("kind") == "convolutional":
        raise InputError(
            "a network of convolutions, for filters: certify-network takes it with --convolutional; it is not written "
            "as ONNX"
        )
    if set(fields) != _FIELDS:
        odd = sorted(set(fields) ^ _FIELDS)[0]
        raise InputError(f"the description {'has an unknown' if odd in fields else 'lacks the'} field {odd[:60]!r}")
    if type(fields["schema"]) is not int or fields["schema"] != 1 or fields["kind"] != "unrolled":
        raise InputError("the description is not of schema 1 and kind unrolled")
    for name in ("tensors_sha256", "dictionary_sha256"):
        value = fields[name]
        if not (isinstance(value, str) and re.fullmatch("[0-9a-f]{64}", value)) and (value or name[0] == "t"):
            raise InputError(f"{name}: expected a digest of 64 hexadecimal digits")
    if hashlib.sha256(tensors).hexdigest() != fields["tensors_sha256"]:
        raise InputError("the tensors are not those of the description: the file was cut short, changed or exchanged")
    dtype = one_of(DType, fields["dtype"], "dtype")
    arrays = read_tensors(tensors)
    layers = _layers(fields["layers"], arrays)
    shape = fields["shape"]
    if not (isinstance(shape, list) and len(shape) == 2 and all(type(x) is int for x in shape)):
        raise InputError("shape: expected [m, n]")
    used = {name for layer in fields["layers"] for name in layer.values()}
    if unused := sorted(set(arrays) - used):
        raise InputError(f"tensor {unused[0][:60]!r} is used by no layer")
    return UnrolledNetwork(
        code=one_of(Code, fields["code"], "code"),
        dtype=dtype,
        activation=_activation(fields["activation"]),
        shape=(shape[0], shape[1]),
        layers=layers,
        dictionary_sha256=fields["dictionary_sha256"],
        stored_as=NetworkFiles(tensors=tensors, description=description, canonical=canonical(fields)),
    )


def read_tensors(data: bytes) -> dict[str, Matrix]:
    """Return the arrays of a .safetensors file; raise InputError for one that is damaged, LimitError for its header."""
    import safetensors
    import safetensors.numpy

    if len(data) < 8:
        raise InputError(f"the tensors are cut short: {len(data)} bytes")
    if int.from_bytes(data[:8], "little") > LARGEST_HEADER:
        raise LimitError(
            f"the header of the tensors has more than {LARGEST_HEADER} bytes, or the file is no safetensors"
        )
    try:
        return safetensors.numpy.load(data)
    except (safetensors.SafetensorError, KeyError, ValueError, TypeError) as error:
        raise InputError(f"the tensors cannot be read: {' '.join(str(error).split())[:120]}") from None


def read_file(path: Path) -> bytes:
    """Return the bytes of a file of tensors; raise InputError if it cannot be read, LimitError if it is too large."""
    return _bytes(path, LARGEST_TENSORS)


def read_description(path: Path) -> bytes:
    """Return the bytes of a description, likewise."""
    return _bytes(path, LARGEST_DESCRIPTION)


def tensor_path(path: str | os.PathLike[str]) -> Path:
    """Return the path of a network; raise InputError unless it is named .safetensors."""
    target = Path(path)
    if target.suffix.lower() != ".safetensors":
        raise InputError(
            f"{shown(path)}: expected a network named .safetensors, got the extension {target.suffix[:20]!r}"
        )
    return target


def _bytes(path: Path, most: int) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
    except FileNotFoundError:
        raise InputError(f"no file {shown(path.name)}") from None
    except OSError as error:
        raise InputError(f"{shown(path.name)} cannot be read: {reason(error)}") from None
    except ValueError:  # a NUL character, or one that the file system cannot encode
        raise InputError("not a valid path") from None
    if len(data) > most:
        raise LimitError(f"{shown(path.name)} has more than {most} bytes")
    return data


def canonical(fields: dict[str, Any]) -> bytes:
    """Return the one spelling of a description."""
    return json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode("ascii") + b"\n"


def parsed(data: bytes, what: str) -> dict[str, Any]:
    """Parse an object of JSON strictly: printable ASCII without backslash, integers only, no key twice."""
    if _PLAIN.fullmatch(data) is None:
        raise InputError(f"{what} is not printable ASCII without backslash")

    def number(text: str) -> int:
        if len(text) > 16:
            raise InputError(f"{what} holds a number of more than 16 digits")
        return int(text)

    def refuse(text: str) -> NoReturn:
        raise InputError(f"{what} holds {text[:20]}, which is not an integer")

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) != len(pairs):
            raise InputError(f"{what} has a key that stands twice")
        return dict(pairs)

    try:
        found = json.loads(data, parse_int=number, parse_float=refuse, parse_constant=refuse, object_pairs_hook=once)
    except InputError:
        raise
    except (ValueError, RecursionError):
        raise InputError(f"{what} is not JSON") from None
    if not isinstance(found, dict):
        raise InputError(f"{what} is not an object")
    return found


def one_of(kind: type[_Kind], value: Any, name: str) -> _Kind:
    """Return the member of this value; raise InputError if there is none."""
    names = [member.value for member in kind]
    if value not in names:
        raise InputError(f"{name}: expected {' or '.join(names)}")
    return kind(value)


def _activation_fields(activation: Activation) -> dict[str, str]:
    number = activation.slope if activation.tau is None else activation.tau
    name = "slope" if activation.tau is None else "tau"
    return {"name": activation.name} | ({} if number is None else {name: str(number)})


def _activation(value: Any) -> Activation:
    name = value.get("name") if isinstance(value, dict) else None
    if not isinstance(name, str) or name not in NAMES:
        raise InputError(f"activation: expected one of {', '.join(NAMES)}")
    parameter = {"leaky-relu": "slope"} | dict.fromkeys(SMOOTH, "tau")
    wanted = {"name"} | ({parameter[name]} if name in parameter else set())
    if set(value) != wanted:
        raise InputError(f"activation {name}: expected the fields {', '.join(sorted(wanted))}")
    if len(wanted) == 1:
        return Activation(name=name)
    text = value[parameter[name]]
    if not isinstance(text, str) or _RATIONAL.fullmatch(text) is None:
        raise InputError(f"{parameter[name]} of {name}: expected a rational number as 1/1024")
    return Activation(name=name, **{parameter[name]: Fraction(text)})


def _layers(value: Any, arrays: dict[str, Matrix]) -> tuple[Layer, ...]:
    if not isinstance(value, list):
        raise InputError("layers: expected a list")
    return tuple(_layer(fields, arrays, at) for at, fields in enumerate(value))


def _layer(fields: Any, arrays: dict[str, Matrix], at: int) -> Layer:
    if not isinstance(fields, dict) or set(fields) not in (_STATE, _RESIDUAL):
        raise InputError(f"layer {at} has neither state, signal, threshold nor analysis, synthesis, threshold")
    parts: dict[str, Any] = {}
    for part, name in fields.items():
        if name is None and part == "state":
            parts[part] = None
        elif not isinstance(name, str) or name not in arrays:
            raise InputError(f"layer {at}, {part}: there is no tensor {name!r:.60}")
        else:
            parts[part] = arrays[name]
    return StateLayer(**parts) if "signal" in parts else ResidualLayer(**parts)
