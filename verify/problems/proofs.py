"""What proves something about a problem: exact codes, dual vectors, search trees. Each mirrors a rule of the checker.

Everything here was verified in exact arithmetic by whoever built it (certificates/SPEC.md section 6.8).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class ExactCode:
    """The code with values (real + i imaginary) 2^exponent / divisor on `support` (increasing), 0 elsewhere.

    No value is zero; the empty support is the zero code. `divisor` is a positive integer.
    """

    support: tuple[int, ...]
    real: tuple[int, ...]
    imaginary: tuple[int, ...] | None = None
    exponent: int = 0
    divisor: int = 1

    @cached_property
    def values(self) -> tuple[list[Fraction], list[Fraction] | None]:
        """The exact values on the support, real and imaginary parts."""
        unit = Fraction(2) ** self.exponent / self.divisor
        real = [value * unit for value in self.real]
        return real, None if self.imaginary is None else [value * unit for value in self.imaginary]

    def as_complex(self) -> ExactCode:
        """Return the same code with an imaginary part, as certificates of complex dictionaries hold it."""
        return self if self.imaginary is not None else replace(self, imaginary=(0,) * len(self.real))


@dataclass(frozen=True, slots=True, kw_only=True)
class DualVector:
    """A vector v in R^m or C^m with entries (real + i imaginary) 2^exponent / divisor, `divisor` a positive integer."""

    real: tuple[int, ...]
    imaginary: tuple[int, ...] | None = None
    exponent: int = 0
    divisor: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeBound:
    """The optimal value is at most `upper`: `code` is feasible and costs no more. Rule value-by-code."""

    code: ExactCode
    upper: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class DualBound:
    """Every feasible code costs at least `lower`, by weak duality. Rule value-by-dual."""

    dual: DualVector
    lower: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class InfeasibleByDual:
    """No code is feasible (a Farkas vector). Rule infeasible-by-dual."""

    dual: DualVector


@dataclass(frozen=True, slots=True, kw_only=True)
class UniqueBasisPursuit:
    """The one minimiser of basis pursuit lies within `radius` of `centre`. Rule unique-minimiser-of-basis-pursuit.

    `inverse` is M, s x m integers times 2^inverse_exponent, row-major.
    """

    centre: ExactCode
    radius: Fraction
    dual: DualVector
    inverse: Integers
    inverse_exponent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UniqueLasso:
    """The one minimiser of the lasso problem of this `weight` lies within `radius` of `centre`.

    Rule unique-minimiser-of-lasso. `inverse` is M, s x s integers times 2^inverse_exponent, row-major.
    """

    weight: Fraction
    centre: ExactCode
    radius: Fraction
    inverse: Integers
    inverse_exponent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UniqueBpdn:
    """The one minimiser of bpdn lies within `radius` of `centre`, between the minimisers of two lasso problems.

    Rule unique-minimiser-of-bpdn; `first` has the smaller weight. The rule derives centre and radius from the two.
    """

    first: UniqueLasso
    second: UniqueLasso
    centre: ExactCode
    radius: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class UniqueZero:
    """Zero is feasible, and so the only minimiser: of basis pursuit, bpdn, sparsest. Rule unique-minimiser-by-zero."""

    centre: ExactCode = ExactCode(support=(), real=())
    radius: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class UniqueByGuarantee:
    """`centre` is the one minimiser because a certificate of the dictionary guarantees its level.

    Rule unique-minimiser-by-guarantee. `certificate` holds the bytes handed in; `claim` is the index of the claim
    `guaranteed` in it that serves.
    """

    centre: ExactCode
    certificate: bytes
    claim: int
    radius: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class UniqueByEnumeration:
    """`centre` is the one minimiser because the signal is farther from the spans of all other supports of its size.

    Rule unique-minimiser-by-enumeration.
    """

    centre: ExactCode
    radius: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class UniqueBySearch:
    """`centre` is the one minimiser because all cases but those on its support are closed.

    Rule unique-minimiser-by-search; `tree`, `duals` and `duals_exponent` as in `SearchTree`.
    """

    centre: ExactCode
    tree: tuple[int, ...]
    duals: Integers
    duals_exponent: int
    radius: Fraction = Fraction(0)


UniqueCounted = UniqueByEnumeration | UniqueBySearch
Unique = UniqueBasisPursuit | UniqueLasso | UniqueBpdn | UniqueZero | UniqueByGuarantee | UniqueCounted


@dataclass(frozen=True, slots=True, kw_only=True)
class MinimiserBound:
    """A bound of the value from a located minimiser. Rules upper-value-by-minimiser, lower-value-by-minimiser."""

    unique: Unique
    lower: Fraction
    upper: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class SeveralMinimisers:
    """Two different codes that both cost no more than the proved lower bound. Rule several-minimisers."""

    first: ExactCode
    second: ExactCode


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchTree:
    """The value is at least `lower`, by a tree of cases. Rule value-by-search, which says how `tree` is spelled.

    `duals` holds one row of m integers, times 2^duals_exponent, for every leaf closed by a dual vector.
    """

    lower: Fraction
    tree: tuple[int, ...]
    duals: Integers
    duals_exponent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Enumerated:
    """The value is at least `lower`, by exact distances from the spans of all supports. Rule value-by-enumeration."""

    lower: Fraction


LowerBound = DualBound | MinimiserBound | SearchTree | Enumerated
UpperBound = CodeBound | MinimiserBound
