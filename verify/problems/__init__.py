"""Sparse-coding problems solved with proof: ground truth that knows nothing of coherence theory.

    >>> import verify.problems
    >>> verify.problems.BasisPursuit.of([[3, 0, 2], [0, 3, 2]], [4, 4]).solve().value_upper
    Fraction(2, 1)

Importing this package loads no solver; each name below is imported when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .basis_pursuit import BasisPursuit
    from .bpdn import Bpdn
    from .exact_minimisers import exact_minimiser
    from .k_sparse import KSparse
    from .l1 import available_backends
    from .lasso import Lasso
    from .layered import Layered
    from .outcome import Claimed, Outcome, Status
    from .problem import Problem, SolveOptions
    from .sparsest import Sparsest

_HOME = {
    "BasisPursuit": ".basis_pursuit",
    "Bpdn": ".bpdn",
    "Claimed": ".outcome",
    "KSparse": ".k_sparse",
    "Lasso": ".lasso",
    "Layered": ".layered",
    "Outcome": ".outcome",
    "Problem": ".problem",
    "SolveOptions": ".problem",
    "Sparsest": ".sparsest",
    "Status": ".outcome",
    "available_backends": ".l1",
    "exact_minimiser": ".exact_minimisers",
}

__all__ = [
    "BasisPursuit",
    "Bpdn",
    "Claimed",
    "KSparse",
    "Lasso",
    "Layered",
    "Outcome",
    "Problem",
    "SolveOptions",
    "Sparsest",
    "Status",
    "available_backends",
    "exact_minimiser",
]


def __getattr__(name: str) -> object:
    if name in _HOME:
        return getattr(import_module(_HOME[name], __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
