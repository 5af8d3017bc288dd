"""Normal equations of many weighted least-squares problems with one basis, solved side by side."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext

import numpy as np
from numpy.typing import NDArray

from ..arrays import DeviceNormals
from .threads import one_thread

Floats = NDArray[np.float64]
Inverter = Callable[[Floats], Callable[[Floats], Floats]]

_SMALL = 48
"""Up to this size the normal matrices of a whole batch come from one matrix product."""


class NormalEquations:
    """The change e of a residual within the row space that balances a force f: B^T (W e - f) = 0, for many weights.

    B spans the row space, e = B (B^T W B)^-1 B^T f; or, with K spanning the null space and S = 1/W, e = S (f - K (K^T S
    K)^-1 K^T S f).
    """

    def __init__(self, basis: Floats, *, kernel: bool, device: str = "cpu", single: bool = False) -> None:
        self._basis = basis
        self._kernel = kernel
        self.size = basis.shape[1]
        self._inverted: Inverter
        if device != "cpu":
            self._inverted = DeviceNormals(basis, device)
        elif self.size <= _SMALL:
            self._inverted = _Small(basis)
        else:
            self._inverted = _Large(basis, single=single)

    @property
    def is_large(self) -> bool:
        """Whether every matrix is factored apart, so that float32 saves time."""
        return isinstance(self._inverted, _Large)

    def one_thread_each(self) -> AbstractContextManager[object]:
        """Return a context in which large factorizations run side by side, each in one thread."""
        if not self.is_large:
            return nullcontext()
        import scipy.linalg  # noqa: F401 - loaded first, because limits reach only what is loaded

        return one_thread()

    def projected(self, vectors: Floats) -> Floats:
        """Return the orthogonal projection of every row onto the span of the basis."""
        return (vectors @ self._basis) @ self._basis.T

    def factored(self, weights: Floats) -> Callable[[Floats], Floats]:
        """Return the map from forces to changes; raise LinAlgError where a matrix is singular."""
        scaled = 1.0 / weights if self._kernel else weights
        inverted = self._inverted(scaled)

        def solve(force: Floats) -> Floats:
            return inverted(force @ self._basis) @ self._basis.T

        def balance(force: Floats) -> Floats:
            if not self._kernel:
                return solve(force)
            change = scaled * (force - solve(scaled * force))
            return change - self.projected(change)  # rounding must not carry it out of the row space

        return balance


class _Small:
    """(B^T W B)^-1 v for every row of weights W: all matrices from one product with the outer products of B's rows."""

    def __init__(self, basis: Floats) -> None:
        self._size = basis.shape[1]
        self._outer = (basis[:, :, None] * basis[:, None, :]).reshape(len(basis), self._size**2)

    def __call__(self, weights: Floats) -> Callable[[Floats], Floats]:
        inverse = np.linalg.inv((weights @ self._outer).reshape(-1, self._size, self._size))
        return lambda vectors: np.einsum("bij,bj->bi", inverse, vectors)


class _Large:
    """(B^T W B)^-1 v for every row of weights W: a Cholesky factorization each, in a thread for every core.

    `single` does it in float32, which is enough for the first digits.
    """

    def __init__(self, basis: Floats, *, single: bool) -> None:
        self._basis = basis.astype(np.float32) if single else basis
        self._threads = ThreadPoolExecutor(os.cpu_count())

    def __call__(self, weights: Floats) -> Callable[[Floats], Floats]:
        factors = [*self._threads.map(self._factor, np.sqrt(weights))]
        return lambda vectors: np.stack([back(vector) for back, vector in zip(factors, vectors, strict=True)])

    def _factor(self, roots: Floats) -> Callable[[Floats], Floats]:
        from scipy.linalg import get_lapack_funcs

        half = self._basis * roots[:, None].astype(self._basis.dtype)
        potrf, potrs = get_lapack_funcs(("potrf", "potrs"), (half,))
        factor, failed = potrf((half.T @ half).T, lower=1, overwrite_a=1)  # transposed, because LAPACK reads columns
        if failed:
            raise np.linalg.LinAlgError("a normal matrix is not positive definite")
        return lambda vector: potrs(factor, vector.astype(half.dtype), lower=1)[0].astype(np.float64)
