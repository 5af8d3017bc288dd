"""Restricted isometry constants of the unit atoms, enclosed by going through all sets of atoms."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ..budget import Budget, Effort
from ..dictionaries.dictionary import Dictionary, IntegerAtoms
from ..errors import InputError
from ..exact import gram_matrix, root_enclosure
from ..progress import Progress, silent
from ..rounding import dyadic_lower
from .isometry_upper import Gram, greatest_modulus, proved_upper, unit_gram

MOST_CASES = 200_000
"""Sets of atoms that are gone through: about a second here for k = 4, and as long in the checker."""
_LARGEST_SET = 64
_MOST_WORK = 20_000_000_000
"""Multiplications of 30-bit digits, with their overhead, in exact elimination: about 20 seconds in plain Python."""
_BOUND_BITS = 48
"""Of the upper bound that is checked, and a few more."""
_SHORT = 64
_LOWER_BITS = 50
_VECTOR_BITS = 30
_SMALL = 1e-10


@dataclass(frozen=True, slots=True, kw_only=True)
class RestrictedIsometry:
    """lower <= delta_level <= upper.

    The code x of the atoms as given, with integer values `real` + i `imaginary` (None in the real case) on `support`,
    none of them zero, proves `lower`: | |Dx|^2 - sum N_i^2 |x_i|^2 | >= lower sum N_i^2 |x_i|^2.
    """

    level: int
    lower: Fraction
    upper: Fraction
    support: tuple[int, ...]
    real: tuple[int, ...]
    imaginary: tuple[int, ...] | None


def isometries(
    dictionary: Dictionary,
    *,
    most_cases: int = MOST_CASES,
    progress: Progress = silent,
    budget: Budget | None = None,
) -> tuple[RestrictedIsometry, ...]:
    """Enclose delta_k for k = 2, 3, .. as long as there are at most `most_cases` sets of k atoms.

    Ends with the first constant that is at least 1: no theorem looks further. The budget (default: without limit) or
    Ctrl-C can end it earlier; the levels that are complete are kept. Guarantee: as for `restricted_isometry`.
    Cost: the sum of the costs of the levels.
    """
    budget = budget or Budget(effort=Effort.thorough)
    watched = budget.watched(progress)
    found: list[RestrictedIsometry] = []
    for level in range(2, dictionary.shape[1] + 1):
        isometry = None
        with budget.interruptible():
            isometry = restricted_isometry(dictionary, level, most_cases=most_cases, progress=watched)
        if isometry is None:
            break
        found.append(isometry)
        if isometry.lower >= 1:
            break
    return tuple(found)


def restricted_isometry(
    dictionary: Dictionary, level: int, *, most_cases: int = MOST_CASES, progress: Progress = silent
) -> RestrictedIsometry | None:
    """Enclose delta_k = max over |S| = k of |D^_S* D^_S - I|_2 for the unit atoms, k = `level`.

    Returns None if there are more than `most_cases` sets, if k is above 64, or if the entries are so long that checking
    the bound in exact arithmetic would take long.

    Guarantee: enclosed. `lower` is what an explicit code gives, exactly; `upper` is proved by floating-point Cholesky
    factorisations with a bound of their error. The two differ by about 1e-12; orthogonal atoms give exactly 0. Cost:
    eigenvalues and two factorisations of C(n, k) matrices. Raises InputError for a level that is not from 1 to n.
    Source: Candes, Tao 2005 (definition).
    """
    n = dictionary.shape[1]
    if not 1 <= level <= n:
        raise InputError(f"expected a level from 1 to {n}, the number of atoms, got {level}")
    if level > _LARGEST_SET or math.comb(n, level) > most_cases:
        return None
    atoms = dictionary.integer_atoms(range(n))
    if _elimination_work(atoms, level) > _MOST_WORK:
        return None
    gram = unit_gram(dictionary)
    greatest, support = greatest_modulus(gram, level, progress)
    if level == 1 or (greatest < _SMALL and _are_orthogonal(atoms)):
        return _enclosed(atoms, level, Fraction(0), [0], [[1], [0]][: len(dictionary.parts)])
    upper = proved_upper(gram, level, greatest, progress)
    return _enclosed(atoms, level, upper, *_code(atoms, gram, support))


def _elimination_work(atoms: IntegerAtoms, level: int) -> int:
    """Bound the work of exact elimination that shares what sets of atoms have in common."""
    n, parts = len(atoms.scale), 1 if atoms.imaginary is None else 2
    bits = max(atoms.squared_norms).bit_length() + _BOUND_BITS
    work = 0
    for e in range(1, level):  # minors with e atoms eliminated, and the pairs that come last
        count = min(math.comb(n - level + e, e) * math.comb(n - e + 1, 2), math.comb(n + 1, e + 2))
        count = count if e < level - 1 else math.comb(n, level)
        work += count * (400 + 8 * (e * bits // 30 + 1) ** 2)
    return 2 * parts**2 * work


def _are_orthogonal(atoms: IntegerAtoms) -> bool:
    """Say whether all inner products of different atoms are exactly 0."""
    parts = [atoms.real] if atoms.imaginary is None else [atoms.real, atoms.imaginary]
    same = sum(np.array(gram_matrix(part, part), dtype=object) for part in parts)
    products = [same - np.diag(np.diag(same))]
    if atoms.imaginary is not None:
        mixed = np.array(gram_matrix(atoms.real, atoms.imaginary), dtype=object)
        products.append(mixed - mixed.T)
    return not any(product.any() for product in products)


def _code(atoms: IntegerAtoms, gram: Gram, support: tuple[int, ...]) -> tuple[list[int], list[list[int]]]:
    """Return an eigenvector of the worst set as a code of the atoms as given: where it is not 0, and integers there."""
    values, vectors = np.linalg.eigh(gram.matrix[np.ix_(support, support)])
    vector = vectors[:, int(np.abs(values).argmax())]
    vector = vector / vector[int(np.abs(vector).argmax())]
    parts = [vector.real] if atoms.imaginary is None else [vector.real, np.imag(vector)]
    # z_i = N_i x_i, so x_i is z_i times N_0/N_i, each rounded: that changes what the code proves in second order.
    norms = [atoms.scale[i] ** 2 * atoms.squared_norms[i] for i in support]
    ratios = [_short_root(norms[0] / norm) for norm in norms]
    code = [
        [round(value * 2**_VECTOR_BITS) * ratio for value, ratio in zip(part.tolist(), ratios, strict=True)]
        for part in parts
    ]
    common = math.lcm(*(value.denominator for part in code for value in part))
    divisor = math.gcd(*(int(value * common) for part in code for value in part))
    kept = [at for at in range(len(support)) if any(part[at] for part in code)]
    return [support[at] for at in kept], [[int(part[at] * common) // divisor for at in kept] for part in code]


def _short_root(square: Fraction) -> Fraction:
    """Return sqrt(square), rounded to some significant bits."""
    shift = (square.denominator.bit_length() - square.numerator.bit_length()) // 2
    return root_enclosure(square * Fraction(4) ** shift, _VECTOR_BITS).lower / Fraction(2) ** shift


def _enclosed(
    atoms: IntegerAtoms, level: int, upper: Fraction, support: list[int], code: list[list[int]]
) -> RestrictedIsometry:
    """Return the enclosure whose lower bound is what the code proves exactly, rounded down if it is long."""
    weights = [
        np.array([x * atoms.scale[i] for i, x in zip(support, part, strict=True)], dtype=object) for part in code
    ]
    columns = [
        np.array([part[i] for i in support], dtype=object) for part in (atoms.real, atoms.imaginary) if part is not None
    ]
    signal = [weights[0] @ columns[0]]
    if len(code) == 2:
        signal = [signal[0] - weights[1] @ columns[1], weights[0] @ columns[1] + weights[1] @ columns[0]]
    square = sum((value * value for part in signal for value in part.tolist()), Fraction(0))
    norms = np.array([atoms.squared_norms[i] for i in support], dtype=object)
    whole = sum((value for part in weights for value in (part * part * norms).tolist()), Fraction(0))
    lower = abs(square - whole) / whole
    real, *rest = map(tuple, code)
    return RestrictedIsometry(
        level=level,
        lower=lower if lower.denominator.bit_length() <= _SHORT else dyadic_lower(lower, _LOWER_BITS),
        upper=upper,
        support=tuple(support),
        real=real,
        imaginary=rest[0] if rest else None,
    )
