"""Reading a network: NAME.safetensors with the tensors, NAME.json beside it with the layers (SPEC.md section 3.2).

Standard library only. What is not read raises SubjectError or OSError.
"""

from __future__ import annotations

import array
import hashlib
import json
import math
import re
import sys
from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, cast

if TYPE_CHECKING or __package__:
    from .rules.dictionary import SubjectError
    from .rules.filter_network import FilterNetwork, stripe_size
    from .rules.stored_network import FORMATS, Activation, Layer, StoredNetwork, Tensor
    from .rules.values import Reject, guard_nesting
else:  # the checker runs as a file in a bare interpreter
    from rules.dictionary import SubjectError
    from rules.filter_network import FilterNetwork, stripe_size
    from rules.stored_network import FORMATS, Activation, Layer, StoredNetwork, Tensor
    from rules.values import Reject, guard_nesting

LARGEST_TENSORS = 1 << 30
LARGEST_DESCRIPTION = 1 << 20
MOST_ENTRIES = 20_000_000
MOST_LAYERS = 1000
_FIELDS = ("activation", "code", "dictionary_sha256", "dtype", "kind", "layers", "schema", "shape", "tensors_sha256")
_FILTER_FIELDS = tuple(sorted((*_FIELDS, "boundary", "stride")))
_SMOOTH = ("elu", "gelu", "gelu-tanh", "mish", "silu", "softplus")
_PARAMETERS = {"relu": None, "leaky-relu": "slope"} | dict.fromkeys(_SMOOTH, "tau")
_RATIONAL = re.compile(r"([1-9][0-9]{0,99}|0)(?:/([1-9][0-9]{0,99}))?")
_DTYPES = {"float32": ("F32", "f", 4), "float64": ("F64", "d", 8)}


def network_of(value: object) -> StoredNetwork:
    """Return a network for a dictionary from the path of its tensors, or as it is."""
    network = read_network(Path(value)) if isinstance(value, str | Path) else value
    if isinstance(network, StoredNetwork):
        return network
    if isinstance(network, FilterNetwork):
        raise SubjectError("the network is of kind convolutional: it is for filters, not for a dictionary")
    raise SubjectError("a network is a path of .safetensors or a StoredNetwork")


def filter_network_of(value: object) -> FilterNetwork:
    """Return a network for filters from the path of its tensors, or as it is."""
    network = read_network(Path(value)) if isinstance(value, str | Path) else value
    if isinstance(network, FilterNetwork):
        return network
    if isinstance(network, StoredNetwork):
        raise SubjectError("the network is of kind unrolled: it is for a dictionary, not for filters")
    raise SubjectError("a network for filters is a path of .safetensors or a FilterNetwork")


def read_network(path: Path) -> StoredNetwork | FilterNetwork:
    """Read a network; raise SubjectError or OSError if that is impossible."""
    if path.suffix.lower() != ".safetensors":
        raise SubjectError(f"{path}: a network is a file .safetensors, with a file .json of the same name beside it")
    beside = path.with_suffix(".json")
    try:
        return network_from_bytes(_bytes(path, LARGEST_TENSORS), _bytes(beside, LARGEST_DESCRIPTION))
    except SubjectError as error:
        raise SubjectError(f"{path}: {error}") from None


def _bytes(path: Path, most: int) -> bytes:
    if not path.is_file():
        raise SubjectError(f"no file {path.name}")
    with path.open("rb") as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise SubjectError(f"{path.name} is larger than {most} bytes")
    return data


def network_from_bytes(tensors: bytes, description: bytes) -> StoredNetwork | FilterNetwork:
    """Return the network of two files; raise SubjectError if it is none."""
    fields = _parsed(description, "the description")
    kind = fields.get("kind")
    wanted = _FILTER_FIELDS if kind == "convolutional" else _FIELDS
    if tuple(sorted(fields)) != wanted:
        raise SubjectError(f"the description has other fields than {', '.join(wanted)}")
    if type(fields["schema"]) is not int or fields["schema"] != 1 or kind not in ("unrolled", "convolutional"):
        raise SubjectError("the description is not of schema 1 and kind unrolled or convolutional")
    code, dtype = fields["code"], fields["dtype"]
    if code not in ("signed", "nonnegative"):
        raise SubjectError("code is not signed or nonnegative")
    if not isinstance(dtype, str) or dtype not in _DTYPES:
        raise SubjectError("dtype is not float32 or float64")
    for name in ("tensors_sha256", "dictionary_sha256"):
        value = fields[name]
        is_digest = isinstance(value, str) and re.fullmatch("[0-9a-f]{64}", value) is not None
        if not is_digest and (value is not None or name == "tensors_sha256"):
            raise SubjectError(f"{name} is not a digest")
    if hashlib.sha256(tensors).hexdigest() != fields["tensors_sha256"]:
        raise SubjectError("the tensors are not those of the description: their digest differs")
    layers, activation = _layers(fields["layers"]), _activation(fields["activation"], dtype)
    known = (hashlib.sha256(canonical(fields)).hexdigest(), code == "nonnegative", dtype, activation, layers)
    if kind == "convolutional":
        shape, stride, boundary = _filter_geometry(fields, layers, activation)
        read = _tensors(tensors, dtype, _shapes(layers, lambda _: (shape, shape), shape[0]))
        m, n = math.prod(shape[1:]), stripe_size(shape, stride)
        return FilterNetwork(m, n, *known, read, shape, stride, boundary)
    m, n = _dense_shape(fields["shape"])
    return StoredNetwork(m, n, *known, _tensors(tensors, dtype, _wanted(layers, m, n)))


def _dense_shape(value: object) -> tuple[int, int]:
    shape = _naturals(value)
    if len(shape) != 2 or not 1 <= shape[0] * shape[1] <= MOST_ENTRIES:
        raise SubjectError(f"shape is not [m, n] with at most {MOST_ENTRIES} entries")
    return shape[0], shape[1]


def _filter_geometry(
    fields: Mapping[str, object], layers: tuple[Layer, ...], activation: Activation
) -> tuple[tuple[int, ...], tuple[int, ...], str]:
    """Return shape, stride and boundary of a convolutional network; raise SubjectError for what it cannot have."""
    shape, stride, boundary = _naturals(fields["shape"]), _naturals(fields["stride"]), fields["boundary"]
    if len(shape) not in (3, 4) or not 1 <= math.prod(shape) <= MOST_ENTRIES:
        raise SubjectError(f"shape is not [C, M, t_1] or [C, M, t_1, t_2] with at most {MOST_ENTRIES} entries")
    if len(stride) != len(shape) - 2 or not all(1 <= s <= t for s, t in zip(stride, shape[2:], strict=False)):
        raise SubjectError("stride is not one positive integer for each axis of taps, at most their number")
    if not isinstance(boundary, str) or boundary not in ("full", "circular", "same"):
        raise SubjectError("boundary is not full, circular or same")
    if not all(layer.residual for layer in layers):
        raise SubjectError("a layer of a convolutional network has other tensors than analysis, synthesis, threshold")
    if activation.name != "relu":
        raise SubjectError("the activation of a convolutional network is not relu")
    if stripe_size(shape, stride) > MOST_ENTRIES:
        raise SubjectError(f"a stripe has more than {MOST_ENTRIES} atoms")
    return tuple(shape), tuple(stride), boundary


def canonical(value: object) -> bytes:
    """Return the one spelling of a description whose SHA-256 is the digest of the network."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode("ascii") + b"\n"


def _parsed(data: bytes, what: str) -> dict[str, object]:
    """Parse JSON without floating-point numbers and without a key that stands twice."""
    if re.fullmatch(rb"[\t\n\r -\[\]-~]*", data) is None:
        raise SubjectError(f"{what} is not printable ASCII without backslash")

    def number(text: str) -> int:
        if len(text) > 16:
            raise SubjectError(f"{what} holds a number of more than 16 digits")
        return int(text)

    def refuse(text: str) -> NoReturn:
        raise SubjectError(f"{what} holds {text[:20]}, which is not an integer")

    def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
        if len(dict(pairs)) != len(pairs):
            raise SubjectError(f"{what} has a key that stands twice")
        return dict(pairs)

    try:
        guard_nesting(data, 4)
        value: object = json.loads(
            data, parse_int=number, parse_float=refuse, parse_constant=refuse, object_pairs_hook=once
        )
    except Reject as error:
        raise SubjectError(f"{what}: {error}") from None
    except SubjectError:
        raise
    except ValueError as error:
        raise SubjectError(f"{what} is not JSON: {error}") from None
    if not isinstance(value, dict):
        raise SubjectError(f"{what} is not an object")
    return cast("dict[str, object]", value)


def _naturals(value: object) -> list[int]:
    """Return a list of natural numbers, empty for anything else."""
    found = cast("list[object]", value) if isinstance(value, list) else []
    return cast("list[int]", found) if all(type(x) is int and x >= 0 for x in found) else []


def _activation(value: object, dtype: str) -> Activation:
    fields = cast("dict[str, object]", value) if isinstance(value, dict) else {}
    name = fields.get("name")
    if not isinstance(name, str) or name not in _PARAMETERS:
        raise SubjectError(f"the activation is not one of {', '.join(_PARAMETERS)}")
    parameter = _PARAMETERS[name]
    if set(fields) != {"name"} | ({parameter} if parameter else set()):
        raise SubjectError(f"the activation {name} has other fields than it should")
    if parameter is None:
        return Activation(name)
    text = fields[parameter]
    match = _RATIONAL.fullmatch(text) if isinstance(text, str) else None
    number = Fraction(int(match[1]), int(match[2] or 1)) if match else Fraction(-1)
    p, q = number.as_integer_ratio()
    if name == "leaky-relu":
        exact = q & (q - 1) == 0 and q.bit_length() < 127 and p.bit_length() <= FORMATS[dtype].digits
        allowed = 0 <= number < 1 and exact
    else:
        allowed = min(p, q) == 1 and max(p, q) <= 1 << 63 and (p * q) & (p * q - 1) == 0
    if not allowed:
        wanted = f"a number of type {dtype} from 0 to 1" if name == "leaky-relu" else "a power of two, 2^-63 to 2^63"
        raise SubjectError(f"the {parameter} of {name} is not {wanted}")
    return Activation(name, number)


def _layers(value: object) -> tuple[Layer, ...]:
    if not isinstance(value, list) or not 1 <= len(cast("list[object]", value)) <= MOST_LAYERS:
        raise SubjectError(f"layers is not a list of 1 to {MOST_LAYERS} layers")
    return tuple(_layer(layer, at) for at, layer in enumerate(cast("list[object]", value)))


def _layer(value: object, at: int) -> Layer:
    fields = cast("dict[str, object]", value) if isinstance(value, dict) else {}
    names = tuple(sorted(fields))
    texts = [fields[name] for name in names]
    if names == ("signal", "state", "threshold"):
        second, first, threshold = texts
    elif names == ("analysis", "synthesis", "threshold"):
        first, second, threshold = texts
    else:
        raise SubjectError(f"layer {at} has neither state, signal, threshold nor analysis, synthesis, threshold")
    residual = names[0] == "analysis"
    if not isinstance(second, str) or not isinstance(threshold, str):
        raise SubjectError(f"layer {at} does not name its tensors")
    if not isinstance(first, str) and (first is not None or residual):
        raise SubjectError(f"layer {at} does not name its tensors")
    return Layer(residual, first, second, threshold)


def _wanted(layers: tuple[Layer, ...], m: int, n: int) -> dict[str, tuple[int, ...]]:
    """Return the shape that each tensor must have."""
    return _shapes(layers, lambda layer: ((m, n), (m, n)) if layer.residual else ((n, n), (n, m)), n)


def _shapes(
    layers: tuple[Layer, ...], pair: Callable[[Layer], tuple[tuple[int, ...], tuple[int, ...]]], thresholds: int
) -> dict[str, tuple[int, ...]]:
    shapes: dict[str, tuple[int, ...]] = {}
    for at, layer in enumerate(layers):
        first, second = pair(layer)
        for name, shape in ((layer.first, first), (layer.second, second), (layer.threshold, (thresholds,))):
            if name is not None and shapes.setdefault(name, shape) != shape:
                raise SubjectError(f"layer {at} wants a tensor in another shape than an earlier layer")
    if sum(map(math.prod, shapes.values())) > MOST_ENTRIES:
        raise SubjectError(f"the tensors have more than {MOST_ENTRIES} entries")
    return shapes


def _tensors(data: bytes, dtype: str, wanted: Mapping[str, tuple[int, ...]]) -> dict[str, Tensor]:
    """Read a file .safetensors that holds exactly these tensors, in one piece and without gaps."""
    length = int.from_bytes(data[:8], "little")
    if len(data) < 8 or length > min(LARGEST_DESCRIPTION, len(data) - 8):
        raise SubjectError(f"the tensors are cut short, or their header has more than {LARGEST_DESCRIPTION} bytes")
    header = _parsed(data[8 : 8 + length], "the header of the tensors")
    header.pop("__metadata__", None)
    if set(header) != set(wanted):
        odd = sorted(set(header) ^ set(wanted))[0][:60]
        raise SubjectError(f"tensor {odd} is {'used by no layer' if odd in header else 'missing'}")
    spelled, code, size = _DTYPES[dtype]
    places: dict[str, tuple[int, int]] = {}
    for name, shape in wanted.items():
        entry = header[name]
        fields = cast("dict[str, object]", entry) if isinstance(entry, dict) else {}
        if set(fields) != {"data_offsets", "dtype", "shape"}:
            raise SubjectError(f"tensor {name[:60]} is not described by data_offsets, dtype and shape")
        if fields["dtype"] != spelled or fields["shape"] != list(shape):
            raise SubjectError(f"tensor {name[:60]} is not of type {spelled} and shape {list(shape)}")
        offsets = _naturals(fields["data_offsets"])
        if len(offsets) != 2:
            raise SubjectError(f"the offsets of tensor {name[:60]} are not two natural numbers")
        start, end = offsets
        if end - start != math.prod(shape) * size:
            raise SubjectError(f"tensor {name[:60]} does not have as many bytes as its shape needs")
        places[name] = start, end
    body = data[8 + length :]
    at = 0
    for start, end in sorted(places.values()):
        if start != at:
            raise SubjectError("the tensors overlap, or there are bytes between them")
        at = end
    if at != len(body):
        raise SubjectError(f"the tensors need {at} bytes, and the file has {len(body)}")
    return {name: _tensor(name, body[start:end], code, wanted[name]) for name, (start, end) in places.items()}


def _tensor(name: str, data: bytes, code: str, shape: tuple[int, ...]) -> Tensor:
    values: array.array[float] = array.array(code)
    values.frombytes(data)
    if sys.byteorder == "big":
        values.byteswap()
    if not all(map(math.isfinite, values)):
        raise SubjectError(f"tensor {name[:60]} holds a value that is not finite")
    rows = shape[0] if len(shape) > 1 else 1
    return Tensor(rows, math.prod(shape) // rows, tuple(values))
