"""Sparse-coding problems as certificates spell them, and exact codes tried on them (SPEC.md section 6.8)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from operator import mul
from typing import cast

from .dictionary import Dictionary
from .signals import Instance, Vector, combined_atoms
from .values import ROOT_BITS, SCALINGS, Fields, Reject, Statement, hexadecimal, rational, root_enclosure, squaring_work

FIELDS = {
    "basis-pursuit": ("name", "nonnegative", "scaling"),
    "bpdn": ("epsilon", "name", "nonnegative", "scaling"),
    "lasso": ("name", "nonnegative", "scaling", "weight"),
    "sparsest": ("box", "epsilon", "name", "nonnegative"),
    "k-sparse": ("box", "name", "nonnegative", "sparsity"),
}
COUNTING = ("sparsest", "k-sparse")
CODE = ("divisor", "imaginary", "real", "support")


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem; `epsilon` is 0 where the constraint is Dx = y or there is none, what a problem lacks is None."""

    name: str
    nonnegative: bool
    scaling: str
    epsilon: Fraction
    weight: Fraction
    box: Fraction | None
    sparsity: int
    spelled: object


def read_problem(dictionary: Dictionary, value: object, names: Sequence[str]) -> Problem:
    """Read a problem whose name is one of `names`."""
    spelled = cast("dict[str, object]", value) if isinstance(value, dict) else {}
    name = spelled.get("name")
    if not isinstance(name, str) or name not in names:
        raise Reject(f"the problem is not one of {', '.join(names)}")
    fields = Fields(cast("object", spelled), FIELDS[name], "the problem")
    nonnegative = fields.boolean("nonnegative")
    if dictionary.field == "complex" and (nonnegative or name in COUNTING):
        raise Reject("this problem is for real dictionaries")
    has = FIELDS[name]
    epsilon = rational(fields.raw("epsilon"), "epsilon") if "epsilon" in has else Fraction(0)
    weight = rational(fields.raw("weight"), "weight") if "weight" in has else Fraction(1)
    box = rational(fields.raw("box"), "box") if "box" in has and fields.raw("box") is not None else None
    sparsity = fields.natural("sparsity") if "sparsity" in has else 1
    if epsilon < 0:
        raise Reject("epsilon is negative")
    if weight <= 0 or (box is not None and box <= 0):
        raise Reject("weight and box are not above 0")
    if not 1 <= sparsity <= dictionary.n:
        raise Reject(f"sparsity is not from 1 to {dictionary.n}")
    scaling = fields.choice("scaling", SCALINGS) if "scaling" in has else "as-given"
    return Problem(name, nonnegative, scaling, epsilon, weight, box, sparsity, spelled)


@dataclass(frozen=True, slots=True)
class Posed:
    """A problem about one of the signals."""

    instance: Instance
    problem: Problem
    at: int

    @property
    def dictionary(self) -> Dictionary:
        """The dictionary."""
        return self.instance.dictionary

    @property
    def signal(self) -> Vector:
        """The signal."""
        return self.instance.signal(self.at)

    @property
    def signal_bits(self) -> int:
        """No less than the lengths of an integer of the signal and of its denominator, together."""
        return self.instance.signal_bits(self.at) + self.instance.denominator_bits(self.at)

    @property
    def signal_work(self) -> int:
        """The work of finding the signal."""
        return self.instance.signal_work(self.at)

    def statement(self, kind: str, **fields: object) -> Statement:
        """Return a statement about this problem and signal."""
        return {"kind": kind, "problem": self.problem.spelled, "signal": self.at, **fields}

    def refuse_other(self, premise: Statement) -> None:
        """Raise Reject unless a premise is about the same problem and signal."""
        if premise["problem"] != self.problem.spelled or premise["signal"] != self.at:
            raise Reject("the premise is about another problem or signal")


def read_posed(instance: Instance, fields: Fields, names: Sequence[str]) -> Posed:
    """Read the fields `problem` and `signal`."""
    problem = read_problem(instance.dictionary, fields.raw("problem"), names)
    at = fields.natural("signal")
    if at >= instance.signals.count:
        raise Reject(f"signal is not below {instance.signals.count}")
    return Posed(instance, problem, at)


@dataclass(frozen=True, slots=True)
class Solution:
    """A code with the values (real + i imaginary)/divisor on `support`, none of them zero; it may be empty.

    `bits` is no less than the length of an integer of `integers`, `denominator_bits` than that of their denominator;
    `size` is the work of reading and squaring the values.
    """

    support: list[int]
    fields: Fields
    bits: int
    denominator_bits: int
    size: int

    @property
    def spelled(self) -> Statement:
        """The fields of a statement that holds this code."""
        return {name: self.fields.raw(name) for name in CODE}

    def integers(self, dictionary: Dictionary) -> tuple[list[list[int]], int]:
        """Return the parts of the values as integers, and their common denominator."""
        parts = read_parts(dictionary, self.fields, ("real", "imaginary"), len(self.support))
        down = max(0, *(-exponent for _, exponent in parts))
        divisor = hexadecimal(self.fields.raw("divisor"), "divisor")
        return [[value << (exponent + down) for value in part] for part, exponent in parts], divisor << down

    def signal(self, dictionary: Dictionary) -> Vector:
        """Return D x."""
        values, denominator = self.integers(dictionary)
        return combined_atoms(dictionary, self.support, values, denominator)


def read_solution(dictionary: Dictionary, fields: Fields) -> Solution:
    """Read the fields `divisor`, `imaginary` (null exactly for a real dictionary), `real` and `support`."""
    support = fields.indices("support", dictionary.n)
    divisor = hexadecimal(fields.raw("divisor"), "divisor")
    if divisor < 1:
        raise Reject("divisor is not positive")
    if dictionary.field == "real" and fields.raw("imaginary") is not None:
        raise Reject("imaginary is not null, and the dictionary is real")
    parts = read_parts(dictionary, fields, ("real", "imaginary"), len(support))
    for at, i in enumerate(support):
        if not any(part[at] for part, _ in parts):
            raise Reject(f"the value at atom {i} is zero")
    down = max(0, *(-exponent for _, exponent in parts))
    bits = max(longest(part) + exponent + down for part, exponent in parts)
    denominator_bits = divisor.bit_length() + down
    size = dictionary.parts * (len(support) + 1) * (2000 + 20 * ((bits + denominator_bits) // 30 + 1) ** 2)
    return Solution(support, fields, bits, denominator_bits, size)


def read_parts(
    dictionary: Dictionary, fields: Fields, names: Sequence[str], length: int
) -> list[tuple[Sequence[int], int]]:
    """Return the integers of one array for each part of the dictionary, and the exponent of each.

    They are read again when needed, so that waiting steps hold no numbers.
    """
    return [fields.integers(name, length) for name in names[: dictionary.parts]]


def longest(values: Sequence[int]) -> int:
    """Return the length of the longest of these integers."""
    return max((value.bit_length() for value in values), default=0)


def residual(posed: Posed, code: Solution) -> Vector:
    """Return y - D x."""
    y, found = posed.signal, code.signal(posed.dictionary)
    common = math.lcm(y.denominator, found.denominator)
    a, b = common // y.denominator, common // found.denominator
    parts = [[u * a - v * b for u, v in zip(p, q, strict=True)] for p, q in zip(y.parts, found.parts, strict=True)]
    return Vector(parts, common)


def residual_bits(posed: Posed, code: Solution) -> int:
    """Return no less than the length of an integer of `residual`, and of its denominator."""
    dictionary = posed.dictionary
    own = code.bits + code.denominator_bits + dictionary.bits + 2 * dictionary.scale_bits
    return own + posed.signal_bits + len(code.support).bit_length() + 2


def residual_work(posed: Posed, code: Solution) -> int:
    """Return the work of `residual` and of its square."""
    dictionary = posed.dictionary
    scale = dictionary.scale_bits // 30 + 1
    coefficient = code.bits // 30 + 1 + scale
    whole = residual_bits(posed, code) // 30 + 1
    work = len(code.support) * dictionary.parts * (3000 + 4 * scale * coefficient)
    each = len(code.support) * (80 + coefficient * (dictionary.bits // 30 + 1))
    work += dictionary.parts**2 * dictionary.m * (each + 1500 + 6 * whole * whole)
    return work + posed.signal_work + code.size


def weighted_roots(dictionary: Dictionary, scaling: str, code: Solution) -> tuple[Fraction, Fraction]:
    """Enclose the sum of w_i |x_i| as SPEC.md section 6.8 says."""
    values, denominator = code.integers(dictionary)
    squares = [sum(value * value for value in entry) for entry in zip(*values, strict=True)]
    weights = [1] * len(squares)
    if scaling == "unit":
        common = math.lcm(*{dictionary.scale[i].denominator for i in code.support})
        weights = [dictionary.scale[i].numerator * (common // dictionary.scale[i].denominator) for i in code.support]
        squares = [squared_length(dictionary, i) * square for i, square in zip(code.support, squares, strict=True)]
        denominator *= common
    roots = [root_enclosure(square, 1) for square in squares]
    lower = sum(map(mul, weights, (root for root, _ in roots)))
    upper = sum(map(mul, weights, (root for _, root in roots)))
    return Fraction(lower, denominator << ROOT_BITS), Fraction(upper, denominator << ROOT_BITS)


def squared_length(dictionary: Dictionary, i: int) -> int:
    """Return |a_i|^2 of the integer atom."""
    return sum(sum(map(mul, part[i], part[i])) for part in (dictionary.real, dictionary.imaginary) if part)


def roots_work(dictionary: Dictionary, count: int, bits: int) -> int:
    """Return the work of enclosing `count` roots of |a_i|^2 times squares of integers of this length, and adding."""
    digits = dictionary.bits // 30 + 1
    root = (2 * (dictionary.bits + bits) + 2 * ROOT_BITS + 20) // 30 + 1
    scale = dictionary.scale_bits // 30 + 1
    return count * (dictionary.parts * dictionary.m * (60 + digits * digits) + 4000 + 4 * root * (root + scale))


def upper_bound(posed: Posed, code: Solution) -> Fraction:
    """Return an upper bound of the objective at a code; raise Reject unless it is feasible."""
    problem = posed.problem
    values, denominator = code.integers(posed.dictionary)
    if problem.nonnegative and any(value < 0 for value in values[0]):
        raise Reject("the code has a negative value")
    if problem.name == "k-sparse" and len(code.support) > problem.sparsity:
        raise Reject(f"the code has {len(code.support)} nonzeros, more than sparsity")
    if problem.box is not None and any(abs(value) > floor(problem.box * denominator) for value in values[0]):
        raise Reject("the code leaves the box")
    square = Fraction(0)
    if problem.name != "basis-pursuit":
        left = residual(posed, code)
        square = Fraction(left.square, left.denominator**2)
        if problem.name in ("bpdn", "sparsest") and square > problem.epsilon**2:
            raise Reject("the code is not feasible: it misses the signal by more than epsilon")
    elif any(map(any, residual(posed, code).parts)):
        raise Reject("the code is not feasible: D x is not the signal")
    if problem.name == "sparsest":
        return Fraction(len(code.support))
    if problem.name == "k-sparse":
        return square
    cost = weighted_roots(posed.dictionary, problem.scaling, code)[1]
    return square / 2 + problem.weight * cost if problem.name == "lasso" else cost


def upper_bound_work(posed: Posed, code: Solution) -> int:
    """Return the work of `upper_bound`."""
    problem = posed.problem
    parts = (part for value in (problem.epsilon, problem.weight, problem.box or 1) for part in value.as_integer_ratio())
    square = residual_bits(posed, code) // 15 + 1
    work = residual_work(posed, code) + 20 * squaring_work(parts) + 40 * square * square
    if problem.box is not None:
        box = max(part.bit_length() for part in problem.box.as_integer_ratio()) // 30 + 1
        work += len(code.support) * (2000 + 10 * (box + code.bits // 30 + code.denominator_bits // 30 + 1) ** 2)
    return work + roots_work(posed.dictionary, len(code.support), code.bits)
