"""The one minimiser of basis pursuit, of problems where zero is feasible, and by guarantees (SPEC.md section 6.8)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction
from operator import mul

from .dictionary import Dictionary
from .dual_vectors import atom_products, atom_products_work, read_dual_vector
from .optimality import squared_lengths_work
from .packed import PackedRows, combination_work, packing_work
from .problems import (
    CODE,
    Posed,
    Solution,
    read_posed,
    read_solution,
    residual,
    residual_bits,
    residual_work,
    squared_length,
    upper_bound,
    upper_bound_work,
)
from .recovery import read_asked
from .signals import Instance, Vector
from .values import ROOT_BITS, Fields, Reject, Statement, Task, rational, root_enclosure, spell, squaring_work


def below_root(x: int, y: int, square: int) -> bool:
    """Say whether x < y sqrt(square), for square >= 0."""
    if y > 0:
        return x < 0 or x * x < y * y * square
    return x < 0 and x * x > y * y * square


def read_radius(fields: Fields) -> Fraction:
    """Read a radius."""
    radius = rational(fields.raw("radius"), "radius")
    if radius < 0:
        raise Reject("radius is negative")
    return radius


def check_radius(values: Sequence[int], denominator: int, radius: Fraction, nonnegative: bool) -> None:
    """Raise Reject unless signs are known: radius < |c_i| on the support, and c_i > 0 over non-negative codes."""
    limit = radius * denominator
    if any(abs(value) <= limit for value in values):
        raise Reject("radius is not below the modulus of every value of the code")
    if nonnegative and any(value < 0 for value in values):
        raise Reject("the code has a negative value")


def signed_weight(dictionary: Dictionary, scaling: str, i: int) -> tuple[Fraction, Fraction]:
    """Enclose w_i / s_i, where d_i is s_i times the integer atom."""
    if scaling == "as-given":
        weight = 1 / dictionary.scale[i]
        return weight, weight
    lower, upper = root_enclosure(squared_length(dictionary, i), 1)
    return Fraction(lower, 1 << ROOT_BITS), Fraction(upper, 1 << ROOT_BITS)


def read_rows(fields: Fields, count: int, length: int) -> tuple[list[Sequence[int]], int]:
    """Return the rows of the matrix `inverse`, and its exponent."""
    values, exponent = fields.integers("inverse", count * length)
    return [values[at * length : (at + 1) * length] for at in range(count)], exponent


def unique_minimiser_of_basis_pursuit(instance: Instance, evidence: object) -> Task:
    """Derive where the one minimiser is, from a dual vector and an approximate left inverse of the atoms it uses."""
    fields = Fields(evidence, (*CODE, "dual", "inverse", "problem", "radius", "signal"))
    dictionary = instance.dictionary
    if dictionary.field != "real":
        raise Reject("this rule is for real dictionaries")
    posed = read_posed(instance, fields, ("basis-pursuit",))
    code, radius = read_solution(dictionary, fields), read_radius(fields)
    m, n, size = dictionary.m, dictionary.n, len(code.support)
    dual = read_dual_vector(dictionary, fields, "dual")
    rows, exponent = read_rows(fields, size, m)
    row_weight = max((sum(map(abs, row)) for row in rows), default=0)
    del rows  # read again when needed, so that waiting steps hold no numbers

    def derive(_: object) -> Statement:
        values, denominator = code.integers(dictionary)
        check_radius(values[0], denominator, radius, posed.problem.nonnegative)
        rows, _ = read_rows(fields, size, m)
        error, sums = _inverse_error(dictionary, code.support, rows, exponent, row_weight)
        if error >= 1:
            raise Reject("the inverse is not proved to be near enough: a column of |M D_S - I| sums to 1 or more")
        _check_place(residual(posed, code), radius, (rows, exponent), m, 1 - error)
        (v,) = dual.parts(dictionary)
        products = [along for along, _ in atom_products(dictionary, [v])]
        signs = [1 if value > 0 else -1 for value in values[0]]
        delta = _mismatch(posed, code, signs, products, dual.exponent)
        factors = (Fraction(2) ** dual.exponent * (1 - error), delta * Fraction(2) ** exponent, 1 - error)
        _compare_off(posed, code.support, zip(products, sums, strict=True), factors)
        return posed.statement("unique-minimiser", **code.spelled, radius=spell(radius))

    parts = squaring_work(radius.as_integer_ratio())
    reach = row_weight.bit_length() + dictionary.bits
    work = residual_work(posed, code) + code.size + 30 * parts + n * 100
    if size:
        work += packing_work(m, n, dictionary.bits, row_weight)
        work += size * (combination_work(m, n, dictionary.bits, row_weight) + n * (150 + reach // 30))
    scaled = (2 * reach + 2 * abs(exponent) + dictionary.longest_scale) // 30 + 1
    work += size * size * (200 + scaled) + size * (5000 + 20 * scaled * scaled)
    work += size * m * (300 + row_weight.bit_length() // 4)
    left = (residual_bits(posed, code) + row_weight.bit_length()) // 30 + 2
    work += size * (3000 + m * (60 + left * left) + 30 * left * left)
    products_bits = dictionary.bits + dual.bits + abs(dual.exponent) + 2 * dictionary.longest_scale + ROOT_BITS
    work += atom_products_work(dictionary, dual.bits) + squared_lengths_work(posed)
    work += size * (10000 + 40 * (products_bits // 30 + 1) ** 2)
    whole = (2 * products_bits + 4 * (reach + abs(exponent) + dictionary.longest_scale)) // 30 + 1
    work += 100 * whole * whole + n * (1000 + 8 * whole * whole)
    return Task((), work, derive, code.size + parts)


def _inverse_error(
    dictionary: Dictionary, support: list[int], rows: list[Sequence[int]], exponent: int, weight: int
) -> tuple[Fraction, list[int]]:
    """Return the greatest column sum of |M D_S - I|, and |M a_j|_1 of all integer atoms without M's power of two."""
    sums = [0] * dictionary.n
    if not rows:
        return Fraction(0), sums
    packed = PackedRows(dictionary.real, dictionary.bits, weight)
    up, one = max(exponent, 0), 1 << max(-exponent, 0)
    scales = [dictionary.scale[i].as_integer_ratio() for i in support]
    columns = [0] * len(support)
    for k, row in enumerate(rows):
        products = packed.combined(row)
        sums = [total + abs(x) for total, x in zip(sums, products, strict=True)]
        for at, (i, (p, q)) in enumerate(zip(support, scales, strict=True)):
            columns[at] += abs((products[i] * p << up) - (q * one if at == k else 0))
    return max(Fraction(column, q * one) for column, (_, q) in zip(columns, scales, strict=True)), sums


def _check_place(
    left: Vector, radius: Fraction, inverse: tuple[list[Sequence[int]], int], m: int, rest: Fraction
) -> None:
    """Raise Reject unless the feasible code on the support is proved to be within the radius."""
    rows, exponent = inverse
    if not any(left.parts[0]):
        if radius:
            raise Reject("radius is not 0, and the code is feasible")
        return
    if len(rows) != m:
        raise Reject("D x is not the signal, and the support does not have m atoms")
    moved = sum(abs(sum(map(mul, row, left.parts[0]))) for row in rows)
    if Fraction(moved, left.denominator) * Fraction(2) ** exponent > radius * rest:
        raise Reject("the minimiser is not proved to be within the radius")


def _mismatch(posed: Posed, code: Solution, signs: list[int], products: list[int], exponent: int) -> Fraction:
    """Return the bound of max |<d_i, v> - w_i sign_i| over the support."""
    dictionary, greatest = posed.dictionary, Fraction(0)
    power = Fraction(2) ** exponent
    for i, sign in zip(code.support, signs, strict=True):
        weights = signed_weight(dictionary, posed.problem.scaling, i)
        product = products[i] * power
        greatest = max(greatest, dictionary.scale[i] * max(abs(product - sign * weight) for weight in weights))
    return greatest


def _compare_off(
    posed: Posed, support: list[int], atoms: Iterable[tuple[int, int]], factors: tuple[Fraction, Fraction, Fraction]
) -> None:
    """Raise Reject unless along |g| + across a < rest w_j / s_j for (g, a) of all atoms off the support."""
    common = math.lcm(*(factor.denominator for factor in factors))
    along, across, rest = (factor.numerator * (common // factor.denominator) for factor in factors)
    problem, chosen = posed.problem, set(support)
    for j, (g, a) in enumerate(atoms):
        if j in chosen:
            continue
        left = along * (g if problem.nonnegative else abs(g)) + across * a
        if problem.scaling == "unit":
            within = below_root(left, rest, posed.dictionary.squared_norms[j])
        else:
            p, q = posed.dictionary.scale[j].as_integer_ratio()
            within = left * p < rest * q
        if not within:
            raise Reject(f"atom {j} is not proved to be off the support of every minimiser")


# --- without solving anything ---


def unique_minimiser_by_zero(instance: Instance, evidence: object) -> Task:
    """Zero is feasible and costs nothing, and nothing else does."""
    fields = Fields(evidence, ("problem", "signal"))
    posed = read_posed(instance, fields, ("basis-pursuit", "bpdn", "sparsest"))

    def derive(_: object) -> Statement:
        y, epsilon = posed.signal, posed.problem.epsilon
        if y.square > epsilon**2 * y.denominator**2:
            raise Reject("zero is not feasible")
        none: dict[str, object] = {"exponent": 0, "integers": []}
        imaginary = none if instance.dictionary.field == "complex" else None
        support: list[int] = []
        code: Statement = {"divisor": "1", "imaginary": imaginary, "real": none, "support": support}
        return posed.statement("unique-minimiser", **code, radius="0")

    digits = posed.signal_bits // 30 + 1
    work = posed.signal_work + posed.dictionary.parts * posed.dictionary.m * (100 + digits * digits)
    epsilon = squaring_work(posed.problem.epsilon.as_integer_ratio())
    return Task((), work + 20 * epsilon + 40 * digits * digits, derive, 2000)


def unique_minimiser_by_guarantee(instance: Instance, evidence: object) -> Task:
    """A feasible code that is sparse enough for what is guaranteed of the dictionary."""
    fields = Fields(evidence, (*CODE, "problem", "signal"))
    posed = read_posed(instance, fields, ("basis-pursuit", "sparsest"))
    problem = posed.problem
    code = read_solution(instance.dictionary, fields)
    if problem.epsilon:
        raise Reject("epsilon is not 0")

    def derive(premises: Sequence[Statement]) -> Statement:
        asked = {name: premises[0][name] for name in ("level", "question", "scaling")}
        found = read_asked(instance.dictionary, asked)
        wanted = "l0" if problem.name == "sparsest" else "l1"
        if found.question != wanted or (wanted == "l1" and found.scaling != problem.scaling):
            raise Reject("the guarantee is about another question or scaling")
        if len(code.support) > found.level:
            raise Reject(f"the code has {len(code.support)} nonzeros, and {found.level} are guaranteed")
        upper_bound(posed, code)
        return posed.statement("unique-minimiser", **code.spelled, radius="0")

    return Task(("guaranteed",), upper_bound_work(posed, code) + code.size, derive, code.size)
