"""Images of atoms in a page: bytes of grey or colour as PNG, inside the page."""

from __future__ import annotations

import base64
import struct
import zlib
from dataclasses import dataclass

from ..errors import InputError


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One atom as an image: `pixels` row by row, `channels` (1 grey, 3 colour) bytes each.

    Raises InputError for other channels, or for another number of bytes.
    """

    atom: int
    height: int
    width: int
    channels: int
    pixels: bytes

    def __post_init__(self) -> None:
        wanted = self.height * self.width * self.channels
        if self.channels not in (1, 3) or len(self.pixels) != wanted:
            raise InputError(
                f"a tile of {self.height} x {self.width} pixels with {self.channels} channels (1 or 3) has {wanted} "
                f"bytes, got {len(self.pixels)}"
            )


def name(atom: int | Tile) -> str:
    """Return the number of an atom."""
    return str(atom.atom if isinstance(atom, Tile) else atom)


def png_address(tile: Tile) -> str:
    """Return the image as a `data:` address of a PNG; the same tile gives the same address."""
    return "data:image/png;base64," + base64.b64encode(_png(tile)).decode("ascii")


def _png(tile: Tile) -> bytes:
    stride = tile.width * tile.channels
    lines = b"".join(b"\0" + tile.pixels[at : at + stride] for at in range(0, len(tile.pixels), stride))
    head = struct.pack(">IIBBBBB", tile.width, tile.height, 8, 2 if tile.channels == 3 else 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
