"""The one door to torch for batched numerics: devices, and normal equations of many problems at once on one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .errors import InputError

Floats = NDArray[np.float64]


def usable_device(name: str) -> str:
    """Return the name of a torch device with float64 that is here; raise InputError if it is not.

    `cpu` is always here: numpy where there is nothing to gain from torch, torch's processor arithmetic in attacks.
    """
    if name == "cpu":
        return name
    import torch

    try:
        torch.zeros(1, dtype=torch.float64, device=name).cpu()
    except (RuntimeError, TypeError, AssertionError, NotImplementedError) as error:
        reason = str(error).splitlines()[0][:120]
        raise InputError(f"expected a torch device with float64 (cpu, cuda), got {name!r}: {reason}") from None
    return name


def torch_module() -> Any:
    """Return the module torch, imported when it is first asked for: for those who may not import it themselves."""
    import torch

    return torch


@contextmanager
def one_torch_thread() -> Iterator[None]:
    """Let torch's processor arithmetic run in one thread: for many small products, several threads mostly wait."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def on_device(array: NDArray[Any], device: str) -> Any:
    """Return an array as a float64 tensor on a device; an array that is one entry broadcast stays one there."""
    import torch

    if array.ndim and len(array) and array.strides[0] == 0:
        return on_device(array[0], device).expand(array.shape)
    return torch.from_numpy(np.array(array, dtype=np.float64)).to(device)


class DeviceNormals:
    """The map v -> (B^T W B)^-1 v for many diagonal W at once, by Cholesky factorizations in float64 on a torch device.

    `basis` is B, n x r. Estimated: rounding is that of the device; what is made of it is proved elsewhere.
    """

    def __init__(self, basis: Floats, device: str) -> None:
        import torch

        self._device = device
        self._basis = torch.as_tensor(basis, dtype=torch.float64, device=device)

    def __call__(self, weights: Floats) -> Callable[[Floats], Floats]:
        """Return the map for every row W of `weights`; raise LinAlgError where a matrix is not positive definite."""
        import torch

        scaled = torch.as_tensor(weights, dtype=torch.float64, device=self._device)
        matrices = (self._basis.T * scaled[:, None, :]) @ self._basis
        factors, failed = torch.linalg.cholesky_ex(matrices)
        if bool(failed.any()):
            raise np.linalg.LinAlgError("a normal matrix is not positive definite")

        def solve(vectors: Floats) -> Floats:
            right = torch.as_tensor(vectors, dtype=torch.float64, device=self._device)[:, :, None]
            result: Floats = torch.cholesky_solve(right, factors)[:, :, 0].cpu().numpy()
            return result

        return solve
