"""Frames whose angles are all equal, or take two values, from finite geometry and number theory."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from ...errors import InputError
from ..entries import Entries
from ..roots_of_unity import roots_of_unity
from .arguments import is_prime, numbers, refuse_too_large
from .bases import hadamard
from .fields import PrimeField

_ROUNDED = "each part the nearest binary64, and that matrix is what is measured and certified"
_MOST_POINTS = 64


def simplex(arguments: str) -> Entries:
    """The n vertices of a regular simplex, in R^n."""
    (n,) = numbers(arguments, "#", "n >= 2")
    if n < 2:
        raise InputError(f"expected n >= 2, got {n}")
    refuse_too_large(n, n, 8)
    real = n * np.eye(n, dtype=np.int64) - 1
    return Entries(real=real, remarks=("atoms n e_i - (1, ..., 1) in integers, not normalised: rank n - 1, sum zero",))


def mercedes_benz(arguments: str) -> Entries:
    """Three atoms of the plane at angles of 120 degrees."""
    if arguments:
        raise InputError(f"expected no argument, got {arguments[:40]!r}")
    roots = roots_of_unity(3) * 1j
    real = np.array([roots.real, roots.imag]) + 0.0
    remark = f"{_ROUNDED}; simplex:3 is the same frame in exact integers, in three dimensions"
    return Entries(real=real, remarks=(remark,))


def steiner(arguments: str) -> Entries:
    """Equiangular tight frame of a Steiner system: a row per block; to each point belong rows of a Hadamard matrix.

    A point is in r blocks and has r + 1 atoms: column by column, the rows of H of order r + 1 without the first entry.
    Blocks are all pairs of v points, v a power of two, or the lines of the binary projective space on 2^d - 1 points.
    """
    m, n = numbers(arguments, "#x#", "mxn, for example 6x16")
    for points, blocks in _steiner_systems(n):
        through = (points - 1) // (len(blocks[0]) - 1)
        if (len(blocks), points * (through + 1)) == (m, n):
            refuse_too_large(m, n, 8)
            return _steiner_frame(points, blocks, through)
    raise InputError(f"expected {', '.join(_STEINER_SIZES)} (and so on), got {arguments[:40]!r}")


_STEINER_SIZES = ("6x16", "28x64", "120x256", "7x28", "35x120", "155x496")


def _steiner_systems(n: int) -> list[tuple[int, list[tuple[int, ...]]]]:
    """Return the systems whose frames may have n atoms: number of points, and the blocks."""
    systems: list[tuple[int, list[tuple[int, ...]]]] = []
    for d in range(2, 7):
        points = 2**d
        if points * points == n:
            systems.append((points, list(combinations(range(points), 2))))
        lines = points - 1
        if lines * (points // 2) == n and d > 2:
            blocks = [(a - 1, b - 1, (a ^ b) - 1) for a, b in combinations(range(1, points), 2) if b < a ^ b]
            systems.append((lines, blocks))
    return systems


def _steiner_frame(points: int, blocks: list[tuple[int, ...]], through: int) -> Entries:
    rows = hadamard(through + 1)
    real = np.zeros((len(blocks), points * (through + 1)), dtype=np.int64)
    for point in range(points):
        at = [row for row, block in enumerate(blocks) if point in block]
        real[at, (through + 1) * point : (through + 1) * (point + 1)] = rows[1:]
    return Entries(real=real, remarks=(f"entries 0, 1, -1, not normalised: every atom has norm sqrt({through})",))


def harmonic(arguments: str) -> Entries:
    """The rows of the n-point Fourier matrix whose numbers form a difference set: equiangular and tight.

    `residues:p`: the squares modulo a prime p = 3 mod 4, (p - 1)/2 rows; `singer:q`: q prime, the q + 1 powers of a
    generator of GF(q^3) that lie in a plane, modulo q^2 + q + 1.
    """
    rows, n = difference_set(arguments)
    real = roots_of_unity(n)[np.outer(rows, np.arange(n)) % n]
    return Entries(real=real, remarks=(f"rows {_short(rows)} of exp(-2 pi i j k / {n}): {_ROUNDED}",))


def difference_set(arguments: str) -> tuple[NDArray[np.int64], int]:
    """Return the numbers of the difference set `residues:p` or `singer:q`, and the modulus, see `harmonic`."""
    kind, _, number = arguments.partition(":")
    wanted = "residues:p, p a prime of the form 4 l + 3, or singer:q, q a prime"
    (p,) = numbers(number, "#", wanted)
    if p > 10_000 or not is_prime(p) or kind not in ("residues", "singer") or (kind == "residues" and p % 4 != 3):
        raise InputError(f"expected {wanted}, got {arguments[:40]!r}")
    n, count = (p, (p - 1) // 2) if kind == "residues" else (p * p + p + 1, p + 1)
    refuse_too_large(count, n, 16)
    return _squares(p) if kind == "residues" else _plane(p), n


def paley(arguments: str) -> Entries:
    """p I + C, C the Paley conference matrix of order p^2 + 1: p^2 + 1 atoms that span half as many dimensions.

    C is symmetric with C^2 = p^2 I and entries 0 on the diagonal and 1, -1 off it; so (p I + C)^2 = 2p (p I + C).
    """
    (p,) = numbers(arguments, "#", "p, an odd prime")
    if p > 100 or not is_prime(p) or p == 2:
        raise InputError(f"expected an odd prime p below 100, got {p}")
    n = p * p + 1
    refuse_too_large(n, n, 8)
    matrix = np.ones((n, n), dtype=np.int64)
    matrix[0, 0] = p
    matrix[1:, 1:] = PrimeField(p).square_characters() + p * np.eye(n - 1, dtype=np.int64)
    return Entries(real=matrix, remarks=(f"atoms p e_i + c_i in integers, not normalised: rank {n // 2}",))


def alltop(arguments: str) -> Entries:
    """Alltop's Gabor frame: all p^2 shifts and modulations of exp(2 pi i t^3 / p), t < p, p >= 5 a prime."""
    (p,) = numbers(arguments, "#", "p, a prime from 5 on")
    if p < 5 or p > 10_000 or not is_prime(p):
        raise InputError(f"expected a prime p from 5 on, got {p}")
    refuse_too_large(p, p * p, 16)
    real = roots_of_unity(p)[alltop_turns(p)]
    return Entries(real=real, remarks=(f"atom p s + w is exp(2 pi i ((t - s)^3 + t w) / p): {_ROUNDED}",))


def alltop_turns(p: int) -> NDArray[np.int64]:
    """Return the r < p for which the entries of Alltop's frame are exp(-2 pi i r / p), shape (p, p^2)."""
    t, shift, tone = np.arange(p)[:, None, None], np.arange(p)[None, :, None], np.arange(p)[None, None, :]
    turns = (-((t - shift) ** 3) - t * tone) % p
    return turns.reshape(p, p * p)


def _squares(p: int) -> NDArray[np.int64]:
    return np.unique(np.arange(1, p) ** 2 % p)


def _plane(q: int) -> NDArray[np.int64]:
    """Return the exponents e < q^2 + q + 1 for which the e-th power of a generator of GF(q^3) has no x^2 term."""
    n = q * q + q + 1
    for constant in range(1, q):
        for linear in range(q):
            for square in range(q):
                exponents = _powers_in_plane(q, (constant, linear, square), n)
                if len(exponents) == q + 1 and _is_planar(exponents, n):
                    return np.array(exponents)
    raise AssertionError("a primitive polynomial of degree 3 exists for every prime")


def _powers_in_plane(q: int, polynomial: tuple[int, int, int], n: int) -> list[int]:
    """Return the e < n for which x^e modulo x^3 = c + l x + s x^2 has no x^2 term."""
    constant, linear, square = polynomial
    power, found = (1, 0, 0), []
    for exponent in range(n):
        if power[2] == 0:
            found.append(exponent)
        a, b, c = power
        power = (c * constant % q, (a + c * linear) % q, (b + c * square) % q)
    return found


def _is_planar(exponents: list[int], n: int) -> bool:
    """Say whether every nonzero number modulo n is a difference of exactly one pair."""
    differences = [(a - b) % n for a in exponents for b in exponents if a != b]
    return len(differences) == n - 1 == len(set(differences))


def _short(rows: NDArray[np.int64]) -> str:
    text = ", ".join(map(str, rows[:8].tolist()))
    return text + (", ..." if len(rows) > 8 else "")
