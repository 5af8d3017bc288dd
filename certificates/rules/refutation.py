"""Rules that refute a level (SPEC.md section 6.4)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from .dictionary import Dictionary
from .recovery import read_asked
from .values import Fields, Reject, Statement, Task, root_enclosure


def _vector(premise: Statement) -> Fields:
    return Fields(premise, ("kind", "imaginary", "real", "support"), "the null vector")


def failure_by_two_codes(dictionary: Dictionary, evidence: object) -> Task:
    """A null vector with at most 2k nonzeros splits into two k-sparse codes of one signal."""
    asked = read_asked(dictionary, evidence)

    def derive(premises: Sequence[Statement]) -> Statement:
        size = len(_vector(premises[0]).list("support"))
        if size > 2 * asked.level:
            raise Reject(f"the null vector has {size} nonzeros, more than twice the level {asked.level}")
        return asked.statement("refuted", "failure-by-two-codes")

    return Task(("null-vector",), 1, derive)


def failure_by_dimension(dictionary: Dictionary, evidence: object) -> Task:
    """Some 2k atoms are dependent, so two k-sparse codes of one signal exist."""
    asked = read_asked(dictionary, evidence)

    def derive(premises: Sequence[Statement]) -> Statement:
        count = Fields(premises[0], ("kind", "count"), "the dependence statement").natural("count")
        if count > 2 * asked.level:
            raise Reject(f"{count} dependent atoms are more than twice the level {asked.level}")
        return asked.statement("refuted", "failure-by-dimension")

    return Task(("dependent-atoms",), 1, derive)


def failure_by_heavy_part(dictionary: Dictionary, evidence: object) -> Task:
    """The k heaviest entries of a null vector weigh at least as much as all others."""
    asked = read_asked(dictionary, evidence, ("l1",))

    def derive(premises: Sequence[Statement]) -> Statement:
        fields = _vector(premises[0])
        support = fields.indices("support", dictionary.n)
        parts = [fields.integers(name, len(support)) for name in ("real", "imaginary")[: dictionary.parts]]
        least = min(exponent for _, exponent in parts)
        roots: list[tuple[int, int, int]] = []
        for at, i in enumerate(support):
            size = sum((values[at] << (exponent - least)) ** 2 for values, exponent in parts)
            weight = Fraction(1)
            if asked.scaling == "unit":
                weight = dictionary.squared_norm(i) / dictionary.squared_norm(support[0])
            roots.append((*root_enclosure(size * weight.numerator, weight.denominator), -i))
        roots.sort(reverse=True)
        heavy = sum(lower for lower, _, _ in roots[: asked.level])
        rest = sum(upper for _, upper, _ in roots[asked.level :])
        if heavy < rest:
            raise Reject(f"the {asked.level} heaviest entries are not proved to weigh half of the null vector")
        part = sorted(-negative for _, _, negative in roots[: asked.level])
        vector = {name: fields.raw(name) for name in ("imaginary", "real", "support")}
        return {**asked.statement("refuted", "failure-by-heavy-part"), **vector, "part": part}

    digits = dictionary.bits // 30 + dictionary.longest_scale // 10 + 10
    return Task(("null-vector",), dictionary.n * 300 * digits**2, derive)
