"""How much k entries of a signal can add to an inner product with one atom."""

from __future__ import annotations

from fractions import Fraction

from ..dictionaries.dictionary import Dictionary
from ..exact import root_enclosure

_BITS = 60


def spread_upper(dictionary: Dictionary, k: int) -> Fraction:
    """Return an upper bound of max_i of the sum of the k largest |entries| of d^_i; it is at most sqrt(k), rounded up.

    Guarantee: the exact square of the maximum, its root rounded up to a multiple of 2^-60. Cost: a sort of each atom's
    entries as integers. For real dictionaries. Source: Papyan, Romano, Elad 2017.
    """
    atoms = dictionary.integer_atoms(range(dictionary.shape[1]))
    squares = (
        Fraction(sum(sorted(map(abs, atom), reverse=True)[:k]) ** 2, norm)
        for atom, norm in zip(atoms.real, atoms.squared_norms, strict=True)
    )
    return root_enclosure(max(squares), _BITS).upper
