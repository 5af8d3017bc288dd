"""Rules about the generalized mutual coherence and the generalized Babel function (SPEC.md section 6.5)."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from fractions import Fraction

from .dictionary import Dictionary
from .fixed_point import entry_bits, fixed_point, fixed_point_work, read_bits, refuse_complex
from .null_vectors import weighted_moduli
from .packed import PackedRows, combination_work, packing_work
from .recovery import guarantee
from .squared_products import squared_products
from .values import Fields, Reject, Statement, Task, rational, spell, squaring_work
from .vectors import Vectors

LONGEST_UPPER = 200
"""In bits, of the integers that bound mu~_i."""


def upper_values(premise: Statement, n: int) -> tuple[Sequence[int], int]:
    """Return the bounds of all mu~_i that a statement `generalized-coherence-upper` gives, and their exponent."""
    return Fields(premise, ("kind", "upper"), "the generalized coherence").integers("upper", n)


def largest_upper(premise: Statement, n: int) -> Fraction:
    """Return the greatest of these bounds: one of mu~."""
    values, exponent = upper_values(premise, n)
    return max(values) * Fraction(2) ** exponent


def generalized_coherence(dictionary: Dictionary, evidence: object) -> Task:
    """Derive mu~_i <= t_i for every atom from weights w_i, exactly."""
    fields = Fields(evidence, ("imaginary", "real", "upper"))
    n, m = dictionary.n, dictionary.m
    if dictionary.field == "real" and fields.raw("imaginary") is not None:
        raise Reject("imaginary is not null, and the dictionary is real")
    parts = [Vectors(fields, name, n, m) for name in ("real", "imaginary")[: dictionary.parts]]
    shifts = [part.exponent - min(p.exponent for p in parts) for part in parts]
    weight = sum(part.weight << shift for part, shift in zip(parts, shifts, strict=True))
    upper, exponent = fields.integers("upper", n)
    if any(value < 0 or value.bit_length() > LONGEST_UPPER for value in upper):
        raise Reject(f"upper is not a list of numbers from 0 to 2^{LONGEST_UPPER} times a power of two")

    def derive(_: object) -> Statement:
        norms = dictionary.squared_norms
        for i, squares in enumerate(squared_products(dictionary, parts, shifts, weight)):
            if squares[i] == 0:
                raise Reject(f"the weights of atom {i} are orthogonal to it")
            # |<w, a_j>|^2 |a_i|^2 <= (upper 2^exponent)^2 |<w, a_i>|^2 |a_j|^2 for the integer atoms a
            left, right = max(0, -2 * exponent), max(0, 2 * exponent)
            own = upper[i] ** 2 * squares[i]
            for j, square in enumerate(squares):
                if j != i and square * norms[i] << left > own * norms[j] << right:
                    raise Reject(f"atom {j} exceeds upper[{i}]")
        return {"kind": "generalized-coherence-upper", "upper": fields.raw("upper")}

    products = dictionary.parts**2 * n * combination_work(m, n, dictionary.bits, weight)
    products += dictionary.parts * packing_work(m, n, dictionary.bits, weight)
    entry, square = dictionary.bits // 15 + 2, 2 * (dictionary.bits + weight.bit_length() + LONGEST_UPPER) // 30 + 2
    pairs = n * n * (500 + 2 * entry * square + square * square // 2 + abs(exponent) // 5)
    norms = dictionary.parts * n * m * (50 + entry * entry // 4)
    size = squaring_work(upper) + n * 500
    reading = sum(part.reading_work for part in parts) + dictionary.parts * n * m * (weight.bit_length() // 8)
    return Task((), products + pairs + norms + size + reading, derive, size)


def generalized_coherence_by_some_weights(dictionary: Dictionary, evidence: object) -> Task:
    """mu~ <= t, a rational number, from weights of those atoms whose bounds are above t."""
    fields = Fields(evidence, ("atoms", "imaginary", "real", "upper"))
    n, m = dictionary.n, dictionary.m
    if dictionary.field == "real" and fields.raw("imaginary") is not None:
        raise Reject("imaginary is not null, and the dictionary is real")
    atoms, upper = fields.indices("atoms", n), rational(fields.raw("upper"), "upper")
    if not atoms or upper < 0:
        raise Reject("there are no atoms, or upper is negative")
    parts = [Vectors(fields, name, len(atoms), m) for name in ("real", "imaginary")[: dictionary.parts]]
    shifts = [part.exponent - min(p.exponent for p in parts) for part in parts]
    weight = sum(part.weight << shift for part, shift in zip(parts, shifts, strict=True))
    p, q = upper.as_integer_ratio()

    def derive(premises: Sequence[Statement]) -> Statement:
        values, exponent = upper_values(premises[0], n)
        left, right = max(0, exponent), max(0, -exponent)
        for i in sorted(set(range(n)).difference(atoms)):
            if values[i] * q << left > p << right:
                raise Reject(f"upper[{i}] of the premise is above upper, and atom {i} has no weights here")
        norms = dictionary.squared_norms
        for i, squares in zip(atoms, squared_products(dictionary, parts, shifts, weight), strict=True):
            if squares[i] == 0:
                raise Reject(f"the weights of atom {i} are orthogonal to it")
            own = p * p * squares[i]
            for j, square in enumerate(squares):
                if j != i and q * q * square * norms[i] > own * norms[j]:
                    raise Reject(f"atom {j} exceeds upper for the weights of atom {i}")
        return {"kind": "generalized-coherence-at-most", "upper": spell(upper)}

    count, longest = len(atoms), max(p.bit_length(), q.bit_length())
    products = dictionary.parts**2 * count * combination_work(m, n, dictionary.bits, weight)
    products += dictionary.parts * packing_work(m, n, dictionary.bits, weight)
    entry, square = dictionary.bits // 15 + 2, 2 * (dictionary.bits + weight.bit_length() + longest) // 30 + 2
    pairs = count * n * (700 + 2 * entry * square + 2 * square * square)
    norms = dictionary.parts * n * m * (50 + entry * entry // 4)
    size = squaring_work((p, q))
    bounds = n * (1000 + (longest // 30 + 1) * (LONGEST_UPPER // 30 + 2) + 5000 // 5)
    reading = sum(part.reading_work for part in parts) + dictionary.parts * count * m * (weight.bit_length() // 8)
    work = products + pairs + norms + size + bounds + reading
    return Task(("generalized-coherence-upper",), work, derive, size)


def generalized_coherence_by_independence(dictionary: Dictionary, evidence: object) -> Task:
    """Independent atoms: mu~_i = 0."""
    Fields(evidence, ())

    def derive(_: object) -> Statement:
        zeros = {"exponent": 0, "integers": ["0"] * dictionary.n}
        return {"kind": "generalized-coherence-upper", "upper": zeros}

    return Task(("independent",), dictionary.n, derive, 500 * dictionary.n)


def generalized_coherence_by_null_vector(dictionary: Dictionary, evidence: object) -> Task:
    """mu~_i >= |h^_i| / sum of the other |h^_j| for a null vector h."""
    fields = Fields(evidence, ("atom", "lower"))
    atom, lower = fields.natural("atom"), rational(fields.raw("lower"), "lower")
    if atom >= dictionary.n:
        raise Reject(f"atom is not below {dictionary.n}")

    def derive(premises: Sequence[Statement]) -> Statement:
        moduli = weighted_moduli(dictionary, premises[0], "unit")
        own = next((least for least, _, i in moduli if i == atom), 0)
        others = sum(greatest for _, greatest, i in moduli if i != atom)
        if own < lower * others:
            raise Reject(f"the generalized coherence of atom {atom} is not proved to be at least lower")
        return {"kind": "generalized-coherence-lower", "atom": atom, "lower": spell(lower)}

    return Task(("null-vector",), dictionary.null_vector_work, derive, squaring_work(lower.as_integer_ratio()))


def generalized_babel(dictionary: Dictionary, evidence: object) -> Task:
    """Derive bounds of P_i(k) and of P_i(k) + P_i(k-1) over all atoms i, for k = 1 .. K and the weights given."""
    fields = Fields(evidence, ("bits", "sums", "upper", "weights"))
    refuse_complex(dictionary)
    n, m, bits = dictionary.n, dictionary.m, read_bits(fields)
    upper, sums = fields.rationals("upper"), fields.rationals("sums")
    if not 1 <= len(upper) <= n or len(sums) != len(upper):
        raise Reject(f"upper and sums are not two lists of the same length from 1 to {n}")
    weights = Vectors(fields, "weights", n, m)
    length = entry_bits(dictionary, "unit", bits)

    def derive(_: object) -> Statement:
        packed = PackedRows(fixed_point(dictionary, "unit", bits), length, weights.weight)
        for i, w in enumerate(weights):
            products, error = packed.combined(w), sum(map(abs, w))
            own = abs(products[i]) - error
            if own <= 0:
                raise Reject(f"the weights of atom {i} are not proved to be other than orthogonal to it")
            moduli = sorted((abs(g) + error for j, g in enumerate(products) if j != i), reverse=True)
            moduli.append(0)  # there are only n - 1 other atoms
            before = 0
            for k, total in enumerate(itertools.accumulate(moduli[: len(upper)])):
                if total > upper[k] * own or total + before > sums[k] * own:
                    raise Reject(f"P_i({k + 1}) of atom {i} is not proved to be within upper[{k}] and sums[{k}]")
                before = total
        return {
            "kind": "generalized-babel",
            "sums": [spell(value) for value in sums],
            "upper": [spell(value) for value in upper],
        }

    digits = (length + weights.weight.bit_length()) // 30 + 1
    size = squaring_work(part for bound in (*upper, *sums) for part in bound.as_integer_ratio())
    work = fixed_point_work(dictionary, "unit", bits) + packing_work(m, n, length, weights.weight)
    work += weights.reading_work
    work += n * (combination_work(m, n, length, weights.weight) + n * (600 + 10 * digits))
    parts = [part.bit_length() // 30 + 1 for bound in (*upper, *sums) for part in bound.as_integer_ratio()]
    work += n * sum(1000 + part * (2 * digits + 30) for part in parts)
    return Task((), work + size, derive, size)


def spark_by_generalized_coherence(dictionary: Dictionary, evidence: object) -> Task:
    """Spark >= the least s with (s-1) max t_i >= 1."""
    Fields(evidence, ())

    def derive(premises: Sequence[Statement]) -> Statement:
        largest = largest_upper(premises[0], dictionary.n)
        if (dictionary.n - 1) * largest < 1:
            raise Reject("the generalized coherence is below 1/(n-1): the atoms are independent")
        value = -(-largest.denominator // largest.numerator) + 1
        return {"kind": "spark-lower", "theorem": "spark-by-generalized-coherence", "value": value}

    return Task(("generalized-coherence-upper",), 500 * dictionary.n, derive)


def babel_bounds(premise: Statement, name: str) -> list[Fraction]:
    """Return `upper` or `sums` of a statement `generalized-babel`."""
    return Fields(premise, ("kind", "sums", "upper"), "the generalized Babel statement").rationals(name)


def spark_by_generalized_babel(dictionary: Dictionary, evidence: object) -> Task:
    """Spark >= the least s with W_1(s-1) >= 1."""
    Fields(evidence, ())

    def derive(premises: Sequence[Statement]) -> Statement:
        upper = babel_bounds(premises[0], "upper")
        value = next((s for s, bound in enumerate(upper, 2) if bound >= 1), len(upper) + 2)
        if value > dictionary.n:
            raise Reject("the generalized Babel function stays below 1: the atoms are independent")
        return {"kind": "spark-lower", "theorem": "spark-by-generalized-babel", "value": value}

    return Task(("generalized-babel",), dictionary.n, derive)


def recovery_by_generalized_coherence(dictionary: Dictionary, evidence: object) -> Task:
    """l1 at k if (2k-1) mu~ < 1."""

    def holds(premise: Statement, level: int) -> bool:
        return (2 * level - 1) * largest_upper(premise, dictionary.n) < 1

    return guarantee(
        dictionary,
        evidence,
        "recovery-by-generalized-coherence",
        ("l1",),
        "generalized-coherence-upper",
        holds,
        needs_equal_norms=True,
    )
