"""The rule for the spectral norm of a dictionary (SPEC.md section 6.7)."""

from __future__ import annotations

from fractions import Fraction
from operator import add

from .dictionary import Dictionary
from .fixed_point import entry_bits, fixed_point_work, read_bits, refuse_complex
from .network_matrices import Lowered, dictionary_columns, product
from .packed import combination_work, packing_work
from .values import ROOT_BITS, Fields, Reject, Statement, Task, rational, root_enclosure, spell, squaring_work


def spectral_norm(dictionary: Dictionary, evidence: object) -> Task:
    """Derive |D|_2 <= upper from a factor L: t I - G = L L^T + R, so |D|_2^2 <= t + the greatest row sum of |R|."""
    fields = Fields(evidence, ("bits", "factor", "square", "upper"))
    refuse_complex(dictionary)
    bits = read_bits(fields)
    square, upper = (rational(fields.raw(name), f"{name} in evidence") for name in ("square", "upper"))
    if min(square, upper) < 0:
        raise Reject("square or upper is negative")
    size = min(dictionary.m, dictionary.n)
    integers, exponent = fields.integers("factor", size * size)
    if not -bits <= exponent <= bits:
        raise Reject("the exponent of factor is not from -bits to bits")
    longest = max(max(integers), -min(integers)).bit_length() + exponent + bits

    def derive(_: object) -> Statement:
        columns = dictionary_columns(dictionary, bits)
        vectors = columns
        if dictionary.n > dictionary.m:
            vectors = Lowered([list(row) for row in zip(*columns.vectors, strict=True)], columns.slack)
        shift = exponent + bits
        factor = Lowered([[h << shift for h in integers[at * size : (at + 1) * size]] for at in range(size)], 0)
        gram, first, second = product(vectors, vectors, dictionary.m)
        other, _, _ = product(factor, factor, size)
        level = square.numerator << 2 * bits
        whole = level // square.denominator
        worst = 0
        for i, (row, taken) in enumerate(zip(gram, other, strict=True)):
            rest = list(map(add, row, taken))
            rest[i] -= whole
            worst = max(worst, sum(map(abs, rest)) + size * first[i] + sum(second))
        if (whole + worst) > upper**2 * (1 << 2 * bits):
            raise Reject("|D|_2 is not proved to be at most upper")
        return {"kind": "spectral-norm-upper", "upper": spell(upper)}

    length = max(dictionary.m, dictionary.n)
    entry = entry_bits(dictionary, "as-given", bits)
    work = fixed_point_work(dictionary, "as-given", bits)
    for rows, each in ((length, entry), (size, max(longest, 1))):
        work += packing_work(rows, size, each, rows << each) + size * combination_work(rows, size, each, rows << each)
    numbers = squaring_work(part for value in (square, upper) for part in value.as_integer_ratio())
    work += size * size * (500 + 4 * ((2 * max(entry, longest)) // 30 + 1)) + 10 * numbers
    return Task((), work, derive, numbers)


def read_norms(premises: list[Statement], depth: int) -> dict[tuple[int, int], Fraction]:
    """Return upper bounds of |D[j:k]|_2 by [j, k], from premises in the order of `spans`; 1 for j = k."""
    found = {(j, j): Fraction(1) for j in range(depth + 1)}
    for span, premise in zip(spans(depth), premises, strict=True):
        fields = Fields(premise, ("about", "kind", "upper"), "the spectral norm")
        if fields.naturals("about") != list(span):
            raise Reject(f"a spectral norm is not about dictionaries {span[0]} to {span[1] - 1}")
        found[span] = rational(fields.raw("upper"), "upper")
    return found


def spans(depth: int) -> list[tuple[int, int]]:
    """Return all [j, k] with 0 <= j < k <= J but [0, J], in lexicographic order."""
    return [(j, k) for j in range(depth) for k in range(j + 1, depth + 1) if (j, k) != (0, depth)]


def reach(dictionary: Dictionary, level: int, norm: Fraction) -> Fraction:
    """Return a bound of |D z|_2 / |z|_2 for z with at most `level` nonzeros; `norm` bounds |D|_2."""
    largest = sorted(map(dictionary.squared_norm, range(dictionary.n)))[-level:]
    total = sum(largest, Fraction(0))
    return min(norm, Fraction(root_enclosure(*total.as_integer_ratio())[1], 1 << ROOT_BITS))


def reach_work(dictionary: Dictionary) -> int:
    """Return the work of `reach`."""
    entries = dictionary.n * dictionary.m * (dictionary.bits // 30 + 5) ** 2
    return entries + dictionary.n * (500 + 100 * (dictionary.longest_scale // 10 + 20) ** 2)
