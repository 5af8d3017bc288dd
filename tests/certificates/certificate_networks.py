"""Small networks and their files, written here and not by `verify`, and how they really behave.

`worst_errors` evaluates a network on the hardest codes and noise of a class, in rationals or in floating point with sums
in several orders: what a certificate bounds is never below what is seen here.
"""

from __future__ import annotations

import copy
import hashlib
import itertools
import json
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

import certificates
from certificates.checker import dictionary_from_values
from certificates.format import canonical, seal
from certificates.networks import network_from_bytes
from certificates.rules.network_error import Asked, layer_errors
from certificates.rules.network_rounding import Arithmetic
from certificates.rules.stored_network import FORMATS, NetworkInstance, StoredNetwork

BITS = 160


@dataclass(frozen=True)
class Sample:
    """A dictionary, a network as arrays, and the class it is certified for."""

    dictionary: np.ndarray
    tensors: dict[str, np.ndarray]
    layers: list[dict[str, str | None]]
    sparsity: int
    bound: Fraction
    noise: Fraction
    dtype: str = "float32"
    code: str = "signed"

    @property
    def stored(self) -> StoredNetwork:
        return network_from_bytes(*files(self))

    @property
    def instance(self) -> NetworkInstance:
        return NetworkInstance.of(dictionary_from_values(self.dictionary.tolist()), self.stored)

    def bounds(self, arithmetic: str = "ieee", bits: int = BITS) -> list[tuple[Fraction, Fraction, Fraction]]:
        """What the rule proves after every layer: on the support, off it, and in the Euclidean norm."""
        known = Arithmetic.of(arithmetic, FORMATS[self.dtype])
        asked = Asked(self.sparsity, self.bound, self.noise, known, bits, [], [])
        scale = Fraction(1, 1 << bits)
        return [
            (max(found.on) * scale, max(found.off) * scale, found.norm(self.sparsity) * scale)
            for found in layer_errors(self.instance, asked)
        ]


def files(sample: Sample, activation: dict[str, str] | None = None) -> tuple[bytes, bytes]:
    """The two files of a network."""
    spelled, dtype = {"float32": ("F32", "<f4"), "float64": ("F64", "<f8")}[sample.dtype]
    header: dict[str, Any] = {}
    body = b""
    for name, tensor in sample.tensors.items():
        data = np.ascontiguousarray(tensor, dtype=dtype).tobytes()
        offsets = [len(body), len(body) + len(data)]
        header[name] = {"dtype": spelled, "shape": list(tensor.shape), "data_offsets": offsets}
        body += data
    head = json.dumps(header).encode()
    tensors = len(head).to_bytes(8, "little") + head + body
    description = {
        "schema": 1,
        "kind": "unrolled",
        "code": sample.code,
        "dtype": sample.dtype,
        "activation": activation or {"name": "relu"},
        "shape": list(sample.dictionary.shape),
        "layers": sample.layers,
        "tensors_sha256": hashlib.sha256(tensors).hexdigest(),
        "dictionary_sha256": None,
    }
    return tensors, json.dumps(description).encode()


def draft(sample: Sample, data: dict[str, Any], stored: StoredNetwork | None = None) -> dict[str, Any]:
    """The content of a certificate (without its seal) whose one step has this evidence, and claims what it derives."""
    stored = stored or sample.stored
    subject = dictionary_from_values(sample.dictionary.tolist())
    m, n = sample.dictionary.shape
    statement = copy.deepcopy({name: value for name, value in data.items() if name != "bits"})
    return {
        "claims": [{"statement": {"kind": "network-error", "nonnegative": sample.code == "nonnegative", **statement}, "step": 0}],
        "format": "sparse-verify certificate",
        "origin": {"loader": "npy", "producer": "a test"},
        "steps": [{"evidence": data, "rule": "network-error", "uses": []}],
        "subjects": [
            {"digest": subject.digest, "field": "real", "role": "dictionary", "shape": [m, n]},
            {"digest": stored.digest, "field": "real", "role": "network", "shape": [m, n]},
        ],
        "version": 1,
    }  # fmt: skip


def evidence(sample: Sample, arithmetic: str = "ieee", slack: Fraction = Fraction(1)) -> dict[str, Any]:
    """Evidence with the least bounds that the rule proves, times `slack`."""
    found = sample.bounds(arithmetic)
    on, off, l2 = (list(column) for column in zip(*found, strict=True))
    return {
        "arithmetic": arithmetic,
        "bits": BITS,
        "bound": str(sample.bound),
        "l2": str(l2[-1] * slack),
        "linf": str(max(on[-1], off[-1]) * slack),
        "noise": str(sample.noise),
        "off": [str(value * slack) for value in off],
        "on": [str(value * slack) for value in on],
        "sparsity": sample.sparsity,
    }


def sealed(sample: Sample, content: dict[str, Any] | None = None) -> bytes:
    """The bytes of a certificate: of the least bounds that the rule proves, or with other content."""
    content = draft(sample, evidence(sample)) if content is None else content
    return canonical({**content, "seal": seal(content)})


def subjects(sample: Sample) -> dict[str, Any]:
    """What is handed in with a certificate."""
    return {"dictionary": sample.dictionary.tolist(), "network": sample.stored}


def check(sample: Sample, content: dict[str, Any], stored: StoredNetwork | None = None):
    """Seal and check."""
    data = sealed(sample, content)
    return certificates.check(data, dictionary=sample.dictionary.tolist(), network=stored or sample.stored)


# --- what really happens ---


def hardest(sample: Sample, generator: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Codes with all entries at the bound on every support (or random ones of them), and noise of full length."""
    m, n = sample.dictionary.shape
    s = sample.sparsity
    supports = list(itertools.combinations(range(n), s))
    signs = list(itertools.product((1.0, -1.0), repeat=s)) if sample.code == "signed" else [(1.0,) * s]
    codes = []
    for support in supports:
        for sign in signs:
            code = np.zeros(n)
            code[list(support)] = np.array(sign) * float(sample.bound)
            codes.append(code)
    chosen = np.array(codes)[generator.permutation(len(codes))[:count]]
    scale = np.where(generator.random((len(chosen), 1)) < 0.7, 1.0, generator.random(chosen.shape))
    chosen = chosen * scale
    directions = generator.standard_normal((len(chosen), m))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True) * (1 + 1e-12)
    return chosen, directions * float(sample.noise)


def total(terms: np.ndarray, order: str, generator: np.random.Generator) -> np.ndarray:
    """Sum over the last axis in floating point, in an order."""
    count = terms.shape[-1]
    if order == "tree" and count > 1:
        half = count // 2
        return total(terms[..., :half], order, generator) + total(terms[..., half:], order, generator)
    places = {"forward": range(count), "backward": range(count)[::-1]}.get(order, generator.permutation(count))
    result = np.zeros(terms.shape[:-1], dtype=terms.dtype)
    for at in places:
        result = result + terms[..., at]
    return result


def run_float(sample: Sample, signals: np.ndarray, order: str, generator: np.random.Generator) -> list[np.ndarray]:
    """The states after every layer, evaluated in the network's own format."""
    dtype = np.dtype(sample.dtype)
    tensors = {name: tensor.astype(dtype) for name, tensor in sample.tensors.items()}
    y = signals.astype(dtype)
    x = np.zeros((len(y), sample.dictionary.shape[1]), dtype=dtype)
    states = []
    for layer in sample.layers:
        t = tensors[layer["threshold"]]
        if "analysis" in layer:
            w, d = tensors[layer["analysis"]], tensors[layer["synthesis"]]
            r = total(np.concatenate([y[:, :, None], -(d[None] * x[:, None, :])], axis=2), order, generator)
            terms = np.concatenate([x[:, :, None], w.T[None] * r[:, None, :]], axis=2)
        else:
            terms = tensors[layer["signal"]][None] * y[:, None, :]
            if layer["state"] is not None:
                terms = np.concatenate([tensors[layer["state"]][None] * x[:, None, :], terms], axis=2)
        zero = dtype.type(0)
        plus = np.maximum(total(terms, order, generator) - t, zero)
        minus = np.maximum(total(-terms, order, generator) - t, zero)
        x = plus if sample.code == "nonnegative" else plus - minus
        states.append(x)
    return states


def run_exact(sample: Sample, signal: list[Fraction]) -> list[list[Fraction]]:
    """The states after every layer in rationals, for a signal that is not rounded."""
    tensors = {name: np.vectorize(Fraction)(tensor.astype(float)) for name, tensor in sample.tensors.items()}
    y = np.array(signal)
    x = np.array([Fraction(0)] * sample.dictionary.shape[1])
    states = []
    for layer in sample.layers:
        t = tensors[layer["threshold"]]
        if "analysis" in layer:
            v = x + tensors[layer["analysis"]].T @ (y - tensors[layer["synthesis"]] @ x)
        else:
            v = tensors[layer["signal"]] @ y
            if layer["state"] is not None:
                v = v + tensors[layer["state"]] @ x
        plus, minus = ([max(Fraction(0), a - b) for a, b in zip(side, t, strict=True)] for side in (v, -v))
        x = np.array(plus) if sample.code == "nonnegative" else np.array(plus) - np.array(minus)
        states.append(list(x))
    return states


def worst_errors(sample: Sample, generator: np.random.Generator, count: int = 60) -> list[tuple[float, float, float]]:
    """The greatest errors seen after every layer: on the support, off it, and in the Euclidean norm."""
    codes, noise = hardest(sample, generator, count)
    signals = codes @ sample.dictionary.T + noise
    worst = np.zeros((len(sample.layers), 3))
    for order in ("forward", "backward", "tree", "shuffled"):
        for at, state in enumerate(run_float(sample, signals, order, generator)):
            difference = np.abs(state.astype(float) - codes)
            seen = (
                difference[codes != 0].max(),
                np.where(codes == 0, difference, 0).max(),
                np.linalg.norm(difference, axis=1).max(),
            )
            worst[at] = np.maximum(worst[at], seen)
    return [tuple(row) for row in worst.tolist()]
