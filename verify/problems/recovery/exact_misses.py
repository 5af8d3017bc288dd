"""Codes that basis pursuit misses by a tie: exact null vectors that make another code no more expensive."""

from __future__ import annotations

from fractions import Fraction

from ...dictionaries.dictionary import Dictionary
from ...exact import echelon_pivots, kernel, sign_of_root_sum
from ...verdict import Scaling

_PRIME = 2**31 - 1
_MOST_ENTRIES = 4_000


def dependent(dictionary: Dictionary, support: list[int]) -> bool:
    """Say whether it is proved that some atoms are linearly dependent; False also where it is too much work to tell."""
    if dictionary.shape[0] * len(support) > _MOST_ENTRIES:
        return False
    atoms = dictionary.integer_atoms(support).real
    pivots, _ = echelon_pivots(list(zip(*atoms, strict=True)), _PRIME)
    return len(pivots) < len(support) and bool(kernel(list(zip(*atoms, strict=True))))


def missed_by(dictionary: Dictionary, atoms: list[int], signs: list[float], scaling: Scaling) -> bool:
    """Say whether the one null vector h on `atoms` proves that a code with these signs is missed.

    It does if sum_off w_j |h_j| <= |sum_S w_i s_i h_i|, decided exactly, w_j = N_j or 1. False if the null vectors on
    `atoms` are not the multiples of one, or it is too much work to tell.
    """
    if dictionary.shape[0] * len(atoms) > _MOST_ENTRIES:
        return False
    integers = dictionary.integer_atoms(atoms)
    basis = kernel(list(zip(*integers.real, strict=True)))
    if len(basis) != 1:
        return False
    # a_i = d_i / scale_i, so the null vector of D is basis/scale, and N_i / scale_i = |a_i|.
    if scaling is Scaling.unit:
        terms = [(Fraction(h), Fraction(b)) for h, b in zip(basis[0], integers.squared_norms, strict=True)]
    else:
        terms = [(h / scale, Fraction(1)) for h, scale in zip(basis[0], integers.scale, strict=True)]
    chosen = [int(signs[i]) for i in atoms]
    return any(
        sign_of_root_sum([(turn * s * h if s else abs(h), b) for s, (h, b) in zip(chosen, terms, strict=True) if h])
        in (0, -1)
        for turn in (1, -1)
    )
