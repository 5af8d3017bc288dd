"""What rules read from a statement `null-vector`: its entries, weighted by the norms of the atoms or not."""

from __future__ import annotations

from fractions import Fraction

from .dictionary import Dictionary
from .values import Fields, Statement, root_enclosure


def vector_fields(premise: Statement) -> Fields:
    """Return the fields of a statement `null-vector`."""
    return Fields(premise, ("kind", "imaginary", "real", "support"), "the null vector")


def weighted_moduli(dictionary: Dictionary, premise: Statement, scaling: str) -> list[tuple[int, int, int]]:
    """Enclose c w_i |h_i| for every atom of the support: (lower, upper, atom), one factor c > 0 for all.

    w_i is N_i for `unit` and 1 for `as-given`.
    """
    fields = vector_fields(premise)
    support = fields.indices("support", dictionary.n)
    parts = [fields.integers(name, len(support)) for name in ("real", "imaginary")[: dictionary.parts]]
    least = min(exponent for _, exponent in parts)
    moduli: list[tuple[int, int, int]] = []
    for at, i in enumerate(support):
        size = sum((values[at] << (exponent - least)) ** 2 for values, exponent in parts)
        weight = Fraction(1)
        if scaling == "unit":
            weight = dictionary.squared_norm(i) / dictionary.squared_norm(support[0])
        moduli.append((*root_enclosure(size * weight.numerator, weight.denominator), i))
    return moduli
