"""Bases of cosines, waves and signs, alone, cut, or beside the standard basis."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...errors import InputError
from ..entries import Entries
from ..roots_of_unity import roots_of_unity
from .arguments import numbers, refuse_too_large

_ROUNDED = "each part the nearest binary64, and that matrix is what is measured and certified"


def hadamard(n: int) -> NDArray[np.int64]:
    """Return Sylvester's n x n Hadamard matrix, n a power of two: entry (i, j) is (-1)^(common binary ones of i, j)."""
    matrix = np.ones((1, 1), dtype=np.int64)
    while len(matrix) < n:
        matrix = np.block([[matrix, matrix], [matrix, -matrix]])
    return matrix


def identity_hadamard(arguments: str) -> Entries:
    """[I, H], H Sylvester's Hadamard matrix of order n."""
    wanted = "n, a power of two from 2 on"
    (n,) = numbers(arguments, "#", wanted)
    if n < 2 or n & (n - 1):
        raise InputError(f"expected {wanted}, got {n}")
    refuse_too_large(n, 2 * n, 8)
    return Entries(
        real=np.hstack([np.eye(n, dtype=np.int64), hadamard(n)]),
        remarks=("[I, H] in integers, not normalised: Hadamard atoms have norm sqrt(n)",),
    )


def dirac_dft(arguments: str) -> Entries:
    """[I, F], F_jk = exp(-2 pi i j k / n), each part the nearest binary64; exact for n = 1, 2, 4."""
    (n,) = numbers(arguments, "#", "n >= 2")
    if n < 2:
        raise InputError(f"expected n >= 2, got {n}")
    refuse_too_large(n, 2 * n, 16)
    at = np.arange(n)
    waves = roots_of_unity(n)[np.outer(at, at) % n]
    remark = f"[I, F] not normalised, F_jk = exp(-2 pi i j k / n): {'exact' if n in (2, 4) else _ROUNDED}"
    return Entries(real=np.hstack([np.eye(n, dtype=np.complex128), waves]), remarks=(remark,))


def cosines(arguments: str) -> Entries:
    """Atom j, j < n, is cos(pi (2i + 1) j / 2n), i < m: for m = n the DCT-II, for m < n an overcomplete one."""
    m, n = numbers(arguments, "#x#", "mxn, m at most n, for example 8x16")
    if not (1 <= m <= n and n >= 2):
        raise InputError(f"expected m from 1 to n and n >= 2, got {m}x{n}")
    refuse_too_large(m, n, 8)
    remark = f"entry (i, j) is cos(pi (2i + 1) j / 2n), not normalised: {_ROUNDED}"
    return Entries(real=_cosines(m, n), remarks=(remark,))


def dirac_dct(arguments: str) -> Entries:
    """[I, C], C the DCT-II of order n."""
    (n,) = numbers(arguments, "#", "n >= 2")
    if n < 2:
        raise InputError(f"expected n >= 2, got {n}")
    refuse_too_large(n, 2 * n, 8)
    remark = f"[I, C] not normalised, C_ij = cos(pi (2i + 1) j / 2n): {_ROUNDED}"
    return Entries(real=np.hstack([np.eye(n), _cosines(n, n)]), remarks=(remark,))


def real_dirac_dft(arguments: str) -> Entries:
    """[I, F], F the real Fourier basis: cosines of 2 pi i j / n, 0 <= j <= n/2, and sines, 0 < j < n/2."""
    (n,) = numbers(arguments, "#", "n >= 2")
    if n < 2:
        raise InputError(f"expected n >= 2, got {n}")
    refuse_too_large(n, 2 * n, 8)
    waves = roots_of_unity(n)[np.outer(np.arange(n), np.arange(n // 2 + 1)) % n]
    real = np.hstack([np.eye(n), waves.real, -waves.imag[:, 1 : (n + 1) // 2]])
    remark = f"[I, F] not normalised, F the cosines and sines of 2 pi i j / n: {_ROUNDED}"
    return Entries(real=real, remarks=(remark,))


def partial_fourier(arguments: str) -> Entries:
    """m rows, drawn without repetition, of the n x n matrix exp(-2 pi i j k / n)."""
    m, n, seed = numbers(arguments, "#x#:#", "mxn:seed, for example 8x16:7")
    rows = _drawn_rows(m, n, seed, 16)
    real = roots_of_unity(n)[np.outer(rows, np.arange(n)) % n]
    return Entries(real=real, remarks=(f"{_drawn(m, seed)} of exp(-2 pi i j k / n): {_ROUNDED}",))


def partial_hadamard(arguments: str) -> Entries:
    """m rows, drawn without repetition, of Sylvester's n x n Hadamard matrix."""
    m, n, seed = numbers(arguments, "#x#:#", "mxn:seed, n a power of two, for example 8x16:7")
    if n & (n - 1):
        raise InputError(f"expected n, a power of two, got {n}")
    rows = _drawn_rows(m, n, seed, 8)
    # entry (i, j) is (-1)^(common binary ones of i, j): the parity of i & j, folded onto its last bit
    common = rows[:, None] & np.arange(n)
    for shift in (32, 16, 8, 4, 2, 1):
        common ^= common >> shift
    return Entries(real=1 - 2 * (common & 1), remarks=(f"{_drawn(m, seed)} of Sylvester's Hadamard matrix, exact",))


def _drawn_rows(m: int, n: int, seed: int, bytes_each: int) -> NDArray[np.int64]:
    if not (1 <= m <= n and n >= 2):
        raise InputError(f"expected m from 1 to n and n >= 2, got {m}x{n}")
    refuse_too_large(m, n, bytes_each)
    return np.sort(np.random.default_rng(seed).permutation(n)[:m])


def _drawn(m: int, seed: int) -> str:
    return f"rows {m} of default_rng({seed}).permutation of numpy {np.__version__}, in order,"


def _cosines(m: int, n: int) -> NDArray[np.float64]:
    turns = np.outer(2 * np.arange(m) + 1, np.arange(n)) % (4 * n)
    return np.ascontiguousarray(roots_of_unity(4 * n)[turns].real)
