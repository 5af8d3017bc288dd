"""Bounds of the optimal value from a code, a dual vector or a located minimiser (SPEC.md section 6.8)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from operator import mul

from .dual_vectors import along_signal, along_signal_work, atom_products, atom_products_work, read_dual_vector
from .problems import (
    CODE,
    FIELDS,
    Posed,
    Problem,
    read_posed,
    read_problem,
    read_solution,
    roots_work,
    squared_length,
    upper_bound,
    upper_bound_work,
    weighted_roots,
)
from .signals import Instance
from .values import (
    ROOT_BITS,
    Fields,
    Reject,
    Statement,
    Task,
    hexadecimal,
    rational,
    root_enclosure,
    spell,
    squaring_work,
)

CONVEX = ("basis-pursuit", "bpdn", "lasso")


def read_bound(fields: Fields, name: str, problem_name: str) -> Fraction:
    """Read a bound of the value; a lower bound of a number of nonzeros is an integer."""
    bound = rational(fields.raw(name), name)
    if name == "lower" and problem_name == "sparsest" and bound.denominator != 1:
        raise Reject("lower is not an integer")
    return bound


def value_by_code(instance: Instance, evidence: object) -> Task:
    """The value is at most the objective at a feasible code."""
    fields = Fields(evidence, (*CODE, "problem", "signal", "upper"))
    posed = read_posed(instance, fields, tuple(FIELDS))
    code = read_solution(instance.dictionary, fields)
    upper = read_bound(fields, "upper", posed.problem.name)

    def derive(_: object) -> Statement:
        if upper_bound(posed, code) > upper:
            raise Reject("the objective at the code is not proved to be at most upper")
        return posed.statement("value-upper", upper=spell(upper))

    size = squaring_work(upper.as_integer_ratio())
    return Task((), upper_bound_work(posed, code) + 20 * size, derive, size)


def value_by_dual(instance: Instance, evidence: object) -> Task:
    """Every feasible code costs at least what a dual vector says: weak duality."""
    fields = Fields(evidence, ("divisor", "imaginary", "lower", "problem", "real", "signal"))
    dictionary = instance.dictionary
    posed = read_posed(instance, fields, CONVEX)
    if dictionary.field == "real" and fields.raw("imaginary") is not None:
        raise Reject("imaginary is not null, and the dictionary is real")
    lower = read_bound(fields, "lower", posed.problem.name)
    dual = read_dual_vector(dictionary, fields, "real", "imaginary")
    divisor = hexadecimal(fields.raw("divisor"), "divisor")
    if divisor < 1:
        raise Reject("divisor is not positive")

    def derive(_: object) -> Statement:
        problem, v = posed.problem, dual.parts(dictionary)
        _compare_with_weights(posed, v, dual.exponent, divisor)
        power = Fraction(2) ** dual.exponent / divisor
        square = sum(sum(map(mul, part, part)) for part in v) * power**2
        spare = along_signal(posed, v) * power / posed.signal.denominator - lower
        if problem.name == "lasso":
            spare -= square / 2
        if spare < 0 or spare**2 < problem.epsilon**2 * square:
            raise Reject("the dual vector does not prove lower")
        return posed.statement("value-lower", lower=spell(lower))

    problem = posed.problem
    size = squaring_work(lower.as_integer_ratio())
    numbers = [part.bit_length() for x in (lower, problem.epsilon, problem.weight) for part in x.as_integer_ratio()]
    bits = dual.bits + abs(dual.exponent) + divisor.bit_length()
    whole = (2 * bits + posed.signal_bits + 2 * sum(numbers)) // 30 + 1
    entry = (2 * (dictionary.bits + bits) + 2 * sum(numbers) + 2 * dictionary.longest_scale) // 30 + 1
    work = atom_products_work(dictionary, dual.bits) + along_signal_work(posed, dual.bits) + 200 * whole * whole
    work += dictionary.n * (1000 + 4 * entry * entry) + squared_lengths_work(posed)
    return Task((), work + size, derive, size)


def squared_lengths_work(posed: Posed) -> int:
    """Return the work of |a_i|^2 for all atoms."""
    dictionary = posed.dictionary
    return dictionary.parts * dictionary.n * dictionary.m * (60 + (dictionary.bits // 30 + 1) ** 2)


def _compare_with_weights(posed: Posed, v: list[list[int]], exponent: int, divisor: int) -> None:
    """Raise Reject unless |<d_i, v>| 2^exponent / divisor <= t w_i for all atoms."""
    dictionary, problem = posed.dictionary, posed.problem
    p, q = problem.weight.as_integer_ratio()
    p *= divisor
    left, right = q * q << max(0, 2 * exponent), p * p << max(0, -2 * exponent)
    for i, (along, across) in enumerate(atom_products(dictionary, v)):
        if problem.nonnegative and along <= 0:
            continue
        square = along * along + across * across
        if problem.scaling == "unit":
            within = square * left <= dictionary.squared_norms[i] * right
        else:
            scale = dictionary.scale[i]
            within = square * left * scale.numerator**2 <= right * scale.denominator**2
        if not within:
            raise Reject(f"the dual vector exceeds the weight of atom {i}")


def infeasible_by_dual(instance: Instance, evidence: object) -> Task:
    """No code is feasible: a dual vector separates the signal from all of them."""
    fields = Fields(evidence, ("imaginary", "problem", "real", "signal"))
    dictionary = instance.dictionary
    posed = read_posed(instance, fields, ("basis-pursuit", "bpdn", "sparsest"))
    if dictionary.field == "real" and fields.raw("imaginary") is not None:
        raise Reject("imaginary is not null, and the dictionary is real")
    dual = read_dual_vector(dictionary, fields, "real", "imaginary")

    def derive(_: object) -> Statement:
        problem, v = posed.problem, dual.parts(dictionary)
        spare = Fraction(along_signal(posed, v), posed.signal.denominator)
        total = Fraction(0)
        for i, (along, across) in enumerate(atom_products(dictionary, v)):
            if problem.nonnegative and along <= 0:
                continue
            if problem.box is None and (along or across):
                raise Reject(f"the dual vector is not proved to separate atom {i}")
            total += abs(along) * dictionary.scale[i]
        if problem.box is not None:
            spare -= problem.box * total
        square = sum(sum(map(mul, part, part)) for part in v)
        if spare <= 0 or spare**2 <= problem.epsilon**2 * square:
            raise Reject("the dual vector does not separate the signal")
        return posed.statement("infeasible")

    problem = posed.problem
    numbers = [part.bit_length() for x in (problem.epsilon, problem.box or 1) for part in x.as_integer_ratio()]
    whole = (2 * dual.bits + dictionary.bits + dictionary.scale_bits + posed.signal_bits + sum(numbers)) // 30 + 2
    work = atom_products_work(dictionary, dual.bits) + along_signal_work(posed, dual.bits) + 200 * whole * whole
    return Task((), work + dictionary.n * (3000 + 6 * whole * whole), derive)


# --- from other statements ---


def upper_value_by_minimiser(instance: Instance, evidence: object) -> Task:
    """The value is at most what the one minimiser can cost."""
    return _by_minimiser(instance, evidence, "upper")


def lower_value_by_minimiser(instance: Instance, evidence: object) -> Task:
    """The value is at least what the one minimiser must cost."""
    return _by_minimiser(instance, evidence, "lower")


def _by_minimiser(instance: Instance, evidence: object, side: str) -> Task:
    fields = Fields(evidence, (side,))
    bound = rational(fields.raw(side), side)
    dictionary = instance.dictionary

    def derive(premises: Sequence[Statement]) -> Statement:
        premise = minimiser_fields(premises[0])
        problem = read_problem(dictionary, premise.raw("problem"), tuple(FIELDS))
        if problem.name == "lasso":
            raise Reject(f"a minimiser of {problem.name} does not tell the value")
        least, greatest = minimiser_cost(instance, problem, premise)
        read_bound(fields, side, problem.name)
        if (greatest > bound) if side == "upper" else (least < bound):
            raise Reject(f"the cost of the minimiser is not proved to be within {side}")
        return {
            "kind": f"value-{side}",
            "problem": problem.spelled,
            "signal": premise.raw("signal"),
            side: spell(bound),
        }

    size = squaring_work(bound.as_integer_ratio())
    work = dictionary.null_vector_work + 20 * size + dictionary.n * 4 * (dictionary.scale_bits // 30 + 1) ** 2
    return Task(("unique-minimiser",), work + roots_work(dictionary, dictionary.n, 0), derive, size)


def minimiser_fields(premise: Statement) -> Fields:
    """Return the fields of a statement `unique-minimiser`."""
    return Fields(premise, ("kind", *CODE, "problem", "radius", "signal"), "the minimiser")


def minimiser_cost(instance: Instance, problem: Problem, premise: Fields) -> tuple[Fraction, Fraction]:
    """Enclose what the minimiser costs: its number of nonzeros, |y - Dx|^2, or the sum of w_i |x_i|."""
    dictionary = instance.dictionary
    code = read_solution(dictionary, premise)
    if problem.name == "sparsest":
        return Fraction(len(code.support)), Fraction(len(code.support))
    if problem.name == "k-sparse":
        square = upper_bound(read_posed(instance, premise, ("k-sparse",)), code)
        return square, square
    lower, upper = weighted_roots(dictionary, problem.scaling, code)
    radius = rational(premise.raw("radius"), "radius")
    weights = Fraction(len(code.support))
    if problem.scaling == "unit" and radius:
        roots = [root_enclosure(squared_length(dictionary, i), 1)[1] * dictionary.scale[i] for i in code.support]
        weights = sum(roots, Fraction(0)) / (1 << ROOT_BITS)
    return lower - radius * weights, upper + radius * weights


def several_minimisers(instance: Instance, evidence: object) -> Task:
    """Two different feasible codes that cost no more than the value."""
    fields = Fields(evidence, ("first", "problem", "second", "signal"))
    posed = read_posed(instance, fields, tuple(FIELDS))
    dictionary = instance.dictionary
    codes = [read_solution(dictionary, Fields(fields.raw(name), CODE, name)) for name in ("first", "second")]

    def derive(premises: Sequence[Statement]) -> Statement:
        posed.refuse_other(premises[0])
        lower = rational(premises[0]["lower"], "lower")
        for name, code in zip(("first", "second"), codes, strict=True):
            if upper_bound(posed, code) > lower:
                raise Reject(f"the objective at the {name} code is not proved to be at most the lower bound")
        (a, p), (b, q) = (code.integers(dictionary) for code in codes)
        same = [[x * q for x in part] for part in a] == [[x * p for x in part] for part in b]
        if codes[0].support == codes[1].support and same:
            raise Reject("the two codes are the same")
        return posed.statement("several-minimisers", first=fields.raw("first"), second=fields.raw("second"))

    size = sum(code.size for code in codes)
    return Task(("value-lower",), sum(upper_bound_work(posed, code) for code in codes) + size, derive, size)
