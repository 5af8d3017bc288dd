"""A convolutional dictionary: all shifts of a few filters over a grid of one or two axes, for signals of any size."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..errors import InputError, LimitError
from . import convolution
from .dictionary import Dictionary, Origin, Real, digest_after, exact_fractions, exact_parts
from .entries import MOST_ENTRIES

Lengths = tuple[int, ...]
"""One whole number for each axis of the grid."""


class Boundary(StrEnum):
    """What happens at the ends of a signal: no atom is cut; positions are counted modulo the period; atoms are cut."""

    full = "full"
    circular = "circular"
    same = "same"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLayer:
    """The layer that filters were given as: `kind` (`filters`, or a class of torch), kernel, groups and dilation.

    `padding` is what torch pads (`conv`) or crops (`conv_transpose`) at either end of each axis, zeros or circularly.
    """

    kind: str = "filters"
    kernel: Lengths = ()
    groups: int = 1
    dilation: Lengths = ()
    padding: Lengths = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class ConvolutionalDictionary:
    """Filters F of shape (C, M, t_1[, t_2]): C code channels, M signal channels, taps on a grid; stride and boundary.

    F is torch's weight of `conv_transpose{1,2}d` (C in, M out): the signal of a code is conv_transpose(x, F, stride),
    and D^T y is conv(y, F, stride), so that a convolutional layer with this weight is the analysis. Atom (c, p) is
    filter c at p * stride: d_(c,p)[m, q] = F[c, m, q - p * stride]. Groups and dilation of a source are expanded into
    F. The entries are taken at exactly the values they hold. Build one with `of`, `from_module`, or
    `load_convolutional`, which check it. Source: Papyan, Sulam, Elad 2017; docs/convolutional.md.
    """

    filters: Real
    stride: Lengths
    boundary: Boundary
    origin: Origin = field(default_factory=Origin)
    layer: SourceLayer = field(default_factory=SourceLayer)

    @staticmethod
    def of(
        filters: ArrayLike,
        *,
        stride: int | Sequence[int] = 1,
        boundary: str = "full",
        origin: Origin | None = None,
        layer: SourceLayer | None = None,
    ) -> ConvolutionalDictionary:
        """Return the dictionary of an array of filters, (C, M, t_1) or (C, M, t_1, t_2).

        Raises InputError, one line, for another number of axes, entries that are not real finite numbers, a zero
        filter, a stride that is no whole number from 1 to the filter's length (one for all axes, or one each), an
        unknown boundary, and for 'same' a stride above 1 or a filter of even length.
        """
        real, imaginary = exact_parts(filters)
        if imaginary is not None:
            raise InputError("expected real filters, got complex ones")
        if real.ndim not in (3, 4):
            raise InputError(
                "expected filters of shape (code channels, signal channels, taps) or (code channels, signal channels, "
                f"rows, columns), got shape {real.shape}"
            )
        if real.size == 0:
            raise InputError(f"expected at least one filter, channel and tap, got shape {real.shape}")
        if real.size > MOST_ENTRIES:
            raise LimitError(f"{real.size} entries of filters, and at most {MOST_ENTRIES} are taken")
        _refuse_bad_filters(real)
        kept: Real = np.ascontiguousarray(real)  # type: ignore[assignment] - the type of one alternative
        kept.flags.writeable = False
        support = real.shape[2:]
        if boundary not in list(Boundary):
            raise InputError(f"expected the boundary full, circular or same, got {str(boundary)[:40]!r}")
        steps = _checked_stride(stride, support)
        if boundary == Boundary.same and set(steps) != {1}:
            raise InputError(f"expected stride 1 for the boundary 'same', got {_listed(steps)}")
        if boundary == Boundary.same and any(t % 2 == 0 for t in support):
            raise InputError(
                f"expected filters of odd length for the boundary 'same', where they are centred, "
                f"got {_listed(support)}"
            )
        return ConvolutionalDictionary(
            filters=kept,
            stride=steps,
            boundary=Boundary(boundary),
            origin=origin or Origin(),
            layer=layer or SourceLayer(kernel=support, dilation=(1,) * len(support), padding=(0,) * len(support)),
        )

    @staticmethod
    def from_module(module: object, *, boundary: str | None = None) -> ConvolutionalDictionary:
        """Return the dictionary of a torch Conv1d, Conv2d, ConvTranspose1d or ConvTranspose2d, as `module_filters`."""
        from .filters_of_module import module_filters

        return module_filters(module, boundary)

    @property
    def channels(self) -> tuple[int, int]:
        """(C, M): code channels (filters) and signal channels."""
        return self.filters.shape[0], self.filters.shape[1]

    @property
    def support(self) -> Lengths:
        """(t_1[, t_2]): the filters' length on each axis, dilation included."""
        return self.filters.shape[2:]

    @property
    def grid_axes(self) -> int:
        """1 or 2."""
        return len(self.stride)

    @property
    def offset(self) -> Lengths:
        """How many taps stand before an atom's position on each axis: (t-1)/2 for 'same', else none."""
        return tuple((t - 1) // 2 if self.boundary is Boundary.same else 0 for t in self.support)

    @property
    def reach(self) -> Lengths:
        """(t-1)//stride on each axis: atoms whose positions differ by more on one axis do not meet."""
        return tuple((t - 1) // s for t, s in zip(self.support, self.stride, strict=True))

    @property
    def least_code(self) -> Lengths:
        """The least code lengths for which every statement from the filters alone holds.

        1 for 'full'; for 'circular' those with a period of at least 2t-1; for 'same' the filters' lengths t.
        """
        if self.boundary is Boundary.full:
            return (1,) * self.grid_axes
        if self.boundary is Boundary.same:
            return self.support
        return tuple(-(-(2 * t - 1) // s) for t, s in zip(self.support, self.stride, strict=True))

    @cached_property
    def digest(self) -> str:
        """SHA-256 of shape, stride, boundary and exact values (certificates/SPEC.md section 3)."""
        shape, steps = " ".join(map(str, self.filters.shape)), " ".join(map(str, self.stride))
        head = f"sparse-verify filters\nreal {shape}\nstride {steps}\nboundary {self.boundary}\n"
        return digest_after(head, (self.filters.reshape(self.filters.shape[0], -1),))

    @cached_property
    def filter_columns(self) -> Dictionary:
        """The filters, with all their taps, as the columns of a matrix; there may be one only."""
        return Dictionary(real=self.filters.reshape(self.filters.shape[0], -1).T, origin=self.origin)

    @property
    def interior(self) -> ConvolutionalDictionary:
        """The same filters, none cut: for 'same' what stands away from the ends of a signal."""
        return replace(self, boundary=Boundary.full)

    def signal_lengths(self, code: Sequence[int]) -> Lengths:
        """Return the lengths of the signals whose codes have these lengths, without the channels."""
        code = self._lengths(code, "code")
        if self.boundary is Boundary.full:
            return tuple((n - 1) * s + t for n, s, t in zip(code, self.stride, self.support, strict=True))
        return tuple(n * s for n, s in zip(code, self.stride, strict=True))

    def code_lengths(self, signal: Sequence[int]) -> Lengths:
        """Return the lengths of the codes of signals of these lengths; raise InputError where none fits."""
        signal = self._lengths(signal, "signal")
        for n, s, t in zip(signal, self.stride, self.support, strict=True):
            if n < t:
                raise InputError(f"expected signals at least as long as the filters, {_listed(self.support)}, got {n}")
            left = (n - t) % s if self.boundary is Boundary.full else n % s
            if left:
                wanted = f"{t} plus a multiple" if self.boundary is Boundary.full else "a multiple"
                raise InputError(f"expected signals whose length is {wanted} of the stride {s}, got {n}")
        if self.boundary is Boundary.full:
            return tuple((n - t) // s + 1 for n, s, t in zip(signal, self.stride, self.support, strict=True))
        return tuple(n // s for n, s in zip(signal, self.stride, strict=True))

    def atom_index(self, channel: int, position: Sequence[int], code: Sequence[int]) -> int:
        """Return the column of an atom in `matrix(code)`: channels one after another, positions row by row."""
        code = self._lengths(code, "code")
        place = (channel, *position)
        inside = len(place) == len(code) + 1 and 0 <= channel < self.channels[0]
        if not inside or not all(0 <= p < n for p, n in zip(position, code, strict=True)):
            raise InputError(
                f"expected a channel below {self.channels[0]} and a position below {_listed(code)}, got {place}"
            )
        return int(np.ravel_multi_index(place, (self.channels[0], *code)))

    def synthesis(self, codes: ArrayLike) -> NDArray[Any]:
        """Return D x for codes of shape (..., C, l_1[, l_2]): signals (..., M, n_1[, n_2]).

        Guarantee: exact where filters or codes are `Fraction` objects, or both are integers; else in floats. Cost: a
        product with each tap. Raises InputError for codes of another shape.
        """
        array = self._with_channels(codes, self.channels[0], "codes")
        lengths = array.shape[array.ndim - self.grid_axes :]
        return convolution.synthesis(self._geometry(lengths), self.filters, array)

    def analysis(self, signals: ArrayLike) -> NDArray[Any]:
        """Return D^T y for signals of shape (..., M, n_1[, n_2]): (..., C, l_1[, l_2]). As `synthesis`."""
        array = self._with_channels(signals, self.channels[1], "signals")
        lengths = array.shape[array.ndim - self.grid_axes :]
        return convolution.analysis(self._geometry(self.code_lengths(lengths)), self.filters, array)

    def matrix(self, code: Sequence[int]) -> Dictionary:
        """Return the atoms of codes of these lengths as the columns of a dictionary, for small sizes.

        Rows are (m, q), columns (c, p), both row by row. Guarantee: exact, also where a period is shorter than the
        filters and taps add. Raises InputError where a cut atom is zero or there is one atom only, LimitError for a
        matrix too large to build.
        """
        code = self._lengths(code, "code")
        (C, M), signal = self.channels, self.signal_lengths(code)
        rows, columns = M * math.prod(signal), C * math.prod(code)
        if rows * columns > MOST_ENTRIES:
            raise LimitError(f"the matrix of all shifts would be {rows} x {columns}, more than {MOST_ENTRIES} entries")
        filters = self.filters
        if self.boundary is Boundary.circular and any(n < t for n, t in zip(signal, self.support, strict=True)):
            filters = exact_fractions(filters)  # taps add, and floats would round
        matrix = convolution.matrix(self._geometry(code), filters).reshape(rows, columns)
        zero = np.flatnonzero(~(matrix != 0).any(axis=0))
        if len(zero):
            c, *position = (int(x) for x in np.unravel_index(zero[0], (C, *code)))
            raise InputError(f"expected nonzero atoms, got filter {c} cut to zero at position {_listed(position)}")
        source = f"{self.origin.source}, codes of length {_listed(code)}, boundary {self.boundary}"
        return Dictionary.from_parts(matrix, None, origin=Origin(source=source, loader="all shifts"))

    def _geometry(self, code: Lengths) -> convolution.Geometry:
        return convolution.Geometry(
            support=self.support,
            stride=self.stride,
            offset=self.offset,
            wraps=self.boundary is Boundary.circular,
            code=code,
            signal=self.signal_lengths(code),
        )

    def _lengths(self, lengths: Sequence[int], what: str) -> Lengths:
        values = convolution.per_axis(lengths, self.grid_axes, 1)
        if values is None or isinstance(lengths, int | np.integer):
            axes = "one length" if self.grid_axes == 1 else "two lengths"
            raise InputError(f"expected a tuple of {axes} of at least 1 for a {what}, got {str(lengths)[:60]}")
        return values

    def _with_channels(self, entries: ArrayLike, channels: int, what: str) -> NDArray[Any]:
        real, imaginary = exact_parts(entries, copy=False)
        if imaginary is not None:
            raise InputError(f"expected real {what}, got complex ones")
        at = real.ndim - self.grid_axes - 1
        if at < 0 or real.shape[at] != channels:
            axes = "lengths" if self.grid_axes == 2 else "length"
            raise InputError(f"expected {what} of shape (..., {channels}, {axes}), got shape {real.shape}")
        return real


def _refuse_bad_filters(real: Real) -> None:
    if real.dtype.kind == "f" and not np.isfinite(real).all():
        at = tuple(int(x) for x in np.argwhere(~np.isfinite(real))[0])
        raise InputError(f"expected finite numbers, got {real[at]} in filter {at[0]}, at {at[1:]}")
    zero = np.flatnonzero(~(real != 0).reshape(len(real), -1).any(axis=1))
    if len(zero):
        more = f" (and {len(zero) - 1} more)" if len(zero) > 1 else ""
        raise InputError(f"expected nonzero filters, got zeros only in filter {zero[0]}{more}")


def _checked_stride(stride: int | Sequence[int], support: Lengths) -> Lengths:
    steps = convolution.per_axis(stride, len(support), 1)
    if steps is None:
        axes = "one axis" if len(support) == 1 else "two axes"
        raise InputError(f"expected a whole stride of at least 1 for {axes}, got {str(stride)[:40]}")
    if any(s > t for s, t in zip(steps, support, strict=True)):
        raise InputError(
            f"expected a stride of at most the filters' length {_listed(support)}, got {_listed(steps)}: "
            "between the atoms there would be entries that none reaches"
        )
    return steps


def _listed(lengths: Sequence[int]) -> str:
    return " x ".join(map(str, lengths))
