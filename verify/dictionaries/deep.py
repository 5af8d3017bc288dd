"""A chain of dictionaries D_1 .. D_J for deep sparse codes, with tolerances and slopes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError, LimitError
from ..exact import gram_matrix
from .dictionary import Dictionary, IntegerAtoms, Origin, Real

Number = Fraction | int | float
Entries = dict[int, Fraction]
"""The nonzeros of a vector."""

_MOST_WORK = 200_000_000_000
"""Of multiplications times the squared length of the numbers in machine words: some ten seconds."""


@dataclass(frozen=True, kw_only=True, eq=False)
class DeepDictionary:
    """D_1 .. D_J with |x_(j-1) - rho_j(D_j x_j)|_2 <= eps_j: x_0 = y, and each code is the signal of the next one.

    `tolerances` are the eps_j >= 0; `slopes` the a_j of rho_j(v) = v for v >= 0, a_j v for v < 0: 1 for the identity,
    0 < a_j < 1 for a leaky ReLU. Build one with `of`, which checks everything. Source: Li, Feng, Zhou 2024.
    """

    dictionaries: tuple[Dictionary, ...]
    tolerances: tuple[Fraction, ...]
    slopes: tuple[Fraction, ...]
    _products: dict[tuple[int, int], Dictionary] = field(default_factory=dict[tuple[int, int], Dictionary], repr=False)

    @staticmethod
    def of(
        dictionaries: Sequence[Dictionary],
        *,
        tolerances: Sequence[Number] | None = None,
        slopes: Sequence[Number] | None = None,
    ) -> DeepDictionary:
        """Return the chain; tolerances are 0 and slopes are 1 where nothing is said.

        Raises InputError for fewer than two dictionaries, for shapes or fields that do not fit, for lists of another
        length, for a tolerance below 0, a slope outside (0, 1], and a slope other than 1 of a complex chain.
        """
        depth = len(dictionaries)
        if depth < 2:
            raise InputError(f"expected at least two dictionaries for a deep model, got {depth}")
        for j, (before, after) in enumerate(pairwise(dictionaries), 2):
            if after.shape[0] != before.shape[1]:
                raise InputError(
                    f"expected dictionary {j} to have {before.shape[1]} rows, one for each atom of the one before, "
                    f"got shape {after.shape}"
                )
            if after.field != before.field:
                raise InputError(
                    f"expected all dictionaries real or all complex, got {before.field} before {after.field}"
                )
        exact_tolerances = _numbers(tolerances, depth, "tolerances", Fraction(0))
        exact_slopes = _numbers(slopes, depth, "slopes", Fraction(1))
        if min(exact_tolerances) < 0:
            raise InputError(f"expected tolerances of at least 0, got {float(min(exact_tolerances)):g}")
        if not all(0 < slope <= 1 for slope in exact_slopes):
            raise InputError("expected slopes above 0 and at most 1 (1: the identity, less: a leaky ReLU)")
        if dictionaries[0].field == "complex" and set(exact_slopes) != {1}:
            raise InputError("expected slopes of 1 for complex dictionaries: a leaky ReLU takes real numbers")
        return DeepDictionary(dictionaries=tuple(dictionaries), tolerances=exact_tolerances, slopes=exact_slopes)

    @property
    def depth(self) -> int:
        """J."""
        return len(self.dictionaries)

    @property
    def is_linear(self) -> bool:
        """Whether every rho_j is the identity, so that y = D[J] x_J."""
        return set(self.slopes) == {1}

    def is_linear_inside(self, start: int, end: int) -> bool:
        """Whether rho_(start+2) .. rho_end are the identity: then rho_(start+1)^(-1)(x_start) = D[start:end] x_end."""
        return set(self.slopes[start + 1 : end]) <= {Fraction(1)}

    def checked_levels(self, levels: Sequence[int]) -> tuple[int, ...]:
        """Return the sparsity levels lam_j; raise InputError unless there is one from 1 to n_j for each dictionary."""
        if len(levels) != self.depth:
            raise InputError(f"expected {self.depth} sparsity levels, one for each dictionary, got {len(levels)}")
        for j, (level, dictionary) in enumerate(zip(levels, self.dictionaries, strict=True), 1):
            n = dictionary.shape[1]
            if isinstance(level, bool) or not isinstance(level, int | np.integer) or not 1 <= level <= n:
                raise InputError(
                    f"dictionary {j}: expected a sparsity level from 1 to {n}, the number of atoms, got {level}"
                )
        return tuple(map(int, levels))

    def product(self, start: int, end: int) -> Dictionary:
        """Return D[start:end] = D_(start+1) ... D_end, exactly; D[0:J] is D[J].

        Guarantee: the entries are exact rationals (binary64 where each of them is one). Raises InputError, which says
        which, if a column is zero; LimitError if the exact product is too much work.
        """
        if not 0 <= start < end <= self.depth:
            raise InputError(f"expected 0 <= start < end <= {self.depth} for a product, got {start} and {end}")
        if end == start + 1:
            return self.dictionaries[start]
        if (start, end) not in self._products:
            source = f"the product of dictionaries {start + 1} to {end}"
            try:
                found = _product(self.product(start, end - 1), self.dictionaries[end - 1], source)
            except InputError as error:
                raise type(error)(f"{source}: {error}") from None
            self._products[start, end] = found
        return self._products[start, end]

    def layers_of(self, last: Mapping[int, Fraction | int]) -> list[Entries]:
        """Return the codes x_0, x_1 .. x_J of a real chain without noise, exactly, from the nonzeros of x_J."""
        found = [{i: Fraction(value) for i, value in last.items()}]
        for at in range(self.depth - 1, -1, -1):
            found.append(self.before(at, found[-1]))
        return found[::-1]

    def before(self, at: int, code: Mapping[int, Fraction]) -> Entries:
        """Return rho(D x) for the dictionary with index `at` and one of its codes."""
        dictionary, slope = self.dictionaries[at], self.slopes[at]
        totals: Entries = {}
        for i, value in code.items():
            for row, entry in enumerate(dictionary.real[:, i].tolist()):
                if entry:
                    totals[row] = totals.get(row, Fraction(0)) + value * Fraction(entry)
        return {row: value * (slope if value < 0 else 1) for row, value in totals.items() if value}


def _numbers(values: Sequence[Number] | None, depth: int, name: str, default: Fraction) -> tuple[Fraction, ...]:
    if values is None:
        return (default,) * depth
    if len(values) != depth:
        raise InputError(f"expected {depth} {name}, one for each dictionary, got {len(values)}")
    try:
        return tuple(Fraction(value) for value in values)
    except (TypeError, ValueError, OverflowError):
        raise InputError(f"expected {name} that are finite numbers, got {list(values)!r}") from None


def _product(left: Dictionary, right: Dictionary, source: str) -> Dictionary:
    (m, k), n = left.shape, right.shape[1]
    a, b = left.integer_atoms(range(k)), right.integer_atoms(range(n))
    common = math.lcm(*{scale.denominator for scale in a.scale})
    weights = [scale.numerator * (common // scale.denominator) for scale in a.scale]
    words = (_bits(a) + _bits(b) + max(weights).bit_length()) // 64 + 1
    if m * k * n * words * words > _MOST_WORK:
        raise LimitError(f"an exact product of {m} x {k} and {k} x {n} entries of this length is too much work")
    rows = [list(zip(*part, strict=True)) for part in _parts(a)]
    columns = [[[w * x for w, x in zip(weights, atom, strict=True)] for atom in part] for part in _parts(b)]
    scales = [scale / common for scale in b.scale]
    real = gram_matrix(rows[0], columns[0])
    if left.imaginary is None:
        return Dictionary.from_parts(_scaled(real, scales), None, origin=Origin(source=source, loader="product"))
    both = gram_matrix(rows[1], columns[1])
    real = [[x - y for x, y in zip(*pair, strict=True)] for pair in zip(real, both, strict=True)]
    across = zip(gram_matrix(rows[0], columns[1]), gram_matrix(rows[1], columns[0]), strict=True)
    imaginary = [[x + y for x, y in zip(*pair, strict=True)] for pair in across]
    parts = _scaled(real, scales), _scaled(imaginary, scales)
    return Dictionary.from_parts(*parts, origin=Origin(source=source, loader="product"))


def _parts(atoms: IntegerAtoms) -> list[tuple[tuple[int, ...], ...]]:
    return [atoms.real] if atoms.imaginary is None else [atoms.real, atoms.imaginary]


def _bits(atoms: IntegerAtoms) -> int:
    return max(value.bit_length() for part in _parts(atoms) for atom in part for value in atom)


def _scaled(matrix: list[list[int]], scales: list[Fraction]) -> Real:
    """Return the columns times their scales, as floats if that is exact."""
    exact: NDArray[np.object_] = np.empty((len(matrix), len(scales)), dtype=object)
    for i, row in enumerate(matrix):
        exact[i, :] = [scale * value for scale, value in zip(scales, row, strict=True)]
    try:
        floats = exact.astype(np.float64)
    except OverflowError:
        return exact
    return floats if (floats == exact).all() else exact
