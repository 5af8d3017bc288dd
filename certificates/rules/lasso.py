"""The one minimiser of lasso problems, and of bpdn between two of them (SPEC.md section 6.8)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from operator import mul

from .dictionary import Dictionary
from .dual_vectors import atom_products, atom_products_work
from .minimisers import below_root, check_radius, read_radius, read_rows
from .optimality import minimiser_fields, squared_lengths_work
from .packed import PackedRows, combination_work, packing_work
from .problems import (
    CODE,
    Posed,
    Problem,
    Solution,
    longest,
    read_posed,
    read_problem,
    read_solution,
    residual,
    residual_bits,
    residual_work,
    squared_length,
)
from .signals import Instance
from .values import ROOT_BITS, Fields, Reject, Statement, Task, root_enclosure, spell, squaring_work

LONGEST_CENTRE = 5000
"""In bits, of the integers of a centre that a rule derives."""


@dataclass(frozen=True, slots=True)
class _Gram:
    """`rows` / `scale`^2 is D_S* D_S in integers, d_i = `weights`_i / `scale` times the integer atom."""

    rows: list[list[int]]
    weights: list[int]
    scale: int

    @property
    def squared_reach(self) -> Fraction:
        """g^2: |D_S z|_2 <= g |z|_inf."""
        return Fraction(sum(sum(map(abs, row)) for row in self.rows), self.scale**2)


def _gram(dictionary: Dictionary, support: list[int]) -> _Gram:
    scale = math.lcm(*{dictionary.scale[i].denominator for i in support})
    weights = [dictionary.scale[i].numerator * (scale // dictionary.scale[i].denominator) for i in support]
    atoms = [dictionary.real[i] for i in support]
    if not atoms:
        return _Gram([], [], 1)
    packed = PackedRows(atoms, dictionary.bits, dictionary.m << dictionary.bits)
    rows = [
        [g * w * weight for g, weight in zip(packed.combined(a), weights, strict=True)]
        for a, w in zip(atoms, weights, strict=True)
    ]
    return _Gram(rows, weights, scale)


def _gram_bits(dictionary: Dictionary) -> int:
    return 2 * (dictionary.bits + dictionary.scale_bits) + dictionary.m.bit_length()


def _gram_work(dictionary: Dictionary, size: int) -> int:
    m, bits = dictionary.m, dictionary.bits
    if not size:
        return 100
    products = packing_work(m, size, bits, m << bits) + size * combination_work(m, size, bits, m << bits)
    scale = dictionary.scale_bits // 30 + 1
    return products + size * size * (300 + 2 * scale * (bits // 15 + scale + 2)) + size * (2000 + 4 * scale * scale)


def unique_minimiser_of_lasso(instance: Instance, evidence: object) -> Task:
    """Derive where the one minimiser is, from an approximate inverse of the Gram matrix of the atoms it uses."""
    fields = Fields(evidence, (*CODE, "inverse", "problem", "radius", "signal"))
    dictionary = instance.dictionary
    if dictionary.field != "real":
        raise Reject("this rule is for real dictionaries")
    posed = read_posed(instance, fields, ("lasso",))
    code, radius = read_solution(dictionary, fields), read_radius(fields)
    if fields.raw("divisor") != "1":
        raise Reject("divisor is not 1")
    size = len(code.support)
    rows, exponent = read_rows(fields, size, size)
    weight = max((sum(map(abs, row)) for row in rows), default=0)
    del rows  # read again when needed, so that waiting steps hold no numbers

    def derive(_: object) -> Statement:
        values, denominator = code.integers(dictionary)
        check_radius(values[0], denominator, radius, posed.problem.nonnegative)
        rows, _ = read_rows(fields, size, size)
        gram = _gram(dictionary, code.support)
        error = _inverse_error(gram, rows, exponent, weight)
        if error >= 1:
            raise Reject("the inverse is not proved to be near enough: a row of |M G - I| sums to 1 or more")
        left = residual(posed, code)
        products = [along for along, _ in atom_products(dictionary, left.parts)]
        signs = [1 if value > 0 else -1 for value in values[0]]
        moved = _moved(
            posed, gram, rows, [(i, s, products[i]) for i, s in zip(code.support, signs, strict=True)], left.denominator
        )
        if moved * Fraction(2) ** exponent > radius * (1 - error):
            raise Reject("the minimiser is not proved to be within the radius")
        square = gram.squared_reach * (radius / posed.problem.weight) ** 2
        _compare_off(posed, code.support, products, left.denominator, root_enclosure(*square.as_integer_ratio())[1])
        return posed.statement("unique-minimiser", **code.spelled, radius=spell(radius))

    again = residual_work(posed, code) + _gram_work(dictionary, size) + code.size
    parts = squaring_work((*radius.as_integer_ratio(), *posed.problem.weight.as_integer_ratio()))
    work = again + 60 * parts
    gram_bits, weight_bits = _gram_bits(dictionary), weight.bit_length()
    reach = (gram_bits + weight_bits + abs(exponent)) // 30 + 1
    if size:
        work += packing_work(size, size, gram_bits, weight) + size * combination_work(size, size, gram_bits, weight)
    work += size * size * (800 + 4 * reach + weight_bits // 4) + size * 40 * reach + 100 * reach * reach
    left = residual_bits(posed, code)
    work += atom_products_work(dictionary, left) + squared_lengths_work(posed)
    longest_part = max(map(int.bit_length, posed.problem.weight.as_integer_ratio()))
    term = (left + dictionary.bits + 2 * dictionary.scale_bits + 2 * longest_part + ROOT_BITS) // 30 + 2
    work += size * (4000 + 20 * term * term + size * (100 + 2 * term * (weight_bits // 30 + 1)))
    work += 200 * (term + reach) ** 2 + dictionary.n * (2000 + 20 * term * term)
    return Task((), work, derive, 3 * again + 60 * parts)


def _inverse_error(gram: _Gram, rows: list[Sequence[int]], exponent: int, weight: int) -> Fraction:
    """Return the greatest row sum of |M G - I|."""
    if not rows:
        return Fraction(0)
    packed = PackedRows(gram.rows, max(map(longest, gram.rows)), weight)
    up, one = max(exponent, 0), gram.scale**2 << max(-exponent, 0)
    greatest = 0
    for k, row in enumerate(rows):
        products = [x << up for x in packed.combined(row)]
        products[k] -= one
        greatest = max(greatest, sum(map(abs, products)))
    return Fraction(greatest, one)


def _moved(
    posed: Posed, gram: _Gram, rows: list[Sequence[int]], atoms: list[tuple[int, int, int]], denominator: int
) -> Fraction:
    """Return a bound of |M rho|_inf without M's power of two, rho_i = <d_i, r> - t w_i sign_i.

    `atoms` holds (i, sign_i, <a_i, r> times `denominator`) for the integer atoms a_i.
    """
    problem, dictionary = posed.problem, posed.dictionary
    p, q = problem.weight.as_integer_ratio()
    unit = problem.scaling == "unit"
    # all times scale, denominator, q and (for unit) 2^ROOT_BITS
    terms: list[int] = []
    widths: list[int] = []
    for (i, sign, product), weight in zip(atoms, gram.weights, strict=True):
        if unit:
            lower, upper = root_enclosure(squared_length(dictionary, i), 1)
            terms.append(weight * ((product * q << ROOT_BITS) - p * denominator * sign * lower))
            widths.append(weight * p * denominator * (upper - lower))
        else:
            terms.append(weight * product * q - p * denominator * gram.scale * sign)
    greatest = 0
    for row in rows:
        bound = abs(sum(map(mul, row, terms)))
        if unit:
            bound += sum(map(mul, map(abs, row), widths))
        greatest = max(greatest, bound)
    return Fraction(greatest, (gram.scale * denominator * q) << (ROOT_BITS if unit else 0))


def _compare_off(posed: Posed, support: list[int], products: list[int], denominator: int, kappa: int) -> None:
    """Raise Reject unless |<d_j, r>| + N_j t kappa < t w_j off the support, kappa in multiples of 2^-ROOT_BITS."""
    problem, dictionary = posed.problem, posed.dictionary
    p, q = problem.weight.as_integer_ratio()
    chosen = set(support)
    one = 1 << ROOT_BITS
    for j, product in enumerate(products):
        if j in chosen:
            continue
        along = (product if problem.nonnegative else abs(product)) * q << ROOT_BITS
        square = dictionary.squared_norms[j]
        if problem.scaling == "unit":
            within = below_root(along, p * denominator * (one - kappa), square)
        else:
            above, below = dictionary.scale[j].as_integer_ratio()
            spare = p * denominator * below * one - along * above
            within = below_root(-spare, -p * denominator * above * kappa, square)
        if not within:
            raise Reject(f"atom {j} is not proved to be off the support of every minimiser")


# --- bpdn ---


@dataclass(frozen=True, slots=True)
class _Lasso:
    """What a statement says of the minimiser of a lasso problem."""

    problem: Problem
    code: Solution
    radius: Fraction


def _read_lasso(posed: Posed, premise: Statement) -> _Lasso:
    fields = minimiser_fields(premise)
    problem = read_problem(posed.dictionary, fields.raw("problem"), ("lasso",))
    same = problem.scaling == posed.problem.scaling and problem.nonnegative == posed.problem.nonnegative
    if not same or fields.natural("signal") != posed.at:
        raise Reject("the lasso problems are about another signal, scaling or sign")
    return _Lasso(problem, read_solution(posed.dictionary, fields), read_radius(fields))


def unique_minimiser_of_bpdn(instance: Instance, evidence: object) -> Task:
    """The minimisers of two lasso problems enclose that of bpdn."""
    fields = Fields(evidence, ("problem", "signal"))
    dictionary = instance.dictionary
    if dictionary.field != "real":
        raise Reject("this rule is for real dictionaries")
    posed = read_posed(instance, fields, ("bpdn",))
    epsilon = posed.problem.epsilon
    if epsilon == 0:
        raise Reject("epsilon is 0")

    def derive(premises: Sequence[Statement]) -> Statement:
        first, second = (_read_lasso(posed, premise) for premise in premises)
        if first.problem.weight >= second.problem.weight:
            raise Reject("the weights of the lasso problems do not increase")
        if first.code.support != second.code.support or not first.code.support:
            raise Reject("the supports of the lasso problems are different or empty")
        square = _gram(dictionary, first.code.support).squared_reach
        for lasso, inside in ((first, True), (second, False)):
            left = residual(posed, lasso.code)
            length, reach = Fraction(left.square, left.denominator**2), square * lasso.radius**2
            # |r| + reach <= epsilon or epsilon + reach <= |r|, by squaring twice
            sides = (length, epsilon**2) if inside else (epsilon**2, length)
            spare = sides[1] - sides[0] - reach
            if spare < 0 or 4 * sides[0] * reach > spare**2:
                raise Reject("epsilon is not proved to lie between the residuals of the two lasso problems")
        return posed.statement("unique-minimiser", **_between(posed, first, second))

    size = 3 * min(dictionary.m, dictionary.n) * (2000 + 20 * (LONGEST_CENTRE // 30 + 1) ** 2)
    epsilons = squaring_work(epsilon.as_integer_ratio())
    return Task(("unique-minimiser", "unique-minimiser"), size + 100 * epsilons, derive, size)


def _between(posed: Posed, first: _Lasso, second: _Lasso) -> Statement:
    """Return the mean of two codes, and a radius that covers both and all between them, as SPEC.md spells it."""
    (a, p), (b, q) = (lasso.code.integers(posed.dictionary) for lasso in (first, second))
    common = math.lcm(p, q)
    pairs = [(x * (common // p), y * (common // q)) for x, y in zip(a[0], b[0], strict=True)]
    if any((x > 0) != (y > 0) for x, y in pairs):
        raise Reject("the signs of the lasso problems' minimisers differ")
    radius = Fraction(max(abs(x - y) for x, y in pairs), 2 * common) + max(first.radius, second.radius)
    sums = [x + y for x, y in pairs]
    twos = min(value & -value for value in sums)
    exponent = twos.bit_length() - 1 - common.bit_length()
    centre = [value // twos for value in sums]
    if common & (common - 1) or abs(exponent) > 5000 or longest(centre) > LONGEST_CENTRE:
        raise Reject("the mean of the two codes is too long or no multiple of a power of two")
    check_radius(sums, 2 * common, radius, posed.problem.nonnegative)
    return {
        "divisor": "1",
        "imaginary": None,
        "radius": spell(radius),
        "real": {"exponent": exponent, "integers": [f"{value:x}" for value in centre]},
        "support": first.code.support,
    }
