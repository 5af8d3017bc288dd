"""Filters from arrays and files: which axis is what, and groups and dilation expanded into plain filters."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError, LimitError
from ..files import shown
from .convolution import per_axis
from .convolutional import ConvolutionalDictionary, SourceLayer
from .dictionary import Origin, exact_parts
from .entries import MOST_ENTRIES, Entries
from .members import Wanted, axes_in_words
from .objects import entries_of_object
from .reading import BUILTIN, LONG_DOUBLE, naming, path_of, read_file

MEANINGS = {"c": "filters (code channels)", "m": "signal channels", "h": "rows", "w": "columns", "t": "taps"}
"""What each letter of `axes` means."""
_TORCH = {3: "cmt", 4: "cmhw"}
_GRIDS = ({"t"}, {"h", "w"})


def load_convolutional(
    source: object,
    *,
    axes: str | None = None,
    key: str | None = None,
    stride: int | Sequence[int] = 1,
    dilation: int | Sequence[int] = 1,
    groups: int = 1,
    boundary: str = "full",
) -> ConvolutionalDictionary:
    """Return the convolutional dictionary whose filters a file or another package's object holds.

    Reads the files that `load` reads, and takes arrays and torch tensors. `axes` has one letter for each axis of the
    array, in its order: c code channel (filter), m signal channel, h row and w column, or t for one axis; without c or
    m there is one of them. Without `axes`: torch's order, cmt or cmhw. Filters are those of torch's conv_transpose and
    conv (no flip); with `groups`, filter c of C belongs to group c // (C / groups) and its m are those of its group.
    `key` names the array where a file holds several. Guarantee: entries are kept at exactly the values the source
    holds; what was done stands in `origin.remarks`. Raises InputError, one line that names the source, for anything
    that is no such array, LimitError for what is too large.
    """
    if axes is not None:
        checked_axes(axes)
    wanted = _wanted(axes)
    if isinstance(source, str | bytes | os.PathLike):
        text = path_of(source, "a path")
        if text.startswith(BUILTIN):
            raise InputError(f"{shown(text)}: there are no built-in filters: give a file")
    elif key is not None:
        raise InputError(f"source: the key {key[:60]!r} is for files that hold several arrays")
    else:
        text = f"a {type(source).__name__[:60]}"
    with naming(text):
        if isinstance(source, str | bytes | os.PathLike):
            loader, entries = read_file(text, wanted, key=key)
        else:
            loader, entries = entries_of_object(source, "columns")
        array = _real(entries)
        if loader == "npy" and array.dtype == object:
            loader = LONG_DOUBLE
        letters = axes or _TORCH.get(array.ndim, "")
        filters = arranged(array, letters)
        remarks = (*entries.remarks, "axes: " + axes_in_words(_meanings(letters), array.shape, "are"))
        return expanded(
            filters,
            stride=stride,
            dilation=dilation,
            groups=groups,
            boundary=boundary,
            origin=Origin(source=text, loader=loader, remarks=remarks, key=key),
        )


def checked_axes(axes: str) -> str:
    """Return the letters of `axes`; raise InputError unless they name each axis once, and a grid of t or h and w."""
    letters = set(axes)
    if len(letters) != len(axes) or not letters <= set(MEANINGS) or letters - {"c", "m"} not in _GRIDS:
        meanings = ", ".join(f"{letter} {meaning}" for letter, meaning in MEANINGS.items())
        raise InputError(f"axes: expected each letter once, t or h and w among them ({meanings}), got {axes[:20]!r}")
    return axes


def arranged(array: NDArray[Any], axes: str) -> NDArray[Any]:
    """Return an array whose axes are as the letters say as (c, m, h, w) or (c, m, t), without a copy.

    Raises InputError, with the shape and what each axis would mean, if the number of axes is not that of the letters.
    """
    if len(axes) != array.ndim:
        raise _wanted(axes or None).refused(array.shape)
    order = [letter for letter in "cmhwt" if letter in axes]
    found = array.transpose([axes.index(letter) for letter in order])
    for at, letter in enumerate("cm"):
        if letter not in axes:
            found = np.expand_dims(found, at)
    return found


def expanded(
    weight: NDArray[Any],
    *,
    stride: int | Sequence[int],
    dilation: int | Sequence[int],
    groups: int,
    boundary: str,
    origin: Origin,
    layer: SourceLayer | None = None,
) -> ConvolutionalDictionary:
    """Return the dictionary of a weight (C, M / groups, taps): zero blocks between groups, zeros between taps.

    Raises InputError for a dilation or a number of groups that does not fit, and as `ConvolutionalDictionary.of`.
    """
    kernel = weight.shape[2:]
    spread = _whole(dilation, len(kernel), "dilation")
    if isinstance(groups, bool) or not isinstance(groups, int | np.integer) or groups < 1 or len(weight) % groups:
        raise InputError(f"expected a number of groups that divides the {len(weight)} filters, got {groups}")
    C, own = weight.shape[:2]
    shape = (C, own * groups, *(d * (t - 1) + 1 for d, t in zip(spread, kernel, strict=True)))
    if np.prod([float(n) for n in shape]) > MOST_ENTRIES:
        raise LimitError(f"filters of shape {shape} with groups and dilation have more than {MOST_ENTRIES} entries")
    filters = np.full(shape, 0, dtype=weight.dtype)
    taps = tuple(slice(None, None, d) for d in spread)
    each = C // groups
    for g in range(groups):
        filters[(slice(g * each, (g + 1) * each), slice(g * own, (g + 1) * own), *taps)] = weight[
            g * each : (g + 1) * each
        ]
    known = layer or SourceLayer(padding=(0,) * len(kernel))
    return ConvolutionalDictionary.of(
        filters,
        stride=stride,
        boundary=boundary,
        origin=origin,
        layer=SourceLayer(kind=known.kind, kernel=kernel, groups=groups, dilation=spread, padding=known.padding),
    )


def _whole(values: int | Sequence[int], axes: int, name: str) -> tuple[int, ...]:
    found = per_axis(values, axes, 1)
    if found is None:
        many = "one number" if axes == 1 else "one number or two"
        raise InputError(f"expected a whole {name} of at least 1, {many}, got {str(values)[:40]}")
    return found


def _wanted(axes: str | None) -> Wanted:
    if axes is None:
        return Wanted(dimensions=(4, 3), words="filters with axes cmhw or cmt (say other axes by --axes)")
    words = f"filters with {len(axes)} ax{'i' if len(axes) == 1 else 'e'}s for {axes!r}"
    return Wanted(dimensions=(len(axes),), words=words, meanings=_meanings(axes))


def _meanings(axes: str) -> tuple[str, ...]:
    return tuple(f"{letter}, {MEANINGS[letter]}" for letter in axes)


def _real(entries: Entries) -> NDArray[Any]:
    real, imaginary = exact_parts(entries.real, copy=False)
    if imaginary is not None or entries.imaginary is not None:
        raise InputError("expected real filters, got complex ones")
    return real
