"""A convolutional network the user handed in besides filters, and what one of its codes sees (SPEC.md section 6.15)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from .dictionary import SubjectError
from .filters import Filters, flat_indices
from .network_matrices import Lowered, lowered_vectors
from .stored_network import Network, Tensor


@dataclass(frozen=True)
class FilterNetwork(Network):
    """Residual layers of filters; `networks.py` reads one.

    `m` is the number of entries of a patch, M t_1 [t_2], and `n` that of the atoms of a stripe; the tensors of filters
    have a row for each of the C filters.
    """

    shape: tuple[int, ...]
    stride: tuple[int, ...]
    boundary: str


def stripe_shifts(taps: Sequence[int], stride: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Yield the differences of positions of the atoms of a stripe and its own atom; the own one is in the middle."""
    reaches = [(t - 1) // s for t, s in zip(taps, stride, strict=True)]
    return product(*(range(-reach, reach + 1) for reach in reaches))


@dataclass(frozen=True)
class FilterNetworkInstance:
    """Filters and a network for them. Build one with `of`, which checks that they fit.

    Rows are the atoms (c, 0), columns the atoms (c', delta) of their stripe, cut to the patch of the row.
    """

    filters: Filters
    network: FilterNetwork

    @staticmethod
    def of(filters: Filters, network: FilterNetwork) -> FilterNetworkInstance:
        """Return both together; raise SubjectError if they do not fit."""
        if filters.boundary == "same":
            raise SubjectError("networks are for filters of the boundary full or circular, not same")
        for name, one, other in (
            ("shape", network.shape, (filters.count, filters.channels, *filters.taps)),
            ("stride", network.stride, filters.stride),
            ("boundary", network.boundary, filters.boundary),
        ):
            if one != other:
                raise SubjectError(f"the network is for filters of {name} {one}, and these have {other}")
        return FilterNetworkInstance(filters, network)

    @property
    def own(self) -> Sequence[int]:
        """For each row its own column."""
        width = len(self._windows)
        return range(width // 2, self.filters.count * width, width)

    @property
    def kinds(self) -> Sequence[int]:
        """For each column its row."""
        return self._kinds

    @cached_property
    def _kinds(self) -> list[int]:
        return [c for c in range(self.filters.count) for _ in self._windows]

    @cached_property
    def _windows(self) -> list[tuple[list[int], list[int]]]:
        """For each shift the places of the patch where the other atom is, and the entries of its filter there."""
        taps, stride, channels = self.filters.taps, self.filters.stride, self.filters.channels
        found: list[tuple[list[int], list[int]]] = []
        for shift in stripe_shifts(taps, stride):
            moved = [delta * s for delta, s in zip(shift, stride, strict=True)]
            places = [range(max(0, by), min(t, t + by)) for by, t in zip(moved, taps, strict=True)]
            entries = [range(r.start - by, r.stop - by) for r, by in zip(places, moved, strict=True)]
            found.append((flat_indices(channels, taps, places), flat_indices(channels, taps, entries)))
        return found

    def _columns(self, filters: Lowered) -> Lowered:
        """Return the columns that are made of these filters."""
        columns: list[list[int]] = []
        for vector in filters.vectors:
            for places, entries in self._windows:
                column = [0] * len(vector)
                for place, entry in zip(places, entries, strict=True):
                    column[place] = vector[entry]
                columns.append(column)
        return Lowered(columns, filters.slack)

    def atoms(self, bits: int, less: Tensor | None = None) -> Lowered:
        """Return the columns of D, less those of D' where it is given."""
        filters = self.filters
        found: list[list[int]] = []
        slack = 0
        for c, (scale, vector) in enumerate(zip(filters.scale, filters.vectors, strict=True)):
            p, q = scale.as_integer_ratio()
            ratios = [(0, 1)] * len(vector) if less is None else map(float.as_integer_ratio, less.row(c))
            pairs = [divmod((p * x * b - a * q) << bits, q * b) for x, (a, b) in zip(vector, ratios, strict=True)]
            found.append([whole for whole, _ in pairs])
            slack = max(slack, any(rest for _, rest in pairs))
        return self._columns(Lowered(found, slack))

    def weights(self, tensor: Tensor, bits: int, *, residual: bool) -> Lowered:
        """Return the columns of W, one for each row."""
        del residual  # all layers are
        return _rows(tensor, bits)

    def synthesis(self, tensor: Tensor, bits: int) -> Lowered:
        """Return the columns of D'."""
        return self._columns(_rows(tensor, bits))


def _rows(tensor: Tensor, bits: int) -> Lowered:
    return lowered_vectors([tensor.row(c) for c in range(tensor.rows)], bits)


def stripe_size(shape: Sequence[int], stride: Sequence[int]) -> int:
    """Return the number of atoms of a stripe."""
    return shape[0] * math.prod(2 * ((t - 1) // s) + 1 for t, s in zip(shape[2:], stride, strict=True))
