"""Matrices that other packages hold: torch tensors, data frames, fitted estimators; none of them is imported here."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError
from .entries import Entries
from .load_tensor import entries_of_tensor


def entries_of_object(value: Any, atoms: str) -> tuple[str, Entries]:
    """Return a word for what the object is, and its entries, without a copy where that is possible.

    Takes NumPy arrays (memory-mapped ones too), torch tensors, data frames (`to_numpy`), and fitted scikit-learn
    estimators, whose `components_` hold one atom per row: `atoms` must then say "rows". Raises InputError for the rest.
    """
    name = type(value).__name__[:60]
    if hasattr(value, "components_") or hasattr(value, "fit"):
        components = getattr(value, "components_", None)
        if components is None:
            raise InputError(f"{name} has no components_: fit it first")
        if atoms != "rows":
            raise InputError(f"the components_ of {name} hold one atom per row: say atoms='rows'")
        return "scikit-learn estimator", Entries(real=np.asarray(components), remarks=(f"components_ of {name}",))
    if type(value).__module__.split(".")[0] == "torch" and hasattr(value, "layout"):
        return "torch tensor", entries_of_tensor(value)
    if hasattr(value, "to_numpy") and hasattr(value, "columns"):
        return "data frame", _of_frame(value)
    if isinstance(value, np.ndarray):
        return "array", Entries(real=value)
    wanted = "a path, builtin:NAME:ARGS, an array, a torch tensor, a data frame or a fitted estimator"
    raise InputError(f"source: expected {wanted}, got {name}")


def _of_frame(frame: Any) -> Entries:
    kinds = {str(kind) for kind in frame.dtypes}
    real = frame.to_numpy()
    if real.dtype.kind not in "fciu":
        raise InputError(f"expected a data frame of numbers, got columns of types {', '.join(sorted(kinds))[:80]}")
    if len(kinds) > 1:
        for column, kind in enumerate(frame.dtypes):
            if kind.kind in "iu" and real.dtype.kind != kind.kind and beyond_binary64(frame.iloc[:, column].to_numpy()):
                raise InputError(f"column {column} holds integers beyond 2^53 beside columns of floats")
    return Entries(real=real, remarks=(f"{real.shape[0]} x {real.shape[1]} {real.dtype.name} values of a data frame",))


def beyond_binary64(integers: NDArray[Any]) -> bool:
    """Say whether some of these integers are beyond 2^53, so that a binary64 number may not hold them."""
    return bool(integers.size) and (int(integers.max()) > 2**53 or int(integers.min()) < -(2**53))
