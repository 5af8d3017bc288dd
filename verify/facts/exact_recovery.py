"""The exact recovery coefficient of one support: the largest |D_S^+ d_j|_1 over atoms j off it."""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ..dictionaries.dictionary import Dictionary, IntegerAtoms
from ..dictionaries.unit_atoms import unit_atoms
from ..errors import InputError, LimitError
from ..exact import Enclosure, echelon_pivots, gram_matrix, inverse, root_enclosure
from ..rounding import dyadic_lower, dyadic_upper
from ..verdict import Scaling
from .null_vectors import NullVector, null_vector_on
from .rank import PRIMES, residues

_MOST_EXACT_BITS = 3000
"""Of the determinant of the Gram matrix, where its inverse is written exactly."""
_MOST_DIGITS = 1500
_BITS = 60
_ROOT_BITS = 128
Matrix = list[list[int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExactRecovery:
    """The atoms of S = `support` are independent, and lower <= max over j off S of |D_S^+ d_j|_1 <= upper.

    For the atoms scaled as `scaling` says; 0 if S is everything. The matrix `real` + i `imaginary` (None in the real
    case) over `divisor`, times 2^`exponent`, row by row, is the inverse of the Gram matrix of the primitive integer
    atoms of S, or near it. The coefficient is 1 less Tropp's.
    """

    support: tuple[int, ...]
    scaling: Scaling
    lower: Fraction
    upper: Fraction
    real: tuple[int, ...]
    imaginary: tuple[int, ...] | None
    divisor: int
    exponent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DependentSupport:
    """The atoms of `support` are dependent: `vector` is a null vector on them, scaled in whatever way."""

    support: tuple[int, ...]
    scaling: Scaling
    vector: NullVector


def support_of(support: Sequence[int], n: int) -> tuple[int, ...]:
    """Return the indices of a support in order; raise InputError unless they are different ones from 0 to n - 1."""
    try:
        found = tuple(sorted(map(operator.index, support)))
    except TypeError:
        raise InputError(f"expected a support as a list of atoms, counted from 0, got {str(support)[:40]!r}") from None
    if not found:
        raise InputError("expected a support of at least one atom, got none")
    if found[0] < 0 or found[-1] >= n:
        raise InputError(
            f"expected atoms from 0 to {n - 1} in the support, got {found[0] if found[0] < 0 else found[-1]}"
        )
    if len(set(found)) < len(found):
        raise InputError(f"expected every atom of the support once, got {list(support)[:20]}")
    return found


def exact_recovery(
    dictionary: Dictionary, support: Sequence[int], scaling: Scaling = Scaling.unit
) -> ExactRecovery | DependentSupport:
    """Return bounds of the exact recovery coefficient of a support, or a null vector if its atoms are dependent.

    |D_S^+ d_j|_1 with D_S^+ = (D_S* D_S)^-1 D_S*. With B near the inverse of A = A_S* A_S, e the norm of I - B A and
    t_j the length of B A_S* a_j, both in weighted l1 norms, the coefficient is between max t_j/(1+e) and max t_j/(1-e).

    Guarantee: exact for real atoms as given (and unit ones of equal norms) where the numbers stay short, else enclosed.
    Cost: one exact or floating-point inverse of |S| x |S|, and |S|^2 n exact products. Raises InputError for what is no
    support, LimitError where the atoms are so nearly dependent that nothing is proved. Source: Tropp 2004, theorem 3.1.
    """
    m, n = dictionary.shape
    chosen = support_of(support, n)
    vector = _null_vector(dictionary, chosen)
    if vector is not None:
        return DependentSupport(support=chosen, scaling=scaling, vector=vector)
    if len(chosen) > m:
        raise LimitError(
            f"the {len(chosen)} atoms of the support are dependent, but no null vector was found: name fewer"
        )
    atoms = dictionary.integer_atoms(range(n))
    search = _Coefficient(atoms, chosen, scaling)
    found = search.exactly() or search.nearly(dictionary)
    if found is None:
        raise LimitError("the atoms of the support are too nearly dependent for a bound of its coefficient")
    return found


def _null_vector(dictionary: Dictionary, support: tuple[int, ...]) -> NullVector | None:
    """Return a null vector on the support, None if its atoms are independent (modulo a prime, so truly)."""
    for prime in PRIMES:
        pivots, _ = echelon_pivots(residues(dictionary, support, prime).matrix.tolist(), prime)
        if len(pivots) == len(support):
            return None
        # the atoms before the first that is no pivot are independent, so with it there is one null vector, or none
        first = next(at for at in range(len(support)) if at >= len(pivots) or pivots[at] != at)
        found = null_vector_on(dictionary, list(support[: first + 1]))
        if found is not None:
            return found
    return None


class _Coefficient:
    """Bounds of the coefficient from a matrix near the inverse."""

    def __init__(self, atoms: IntegerAtoms, support: tuple[int, ...], scaling: Scaling) -> None:
        self.atoms, self.support, self.scaling = atoms, support, scaling
        self.norms, self.count = atoms.squared_norms, len(support)
        chosen = [[part[i] for i in support] for part in (atoms.real, atoms.imaginary) if part is not None]
        every = [part for part in (atoms.real, atoms.imaginary) if part is not None]
        self.products = _products(chosen, every)

    def exactly(self) -> ExactRecovery | None:
        """Use the exact inverse, or return None where it would be long to write."""
        bits = max(self.norms[i] for i in self.support).bit_length()
        if self.count * bits > _MOST_EXACT_BITS:
            return None
        gram = [[[row[i] for i in self.support] for row in part] for part in self.products]
        if len(gram) == 2:  # as a real matrix of twice the size
            real, imaginary = gram
            turned = [*([*a, *(-y for y in b)] for a, b in zip(real, imaginary, strict=True))]
            turned += [[*b, *a] for a, b in zip(real, imaginary, strict=True)]
            found = inverse(turned)
        else:
            found = inverse(gram[0])
        if found is None:
            return None
        rows, divisor = found
        parts = [
            [row[: self.count] for row in rows[start : start + self.count]] for start in range(0, len(rows), self.count)
        ]
        return self._bounded(parts, divisor, 0)

    def nearly(self, dictionary: Dictionary) -> ExactRecovery | None:
        """Use an inverse in floats, rounded; return None if it proves nothing."""
        unit = unit_atoms(dictionary)
        rows = unit.rows[list(self.support)]
        gram = rows @ rows.T
        if unit.turned is not None:
            gram = gram - 1j * (rows @ unit.turned[list(self.support)].T)
        try:
            near = np.linalg.inv(gram)
        except np.linalg.LinAlgError:
            return None
        if not np.isfinite(near).all():
            return None
        longest, lengths = max(self.norms), [self.norms[i] * self.atoms.scale[i] ** 2 for i in self.support]
        apart = max(lengths) / min(lengths)
        bits = 70 + longest.bit_length() + self.count.bit_length() + math.ceil(apart).bit_length()
        roots = [root_enclosure(Fraction(self.norms[i]), 60).lower for i in self.support]
        parts = [near.real] if unit.turned is None else [near.real, np.imag(near)]
        rounded = [
            [
                [round(Fraction(x) * 2**bits / (a * b)) for x, b in zip(row, roots, strict=True)]
                for row, a in zip(part.tolist(), roots, strict=True)
            ]
            for part in parts
        ]
        return self._bounded(rounded, 1, -bits)

    def _bounded(self, parts: list[Matrix], divisor: int, exponent: int) -> ExactRecovery | None:
        images = _combined(parts, self.products)
        whole = divisor << -exponent
        places = {j: at for at, j in enumerate(self.support)}
        error, least, most = Fraction(0), Fraction(0), Fraction(0)
        for j in range(len(self.norms)):
            column = [[row[j] for row in part] for part in images]
            if j in places:
                column[0][places[j]] -= whole
                error = max(error, self._length(column, j)[1] / whole)
            else:
                low, high = self._length(column, j)
                least, most = max(least, low / whole), max(most, high / whole)
        if error >= 1:
            return None
        lower, upper = least / (1 + error), most / (1 - error)
        if lower != upper or max(abs(upper.numerator), upper.denominator) >= 10**_MOST_DIGITS:
            lower, upper = dyadic_lower(lower, _BITS), dyadic_upper(upper, _BITS)
        flat = [tuple(x for row in part for x in row) for part in parts]
        return ExactRecovery(
            support=self.support,
            scaling=self.scaling,
            lower=lower,
            upper=upper,
            real=flat[0],
            imaginary=flat[1] if len(flat) > 1 else None,
            divisor=divisor,
            exponent=exponent,
        )

    def _length(self, column: list[list[int]], j: int) -> tuple[Fraction, Fraction]:
        """Return bounds of the sum of w_i |column_i| over w_j, w_i = |a_i| or 1/c_i for d_i = c_i a_i.

        Roots are enclosed as certificates/SPEC.md 6.11 says, so the checker finds the same bounds.
        """
        scale, exact = self.atoms.scale, self.scaling is Scaling.as_given
        least, most = Fraction(0), Fraction(0)
        for i, entry in zip(self.support, zip(*column, strict=True), strict=True):
            weight = Enclosure(scale[j] / scale[i], scale[j] / scale[i])
            if not exact:
                weight = root_enclosure(Fraction(self.norms[i], self.norms[j]), _ROOT_BITS)
            size = Enclosure(Fraction(abs(entry[0])), Fraction(abs(entry[0])))
            if len(entry) > 1:
                size = root_enclosure(Fraction(sum(x * x for x in entry)), _ROOT_BITS)
            least, most = least + weight.lower * size.lower, most + weight.upper * size.upper
        return least, most


def _products(left: Sequence[Sequence[Sequence[int]]], right: Sequence[Sequence[Sequence[int]]]) -> list[Matrix]:
    """Return the parts of <a_i, b_j> = a_i* b_j for two lists of integer vectors."""
    if len(left) == 1:
        return [gram_matrix(left[0], right[0])]
    same = zip(gram_matrix(left[0], right[0]), gram_matrix(left[1], right[1]), strict=True)
    mixed = zip(gram_matrix(left[0], right[1]), gram_matrix(left[1], right[0]), strict=True)
    return [
        [[x + y for x, y in zip(a, b, strict=True)] for a, b in same],
        [[x - y for x, y in zip(a, b, strict=True)] for a, b in mixed],
    ]


def _combined(parts: list[Matrix], products: list[Matrix]) -> list[Matrix]:
    """Return the parts of the product of two complex or real matrices."""
    columns = [list(zip(*part, strict=True)) for part in products]
    if len(parts) == 1:
        return [gram_matrix(parts[0], columns[0])]
    (a, b), (c, d) = parts, columns
    first, second = (gram_matrix(x, y) for x, y in ((a, c), (b, d)))
    third, fourth = (gram_matrix(x, y) for x, y in ((a, d), (b, c)))
    return [
        [[x - y for x, y in zip(p, q, strict=True)] for p, q in zip(first, second, strict=True)],
        [[x + y for x, y in zip(p, q, strict=True)] for p, q in zip(third, fourth, strict=True)],
    ]
