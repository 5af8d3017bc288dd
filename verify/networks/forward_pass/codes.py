"""The codes of one layer, and what a layer does to D^T y."""

from __future__ import annotations

import operator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import SupportsIndex

from ...errors import InputError
from ..code_class import exact_between


class Rule(StrEnum):
    """What a layer keeps of v = D^T y: v where |v| > b; sign(v)(|v| - b) there; max(v - b, 0), for codes >= 0."""

    hard = "hard"
    soft = "soft"
    relu = "relu"


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerCodes:
    """Codes x of one layer with unit atoms, and its own model error e: exact numbers.

    Every stripe of x (the whole of it for a matrix) holds at most `sparsity` nonzeros, of moduli from `least` to
    `largest`; |d_i^T e| <= `noise` for every atom, for which |e|_2 <= noise is enough.
    """

    sparsity: int
    least: Fraction
    largest: Fraction
    noise: Fraction = Fraction(0)

    @staticmethod
    def of(sparsity: SupportsIndex, least: object, largest: object, noise: object = 0) -> LayerCodes:
        """Return the class; numbers are taken exactly, as texts such as 1/3 too.

        Raises InputError for a sparsity below 1, numbers that are none, and unless 0 < least <= largest, noise >= 0.
        """
        try:
            level = 0 if isinstance(sparsity, bool) else operator.index(sparsity)
        except TypeError:
            level = 0
        if level < 1:
            raise InputError(f"sparsity: expected a whole number of at least 1, got {str(sparsity)[:40]}")
        ends = exact_between(least, "range"), exact_between(largest, "range")
        if not 0 < ends[0] <= ends[1]:
            raise InputError(f"range: expected 0 < MIN <= MAX, got {ends[0]} and {ends[1]}")
        return LayerCodes(sparsity=level, least=ends[0], largest=ends[1], noise=exact_between(noise, "noise"))
