"""Rules for restricted isometry constants delta_k of the unit atoms (SPEC.md section 6.7)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from .codes import read_code
from .dictionary import Dictionary
from .values import Fields, Reject, Statement, Task, rational, spell, squaring_work

MOST_ATOMS = 64
"""In a set, when all sets are gone through."""
RATE_BITS = 32
_LONGEST_SIZE = 2 * squaring_work([10**4000])


def _level(fields: Fields, least: int, most: int) -> int:
    level = fields.natural("level")
    if not least <= level <= most:
        raise Reject(f"level is not from {least} to {most}")
    return level


def _upper_statement(level: int, theorem: str, upper: Fraction) -> Statement:
    return {"kind": "isometry-upper", "level": level, "theorem": theorem, "upper": spell(upper)}


# --- all sets of atoms ---


@dataclass(frozen=True, slots=True)
class _Minors:
    """A Hermitian integer matrix M after fraction-free elimination of the atoms `chosen`, in increasing order.

    For the atoms j < l behind the last one chosen, `first` the first of them: `lead` is det M on the chosen atoms,
    diagonal[j] that on these and j, and real[j][l-j-1] + i imaginary[j][l-j-1] that with rows chosen and j, columns
    chosen and l. So the minors divided by `lead` are the Schur complement. `imaginary` is empty for a real matrix.
    """

    chosen: tuple[int, ...]
    first: int
    lead: int
    diagonal: list[int]
    real: list[list[int]]
    imaginary: list[list[int]]

    def after(self, i: int) -> _Minors:
        """Return what is left when the atom at `i` is chosen too; raise Reject if M is not semidefinite."""
        pivot, left = self.diagonal[i], self.diagonal[i + 1 :]
        a, b = self.real[i], self.imaginary[i] if self.imaginary else []
        chosen, first = (*self.chosen, self.first + i), self.first + i + 1
        if pivot < 0 or (pivot == 0 and (any(a) or any(b))):
            raise _exceeds(chosen)
        if pivot == 0:  # the row vanishes, so this atom decides nothing about sets that hold it
            return _Minors(chosen, first, self.lead, left, self.real[i + 1 :], self.imaginary[i + 1 :])
        lead = self.lead
        rows = enumerate(self.real[i + 1 :])
        if not b:
            diagonal = [(pivot * d - x * x) // lead for d, x in zip(left, a, strict=True)]
            real = [[(pivot * s - a[j] * x) // lead for s, x in zip(row, a[j + 1 :], strict=True)] for j, row in rows]
            return _Minors(chosen, first, pivot, diagonal, real, [])
        diagonal = [(pivot * d - x * x - y * y) // lead for d, x, y in zip(left, a, b, strict=True)]
        real = [
            [(pivot * s - a[j] * x - b[j] * y) // lead for s, x, y in zip(row, a[j + 1 :], b[j + 1 :], strict=True)]
            for j, row in rows
        ]
        imaginary = [
            [(pivot * s - a[j] * y + b[j] * x) // lead for s, x, y in zip(row, a[j + 1 :], b[j + 1 :], strict=True)]
            for j, row in enumerate(self.imaginary[i + 1 :])
        ]
        return _Minors(chosen, first, pivot, diagonal, real, imaginary)

    def check_pairs(self) -> None:
        """Raise Reject unless M is semidefinite on the chosen atoms and any two others."""
        for j, d in enumerate(self.diagonal):
            if d < 0:
                raise _exceeds((*self.chosen, self.first + j))
        for j, row in enumerate(self.real):
            d = self.diagonal[j]
            squares = [x * x for x in row]
            if self.imaginary:
                squares = [x + y * y for x, y in zip(squares, self.imaginary[j], strict=True)]
            for other, square in zip(self.diagonal[j + 1 :], squares, strict=True):
                if d * other < square:
                    second = j + 1 + next(at for at, x in enumerate(squares) if d * self.diagonal[j + 1 + at] < x)
                    raise _exceeds((*self.chosen, self.first + j, self.first + second))


def _exceeds(atoms: tuple[int, ...]) -> Reject:
    return Reject(f"delta_k exceeds upper on a set that holds the atoms {', '.join(map(str, atoms))}")


def _check_all_sets(whole: _Minors, level: int) -> None:
    """Raise Reject unless M is positive semidefinite on every set of `level` >= 2 atoms."""
    stack = [(whole, level, 0)]
    while stack:
        minors, size, i = stack.pop()  # sets that hold the atoms chosen, and `size` more from the i-th left on
        if size == 2:
            minors.check_pairs()
        elif i + size <= len(minors.diagonal):
            stack.append((minors, size, i + 1))
            stack.append((minors.after(i), size - 1, 0))


def isometry_by_enumeration(dictionary: Dictionary, evidence: object) -> Task:
    """Derive delta_k <= upper from all sets of k atoms."""
    fields = Fields(evidence, ("level", "upper"))
    level = _level(fields, 1, min(dictionary.n, MOST_ATOMS))
    upper = rational(fields.raw("upper"), "upper in evidence")
    if upper < 0:
        raise Reject("upper is negative")

    def derive(_: object) -> Statement:
        # With unit atoms and A = G^ - I: upper I - A >= 0 and upper I + A >= 0. By congruence with the norms, times the
        # denominator q: p N^2 - q (G - N^2) >= 0 and p N^2 + q (G - N^2) >= 0.
        p, q = upper.as_integer_ratio()
        products = list(dictionary.inner_products()) if level > 1 else []
        diagonal = [p * norm for norm in dictionary.squared_norms]
        for factor in (-q, q)[:signs]:
            real = [*([factor * x for x in row] for row, _ in products), []]
            imaginary = [*([factor * x for x in row] for _, row in products), []] if dictionary.imaginary else []
            _check_all_sets(_Minors((), 0, 1, diagonal, real, imaginary), level)
        return _upper_statement(level, "isometry-by-enumeration", upper)

    # G is semidefinite, and so is G + (upper - 1) N^2 if upper >= 1; for a pair, A and -A have the same eigenvalues.
    signs = 0 if level == 1 else 1 if level == 2 or upper >= 1 else 2
    size = squaring_work(upper.as_integer_ratio())
    work = dictionary.gram_work + signs * _enumeration_work(dictionary, level, upper)
    return Task((), work + size, derive, size)


def _enumeration_work(dictionary: Dictionary, level: int, upper: Fraction) -> int:
    """Return the work of `_check_all_sets`.

    A minor of order j has, by Hadamard's bound, at most j times the bits of an entry of M, and 3j more as j <= 64.
    There are C(n-k+e, e) sets of e atoms, each with at most C(n-e+1, 2) minors; all have at most C(n+1, e+2) minors.
    """
    n, k = dictionary.n, level
    longest = max(upper.as_integer_ratio()).bit_length() + 2 * dictionary.bits + dictionary.m.bit_length() + 5
    digits = [order * longest // 30 + 1 for order in range(k + 1)]
    work = math.comb(n, k) * dictionary.parts * (300 + 2 * digits[k - 1] ** 2)
    work += n**2 * dictionary.parts * (200 + digits[1])
    for e in range(1, k - 1):
        sets = math.comb(n - k + e, e)
        minors = min(sets * math.comb(n - e + 1, 2), math.comb(n + 1, e + 2))
        work += sets * 6000 + minors * dictionary.parts**2 * (400 + 8 * digits[e] ** 2)
    return work


# --- what is known otherwise ---


def isometry_by_babel(dictionary: Dictionary, evidence: object) -> Task:
    """delta_k <= mu_1(k-1)."""
    level = _level(Fields(evidence, ("level",)), 2, dictionary.n)

    def derive(premises: Sequence[Statement]) -> Statement:
        bounds = Fields(premises[0], ("kind", "lower", "upper"), "the babel statement").rationals("upper")
        if level > len(bounds) + 1:
            raise Reject(f"the babel statement has no bound of mu_1({level - 1})")
        return _upper_statement(level, "isometry-by-babel", bounds[level - 2])

    return Task(("babel",), _LONGEST_SIZE, derive, _LONGEST_SIZE)


def isometry_by_vector(dictionary: Dictionary, evidence: object) -> Task:
    """Derive delta_k >= lower from one code with at most k nonzeros."""
    fields = Fields(evidence, ("imaginary", "level", "lower", "real", "support"))
    level = _level(fields, 1, dictionary.n)
    lower = rational(fields.raw("lower"), "lower in evidence")
    x = read_code(dictionary, fields)
    if len(x.support) > level:
        raise Reject(f"the code has {len(x.support)} nonzeros, more than the level {level}")

    def derive(_: object) -> Statement:
        coefficients = x.coefficients(dictionary)
        norms = [dictionary.squared_norms[i] for i in x.support]
        code = sum(v * v * norm for part in coefficients for v, norm in zip(part, norms, strict=True))
        signal = sum(v * v for totals in x.signal(dictionary, coefficients) for v in totals)
        if abs(signal - code) * lower.denominator < lower.numerator * code:
            raise Reject(f"the code does not prove delta_{level} to be at least lower")
        return {"kind": "isometry-lower", "level": level, "lower": spell(lower)}

    longest = x.digits + dictionary.bits // 30 + 3
    squares = (dictionary.m + 2 * level) * dictionary.parts * (2 * longest**2 + 500)
    norms_work = dictionary.n * dictionary.m * dictionary.parts * (dictionary.bits // 30 + 5) ** 2
    size = squaring_work(lower.as_integer_ratio())
    product = (size + 1000) * longest  # of lower and the sums of squares
    return Task((), x.work + x.size + squares + norms_work + product + size, derive, size)


def hard_thresholding_by_isometry(dictionary: Dictionary, evidence: object) -> Task:
    """Iterative hard thresholding converges at the rate (1 + sqrt 5)/2 delta_3k."""
    level = _level(Fields(evidence, ("level",)), 1, dictionary.n)

    def derive(premises: Sequence[Statement]) -> Statement:
        fields = Fields(premises[0], ("kind", "level", "theorem", "upper"), "the isometry statement")
        if fields.natural("level") < min(3 * level, dictionary.n):
            raise Reject(f"the isometry statement is about fewer than min(3 * {level}, n) atoms")
        p, q = rational(fields.raw("upper"), "upper").as_integer_ratio()
        # The least c with c/2^32 >= (1 + sqrt 5)/2 p/q: the root is irrational unless p = 0.
        half = p << (RATE_BITS - 1)
        rate = 0 if p == 0 else (half + math.isqrt(5 * half * half)) // q + 1
        if rate >= 1 << RATE_BITS:
            raise Reject("(1 + sqrt 5)/2 delta is not proved to be below 1")
        return {
            "kind": "hard-thresholding",
            "level": level,
            "rate": spell(Fraction(rate, 1 << RATE_BITS)),
            "theorem": "hard-thresholding-by-isometry",
        }

    return Task(("isometry-upper",), 10 * _LONGEST_SIZE, derive, 2000)
