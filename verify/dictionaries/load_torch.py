"""Read one matrix from a .pt or .pth file of torch: weights only, in the zip format, through torch itself."""

from __future__ import annotations

import pickle
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, BinaryIO

from ..errors import InputError, LimitError
from .entries import Entries
from .load_npy import LARGEST_NPY
from .load_tensor import entries_of_tensor, kind_of_tensor
from .members import MATRIX, MOST_MEMBERS, Member, Wanted, chosen

if TYPE_CHECKING:
    import torch

_DEEPEST = 20
_LARGEST_PICKLE = 64 << 20


def read_torch(file: BinaryIO, *, wanted: Wanted = MATRIX, key: str | None = None) -> Entries:
    """Return the entries of one tensor of an open .pt file: the one named `key`, or the only one wanted.

    Names of nested dictionaries and lists are joined by dots, as in the state of a module. Guarantee: entries are taken
    at exactly their values; nothing but tensors and plain containers is made (torch's `weights_only`), and no more is
    unpacked than the file is large. Raises InputError for anything else, LimitError for what is too large.
    """
    import torch

    _refuse_bombs(file)
    try:
        state = torch.load(file.name, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError:
        raise InputError(
            "it holds more than tensors and plain containers, and only these are loaded: save model.state_dict()"
        ) from None
    except Exception as error:  # torch raises whatever a broken file leads it to
        raise InputError(f"torch does not read it ({type(error).__name__}): a damaged file") from None
    tensors = dict(_named("", state, 0))
    members = [_member(name, tensor) for name, tensor in tensors.items()]
    member = chosen(members, key, wanted)
    name = f"the tensor {member.name!r}: " if member.name else ""
    found = entries_of_tensor(tensors[member.name])
    return Entries(real=wanted.formed(found.real), remarks=tuple(f"{name}{remark}" for remark in found.remarks))


def _refuse_bombs(file: BinaryIO) -> None:
    """Refuse archives that unpack to more than they hold: torch stores its tensors as they are."""
    try:
        with zipfile.ZipFile(file) as archive:
            packed = [info for info in archive.infolist() if info.compress_type != zipfile.ZIP_STORED]
            size = sum(info.file_size for info in archive.infolist())
            pickles = sum(info.file_size for info in archive.infolist() if info.filename.endswith("data.pkl"))
    except (zipfile.BadZipFile, NotImplementedError, OSError) as error:
        raise InputError(f"not a .pt file that can be read: {str(error)[:100]}") from None
    if packed:
        raise InputError(f"{packed[0].filename[:60]!r} in the archive is compressed, which torch.save does not do")
    if size > LARGEST_NPY or pickles > _LARGEST_PICKLE:
        raise LimitError(f"the archive claims {size} bytes, {pickles} of them structure, more than are read")


def _named(prefix: str, value: object, depth: int) -> Iterator[tuple[str, torch.Tensor]]:
    """Yield the tensors of nested dictionaries and lists with their dotted names."""
    import torch

    if depth > _DEEPEST:
        raise InputError(f"dictionaries nested more than {_DEEPEST} deep")
    if isinstance(value, torch.Tensor):
        yield prefix, value
        return
    parts: Sequence[tuple[object, Any]] = ()
    if isinstance(value, Mapping):
        parts = list(value.items())
    elif isinstance(value, list | tuple):
        parts = list(enumerate(value))
    if len(parts) > MOST_MEMBERS:
        raise LimitError(f"a container of {len(parts)} values, and at most {MOST_MEMBERS} are looked at")
    for name, part in parts:
        yield from _named(f"{prefix}.{name}" if prefix else str(name), part, depth + 1)


def _member(name: str, tensor: torch.Tensor) -> Member:
    kind, refused = kind_of_tensor(tensor)
    return Member(name=name, shape=tuple(tensor.shape), kind=kind, refused=refused)
