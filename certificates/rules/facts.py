"""Rules that measure the dictionary itself (SPEC.md section 6.1)."""

from __future__ import annotations

import math
from fractions import Fraction

from .codes import read_code
from .dictionary import Dictionary
from .values import ROOT_BITS, Fields, Reject, Statement, Task, root_enclosure, spell, squaring_work


def atom_norms(dictionary: Dictionary, evidence: object) -> Task:
    """Derive the least and the greatest squared norm."""
    Fields(evidence, ())

    def derive(_: object) -> Statement:
        norms = [dictionary.squared_norm(i) for i in range(dictionary.n)]
        least, greatest = min(norms), max(norms)
        return {
            "kind": "atom-norms",
            "equal": least == greatest,
            "squared_max": spell(greatest),
            "squared_min": spell(least),
        }

    scaling = dictionary.n * (dictionary.longest_scale // 10 + 20) ** 2
    return Task((), dictionary.n * dictionary.m * (dictionary.bits // 30 + 5) ** 2 + scaling, derive)


def welch_bound(dictionary: Dictionary, evidence: object) -> Task:
    """Derive mu^2 >= (n-m)/(m(n-1))."""
    Fields(evidence, ())
    m, n = dictionary.m, dictionary.n

    def derive(_: object) -> Statement:
        return {"kind": "welch-bound", "squared": spell(Fraction(max(n - m, 0), m * (n - 1)))}

    return Task((), 1, derive)


def mutual_coherence(dictionary: Dictionary, evidence: object) -> Task:
    """Derive mu^2 exactly: one pair attains it and no pair exceeds it."""
    pair = Fields(evidence, ("pair",)).indices("pair", dictionary.n)
    if len(pair) != 2:
        raise Reject("pair is not a pair of atoms")

    def derive(_: object) -> Statement:
        i, j = pair
        norms = dictionary.squared_norms
        squared = Fraction(dictionary.cross_squared(i, j), norms[i] * norms[j])
        p, q = squared.numerator, squared.denominator
        for a, row in enumerate(dictionary.cross):
            bound = p * norms[a]
            for b, cross in enumerate(row, a + 1):
                if cross * q > bound * norms[b]:
                    raise Reject(f"atoms {a} and {b} are more coherent than atoms {i} and {j}")
        return {"kind": "mutual-coherence", "pair": pair, "squared": spell(squared)}

    size = 1000 + 2 * (min(4 * dictionary.bits + dictionary.m.bit_length() + 3, 13300) // 30 + 1) ** 2
    return Task((), dictionary.gram_work + 2 * dictionary.pair_work, derive, size)


def babel(dictionary: Dictionary, evidence: object) -> Task:
    """Derive bounds of mu_1(1) .. mu_1(K)."""
    fields = Fields(evidence, ("lower", "upper"))
    order = len(fields.list("upper"))
    if not 1 <= order <= dictionary.n - 1 or len(fields.list("lower")) != order:
        raise Reject(f"lower and upper are not two lists of the same length from 1 to {dictionary.n - 1}")
    lower, upper = fields.rationals("lower"), fields.rationals("upper")

    def derive(_: object) -> Statement:
        greatest_lower, greatest_upper = [0] * order, [0] * order
        for i in range(dictionary.n):
            enclosures = _row_of_roots(dictionary, i)
            for greatest, side in ((greatest_lower, 0), (greatest_upper, 1)):
                total = 0
                for k, root in enumerate(sorted((e[side] for e in enclosures), reverse=True)[:order]):
                    total += root
                    greatest[k] = max(greatest[k], total)
        for k in range(order):
            if greatest_upper[k] > upper[k] * 2**ROOT_BITS:
                raise Reject(f"mu_1({k + 1}) is not proved to be at most upper[{k}]")
            if greatest_lower[k] < lower[k] * 2**ROOT_BITS:
                raise Reject(f"mu_1({k + 1}) is not proved to be at least lower[{k}]")
        return {"kind": "babel", "lower": [spell(x) for x in lower], "upper": [spell(x) for x in upper]}

    size = squaring_work(part for bound in (*lower, *upper) for part in bound.as_integer_ratio())
    work = dictionary.gram_work + 16 * dictionary.pair_work + 60 * dictionary.n * order + size
    return Task((), work, derive, size)


def _row_of_roots(dictionary: Dictionary, i: int) -> list[tuple[int, int]]:
    """Enclose 2^ROOT_BITS |<d^_i, d^_j>| for all j != i."""
    norms = dictionary.squared_norms
    return [root_enclosure(dictionary.cross_squared(i, j), norms[i] * norms[j]) for j in range(dictionary.n) if j != i]


def read_modulus(dictionary: Dictionary, fields: Fields) -> tuple[int, int]:
    """Read a modulus and the image of the imaginary unit, 0 for a real dictionary."""
    modulus, root = fields.natural("modulus"), fields.natural("root")
    if modulus <= 2:
        raise Reject("modulus is not above 2")
    if dictionary.field == "real" and root != 0:
        raise Reject("root is not 0, and the dictionary is real")
    if dictionary.field == "complex" and (root * root + 1) % modulus != 0:
        raise Reject("root is not a square root of -1 modulo the modulus")
    return modulus, root


def rank(dictionary: Dictionary, evidence: object) -> Task:
    """Derive rank >= r from an r x r minor that is invertible modulo p."""
    fields = Fields(evidence, ("columns", "modulus", "root", "rows"))
    columns, rows = fields.indices("columns", dictionary.n), fields.indices("rows", dictionary.m)
    size = len(columns)
    if size < 1 or len(rows) != size:
        raise Reject("rows and columns are not two lists of the same positive length")
    modulus, root = read_modulus(dictionary, fields)

    def derive(_: object) -> Statement:
        matrix = [[dictionary.real[j][row] for j in columns] for row in rows]
        if dictionary.imaginary:
            for line, row in zip(matrix, rows, strict=True):
                line[:] = [a + root * dictionary.imaginary[j][row] for a, j in zip(line, columns, strict=True)]
        _eliminate([[value % modulus for value in row] for row in matrix], modulus)
        return {"kind": "rank", "lower": size, "upper": min(dictionary.m, dictionary.n)}

    return Task((), 40 * size**3 + dictionary.bits * size**2, derive)


def _eliminate(rows: list[list[int]], modulus: int) -> None:
    """Reduce a square matrix to triangular form modulo `modulus`; raise Reject if a pivot is not invertible."""
    while rows:
        at = next((k for k, row in enumerate(rows) if math.gcd(row[-1], modulus) == 1), None)
        if at is None:
            raise Reject("the minor is not proved to be invertible modulo the modulus")
        pivot = rows.pop(at)
        inverse = pow(pivot.pop(), -1, modulus)
        for k, row in enumerate(rows):
            factor = row.pop() * inverse % modulus
            if factor:
                rows[k] = [(a - factor * b) % modulus for a, b in zip(row, pivot, strict=True)]


def null_vector(dictionary: Dictionary, evidence: object) -> Task:
    """Derive that D h = 0, exactly."""
    h = read_code(dictionary, Fields(evidence, ("imaginary", "real", "support")))

    def derive(_: object) -> Statement:
        for row, totals in enumerate(h.signal(dictionary, h.coefficients(dictionary))):
            if any(totals):
                raise Reject(f"D h is not zero in row {row}")
        return {"kind": "null-vector", **h.spelled}

    return Task((), h.work + h.size, derive, h.size)
