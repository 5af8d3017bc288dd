"""The mutual coherence mu(D), exactly: found at the speed of a matrix product, proved on the few pairs that can win."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from ..dictionaries.dictionary import Dictionary, IntegerAtoms
from ..dictionaries.unit_atoms import UnitAtoms, unit_atoms
from ..exact import gram_matrix
from ..progress import Progress, silent
from ..rounding import float_lower

_TILE = (1024, 1024)
_MANY_ATOMS = 16384
"""From here on tiles are twice as wide: fewer and longer products, which a busy machine interrupts less."""
_FEW_PAIRS = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class MutualCoherence:
    """mu^2 as an exact rational number, and a pair of atoms that attains it."""

    squared: Fraction
    pair: tuple[int, int]

    @property
    def largest_level(self) -> int | None:
        """The greatest k with (2k - 1) mu < 1; None if mu = 0, when every k will do."""
        if self.squared == 0:
            return None
        # (2k-1)^2 mu^2 < 1 in integers: 2k - 1 is at most the greatest r with r^2 mu^2 < 1.
        return (math.isqrt(math.ceil(1 / self.squared) - 1) + 1) // 2


@dataclass(frozen=True, slots=True)
class _Tile:
    rows: slice
    columns: slice

    @property
    def pairs(self) -> int:
        return (self.rows.stop - self.rows.start) * (self.columns.stop - self.columns.start)

    @property
    def on_diagonal(self) -> bool:
        return self.columns.start < self.rows.stop

    def above_diagonal(self, moduli: NDArray[np.floating]) -> NDArray[np.floating]:
        """Set what is not above the diagonal of the whole matrix to -1, in place."""
        if self.on_diagonal:
            i = np.arange(self.rows.start, self.rows.stop)[:, None]
            j = np.arange(self.columns.start, self.columns.stop)[None, :]
            moduli[i >= j] = -1
        return moduli


def mutual_coherence(dictionary: Dictionary, progress: Progress = silent) -> MutualCoherence:
    """Return mu(D)^2 = max_{i<j} |<d_i, d_j>|^2 / (N_i^2 N_j^2) exactly, with an attaining pair.

    Works for real and complex floats, integers and rationals. Floats only propose: a tiled Gram matrix over the upper
    triangle, in the precision of the data, bounds every pair to within a proven rounding error; the pairs that can
    still be the maximum are bounded again in binary64, and what is left is computed in exact integers.

    Guarantee: exact, for matrix products that sum in any order (no Strassen-like algorithm, no TF32 or bfloat16).
    Cost: one product of half the Gram matrix, and memory for one scaled copy of the atoms and one tile. Source: theory
    of inner-product errors, Higham 2002, section 3.1.
    """
    n = dictionary.shape[1]
    dtype = np.float32 if dictionary.real.dtype in (np.float16, np.float32) else np.float64
    tiles = _scan(unit_atoms(dictionary, dtype), list(_tiles(n)), progress)
    if dtype is np.float32:
        tiles = _scan_selected(dictionary, tiles)
    return _exact_maximum(dictionary, tiles, progress)


def _tiles(n: int) -> Iterator[_Tile]:
    height, width = _TILE[0], _TILE[1] * (2 if n >= _MANY_ATOMS else 1)
    for row in range(0, n, height):
        for column in range(row - row % width, n, width):
            yield _Tile(slice(row, min(row + height, n)), slice(column, min(column + width, n)))


def _scan(atoms: UnitAtoms, tiles: list[_Tile], progress: Progress) -> list[_Tile]:
    """Return the tiles that can hold the maximum."""
    maxima: list[float] = []
    buffer = np.empty(max(tile.pairs for tile in tiles), dtype=atoms.rows.dtype)
    for done, tile in enumerate(tiles):
        maxima.append(_tile_maximum(atoms, tile, buffer))
        progress("coherence", done + 1, len(tiles))
    return [tile for tile, value in zip(tiles, maxima, strict=True) if value >= _threshold(max(maxima), atoms.error)]


def _tile_maximum(atoms: UnitAtoms, tile: _Tile, buffer: NDArray[np.floating]) -> float:
    if atoms.turned is not None or tile.on_diagonal:
        return float(tile.above_diagonal(atoms.moduli(tile.rows, tile.columns)).max())
    left, right = atoms.rows[tile.rows], atoms.rows[tile.columns]
    product = buffer[: len(left) * len(right)].reshape(len(left), len(right))
    np.matmul(left, right.T, out=product)
    return max(float(product.max()), -float(product.min()))


def _threshold(best: float, error: Fraction) -> float:
    """Return a float below which no computed modulus can belong to the true maximum."""
    return float_lower(Fraction(best) - 2 * error)


def _scan_selected(dictionary: Dictionary, tiles: list[_Tile]) -> list[_Tile]:
    """Bound the few tiles that are left again, in binary64; return those that can still hold the maximum."""
    maxima: list[float] = []
    error = Fraction(0)
    for tile in tiles:
        atoms, local = _local_atoms(dictionary, tile)
        error = atoms.error
        maxima.append(float(tile.above_diagonal(atoms.moduli(*local)).max()))
    return [tile for tile, value in zip(tiles, maxima, strict=True) if value >= _threshold(max(maxima), error)]


def _local_atoms(dictionary: Dictionary, tile: _Tile) -> tuple[UnitAtoms, tuple[slice, slice]]:
    """Return the atoms of one tile in binary64 and where its rows and columns are among them."""
    height, width = tile.rows.stop - tile.rows.start, tile.columns.stop - tile.columns.start
    indices = np.r_[tile.rows, tile.columns]
    selected = Dictionary(
        real=dictionary.real[:, indices],
        imaginary=None if dictionary.imaginary is None else dictionary.imaginary[:, indices],
    )
    return unit_atoms(selected), (slice(0, height), slice(height, height + width))


def _exact_maximum(dictionary: Dictionary, tiles: list[_Tile], progress: Progress) -> MutualCoherence:
    best = MutualCoherence(squared=Fraction(-1), pair=(0, 1))
    for done, tile in enumerate(tiles):
        atoms, local = _local_atoms(dictionary, tile)
        moduli = tile.above_diagonal(atoms.moduli(*local))
        floor = max(float(moduli.max()), math.sqrt(max(0.0, float_lower(best.squared))) * (1 - 2**-50))
        candidates = np.argwhere(moduli >= _threshold(floor, atoms.error))
        if len(candidates):
            found = _best_of(dictionary, candidates + np.array([tile.rows.start, tile.columns.start]))
            if found.squared > best.squared:
                best = found
        progress("exact coherence", done + 1, len(tiles))
    return best


def _best_of(dictionary: Dictionary, pairs: NDArray[np.integer]) -> MutualCoherence:
    """Return the greatest coherence among some pairs i < j, in exact integers."""
    (left_names, left), (right_names, right) = (np.unique(pairs[:, k], return_inverse=True) for k in (0, 1))
    first, second = dictionary.integer_atoms(left_names.tolist()), dictionary.integer_atoms(right_names.tolist())
    local = list(zip(left.tolist(), right.tolist(), strict=True))
    if len(pairs) <= _FEW_PAIRS:
        squares = [first.inner_product_squared(i, second, j) for i, j in local]
    else:
        squares = _many_inner_products_squared(first, second, local)
    norms, other_norms = first.squared_norms, second.squared_norms
    best, at = Fraction(-1), 0
    seen: set[tuple[int, int]] = set()
    for k, (i, j) in enumerate(local):
        key = (squares[k], norms[i] * other_norms[j])
        if key not in seen:
            seen.add(key)
            value = Fraction(*key)
            if value > best:
                best, at = value, k
    return MutualCoherence(squared=best, pair=(int(pairs[at, 0]), int(pairs[at, 1])))


def _many_inner_products_squared(first: IntegerAtoms, second: IntegerAtoms, pairs: list[tuple[int, int]]) -> list[int]:
    """Return |<a_i, b_j>|^2 for many pairs, from exact Gram matrices of the integer atoms."""
    real = gram_matrix(first.real, second.real)
    if first.imaginary is None or second.imaginary is None:
        return [real[i][j] ** 2 for i, j in pairs]
    same = gram_matrix(first.imaginary, second.imaginary)
    mixed, other = gram_matrix(first.real, second.imaginary), gram_matrix(first.imaginary, second.real)
    return [(real[i][j] + same[i][j]) ** 2 + (mixed[i][j] - other[i][j]) ** 2 for i, j in pairs]
