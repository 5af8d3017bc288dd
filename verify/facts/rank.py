"""The rank, bounded from below by a minor that is invertible modulo a prime."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..dictionaries.dictionary import Dictionary
from ..exact import echelon_pivots, integer_rank

# Primes below 2^31 that are 1 modulo 4: products of two residues fit into 63 bits, and -1 has a square root.
PRIMES = (2147483629, 2147483549, 2147483489)
_SPARE_ATOMS = 32
_MOST_WORK = 60_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Minor:
    """Rows and columns of a square submatrix that is invertible modulo `modulus`; `root`^2 = -1 (0 if real)."""

    rows: tuple[int, ...]
    columns: tuple[int, ...]
    modulus: int
    root: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rank:
    """lower <= rank D <= upper; `minor` proves the lower bound (None if it was not looked for)."""

    lower: int
    upper: int
    minor: Minor | None


@dataclass(frozen=True, slots=True)
class Residues:
    """Integer multiples of the atoms modulo a prime, (m, n); `root` is the image of the imaginary unit."""

    matrix: NDArray[np.int64]
    modulus: int
    root: int


def rank(dictionary: Dictionary) -> Rank:
    """Enclose the rank of D.

    Guarantee: `lower` is proved (the rank modulo a prime is at most the rank), `upper` is min(m, n); for almost every
    dictionary of full rank the two agree. Cost: one elimination modulo a 31-bit prime, of m + 32 atoms if these have
    full rank; beyond 6e10 operations it is not done and the lower bound is 1.
    """
    m, n = dictionary.shape
    full = min(m, n)
    if full * full * min(n, m + _SPARE_ATOMS) > _MOST_WORK:
        return Rank(lower=1, upper=full, minor=None)
    best = Rank(lower=0, upper=full, minor=None)
    selections = [np.arange(n)]
    if n > m + 2 * _SPARE_ATOMS:
        selections.insert(0, np.linspace(0, n - 1, m + _SPARE_ATOMS).astype(int))
    for prime in PRIMES:
        for atoms in selections:
            if full * full * len(atoms) > _MOST_WORK:
                continue
            minor = _minor(residues(dictionary, atoms.tolist(), prime), atoms)
            if len(minor.rows) > best.lower:
                best = Rank(lower=len(minor.rows), upper=full, minor=minor)
            if best.lower == full:
                return best
    return best


def exact_rank(dictionary: Dictionary) -> int:
    """Return the rank of D, exactly; for small dictionaries.

    Cost: where the rank modulo a prime is not full, an elimination in integers.
    """
    found = rank(dictionary)
    if found.lower == found.upper:
        return found.lower
    atoms = dictionary.integer_atoms(range(dictionary.shape[1]))
    if atoms.imaginary is None:
        return integer_rank(atoms.real)
    whole = [(*re, *im) for re, im in zip(atoms.real, atoms.imaginary, strict=True)]
    turned = [(*(-x for x in im), *re) for re, im in zip(atoms.real, atoms.imaginary, strict=True)]
    return integer_rank([*whole, *turned]) // 2


def _minor(residue: Residues, atoms: NDArray[np.integer]) -> Minor:
    columns, _ = echelon_pivots(residue.matrix.tolist(), residue.modulus)
    rows, _ = echelon_pivots(residue.matrix[:, columns].T.tolist(), residue.modulus)
    return Minor(
        rows=tuple(sorted(rows)),
        columns=tuple(sorted(int(atoms[j]) for j in columns)),
        modulus=residue.modulus,
        root=residue.root,
    )


def primitive_residues(dictionary: Dictionary, atoms: Sequence[int], prime: int) -> Residues:
    """Return some atoms as primitive integer vectors modulo `prime`, 1 modulo 4 and below 2^63."""
    root = _root_of_minus_one(prime) if dictionary.imaginary is not None else 0
    integral = dictionary.integer_atoms(atoms)
    columns = [[x % prime for x in column] for column in integral.real]
    if integral.imaginary is not None:
        columns = [
            [(x + root * y) % prime for x, y in zip(column, other, strict=True)]
            for column, other in zip(columns, integral.imaginary, strict=True)
        ]
    return Residues(np.array(columns, dtype=np.int64).T, prime, root)


def _root_of_minus_one(prime: int) -> int:
    nonresidue = next(a for a in range(2, prime) if pow(a, (prime - 1) // 2, prime) == prime - 1)
    return pow(nonresidue, (prime - 1) // 4, prime)


def residues(dictionary: Dictionary, atoms: Sequence[int], prime: int = PRIMES[0]) -> Residues:
    """Return some atoms, each times a positive integer multiple that makes it integral, modulo `prime` below 2^31."""
    if dictionary.real.dtype.kind != "f":
        return primitive_residues(dictionary, atoms, prime)
    root = _root_of_minus_one(prime) if dictionary.imaginary is not None else 0
    parts = [np.asarray(part[:, list(atoms)], dtype=np.float64) for part in dictionary.parts]
    split = [np.frexp(part) for part in parts]
    # value = (mantissa 2^53) 2^(exponent - 53); the least exponent of an atom becomes 0. Zeros have exponent 0.
    least = np.minimum.reduce([np.where(part == 0, 5000, split[k][1]).min(axis=0) for k, part in enumerate(parts)])
    powers = np.array([pow(2, k, prime) for k in range(2200)], dtype=np.int64)
    total = np.zeros(parts[0].shape, dtype=np.int64)
    for (mantissa, exponent), unit in zip(split, (1, root), strict=False):
        integers = np.ldexp(mantissa, 53).astype(np.int64) % prime
        shifted = integers * powers[np.where(mantissa == 0, 0, exponent - least)] % prime
        total = (total + shifted * unit) % prime
    return Residues(total, prime, root)
