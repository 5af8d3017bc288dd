"""Networks for a chain of filters as one torch module: all codes of signals of any size."""

from __future__ import annotations

import torch

from .chain_network import ChainNetwork
from .matrices import real_filters
from .module import ConvolutionalModule, synthesised

Tensor = torch.Tensor


class ChainModule(torch.nn.Module):
    """Signals (batch, M, n..) to the codes x~_1 .. x~_J, each (batch, C_j, l..), or all without the batch.

    Layer by layer each network is given the code before, in its format; deepest first the codes before the last are
    transposed convolutions of it with the filters D[j:J], rounded to its format. Guarantee, errors: as
    `ConvolutionalModule`; the certificate of the networks is about this module.
    """

    def __init__(self, network: ChainNetwork) -> None:
        super().__init__()
        chain = network.chain
        self.networks = torch.nn.ModuleList(ConvolutionalModule(one) for one in network.networks)
        self._dtypes: list[torch.dtype] = [getattr(torch, one.dtype.value) for one in network.networks]
        self._images: list[tuple[tuple[int, ...], bool]] = []
        if len(network.networks) == 1:
            for j in range(1, chain.depth):
                dictionary = chain.product(j, chain.depth)
                filters = torch.from_numpy(real_filters(dictionary).copy()).to(self._dtypes[0])
                self.register_buffer(f"image_{j}", filters)
                self._images.append((dictionary.stride, dictionary.boundary.value == "circular"))

    def forward(self, y: Tensor) -> list[Tensor]:
        """Return the codes of signals."""
        codes: list[Tensor] = []
        found = y
        for network, dtype in zip(self.networks, self._dtypes, strict=True):
            found = network(found.to(dtype))
            codes.append(found)
        if not self._images:
            return codes
        return [*(self._image(j, found) for j in range(1, len(self._images) + 1)), found]

    def _image(self, j: int, last: Tensor) -> Tensor:
        filters, (stride, circular) = self.get_buffer(f"image_{j}"), self._images[j - 1]
        single = last.ndim == len(stride) + 1
        with torch.backends.cudnn.flags(enabled=False):
            found = synthesised(last[None] if single else last, filters, stride, circular=circular)
        return found[0] if single else found
