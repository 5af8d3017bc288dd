"""What bounds the error of a layer of filters: products of weights with the filters of a stripe, as floats."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...dictionaries.convolutional import Boundary, ConvolutionalDictionary
from ...errors import InputError
from ..error_bounds import ErrorBounder, ManyMatrices
from ..layer_matrices import LayerMatrices
from ..unrolled import Code
from .unrolled import ConvolutionalNetwork, FilterLayer

Floats = NDArray[np.float64]

Window = tuple[tuple[int, int], ...]

_UNIT = 2.0**-53


class FilterMatrices:
    """The matrices of every layer of a network for filters: rows (c, 0), columns (c', delta) cut to the row's patch.

    With `window` rows are atoms that the boundary 'same' cuts to it: their patch is the window, and columns of atoms
    that would lie before the start or behind the end are zero. Raises InputError if network and filters do not fit.
    """

    def __init__(
        self, network: ConvolutionalNetwork, dictionary: ConvolutionalDictionary, window: Window | None = None
    ) -> None:
        refuse_unfit(network, dictionary)
        self._window = window
        self._stride, self._taps = network.stride, network.shape[2:]
        self._filters = real_filters(dictionary)
        self._exact = dictionary.filter_columns.fits_binary64
        self.one_sided = network.code is Code.nonnegative
        columns = self.columns()
        m, n = columns.shape
        self.sizes = m, n
        self.norms: Floats = np.linalg.norm(columns, axis=0)
        width = n // len(self._filters)
        self.own = np.arange(len(self._filters)) * width + width // 2
        self.kinds = np.repeat(np.arange(len(self._filters)), width)
        self._known: dict[tuple[int, int], LayerMatrices] = {}

    def of(self, layer: Any) -> LayerMatrices:
        """Return the matrices of a layer."""
        key = (id(layer.analysis), id(layer.synthesis))
        if key not in self._known:
            self._known[key] = self._made(layer)
        return self._known[key]

    def columns(self, filters: Floats | None = None) -> Floats:
        """Return the atoms of a stripe, cut to the taps of its own atom, as the columns of a matrix, by (c', delta).

        The filters are those of the dictionary unless others are given.
        """
        filters = self._filters if filters is None else filters
        count, channels = filters.shape[:2]
        reaches = [(t - 1) // s for t, s in zip(self._taps, self._stride, strict=True)]
        found: list[Floats] = []
        for shift in product(*(range(-reach, reach + 1) for reach in reaches)):
            moved = np.zeros((count, channels, *self._taps))
            here: list[slice] = []
            there: list[slice] = []
            for delta, s, t in zip(shift, self._stride, self._taps, strict=True):
                here.append(slice(max(0, delta * s), min(t, t + delta * s)))
                there.append(slice(max(0, -delta * s), min(t, t - delta * s)))
            moved[(slice(None), slice(None), *here)] = filters[(slice(None), slice(None), *there)]
            found.append(self._seen(moved, shift).reshape(count, -1))
        return np.stack(found, axis=1).reshape(count * len(found), -1).T

    def _seen(self, filters: Floats, shift: Sequence[int]) -> Floats:
        """Return the filters cut to the window; zeros if there is no atom at this shift from one with the window."""
        if self._window is None:
            return filters
        for delta, (start, stop), t in zip(shift, self._window, self._taps, strict=True):
            if (start and delta < start - t // 2) or (stop < t and delta > stop - t + t // 2):
                return np.zeros_like(filters)
        cut = np.zeros_like(filters)
        inside = (slice(None), slice(None), *(slice(*part) for part in self._window))
        cut[inside] = filters[inside]
        return cut

    def _made(self, layer: FilterLayer) -> LayerMatrices:
        whole = np.asarray(layer.analysis, dtype=np.float64)
        weights = self._seen(whole, (0,) * len(self._taps)).reshape(len(self._filters), -1)
        stored = np.asarray(layer.synthesis, dtype=np.float64)
        synthesis, m = self.columns(stored), self.sizes[0]
        norms, columns = np.linalg.norm(weights, axis=1), np.linalg.norm(synthesis, axis=0)
        rounding = 2 * (m + 2) * _UNIT * np.outer(norms, columns)
        state = -(weights @ synthesis)
        state[np.arange(len(self.own)), self.own] += 1
        difference = self.columns(self._filters - stored)
        differences = np.linalg.norm(difference, axis=0) + (0 if self._exact else _UNIT * self.norms)
        residual = None
        if differences.any():
            residual = np.abs(weights @ difference) + np.outer(norms, differences * (m + 2) * 2 * _UNIT)
            if not self._exact:
                residual += np.outer(norms, _UNIT * self.norms)
        cross = np.maximum(0, -state) + rounding if self.one_sided else None
        same = (np.maximum(0, state) if self.one_sided else np.abs(state)) + rounding
        largest = float(max(np.abs(whole).max(), np.abs(stored).max()))
        return LayerMatrices(
            same=same,
            cross=cross,
            residual=residual,
            norms=norms,
            largest=largest,
            columns=columns,
            differences=differences,
            signal=weights,
        )


def bounder(network: ConvolutionalNetwork, dictionary: ConvolutionalDictionary) -> ErrorBounder:
    """Return what bounds the errors of a network for filters; raise InputError if they do not fit."""
    return ErrorBounder(network, all_matrices(network, dictionary))


def all_matrices(network: ConvolutionalNetwork, dictionary: ConvolutionalDictionary) -> FilterMatrices | ManyMatrices:
    """Return the matrices of a network for filters, for 'same' those of every way in which an atom is cut."""
    if dictionary.boundary is not Boundary.same:
        return FilterMatrices(network, dictionary)
    axes = [
        [(k, t) for k in range(t // 2 + 1)] + [(0, t - k) for k in range(1, t // 2 + 1)] for t in dictionary.support
    ]
    return ManyMatrices(parts=tuple(FilterMatrices(network, dictionary, window) for window in product(*axes)))


def real_filters(dictionary: ConvolutionalDictionary) -> Floats:
    """Return the filters rounded to binary64; raise InputError where they are out of its range."""
    with np.errstate(over="ignore"):
        try:
            filters = np.asarray(dictionary.filters, dtype=np.float64)
        except OverflowError:
            filters = np.full(dictionary.filters.shape, np.inf)
    if not np.isfinite(filters).all() or not (np.abs(filters) > 0).reshape(len(filters), -1).any(axis=1).all():
        raise InputError("the entries of the filters are out of the range of binary64: scale the filters")
    return filters


def refuse_unfit(network: ConvolutionalNetwork, dictionary: ConvolutionalDictionary) -> None:
    """Raise InputError unless shape, stride and boundary are the same."""
    for name, one, other in (
        ("shape", network.shape, dictionary.filters.shape),
        ("stride", network.stride, dictionary.stride),
        ("boundary", network.boundary, dictionary.boundary.value),
    ):
        if one != other:
            raise InputError(
                f"network and filters do not belong together: the network is for {name} {one}, these have {other}"
            )
