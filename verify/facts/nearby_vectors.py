"""An exact null vector near one in floats: most entries rounded, the others solved for."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from ..dictionaries.dictionary import Dictionary
from ..exact import echelon_pivots, solve
from .null_vectors import NullVector, coprime_vector, real_equations
from .rank import PRIMES

_BITS = 40
_SINGULAR = 1e-9


def exact_near(
    dictionary: Dictionary, h: NDArray[np.inexact], rows: NDArray[np.inexact], most_unknowns: int = 128
) -> NullVector | None:
    """Return an exact null vector near h, or None if it fails or has more than `most_unknowns` real unknowns.

    `rows` are the unit atoms in floats, and h belongs to them; the vector returned belongs to the atoms as given, with
    entries near h_i / N_i. Atoms with large entries of h make a basis, whose coefficients are solved for; the others
    are rounded to 40 bits. Guarantee: what is returned is exact; how near it is to h is not promised.
    """
    n = len(h)
    parts = 1 if dictionary.imaginary is None else 2
    basis = _basis(rows, np.abs(h))
    if not 0 < len(basis) < n or parts * len(basis) > most_unknowns:
        return None
    atoms = dictionary.integer_atoms(range(n))
    equations = real_equations(atoms)
    lengths = [math.isqrt(norm << 128) for norm in atoms.squared_norms]  # |a_i| times 2^64
    longest = max(lengths).bit_length()
    roots = np.array([length / (1 << length.bit_length()) for length in lengths])  # in [1/2, 1)
    values = h / roots * (2.0**_BITS / np.abs(h).max())
    numbers = [np.rint(part) for part in ((values.real, values.imag) if parts == 2 else (values.real,))]
    for part in numbers:
        part[basis] = 0.0
    shifts = [longest - length.bit_length() for length in lengths]
    free = np.array([int(x) << s for part in numbers for x, s in zip(part, shifts, strict=True)], dtype=object)
    unknowns = [part * n + i for part in range(parts) for i in basis]
    columns = equations[:, unknowns].T.tolist()
    pivots = (echelon_pivots([[x % prime for x in column] for column in columns], prime)[0] for prime in PRIMES)
    chosen = next((found for found in pivots if len(found) == len(unknowns)), None)
    if chosen is None:
        return None
    right = equations @ free
    solution = solve(equations[np.ix_(chosen, unknowns)].tolist(), [-x for x in right[chosen].tolist()])
    if solution is None:
        return None
    common = int(np.lcm.reduce(np.array([value.denominator for value in solution], dtype=object)))
    whole = [x * common for x in free.tolist()]
    for at, value in zip(unknowns, solution, strict=True):
        whole[at] = value.numerator * (common // value.denominator)
    if (equations @ np.array(whole, dtype=object)).any() or not any(whole):
        return None
    return coprime_vector(range(n), atoms, [whole[part * n : (part + 1) * n] for part in range(parts)])


def _basis(rows: NDArray[np.inexact], weights: NDArray[np.floating]) -> list[int]:
    """Return independent atoms that span all, those with large weights first where the choice is free."""
    rest = rows.copy()
    chosen: list[int] = []
    for _ in range(min(rows.shape)):
        norms = np.linalg.norm(rest, axis=1)
        norms[chosen] = 0.0
        if norms.max() < _SINGULAR:
            break
        best = int(np.argmax(np.where(norms > 0.3 * norms.max(), weights + 1e-300, 0.0)))
        chosen.append(best)
        unit = rest[best] / norms[best]
        rest = rest - np.outer(rest @ unit.conj(), unit)
    return chosen
