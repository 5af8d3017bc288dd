"""Read one matrix from an HDF5 file (.h5, .hdf5, or .mat of version 7.3), through h5py."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from ..errors import InputError, LimitError
from .entries import MOST_ENTRIES, Entries
from .members import MATRIX, MOST_MEMBERS, Member, Wanted, chosen

if TYPE_CHECKING:
    import h5py

MAGIC = b"\x89HDF\r\n\x1a\n"
_DEEPEST = 8
_HIDDEN = ("#refs#", "#subsystem#")
_NO_NUMBERS = {"cell", "char", "struct", "function_handle", "logical"}


def read_hdf5(file: BinaryIO, *, wanted: Wanted = MATRIX, key: str | None = None, matlab: bool = False) -> Entries:
    """Return the entries of one dataset of an open HDF5 file: the one with the path `key`, or the only one wanted.

    With `matlab` the file is MATLAB's, which stores matrices transposed. Guarantee: entries are taken at exactly their
    values, from this file alone: links to other files, symbolic links, virtual and external datasets are refused.
    Raises InputError for anything else or if h5py is not installed, LimitError for what is too large.
    """
    try:
        import h5py
    except ImportError:
        raise InputError("HDF5 files need the package h5py, which is not installed: pip install h5py") from None
    try:
        with h5py.File(file.name, "r", locking=False) as opened:
            datasets = dict(_datasets(opened, "", 0))
            members = [_member(name, found, matlab) for name, found in datasets.items()]
            member = chosen(members, None if key is None else key.strip("/"), wanted)
            found = datasets[member.name]
            assert isinstance(found, h5py.Dataset)
            real = _numbers(found[()])
    except InputError:
        raise
    except (OSError, RuntimeError, ValueError, KeyError, TypeError, AttributeError, UnicodeError) as error:
        reason = str(error).splitlines()[0][:100] if str(error) else type(error).__name__
        raise InputError(f"h5py does not read it: {reason}") from None
    real = real.T if matlab else real
    size = " x ".join(map(str, real.shape))
    remark = f"the {'variable' if matlab else 'dataset'} {member.name!r}: {size} {real.dtype.name} values"
    return Entries(real=wanted.formed(real), remarks=(remark,))


def _datasets(group: h5py.Group, prefix: str, depth: int) -> Iterator[tuple[str, h5py.Dataset | str]]:
    """Yield the datasets below a group with their paths, or why one is not read."""
    import h5py

    if depth > _DEEPEST:
        raise InputError(f"groups nested more than {_DEEPEST} deep")
    if len(group) > MOST_MEMBERS:
        raise LimitError(f"a group of {len(group)} members, and at most {MOST_MEMBERS} are looked at")
    for name in group:
        if name in _HIDDEN:
            continue
        link = group.get(name, getlink=True)
        if not isinstance(link, h5py.HardLink):
            kind = "a link to another file" if isinstance(link, h5py.ExternalLink) else "a symbolic link"
            yield f"{prefix}{name}", f"{kind}, which is not followed"
            continue
        found = group[name]
        if isinstance(found, h5py.Group):
            yield from _datasets(found, f"{prefix}{name}/", depth + 1)
        elif isinstance(found, h5py.Dataset):
            yield f"{prefix}{name}", found


def _member(name: str, found: h5py.Dataset | str, matlab: bool) -> Member:
    if isinstance(found, str):
        return Member(name=name, refused=found)
    shape = tuple(reversed(found.shape or ())) if matlab else tuple(found.shape or ())
    return Member(name=name, shape=shape, kind=found.dtype.name[:40], refused=_refused(found, matlab))


def _refused(found: h5py.Dataset, matlab: bool) -> str:
    if found.is_virtual or found.external:
        return "entries in other files, which are not read"
    if found.shape is None:
        return "no entries"
    if found.chunks is not None and np.prod(found.chunks, dtype=float) > MOST_ENTRIES:
        return "chunks that are too large"
    kind = found.attrs.get("MATLAB_class", b"")
    kind = kind.decode("ascii", "replace") if isinstance(kind, bytes) else str(kind)
    if matlab and (kind in _NO_NUMBERS or "MATLAB_empty" in found.attrs):
        return f"of class {kind[:20]}" if kind in _NO_NUMBERS else "no entries"
    parts = found.dtype.names
    if parts is not None and set(parts) == {"real", "imag"}:
        return ""
    return "" if found.dtype.kind in "fciu" else f"entries of type {found.dtype.name[:30]}"


def _numbers(array: Any) -> np.ndarray:
    """Return an array of numbers; MATLAB keeps complex ones as pairs with the names real and imag."""
    array = np.asarray(array)
    if array.dtype.names is None:
        return array
    kind = np.complex64 if array.dtype["real"].itemsize == 4 else np.complex128
    result = np.empty(array.shape, dtype=kind)
    result.real, result.imag = array["real"], array["imag"]
    return result
