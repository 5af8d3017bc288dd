"""Files: paths as one printable line, and writing that leaves either the old file or the whole new one."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from pathlib import Path

from .errors import InputError

_LONGEST_SHOWN = 300


def shown(path: str | os.PathLike[str]) -> str:
    """Return a path as one line of printable text: control characters escaped, very long paths cut in the middle."""
    text = os.fspath(path) or "''"
    if not text.isprintable():
        text = repr(text)[1:-1]
    half = _LONGEST_SHOWN // 2
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:half]}...{text[-half:]}"


def write_atomically(path: str | os.PathLike[str], data: bytes) -> None:
    """Write `data` to `path`: a temporary file in the same folder, flushed to disk, then put in its place.

    Guarantee: at every moment, and after any failure, `path` is what it was or holds exactly `data`; a temporary file
    stays behind only if the process is killed. A symbolic link keeps pointing where it points; an existing file keeps
    its permissions. Raises InputError, one line, if the folder is missing, the path is a directory or a device, or
    writing is not permitted or fails.
    """
    try:
        _write(Path(os.path.realpath(path)), data)
    except InputError as error:
        raise InputError(f"{shown(path)}: cannot be written: {error}") from None
    except OSError as error:
        raise InputError(f"{shown(path)}: cannot be written: {reason(error)}") from None
    except ValueError:  # a NUL character, or one that the file system cannot encode
        raise InputError(f"{shown(path)}: cannot be written: not a valid path") from None


def reason(error: OSError) -> str:
    """Return the system's reason for an error as a few lower-case words."""
    return (error.strerror or type(error).__name__).lower()


def _write(target: Path, data: bytes) -> None:
    mode = _mode_of_existing(target)
    if not target.parent.is_dir():
        raise InputError("its folder does not exist")
    temporary = target.parent / f".{secrets.token_hex(8)}.tmp"
    # O_EXCL: never through a file or link that stands there; 0o666: the umask decides, as for any new file
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    descriptor = os.open(temporary, flags, 0o666)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            if mode is not None:
                temporary.chmod(mode)
            os.fsync(file.fileno())
        temporary.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    _flush_folder(target.parent)


def _mode_of_existing(target: Path) -> int | None:
    try:
        status = target.stat()
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(status.st_mode):
        raise InputError("it is a directory, and a file name was wanted")
    if not stat.S_ISREG(status.st_mode):
        raise InputError("it is not a regular file")
    if not os.access(target, os.W_OK):
        raise InputError("permission denied (the existing file is read-only)")
    return stat.S_IMODE(status.st_mode)


def _flush_folder(folder: Path) -> None:
    """Make the new name itself durable, where the system can flush a folder."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
