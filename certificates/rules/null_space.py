"""Rules about the null-space constant (SPEC.md section 6.6)."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import comb, floor

from .dictionary import Dictionary
from .fixed_point import entry_bits, fixed_point, fixed_point_work, read_bits, refuse_complex
from .generalized import read_vectors, upper_values
from .null_vectors import weighted_moduli
from .packed import PackedRows, combination_work
from .recovery import guarantee
from .supports import LARGEST_ORDER, Exceptions, ceiling, cube, raised, refined, search, search_work
from .values import SCALINGS, Fields, Reject, Statement, Task, rational, spell, squaring_work

ROUNDING = 64
"""Bounds derived from generalized coherences are rounded up to multiples of 2^-ROUNDING."""
MOST_ATOMS = 200
"""Of a dictionary whose triples are listed."""


def _level(fields: Fields, n: int) -> int:
    level = fields.natural("level")
    if not 1 <= level <= n:
        raise Reject(f"level is not from 1 to {n}")
    return level


def _upper(level: int, scaling: str, theorem: str, upper: Fraction) -> Statement:
    return {"kind": "null-space-upper", "level": level, "scaling": scaling, "theorem": theorem, "upper": spell(upper)}


def _packed(dictionary: Dictionary, scaling: str, bits: int, weight: int) -> PackedRows:
    return PackedRows(fixed_point(dictionary, scaling, bits), entry_bits(dictionary, scaling, bits), weight)


# --- values of supports, from dual vectors ---


class _Duals:
    """Dual vectors for supports: one for each sign pattern, the first sign positive."""

    def __init__(
        self, fields: Fields, supports: Callable[[], Sequence[Sequence[int]]], count: int, m: int, bits: int
    ) -> None:
        self._fields, self._supports, self.count, self._m = fields, supports, count, m
        _, self.exponent, self.weight = read_vectors(fields, "duals", count, m)
        if self.exponent > bits:
            raise Reject("the exponent of duals is above bits")

    def values(self, packed: PackedRows, bits: int) -> list[int]:
        """Return for each support the greatest |e - D'^T y|_inf over its sign patterns, in 2^(exponent - bits)."""
        one = 1 << (bits - self.exponent)
        vectors = iter(read_vectors(self._fields, "duals", self.count, self._m)[0])
        result: list[int] = []
        for support in self._supports():
            worst = 0
            for signs in itertools.product((1, -1), repeat=len(support) - 1):
                y = next(vectors)
                residual = packed.combined(y)
                for sign, i in zip((1, *signs), support, strict=True):
                    residual[i] -= sign * one
                worst = max(worst, max(residual) + sum(map(abs, y)), -min(residual) + sum(map(abs, y)))
            result.append(worst)
        return result

    def work(self, dictionary: Dictionary, scaling: str, bits: int) -> int:
        """Return the work of `values`."""
        length = entry_bits(dictionary, scaling, bits)
        each = combination_work(self._m, dictionary.n, length, self.weight) + 200 * self._m + 100 * dictionary.n
        return self.count * each


def support_values(dictionary: Dictionary, evidence: object) -> Task:
    """Derive |h_S|_1 <= v_S |h|_1 on the null space for all supports S of one size."""
    fields = Fields(evidence, ("bits", "duals", "order", "scaling"))
    refuse_complex(dictionary)
    n, bits, order, scaling = (
        dictionary.n,
        read_bits(fields),
        fields.natural("order"),
        fields.choice("scaling", SCALINGS),
    )
    if not 1 <= order <= min(LARGEST_ORDER, n):
        raise Reject(f"order is not from 1 to {min(LARGEST_ORDER, n)}")
    count = comb(n, order)
    duals = _Duals(
        fields, lambda: list(itertools.combinations(range(n), order)), count << (order - 1), dictionary.m, bits
    )

    def derive(_: object) -> Statement:
        values = duals.values(_packed(dictionary, scaling, bits, duals.weight), bits)
        spelled = {"exponent": duals.exponent - bits, "integers": [f"{value:x}" for value in values]}
        return {"kind": "support-values", "order": order, "scaling": scaling, "values": spelled}

    size = count * (1000 + (entry_bits(dictionary, scaling, bits) + duals.weight.bit_length()) // 8)
    work = fixed_point_work(dictionary, bits) + duals.work(dictionary, scaling, bits)
    return Task((), work + size, derive, size)


# --- upper bounds ---


def null_space_by_generalized_coherence(dictionary: Dictionary, evidence: object) -> Task:
    """nsc_k <= the sum of the k largest t_i/(1+t_i), t_i >= mu~_i."""
    fields = Fields(evidence, ("level", "scaling"))
    level, scaling = _level(fields, dictionary.n), fields.choice("scaling", SCALINGS)

    def derive(premises: Sequence[Statement]) -> Statement:
        if scaling == "as-given" and premises[1]["equal"] is not True:
            raise Reject("the atoms as given do not have equal norms")
        shares = [t / (1 + t) for t in upper_values(premises[0], dictionary.n)]
        rounded = sorted((ceiling(s.numerator << ROUNDING, s.denominator) for s in shares), reverse=True)
        bound = Fraction(sum(rounded[:level]), 1 << ROUNDING)
        return _upper(level, scaling, "null-space-by-generalized-coherence", bound)

    premises = ("generalized-coherence-upper", "atom-norms")[: 1 if scaling == "unit" else 2]
    return Task(premises, 5000 * dictionary.n, derive)


def _read_exceptions(
    fields: Fields, dictionary: Dictionary, order: int, level: int, bits: int
) -> list[tuple[Sequence[int], _Duals]]:
    result: list[tuple[Sequence[int], _Duals]] = []
    for at, value in enumerate(fields.list("exceptions")):
        exception = Fields(value, ("duals", "support"), f"exception {at}")
        support = exception.indices("support", dictionary.n)
        if not order < len(support) <= level:
            raise Reject(f"the support of exception {at} does not have from {order + 1} to {level} atoms")
        count = 1 << (len(support) - 1)
        result.append((support, _Duals(exception, lambda support=support: [support], count, dictionary.m, bits)))
    return result


def null_space_by_supports(dictionary: Dictionary, evidence: object) -> Task:
    """nsc_k from the values of all smaller supports, and of some larger ones."""
    fields = Fields(evidence, ("bits", "exceptions", "level", "order", "remaining", "scaling", "upper"))
    refuse_complex(dictionary)
    n, bits, scaling = dictionary.n, read_bits(fields), fields.choice("scaling", SCALINGS)
    level, order, remaining = _level(fields, n), fields.natural("order"), fields.natural("remaining")
    upper = rational(fields.raw("upper"), "upper")
    if not 1 <= order <= min(LARGEST_ORDER, level):
        raise Reject(f"order is not from 1 to {min(LARGEST_ORDER, level)}")
    exceptions = _read_exceptions(fields, dictionary, order, level, bits)
    if n > MOST_ATOMS and (order > 1 or exceptions) and order < level:
        raise Reject(f"averages are taken of at most {MOST_ATOMS} atoms")

    def derive(premises: Sequence[Statement]) -> Statement:
        premise = Fields(premises[0], ("kind", "order", "scaling", "values"), "the support values")
        if premise.raw("order") != order or premise.raw("scaling") != scaling:
            raise Reject("order and scaling are not those of the support values")
        values, exponent = premise.integers("values", comb(n, order))
        given: Exceptions = {}
        packed = _packed(dictionary, scaling, bits, max((duals.weight for _, duals in exceptions), default=0))
        for support, duals in exceptions:
            unit = Fraction(2) ** (duals.exponent - bits - exponent)
            value = duals.values(packed, bits)[0] * unit
            bound = ceiling(*value.as_integer_ratio())
            given[tuple(support)] = min(bound, given.get(tuple(support), bound))
        limit = upper / Fraction(2) ** exponent
        if order == 1 and not given:
            fits = sum(sorted(values, reverse=True)[:level]) <= limit
        else:
            fits = _fits(values, given, _Search(n, order, level, remaining), limit)
        if not fits:
            raise Reject(f"the null-space constant at level {level} is not proved to be at most upper")
        return _upper(level, scaling, "null-space-by-supports", upper)

    work = fixed_point_work(dictionary, bits) + sum(duals.work(dictionary, scaling, bits) for _, duals in exceptions)
    if order > 1 or exceptions:
        work += sum(300 * size * comb(n, size) for size in range(order, min(level, LARGEST_ORDER) + 1))
        if level > LARGEST_ORDER:
            work += search_work(n, level) + min(remaining, comb(n, level)) * (level << level) * 300
    return Task(("support-values",), work + 500 * comb(n, order), derive, squaring_work(upper.as_integer_ratio()))


@dataclass(frozen=True, slots=True)
class _Search:
    """What is searched: all supports of size `level` among n atoms, with at most `remaining` left by averages."""

    n: int
    order: int
    level: int
    remaining: int


def _fits(values: list[int], given: Exceptions, asked: _Search, limit: Fraction) -> bool:
    """Say whether every support of size level is bounded by `limit`."""
    n, level = asked.n, asked.level
    for order in range(asked.order, min(level, LARGEST_ORDER)):
        values = raised(values, n, order, given)
    if level <= LARGEST_ORDER:
        return max(values) <= limit
    triples = cube(values, n)
    known: Exceptions = {}
    left = 0

    def found(support: tuple[int, ...]) -> None:
        nonlocal left
        left += 1
        if left > asked.remaining:
            raise Reject(f"averages leave more than {asked.remaining} supports")
        if refined(support, triples, given, known) > limit:
            raise Reject(f"the atoms {list(support)} are not proved to stay within upper")

    search(triples, level, floor(limit * comb(level - 1, 2)), found)
    return True


def null_space_by_column_sums(dictionary: Dictionary, evidence: object) -> Task:
    """nsc_k <= max over j of the k largest entries of column j of |I - W^T D'|."""
    fields = Fields(evidence, ("bits", "level", "scaling", "upper", "weights"))
    refuse_complex(dictionary)
    n, m, bits, level = dictionary.n, dictionary.m, read_bits(fields), _level(fields, dictionary.n)
    scaling, upper = fields.choice("scaling", SCALINGS), rational(fields.raw("upper"), "upper")
    _, exponent, weight = read_vectors(fields, "weights", n, m)
    if exponent > bits:
        raise Reject("the exponent of weights is above bits")

    def derive(_: object) -> Statement:
        packed = _packed(dictionary, scaling, bits, weight)
        columns: list[list[int]] = [[] for _ in range(n)]
        for i, w in enumerate(read_vectors(fields, "weights", n, m)[0]):
            row, error = packed.combined(w), sum(map(abs, w))
            row[i] -= 1 << (bits - exponent)
            for column, entry in zip(columns, row, strict=True):
                column.append(abs(entry) + error)
        limit = upper * (1 << (bits - exponent))
        for j, column in enumerate(columns):
            if sum(sorted(column, reverse=True)[:level]) > limit:
                raise Reject(f"the {level} largest entries of column {j} exceed upper")
        return _upper(level, scaling, "null-space-by-column-sums", upper)

    each = combination_work(m, n, entry_bits(dictionary, scaling, bits), weight)
    work = fixed_point_work(dictionary, bits) + n * each + 200 * n * m + 500 * n * n
    return Task((), work, derive, squaring_work(upper.as_integer_ratio()))


# --- lower bounds and consequences ---


def null_space_by_null_vector(dictionary: Dictionary, evidence: object) -> Task:
    """nsc_k >= the share of the k heaviest entries of a null vector."""
    fields = Fields(evidence, ("level", "lower", "scaling"))
    level, scaling = _level(fields, dictionary.n), fields.choice("scaling", SCALINGS)
    lower = rational(fields.raw("lower"), "lower")

    def derive(premises: Sequence[Statement]) -> Statement:
        moduli = sorted(weighted_moduli(dictionary, premises[0], scaling), key=lambda item: (-item[0], item[2]))
        heavy = sum(least for least, _, _ in moduli[:level])
        rest = sum(greatest for _, greatest, _ in moduli[level:])
        if heavy < lower * (heavy + rest):
            raise Reject(f"the {level} heaviest entries are not proved to weigh as much as lower says")
        return {"kind": "null-space-lower", "level": level, "lower": spell(lower), "scaling": scaling}

    return Task(("null-vector",), dictionary.null_vector_work, derive, squaring_work(lower.as_integer_ratio()))


def _bound(premise: Statement) -> tuple[int, str, Fraction]:
    fields = Fields(premise, ("kind", "level", "scaling", "theorem", "upper"), "the null-space constant")
    return fields.natural("level"), fields.choice("scaling", SCALINGS), rational(fields.raw("upper"), "upper")


def recovery_by_null_space(dictionary: Dictionary, evidence: object) -> Task:
    """l1 at k if nsc_k < 1/2."""
    scaling = Fields(evidence, ("level", "question", "scaling")).choice("scaling", SCALINGS)

    def holds(premise: Statement, level: int) -> bool:
        bounded, about, upper = _bound(premise)
        return level <= bounded and about == scaling and 2 * upper < 1

    return guarantee(dictionary, evidence, "recovery-by-null-space", ("l1",), "null-space-upper", holds)


def spark_by_null_space(dictionary: Dictionary, evidence: object) -> Task:
    """Spark >= k / nsc_k."""
    Fields(evidence, ())

    def derive(premises: Sequence[Statement]) -> Statement:
        level, _, upper = _bound(premises[0])
        if upper >= 1:
            raise Reject("the null-space constant is not proved to be below 1")
        if level > upper * dictionary.n:
            raise Reject("the bound is above the number of atoms: they are independent")
        value = ceiling(*(level / upper).as_integer_ratio())
        return {"kind": "spark-lower", "theorem": "spark-by-null-space", "value": value}

    return Task(("null-space-upper",), 1, derive)
