"""Atoms as small images of bytes, for pictures: observed, not proved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..dictionaries.dictionary import Dictionary
from ..dictionaries.unit_atoms import unit_atoms
from ..errors import InputError
from .pairs_picture import columns

LARGEST_SIDE = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class AtomTile:
    """One atom as an image: `pixels` row by row, `channels` (1 or 3) bytes each."""

    atom: int
    height: int
    width: int
    channels: int
    pixels: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class AtomTiles:
    """Some atoms as images, each stretched to its own largest entry.

    `shades` says what a byte means: `signed` 0 in the middle, `nonnegative` and `moduli` (of complex entries) 0 at the
    dark end.
    """

    shades: str
    tiles: tuple[AtomTile, ...]


def atom_tiles(dictionary: Dictionary, shape: tuple[int, ...], atoms: Sequence[int]) -> AtomTiles:
    """Return some atoms as images of `shape` (height, width) or (height, width, 3), entries row by row.

    Larger images are averaged down to 64 pixels a side. Guarantee: none, for pictures only. Raises InputError for a
    shape that does not hold as many numbers as an atom.
    """
    m = dictionary.shape[0]
    height, width, channels = (*shape, 1)[:3]
    if channels not in (1, 3) or height * width * channels != m:
        raise InputError(f"an image of {'x'.join(map(str, shape))} does not hold the {m} entries of an atom")
    two = np.resize(np.array(atoms, dtype=np.intp), max(2, len(atoms)))
    rows = unit_atoms(columns(dictionary, two), np.float32).rows[: len(atoms)]
    is_complex = dictionary.imaginary is not None
    values = np.hypot(rows[:, :m], rows[:, m:]) if is_complex else rows
    shades = "moduli" if is_complex else "signed" if (values < 0).any() else "nonnegative"
    images = _smaller(values.reshape(len(atoms), height, width, channels))
    largest = np.abs(images).max(axis=(1, 2, 3), keepdims=True)
    scaled = images / np.where(largest > 0, largest, 1)
    pixels = np.rint(128 + 127 * scaled if shades == "signed" else 255 * scaled).astype(np.uint8)
    _, tall, wide, _ = pixels.shape
    return AtomTiles(
        shades=shades,
        tiles=tuple(
            AtomTile(atom=atom, height=tall, width=wide, channels=channels, pixels=image.tobytes())
            for atom, image in zip(atoms, pixels, strict=True)
        ),
    )


def _smaller(images: NDArray[np.floating]) -> NDArray[np.floating]:
    """Return means over blocks of pixels, at most 64 a side."""
    for axis in (1, 2):
        size = images.shape[axis]
        if size > LARGEST_SIDE:
            edges = np.linspace(0, size, LARGEST_SIDE + 1).astype(np.intp)
            sums = np.add.reduceat(images, edges[:-1], axis=axis)
            images = sums / np.diff(edges).reshape([-1 if a == axis else 1 for a in range(4)])
    return images
