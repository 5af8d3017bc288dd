"""Rules that refute a level (SPEC.md section 6.4)."""

from __future__ import annotations

from collections.abc import Sequence

from .dictionary import Dictionary
from .null_vectors import vector_fields, weighted_moduli
from .recovery import read_asked
from .values import Fields, Reject, Statement, Task


def failure_by_two_codes(dictionary: Dictionary, evidence: object) -> Task:
    """A null vector with at most 2k nonzeros splits into two k-sparse codes of one signal."""
    asked = read_asked(dictionary, evidence)

    def derive(premises: Sequence[Statement]) -> Statement:
        size = len(vector_fields(premises[0]).list("support"))
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
        fields = vector_fields(premises[0])
        moduli = weighted_moduli(dictionary, premises[0], asked.scaling)
        roots = sorted(((lower, upper, -i) for lower, upper, i in moduli), reverse=True)
        heavy = sum(lower for lower, _, _ in roots[: asked.level])
        rest = sum(upper for _, upper, _ in roots[asked.level :])
        if heavy < rest:
            raise Reject(f"the {asked.level} heaviest entries are not proved to weigh half of the null vector")
        part = sorted(-negative for _, _, negative in roots[: asked.level])
        vector = {name: fields.raw(name) for name in ("imaginary", "real", "support")}
        return {**asked.statement("refuted", "failure-by-heavy-part"), **vector, "part": part}

    return Task(("null-vector",), dictionary.null_vector_work, derive)
