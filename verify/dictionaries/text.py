"""Read a text file into memory, within limits."""

from __future__ import annotations

import os
from typing import BinaryIO

from ..errors import InputError, LimitError
from .entries import LARGEST_TEXT


def read_text(file: BinaryIO) -> str:
    """Return the text of an open UTF-8 file; raise InputError if it is not that, LimitError if it is too large."""
    size = os.fstat(file.fileno()).st_size
    if size > LARGEST_TEXT:
        raise LimitError(f"a text file of more than {LARGEST_TEXT >> 20} MiB: save the matrix with np.save")
    data = file.read(size)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"expected UTF-8 text, got the byte 0x{data[error.start]:02x} at offset {error.start}"
        ) from None
