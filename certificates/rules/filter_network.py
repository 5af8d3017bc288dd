"""A convolutional network the user handed in besides filters, and what one of its codes sees (SPEC.md section 6.15)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from .dictionary import SubjectError
from .filters import Filters, Windows, flat_indices
from .network_matrices import LayerMaps, Lowered, lowered_vectors
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

    Rows are the atoms (c, 0), columns the atoms (c', delta) of their stripe, cut to the patch of the row. For `same`
    that is so for whole atoms, and `parts` has the others.
    """

    filters: Filters
    network: FilterNetwork

    @staticmethod
    def of(filters: Filters, network: FilterNetwork, *, cut: bool = False) -> FilterNetworkInstance:
        """Return both together; raise SubjectError if they do not fit, or unless atoms may be `cut`, for `same`."""
        if filters.boundary == "same" and not cut:
            raise SubjectError("networks are for filters of the boundary full or circular here, not same")
        for name, one, other in (
            ("shape", network.shape, (filters.count, filters.channels, *filters.taps)),
            ("stride", network.stride, filters.stride),
            ("boundary", network.boundary, filters.boundary),
        ):
            if one != other:
                raise SubjectError(f"the network is for filters of {name} {one}, and these have {other}")
        return FilterNetworkInstance(filters, network)

    @property
    def parts(self) -> Sequence[LayerMaps]:
        """The rows of whole atoms, and for `same` those of atoms of every other window."""
        return [FilterRows(self, windows) for windows in self.filters.windows()]

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


@dataclass(frozen=True)
class FilterRows:
    """What the rows of atoms with one window see: their patch is the window, and columns are the atoms that exist."""

    instance: FilterNetworkInstance
    windows: Windows

    @property
    def network(self) -> FilterNetwork:
        """The network."""
        return self.instance.network

    @property
    def own(self) -> Sequence[int]:
        """For each row its own column."""
        return self.instance.own

    @property
    def kinds(self) -> Sequence[int]:
        """For each column its row."""
        return self.instance.kinds

    @property
    def parts(self) -> Sequence[LayerMaps]:
        """One kind of rows."""
        return [self]

    def atoms(self, bits: int, less: Tensor | None = None) -> Lowered:
        """Return the columns of D, less those of D' where it is given."""
        return self._columns(self.instance.atoms(bits, less))

    def weights(self, tensor: Tensor, bits: int, *, residual: bool) -> Lowered:
        """Return the columns of W, one for each row."""
        found = self.instance.weights(tensor, bits, residual=residual)
        return Lowered([self._inside(vector) for vector in found.vectors], found.slack)

    def synthesis(self, tensor: Tensor, bits: int) -> Lowered:
        """Return the columns of D'."""
        return self._columns(self.instance.synthesis(tensor, bits))

    def _columns(self, found: Lowered) -> Lowered:
        exists, width = self._exists, len(self._exists)
        none = [0] * self.network.m
        vectors = [self._inside(x) if exists[j % width] else none for j, x in enumerate(found.vectors)]
        return Lowered(vectors, found.slack)

    def _inside(self, vector: list[int]) -> list[int]:
        if self.windows == self.instance.filters.whole:
            return vector
        cut = [0] * len(vector)
        for at in self._kept:
            cut[at] = vector[at]
        return cut

    @cached_property
    def _kept(self) -> list[int]:
        return self.instance.filters.inside(self.windows)

    @cached_property
    def _exists(self) -> list[bool]:
        """For each shift, in the order of columns, whether there is an atom: one b < h from an end has b before it."""
        taps = self.instance.filters.taps
        axes = list(zip(self.windows, taps, strict=True))
        return [
            all(
                (start == 0 or delta >= start - t // 2) and (end == t or delta <= t // 2 - (t - end))
                for delta, ((start, end), t) in zip(shift, axes, strict=True)
            )
            for shift in stripe_shifts(taps, self.instance.filters.stride)
        ]


def _rows(tensor: Tensor, bits: int) -> Lowered:
    return lowered_vectors([tensor.row(c) for c in range(tensor.rows)], bits)


def stripe_size(shape: Sequence[int], stride: Sequence[int]) -> int:
    """Return the number of atoms of a stripe."""
    return shape[0] * math.prod(2 * ((t - 1) // s) + 1 for t, s in zip(shape[2:], stride, strict=True))
