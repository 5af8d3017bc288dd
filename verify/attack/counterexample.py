"""A proved violation as a file: the instance at its exact numbers, and both sides; read back, it is proved anew."""

from __future__ import annotations

import hashlib
import json
import math
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError
from ..files import reason, shown, write_atomically
from ..theorems.language.conditions import Condition
from ..versions import versions
from .experiment import Instance, NotAnInstance
from .numbers_text import value_json
from .proof import Examined, examined
from .trial import Trial

_LARGEST_FILE = 64 << 20
_MOST_ENTRIES = 1_000_000
_MOST_AXES = 4
_KINDS = {"float64": np.float64, "complex128": np.complex128, "int64": np.int64, "bool": np.bool_}
_FLOAT = re.compile(r"-?0x[0-9a-f](?:\.[0-9a-f]{1,13})?p[+-][0-9]{1,4}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counterexample:
    """What a file says: the statement's id, its file's name if it has one, the instance, and how it was attacked.

    Nothing in it is believed: `replayed` measures the instance again.
    """

    theorem: str
    file: str | None
    instance: Instance
    subject: str


def document(trial: Trial, found: Examined, file: str | None = None) -> dict[str, Any]:
    """Return a counterexample for JSON, schema 1: exact numbers are fractions, floats are hexadecimal."""
    failed = found.violation
    assert failed is not None
    return {
        "schema": 1,
        "kind": "counterexample",
        "theorem": trial.statement.id,
        "file": None if file is None else Path(file).name,
        "subject": subject(trial),
        "instance": {name: _array_json(array) for name, array in found.instance.items()},
        "values": {name: value_json(value) for name, value in found.values.items()},
        "quantity": failed.quantity,
        "layer": failed.layer,
        "observed": value_json(failed.observed),
        "relation": failed.relation,
        "formula": failed.formula,
        "bound": value_json(failed.bound),
        "versions": versions(),
    }


def write_counterexample(path: Path, counterexample: Mapping[str, Any]) -> None:
    """Write a counterexample to a file, atomically; raise InputError if that cannot be done."""
    write_atomically(path, json.dumps(counterexample, indent=1).encode() + b"\n")


def read_counterexample(path: str | os.PathLike[str]) -> Counterexample:
    """Read a counterexample; raise InputError, one line, for a file that is none."""
    try:
        if Path(path).stat().st_size > _LARGEST_FILE:
            raise InputError(f"expected a counterexample of at most {_LARGEST_FILE >> 20} MiB")
        data = json.loads(
            Path(path).read_bytes(), object_pairs_hook=_once, parse_float=_refused, parse_constant=_refused
        )
        return _checked(data)
    except InputError as error:
        raise InputError(f"{shown(path)}: {error}") from None
    except OSError as error:
        raise InputError(f"{shown(path)}: cannot be read: {reason(error)}") from None
    except RecursionError:
        raise InputError(f"{shown(path)}: nested too deeply for a counterexample") from None
    except ValueError as error:  # not JSON, not UTF-8, an integer of thousands of digits, a path with a NUL
        raise InputError(f"{shown(path)}: not a counterexample: {' '.join(str(error).split())[:120]}") from None


def replayed(trial: Trial, instance: Instance) -> Examined:
    """Examine an instance that came from a file; raise InputError, one line, if it is none of this experiment."""
    expected = trial.experiment.draw(np.random.default_rng(0), 1)
    for name in expected.keys() | instance.keys():
        if name not in instance or name not in expected:
            wanted = ", ".join(expected)
            raise InputError(
                f"an instance of {trial.statement.id} has {wanted}; this one has {', '.join(instance)[:200]}"
            )
        kind = expected[name].dtype.kind
        if instance[name].dtype.kind != kind or instance[name].ndim != expected[name].ndim - 1:
            raise InputError(f"{name} has {expected[name].ndim - 1} axes of {kind!r}, got {_described(instance[name])}")
    try:
        return examined(trial, instance)
    except NotAnInstance as error:
        raise InputError(f"no instance of {trial.statement.id}: {error}") from None
    except InputError:
        raise
    except (ValueError, IndexError, ArithmeticError, TypeError) as error:
        raise InputError(f"no instance of {trial.statement.id}: {type(error).__name__}: {error}") from None


def subject(trial: Trial) -> str:
    """Return a digest of what is attacked: the formulas of the statement, and the experiment with its parameters."""
    statement, experiment = trial.statement, trial.experiment
    parts: list[str] = [statement.id, type(experiment).__qualname__]
    parts += [h.text if isinstance(h, Condition) else h for h in statement.hypotheses]
    parts += [f"{name}: {text}" for name, text in statement.constants.items()]
    parts += [f"{o.quantity} {o.relation} {o.bound}" for o in statement.observables]
    if is_dataclass(experiment):
        parts += [f"{f.name}: {getattr(experiment, f.name)!r}" for f in fields(experiment)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _array_json(array: NDArray[Any]) -> dict[str, Any]:
    entries = np.asarray(array)
    kind = next((name for name, of in _KINDS.items() if entries.dtype.kind == np.dtype(of).kind), None)
    if kind is None:
        raise InputError(f"an instance holds floats, complex numbers or integers, got {entries.dtype}")
    flat = entries.ravel().astype(_KINDS[kind])
    if kind == "complex128":
        flat = np.stack([np.real(flat), np.imag(flat)], axis=1).ravel()
    listed = [entry.hex() if isinstance(entry, float) else int(entry) for entry in flat.tolist()]
    return {"type": kind, "shape": list(entries.shape), "entries": listed}


def _checked(data: object) -> Counterexample:
    if not isinstance(data, dict) or data.get("kind") != "counterexample":
        raise InputError('expected an object with "kind": "counterexample"')
    if data.get("schema") != 1 or type(data["schema"]) is not int:
        raise InputError(f"expected schema 1, got {str(data.get('schema'))[:40]!r}")
    texts = {name: data.get(name) for name in ("theorem", "subject", "file")}
    for name, value in texts.items():
        if not (isinstance(value, str) or (name == "file" and value is None)):
            raise InputError(f"expected a text for {name!r}")
    arrays = data.get("instance")
    if not isinstance(arrays, dict) or not arrays:
        raise InputError("expected an instance: an object of named arrays")
    instance = {name: _array(name, array) for name, array in arrays.items()}
    return Counterexample(
        theorem=str(texts["theorem"]),
        file=None if texts["file"] is None else str(texts["file"]),
        instance=instance,
        subject=str(texts["subject"]),
    )


def _array(name: str, value: object) -> NDArray[Any]:
    what = f"the array {name[:40]!r}"
    if not isinstance(value, dict) or set(value) != {"type", "shape", "entries"}:
        raise InputError(f"{what}: expected an object with type, shape and entries")
    kind, shape, entries = value["type"], value["shape"], value["entries"]
    if not isinstance(kind, str) or kind not in _KINDS:
        raise InputError(f"{what}: expected one of the types {', '.join(_KINDS)}")
    if not isinstance(shape, list) or len(shape) > _MOST_AXES or not all(type(n) is int and n >= 0 for n in shape):
        raise InputError(f"{what}: expected a shape of at most {_MOST_AXES} sizes")
    size = math.prod(shape) * (2 if kind == "complex128" else 1)
    if not isinstance(entries, list) or len(entries) != size or size > _MOST_ENTRIES:
        raise InputError(f"{what}: expected as many entries as its shape says, at most {_MOST_ENTRIES}")
    if kind in ("int64", "bool"):
        limits = (0, 1) if kind == "bool" else (-(2**63), 2**63 - 1)
        if not all(type(entry) is int and limits[0] <= entry <= limits[1] for entry in entries):
            raise InputError(f"{what}: expected integers from {limits[0]} to {limits[1]}")
        return np.array(entries, dtype=_KINDS[kind]).reshape(shape)
    if not all(isinstance(entry, str) and _FLOAT.fullmatch(entry) for entry in entries):
        raise InputError(f"{what}: expected finite floats in hexadecimal, as 0x1.8p+0")
    try:
        numbers = np.array([float.fromhex(entry) for entry in entries], dtype=np.float64)
    except OverflowError:
        raise InputError(f"{what}: expected binary64 numbers, got a larger one") from None
    if kind == "complex128":
        numbers = numbers[0::2] + 1j * numbers[1::2]
    return numbers.reshape(shape)


def _described(array: NDArray[Any]) -> str:
    return f"{array.ndim} of {array.dtype.kind!r}"


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    if len(dict(pairs)) != len(pairs):
        raise InputError("a key stands twice")
    return dict(pairs)


def _refused(text: str) -> object:
    raise InputError(f"expected integers and texts, got the number {text[:40]}")
