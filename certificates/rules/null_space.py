"""Rules about the null-space constant (SPEC.md section 6.6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import comb, floor

from .dictionary import Dictionary
from .duals import Duals, Rounded, rounded_work
from .fixed_point import entry_bits, read_bits, refuse_complex
from .generalized import upper_values
from .null_vectors import weighted_moduli
from .packed import combination_work
from .recovery import guarantee
from .supports import (
    ALL,
    LARGEST_LEVEL,
    LARGEST_ORDER,
    ROUNDING,
    Exceptions,
    Visits,
    ceiling,
    raised,
    raising_work,
    refined,
    refining_work,
    search,
    triple_lists,
)
from .values import SCALINGS, Fields, Reject, Statement, Task, rational, spell, squaring_work
from .vectors import Vectors

MOST_ATOMS = 200
"""Of a dictionary whose pairs or triples are averaged."""


def _level(fields: Fields, n: int) -> int:
    level = fields.natural("level")
    if not 1 <= level <= n:
        raise Reject(f"level is not from 1 to {n}")
    return level


def _upper(level: int, scaling: str, theorem: str, upper: Fraction) -> Statement:
    return {"kind": "null-space-upper", "level": level, "scaling": scaling, "theorem": theorem, "upper": spell(upper)}


# --- upper bounds ---


def null_space_by_generalized_coherence(dictionary: Dictionary, evidence: object) -> Task:
    """nsc_k <= the sum of the k largest t_i/(1+t_i), t_i >= mu~_i."""
    fields = Fields(evidence, ("level", "scaling"))
    level, scaling = _level(fields, dictionary.n), fields.choice("scaling", SCALINGS)

    def derive(premises: Sequence[Statement]) -> Statement:
        if scaling == "as-given" and premises[1]["equal"] is not True:
            raise Reject("the atoms as given do not have equal norms")
        values, exponent = upper_values(premises[0], dictionary.n)
        one = 1 << max(0, -exponent)
        rounded: list[int] = []
        for value in values:
            t = value << max(0, exponent)
            rounded.append(-((-t << ROUNDING) // (one + t)))
        bound = Fraction(sum(sorted(rounded, reverse=True)[:level]), 1 << ROUNDING)
        return _upper(level, scaling, "null-space-by-generalized-coherence", bound)

    premises = ("generalized-coherence-upper", "atom-norms")[: 1 if scaling == "unit" else 2]
    return Task(premises, 5000 * dictionary.n, derive)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A bound of all supports of size `level` from those of size `order`, at most `remaining` left by averages."""

    n: int
    order: int
    level: int
    remaining: int
    upper: Fraction
    visits: Visits

    def table_work(self, exceptions: list[tuple[tuple[int, ...], Duals]]) -> int:
        """Return the work of `bounded`."""
        if self.order == 1 and not exceptions:
            return 0
        work = raising_work(self.n, self.order, self.level)
        if self.level > LARGEST_ORDER:
            work += self.visits.work(self.n, self.level)
            deep = any(LARGEST_ORDER < len(support) < self.level for support, _ in exceptions)
            work += min(self.remaining, comb(self.n, self.level)) * (refining_work(self.level) if deep else 2000)
        return work

    def bounded(self, values: Sequence[int], given: Exceptions) -> bool:
        """Say whether every support of size `level` is bounded by `upper`; all bounds in multiples of 2^-ROUNDING."""
        n, level, limit = self.n, self.level, floor(self.upper * (1 << ROUNDING))
        if self.order == 1 and not given:
            return sum(sorted(values, reverse=True)[:level]) <= limit
        for order in range(self.order, min(level, LARGEST_ORDER)):
            values = raised(values, n, order, given)
        if level <= LARGEST_ORDER:
            return max(values) <= limit
        triples = triple_lists(values, n)
        deep = any(LARGEST_ORDER < len(support) < level for support in given)
        left = 0

        def found(support: tuple[int, ...]) -> None:
            nonlocal left
            left += 1
            if left > self.remaining:
                raise Reject(f"averages leave more than {self.remaining} supports")
            own = given.get(support)
            if own is not None and own <= limit:
                return
            if not deep or refined(support, triples, given) > limit:
                raise Reject(f"the atoms {list(support)} are not proved to stay within upper")

        search(triples, level, floor(self.upper * (comb(level - 1, 2) << ROUNDING)), found, self.visits)
        return True


def null_space_by_supports(dictionary: Dictionary, evidence: object) -> Task:
    """nsc_k from the values of all smaller supports, and of some larger ones."""
    fields = Fields(evidence, _BY_SUPPORTS)
    return _by_supports(dictionary, fields, "null-space-by-supports", ALL)


def null_space_by_search(dictionary: Dictionary, evidence: object) -> Task:
    """The same with a search that says beforehand how long it is."""
    fields = Fields(evidence, (*_BY_SUPPORTS, "pairs", "prefixes"))
    visits = Visits(fields.natural("prefixes"), fields.natural("pairs"))
    if fields.natural("level") <= LARGEST_ORDER:
        raise Reject(f"level is not above {LARGEST_ORDER}: there is no search")
    return _by_supports(dictionary, fields, "null-space-by-search", visits)


_BY_SUPPORTS = ("bits", "exceptions", "level", "order", "remaining", "scaling", "upper")


def _by_supports(dictionary: Dictionary, fields: Fields, theorem: str, visits: Visits) -> Task:
    refuse_complex(dictionary)
    n, bits, scaling = dictionary.n, read_bits(fields), fields.choice("scaling", SCALINGS)
    level, order = _level(fields, n), fields.natural("order")
    upper = rational(fields.raw("upper"), "upper")
    asked = _Asked(n, order, level, fields.natural("remaining"), upper, visits)
    if not 1 <= order <= min(LARGEST_ORDER, level):
        raise Reject(f"order is not from 1 to {min(LARGEST_ORDER, level)}")
    written = fields.list("exceptions")
    if order < level and (order > 1 or written) and (n > MOST_ATOMS or level > LARGEST_LEVEL):
        raise Reject(f"averages are taken of at most {MOST_ATOMS} atoms and up to level {LARGEST_LEVEL}")
    exceptions = [_exception(value, at, asked, dictionary.m, bits) for at, value in enumerate(written)]
    weight = max((duals.vectors.weight for _, duals in exceptions), default=0)

    def derive(premises: Sequence[Statement]) -> Statement:
        premise = Fields(premises[0], ("kind", "order", "scaling", "values"), "the support values")
        if premise.raw("order") != order or premise.raw("scaling") != scaling:
            raise Reject("order and scaling are not those of the support values")
        values, _ = premise.integers("values", comb(n, order))
        given: Exceptions = {}
        rounded = Rounded(dictionary, scaling, bits, weight) if exceptions else None
        for support, duals in exceptions:
            if rounded is not None:
                bound = duals.values(rounded, [support])[0]
                given[support] = min(bound, given.get(support, bound))
        if not asked.bounded(values, given):
            raise Reject(f"the null-space constant at level {level} is not proved to be at most upper")
        return _upper(level, scaling, theorem, upper)

    work = asked.table_work(exceptions) + 500 * comb(n, order)
    if exceptions:
        work += rounded_work(dictionary, scaling, bits, weight)
        work += sum(duals.work(dictionary, scaling, bits) for _, duals in exceptions)
    return Task(("support-values",), work, derive, squaring_work(upper.as_integer_ratio()))


def _exception(value: object, at: int, asked: _Asked, m: int, bits: int) -> tuple[tuple[int, ...], Duals]:
    fields = Fields(value, ("duals", "support"), f"exception {at}")
    support = tuple(fields.indices("support", asked.n))
    if not asked.order < len(support) <= asked.level:
        raise Reject(f"the support of exception {at} does not have from {asked.order + 1} to {asked.level} atoms")
    return support, Duals(fields, len(support), 1, m, bits)


def null_space_by_column_sums(dictionary: Dictionary, evidence: object) -> Task:
    """nsc_k <= max over j of the k largest entries of column j of |I - W^T D'|."""
    fields = Fields(evidence, ("bits", "level", "scaling", "upper", "weights"))
    refuse_complex(dictionary)
    n, m, bits, level = dictionary.n, dictionary.m, read_bits(fields), _level(fields, dictionary.n)
    scaling, upper = fields.choice("scaling", SCALINGS), rational(fields.raw("upper"), "upper")
    weights = Vectors(fields, "weights", n, m)
    digits = bits - weights.exponent
    if digits < 0:
        raise Reject("the exponent of weights is above bits")

    def derive(_: object) -> Statement:
        packed = Rounded(dictionary, scaling, bits, weights.weight).packed
        columns: list[list[int]] = [[] for _ in range(n)]
        for i, w in enumerate(weights):
            row, error = packed.combined(w), sum(map(abs, w))
            row[i] -= 1 << digits
            for column, entry in zip(columns, row, strict=True):
                column.append(abs(entry) + error)
        limit = floor(upper * (1 << digits))
        for j, column in enumerate(columns):
            if sum(sorted(column, reverse=True)[:level]) > limit:
                raise Reject(f"the {level} largest entries of column {j} exceed upper")
        return _upper(level, scaling, "null-space-by-column-sums", upper)

    length = entry_bits(dictionary, scaling, bits)
    longest = max(length + weights.weight.bit_length(), digits) // 30 + 1
    work = rounded_work(dictionary, scaling, bits, weights.weight) + weights.reading_work
    work += n * combination_work(m, n, length, weights.weight) + n * n * (500 + 5 * longest)
    size = squaring_work(upper.as_integer_ratio())
    return Task((), work + size, derive, size)


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
        value = ceiling(level / upper)
        return {"kind": "spark-lower", "theorem": "spark-by-null-space", "value": value}

    return Task(("null-space-upper",), 1, derive)
