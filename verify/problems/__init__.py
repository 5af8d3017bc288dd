"""Sparse-coding problems solved with proof: ground truth that knows nothing of coherence theory."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .k_sparse import KSparse
    from .layered import Layered
    from .sparsest import Sparsest

_HOME = {
    "KSparse": ".k_sparse",
    "Layered": ".layered",
    "Sparsest": ".sparsest",
}

__all__ = ["KSparse", "Layered", "Sparsest"]


def __getattr__(name: str) -> object:
    if name in _HOME:
        return getattr(import_module(_HOME[name], __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
