"""Rules that guarantee a level at every size from facts of the filters (SPEC.md section 6.13)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from .convolutional import largest_upper
from .filters import Filters
from .values import QUESTIONS, SCALINGS, Fields, Reject, Statement, Task, rational

SPARSITIES = ("stripe", "total")


@dataclass(frozen=True, slots=True)
class Asked:
    """Level, question, scaling and the kind of sparsity that a step is about."""

    level: int
    question: str
    scaling: str
    sparsity: str

    def statement(self, kind: str, theorem: str) -> Statement:
        """Return what every statement about it has."""
        return {
            "kind": kind,
            "level": self.level,
            "question": self.question,
            "scaling": self.scaling,
            "sparsity": self.sparsity,
            "theorem": theorem,
        }


ASKED = ("level", "question", "scaling", "sparsity")


def read_asked(fields: Fields, questions: Sequence[str] = QUESTIONS) -> Asked:
    """Read level, question, scaling and sparsity."""
    level = fields.natural("level")
    if level < 1:
        raise Reject("level is not at least 1")
    return Asked(
        level,
        fields.choice("question", questions),
        fields.choice("scaling", SCALINGS),
        fields.choice("sparsity", SPARSITIES),
    )


def _guarantee(
    filters: Filters,
    evidence: object,
    theorem: str,
    questions: Sequence[str],
    premise: str,
    holds: Callable[[Statement, Asked], bool],
) -> Task:
    """Return the task of a rule that guarantees a level if `holds(premise, asked)`."""
    asked = read_asked(Fields(evidence, ASKED), questions)
    with_norms = asked.scaling == "as-given" and asked.question in ("l1", "omp")

    def derive(premises: Sequence[Statement]) -> Statement:
        if with_norms and premises[1]["equal"] is not True:
            raise Reject("the atoms as given do not have equal norms")
        if not holds(premises[0], asked):
            raise Reject(f"the condition of {theorem} does not hold at level {asked.level}")
        return {**asked.statement("convolutional-guaranteed", theorem), "sizes": filters.sizes}

    return Task((premise, "convolutional-norms") if with_norms else (premise,), filters.count, derive)


def recovery_by_filter_coherence(filters: Filters, evidence: object) -> Task:
    """All questions at k if (2k-1) mu < 1."""

    def holds(premise: Statement, asked: Asked) -> bool:
        return (2 * asked.level - 1) ** 2 * rational(premise["squared"], "squared") < 1

    return _guarantee(filters, evidence, "recovery-by-filter-coherence", QUESTIONS, "convolutional-coherence", holds)


def recovery_by_filter_babel(filters: Filters, evidence: object) -> Task:
    """All questions at k if mu_1(k-1) + mu_1(k) < 1."""

    def holds(premise: Statement, asked: Asked) -> bool:
        fields = Fields(premise, ("kind", "lower", "sizes", "upper"), "the babel statement")
        values = [Fraction(0), *fields.rationals("upper")]
        last = len(values) - 1
        if asked.level > last and len(values) < filters.stripe:
            return False
        # a stripe has no more other atoms than stripe - 1: then the last value is that of all levels above it too
        return values[min(asked.level - 1, last)] + values[min(asked.level, last)] < 1

    return _guarantee(filters, evidence, "recovery-by-filter-babel", QUESTIONS, "convolutional-babel", holds)


def recovery_by_filter_weights(filters: Filters, evidence: object) -> Task:
    """l0, l1 and network at k if (2k-1) mu~ < 1; of stripes if the weights do not reach beyond their atoms."""

    def holds(premise: Statement, asked: Asked) -> bool:
        largest, same_support = largest_upper(premise, filters.count)
        if asked.sparsity == "stripe" and not same_support:
            raise Reject("the weights reach beyond their atoms, and so beyond the stripes")
        return (2 * asked.level - 1) * largest < 1

    questions = ("l0", "l1", "network")
    kind = "convolutional-generalized-coherence"
    return _guarantee(filters, evidence, "recovery-by-filter-weights", questions, kind, holds)
