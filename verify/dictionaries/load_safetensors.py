"""Read one matrix from a .safetensors file, through the safetensors package."""

from __future__ import annotations

from typing import BinaryIO

import numpy as np

from ..errors import InputError
from .entries import Entries
from .members import MATRIX, Member, Wanted, chosen

LARGEST_HEADER = 16 << 20
_NUMPY = {"F64", "F32", "F16", "I64", "I32", "I16", "I8", "U64", "U32", "U16", "U8", "C64"}
_WIDENED = {"BF16": "bfloat16", "F8_E4M3": "float8_e4m3fn", "F8_E5M2": "float8_e5m2"}


def read_safetensors(file: BinaryIO, *, wanted: Wanted = MATRIX, key: str | None = None) -> Entries:
    """Return the entries of one tensor of an open .safetensors file: the one named `key`, or the only one wanted.

    Guarantee: entries are taken at exactly their values; bfloat16 and 8-bit floats become float32, which holds all of
    them. Raises InputError for anything that is not such a file, LimitError for what is too large.
    """
    from safetensors import SafetensorError, safe_open

    length = int.from_bytes(file.read(8), "little")
    if length > LARGEST_HEADER:
        raise InputError(f"the safetensors header claims {length} bytes, and at most {LARGEST_HEADER} are read")
    try:
        with safe_open(file.name, framework="np") as tensors:
            members = [_member(name, tensors.get_slice(name)) for name in tensors.keys()]  # noqa: SIM118 - no dict
            member = chosen(members, key, wanted)
            real = tensors.get_tensor(member.name) if member.kind in _NUMPY else _widened(file.name, member.name)
    except (SafetensorError, OSError, UnicodeDecodeError) as error:
        raise InputError(f"not a safetensors file that can be read: {str(error)[:120]}") from None
    wide = f", held as {real.dtype.name}" if member.kind in _WIDENED else ""
    remark = f"the tensor {member.name!r}: {' x '.join(map(str, member.shape))} {member.kind} values{wide}"
    return Entries(real=wanted.formed(real), remarks=(remark,))


def _member(name: str, tensor: object) -> Member:
    shape, kind = tuple(tensor.get_shape()), str(tensor.get_dtype())  # type: ignore[attr-defined] - no stubs
    refused = "" if kind in _NUMPY or kind in _WIDENED else f"entries of type {kind[:20]}"
    return Member(name=name, shape=shape, kind=kind, refused=refused)


def _widened(path: str, name: str) -> np.ndarray:
    from safetensors import safe_open

    with safe_open(path, framework="pt") as tensors:
        wide: np.ndarray = tensors.get_tensor(name).float().numpy()
        return wide
