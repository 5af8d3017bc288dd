"""Products of convolutional dictionaries that are such again: filters are composed, strides multiply."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError, LimitError
from ..exact import gram_matrix
from .convolutional import Boundary, ConvolutionalDictionary
from .dictionary import Origin, Real
from .entries import MOST_ENTRIES

_MOST_WORK = 200_000_000_000
"""Of multiplications times the squared length of the numbers in machine words: some ten seconds."""


def composed(first: ConvolutionalDictionary, second: ConvolutionalDictionary) -> ConvolutionalDictionary:
    """Return D_1 D_2 as a convolutional dictionary: y = D_1 (D_2 x).

    F[c, m, w] = sum over b, v of F_2[c, b, v] F_1[b, m, w - v * stride_1], of length (t_2 - 1) * stride_1 + t_1; the
    stride is stride_1 * stride_2. Guarantee: the entries are exact, binary64 where each of them is one, else `Fraction`
    objects. Raises InputError where the channels or the axes do not fit, for a product that is no convolutional
    dictionary (two boundaries, or 'same', where the middle code is cut; unless one has filters of length 1) or has a
    zero filter, LimitError if it is too much work.
    """
    if first.grid_axes != second.grid_axes:
        raise InputError(f"expected two dictionaries on one grid, got {first.grid_axes} and {second.grid_axes} axes")
    if first.channels[0] != second.channels[1]:
        raise InputError(
            f"expected the second dictionary to have {first.channels[0]} signal channels, one for each filter of the "
            f"first, got {second.channels[1]}"
        )
    boundary = _boundary(first, second)
    support = tuple((u - 1) * s + t for t, s, u in zip(first.support, first.stride, second.support, strict=True))
    filters = _filters(first, second, support)
    source = f"the product of {first.origin.source} and {second.origin.source}"
    try:
        return ConvolutionalDictionary.of(
            filters,
            stride=tuple(s * r for s, r in zip(first.stride, second.stride, strict=True)),
            boundary=boundary,
            origin=Origin(source=source, loader="product"),
        )
    except InputError as error:
        raise type(error)(f"{source}: {error}") from None


def _boundary(first: ConvolutionalDictionary, second: ConvolutionalDictionary) -> Boundary:
    for pointwise, other in ((first, second), (second, first)):
        if set(pointwise.support) == {1}:  # then the stride is 1 too
            return other.boundary
    if first.boundary is not second.boundary:
        raise InputError(
            f"expected one boundary for both dictionaries, got '{first.boundary}' and '{second.boundary}': "
            "their product is no convolutional dictionary"
        )
    if first.boundary is Boundary.same:
        raise InputError(
            "expected the boundary full or circular for a product: with 'same' the middle code is cut, "
            "and the product is no convolutional dictionary"
        )
    return first.boundary


def _filters(first: ConvolutionalDictionary, second: ConvolutionalDictionary, support: tuple[int, ...]) -> Real:
    (B, M), C = first.channels, second.channels[0]
    size = C * M * math.prod(support)
    left, unit = _integers(second.filters, 1)
    right, other = _integers(first.filters, 0)
    words = (_bits(left) + _bits(right)) // 64 + 1
    work = len(left) * len(right) * B * words * words
    if size > MOST_ENTRIES or work > _MOST_WORK:
        shapes = f"{first.filters.shape} and {second.filters.shape}"
        raise LimitError(f"an exact product of filters of the shapes {shapes} is too much work")
    products = np.array(gram_matrix(left, right), dtype=object)
    products = products.reshape(C, *second.support, M, *first.support)
    whole: Any = np.full((C, M, *support), 0, dtype=object)
    for taps in product(*map(range, second.support)):
        starts = [v * s for v, s in zip(taps, first.stride, strict=True)]
        box = tuple(slice(at, at + t) for at, t in zip(starts, first.support, strict=True))
        whole[(slice(None), slice(None), *box)] += products[(slice(None), *taps)]
    exact: Any = np.frompyfunc(lambda value: Fraction(value, unit * other), 1, 1)(whole)
    try:
        floats = exact.astype(np.float64)
    except OverflowError:
        return exact
    return floats if (floats == exact).all() else exact


def _integers(filters: NDArray[Any], inner: int) -> tuple[list[list[int]], int]:
    """Return filters, times one common denominator, as rows over the axis `inner`; the others row by row."""
    rows = np.moveaxis(filters, inner, -1).reshape(-1, filters.shape[inner]).tolist()
    ratios = [[value.as_integer_ratio() for value in row] for row in rows]
    common = math.lcm(*{q for row in ratios for _, q in row})
    return [[p * (common // q) for p, q in row] for row in ratios], common


def _bits(rows: list[list[int]]) -> int:
    return max(value.bit_length() for row in rows for value in row)
