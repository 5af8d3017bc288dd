"""Networks for deep sparse codes as one torch module: all codes of batches of signals."""

from __future__ import annotations

import numpy as np
import torch

from ..errors import InputError
from .deep_network import DeepNetwork
from .unrolled_module import UnrolledModule
from .weights import real_atoms

Tensor = torch.Tensor


class DeepModule(torch.nn.Module):
    """Signals (rows, m) to the codes x~_1 .. x~_J, a list of (rows, n_j), each in the format of its network.

    Deepest first the codes before the last are its products with D[j:J], rounded to the format. With `refit` they are
    x^_1 .. x^_J in float64: least squares with the atoms of D[J] where x~_J is above `kept`, by normal equations and
    one step of refinement. Guarantee: the certificate of the networks is about this module. Raises InputError for
    signals of another length.
    """

    def __init__(self, network: DeepNetwork, *, refit: bool = False, kept: float = 0.0) -> None:
        super().__init__()
        deep = network.deep
        self.networks = torch.nn.ModuleList(UnrolledModule(one) for one in network.networks)
        self._dtypes: list[torch.dtype] = [getattr(torch, one.dtype.value) for one in network.networks]
        self._signal, self._refit, self._kept = deep.dictionaries[0].shape[0], refit, kept
        self._images = 0
        if refit or len(network.networks) == 1:
            kind = np.dtype(np.float64 if refit else network.networks[0].dtype.value)
            for j in range(1, deep.depth):
                self.register_buffer(
                    f"image_{j}", torch.from_numpy(real_atoms(deep.product(j, deep.depth)).astype(kind))
                )
            self._images = deep.depth - 1
        if refit:
            self.register_buffer("product", torch.from_numpy(real_atoms(deep.product(0, deep.depth)).copy()))

    def forward(self, y: Tensor) -> list[Tensor]:
        """Return the codes of signals, one a row."""
        if y.ndim != 2 or y.shape[1] != self._signal:
            raise InputError(f"signals: expected (rows, {self._signal}), got {tuple(y.shape)}")
        codes: list[Tensor] = []
        found = y
        for network, dtype in zip(self.networks, self._dtypes, strict=True):
            found = network(found.to(dtype))
            codes.append(found)
        if self._refit:
            found = self._refitted(y.to(self._dtypes[0]).double(), found)
        if not self._images:
            return codes
        return [*(found @ self.get_buffer(f"image_{j}").T for j in range(1, self._images + 1)), found]

    def _refitted(self, y: Tensor, last: Tensor) -> Tensor:
        kept = last.abs() > self._kept
        count = max(1, int(kept.sum(dim=1).max()))
        places = torch.topk(kept.double(), count, dim=1).indices
        mask = torch.gather(kept, 1, places).double()
        atoms = self.get_buffer("product").T[places] * mask[:, :, None]  # (rows, count, m)
        gram = atoms @ atoms.transpose(1, 2) + torch.diag_embed(1 - mask)
        values = torch.zeros_like(mask)
        for _ in range(2):
            rest = y - (atoms * values[:, :, None]).sum(dim=1)
            values = values + torch.linalg.solve_ex(gram, atoms @ rest[:, :, None])[0][:, :, 0]
        return torch.zeros_like(last, dtype=torch.float64).scatter(1, places, values * mask)
