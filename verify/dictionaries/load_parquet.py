"""Read a matrix from the numeric columns of a .parquet file, through pyarrow."""

from __future__ import annotations

from typing import Any, BinaryIO

import numpy as np

from ..errors import InputError, LimitError
from .entries import MOST_ENTRIES, Entries
from .members import MATRIX, MOST_MEMBERS, Wanted
from .objects import beyond_binary64

MAGIC = b"PAR1"
_INDEX = "__index_level_"


def read_parquet(file: BinaryIO, *, wanted: Wanted = MATRIX, key: str | None = None) -> Entries:
    """Return the entries of an open .parquet file: its rows and columns are those of the matrix.

    Columns that pandas keeps its index in are left out, and the remarks say so. Guarantee: entries are taken at exactly
    their values; columns of different types become binary64 only if that keeps every value. Raises InputError for a
    column that is not of numbers, missing values, or if pyarrow is not installed, LimitError for what is too large.
    """
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise InputError(
            "Parquet files need the package pyarrow, which is not installed: pip install pyarrow"
        ) from None
    if key is not None:
        raise InputError("a Parquet file holds one table, and --key was given: leave it out")
    try:
        opened = parquet.ParquetFile(file, memory_map=False)
        names = [name for name in opened.schema_arrow.names if not name.startswith(_INDEX)]
        rows, count = opened.metadata.num_rows, len(names)
        if count > MOST_MEMBERS * 10 or rows * count > MOST_ENTRIES:
            raise LimitError(f"{rows} x {count} entries, and at most {MOST_ENTRIES} are read")
        table = opened.read(columns=names)
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        reason = (str(error) or type(error).__name__).splitlines()[0][:100]
        raise InputError(f"pyarrow does not read it: {reason}") from None
    if len(set(names)) != count or not count:
        raise InputError("expected columns with different names, of numbers")
    left_out = len(opened.schema_arrow.names) - count
    columns = [_column(name, table.column(name)) for name in names]
    kind = _common({found.dtype for found in columns})
    exact = [found.astype(kind) for found in columns]
    for name, before, after in zip(names, columns, exact, strict=True):
        if before.dtype.kind in "iu" and after.dtype.kind == "f" and beyond_binary64(before):
            raise InputError(f"column {name[:60]!r} holds integers beyond 2^53 beside columns of floats")
    index = f"; {left_out} column(s) of a pandas index left out" if left_out else ""
    return Entries(
        real=np.stack(exact, axis=1), remarks=(f"{rows} x {count} {kind.name} values of a Parquet table{index}",)
    )


def _column(name: str, column: Any) -> np.ndarray:
    import pyarrow

    kind = column.type
    if not (pyarrow.types.is_floating(kind) or pyarrow.types.is_integer(kind)):
        raise InputError(f"expected columns of numbers, got {name[:60]!r} of type {str(kind)[:40]}")
    if column.null_count:
        raise InputError(f"column {name[:60]!r} has {column.null_count} missing value(s)")
    return column.to_numpy()


def _common(kinds: set[np.dtype]) -> np.dtype:
    """Return a type for all columns: their own if it is one, else binary64, or an integer type that holds all."""
    if len(kinds) == 1:
        return next(iter(kinds))
    if any(kind.kind == "f" for kind in kinds):
        return np.dtype(np.float64)
    return np.result_type(*kinds)
