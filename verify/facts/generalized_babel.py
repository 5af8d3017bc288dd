"""Generalized Babel function: sums of the k largest inner products with weights, for the unrolled network."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from .generalized import GeneralizedCoherence, largest_level


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneralizedBabel:
    """P_i(k) <= `upper[k-1]` and P_i(k) + P_i(k-1) <= `sums[k-1]` for all atoms i and k = 1 .. their length.

    P_i(k) is the sum of the k largest |<w_i, d^_j>|, j != i, for the weights w_i of mu~, <w_i, d^_i> = 1, which `basis`
    holds.
    """

    basis: GeneralizedCoherence
    upper: tuple[Fraction, ...]
    sums: tuple[Fraction, ...]


def generalized_babel(generalized: GeneralizedCoherence) -> GeneralizedBabel | None:
    """Return the sums at every level that mu~ guarantees to the network: k t and (2k-1) t, t the bound of mu~.

    None if there is no such level. Guarantee: proved, as no |<w_i, d^_j>| exceeds t. No weights do better at the atom i
    that attains mu~ = 1/L: d^_i = sum over j != i of u_j d^_j with |u|_1 = L >= 2k-1 and no |u_j| above 1 (it would
    give mu~_j > mu~_i). So the sum of the j largest |u_j| is at most min(j, L), which is at most L/(2k-1) times the sum
    of the first j of 2, .., 2 (k-1 times), 1, and 1 = sum of u_j <w, d^_j> <= L/(2k-1) (P_i(k) + P_i(k-1)) for every w.
    Likewise 1 <= L/k P_i(k). Source: Chen, Liu, Wang, Yin 2018; docs/adr/0005.
    """
    largest = max(generalized.upper)
    levels = range(1, min(largest_level(generalized), len(generalized.upper)) + 1)
    if not levels:
        return None
    return GeneralizedBabel(
        basis=generalized, upper=tuple(k * largest for k in levels), sums=tuple((2 * k - 1) * largest for k in levels)
    )
