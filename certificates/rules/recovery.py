"""Rules that guarantee a level (SPEC.md section 6.3)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from .dictionary import Dictionary
from .values import QUESTIONS, SCALINGS, Fields, Reject, Statement, Task, rational


@dataclass(frozen=True, slots=True)
class Asked:
    """Level, question and scaling that a step is about."""

    level: int
    question: str
    scaling: str

    def statement(self, kind: str, theorem: str) -> Statement:
        """Return the statement that answers it."""
        return {
            "kind": kind,
            "level": self.level,
            "question": self.question,
            "scaling": self.scaling,
            "theorem": theorem,
        }


def read_asked(dictionary: Dictionary, evidence: object, questions: Sequence[str] = QUESTIONS) -> Asked:
    """Read level, question and scaling from the evidence."""
    fields = Fields(evidence, ("level", "question", "scaling"))
    level = fields.natural("level")
    if not 1 <= level <= dictionary.n:
        raise Reject(f"level is not from 1 to {dictionary.n}")
    return Asked(level, fields.choice("question", questions), fields.choice("scaling", SCALINGS))


def guarantee(
    dictionary: Dictionary,
    evidence: object,
    theorem: str,
    questions: Sequence[str],
    premise: str,
    holds: Callable[[Statement, int], bool],
    *,
    needs_equal_norms: bool = False,
) -> Task:
    """Return the task of a rule that guarantees a level if `holds(premise, level)`."""
    asked = read_asked(dictionary, evidence, questions)
    with_norms = needs_equal_norms and asked.scaling == "as-given"

    def derive(premises: Sequence[Statement]) -> Statement:
        if with_norms and premises[1]["equal"] is not True:
            raise Reject("the atoms as given do not have equal norms")
        if not holds(premises[0], asked.level):
            raise Reject(f"the condition of {theorem} does not hold at level {asked.level}")
        return asked.statement("guaranteed", theorem)

    return Task((premise, "atom-norms") if with_norms else (premise,), dictionary.n, derive)


def uniqueness_by_spark(dictionary: Dictionary, evidence: object) -> Task:
    """l0 at k if 2k < spark."""

    def holds(premise: Statement, level: int) -> bool:
        return 2 * level < Fields(premise, ("kind", "theorem", "value"), "the spark statement").natural("value")

    return guarantee(dictionary, evidence, "uniqueness-by-spark", ("l0",), "spark-lower", holds)


def uniqueness_by_recovery(dictionary: Dictionary, evidence: object) -> Task:
    """l0 at k if basis pursuit, a network or OMP recovers every code at some level from k on."""

    def holds(premise: Statement, level: int) -> bool:
        fields = Fields(premise, ("kind", "level", "question", "scaling", "theorem"), "the guarantee")
        return fields.choice("question", QUESTIONS) in ("l1", "network", "omp") and level <= fields.natural("level")

    return guarantee(dictionary, evidence, "uniqueness-by-recovery", ("l0",), "guaranteed", holds)


def recovery_by_coherence(dictionary: Dictionary, evidence: object) -> Task:
    """l1 and omp at k if (2k-1) mu < 1."""

    def holds(premise: Statement, level: int) -> bool:
        return (2 * level - 1) ** 2 * rational(premise["squared"], "squared") < 1

    return guarantee(
        dictionary,
        evidence,
        "recovery-by-coherence",
        ("l1", "omp"),
        "mutual-coherence",
        holds,
        needs_equal_norms=True,
    )


def recovery_by_babel(dictionary: Dictionary, evidence: object) -> Task:
    """l1 and omp at k if mu_1(k-1) + mu_1(k) < 1."""

    def holds(premise: Statement, level: int) -> bool:
        upper = Fields(premise, ("kind", "lower", "upper"), "the babel statement").rationals("upper")
        values = [Fraction(0), *upper]
        if len(upper) == dictionary.n - 1:
            values.append(upper[-1])  # mu_1(n) = mu_1(n-1): there are only n-1 other atoms
        return level < len(values) and values[level - 1] + values[level] < 1

    return guarantee(dictionary, evidence, "recovery-by-babel", ("l1", "omp"), "babel", holds, needs_equal_norms=True)


def recovery_by_isometry(dictionary: Dictionary, evidence: object) -> Task:
    """l1 at k if delta_2k < 1/sqrt 2."""

    def holds(premise: Statement, level: int) -> bool:
        fields = Fields(premise, ("kind", "level", "theorem", "upper"), "the isometry statement")
        enough = fields.natural("level") >= min(2 * level, dictionary.n)
        return enough and 2 * rational(fields.raw("upper"), "upper") ** 2 < 1

    return guarantee(
        dictionary, evidence, "recovery-by-isometry", ("l1",), "isometry-upper", holds, needs_equal_norms=True
    )


def recovery_by_independence(dictionary: Dictionary, evidence: object) -> Task:
    """l0, l1 and network at every level for independent atoms."""
    questions = ("l0", "l1", "network") if dictionary.field == "real" else ("l0", "l1")

    def holds(_: Statement, __: int) -> bool:
        return True

    return guarantee(dictionary, evidence, "recovery-by-independence", questions, "independent", holds)


def recovery_by_orthogonality(dictionary: Dictionary, evidence: object) -> Task:
    """Omp at every level for orthogonal atoms."""

    def holds(premise: Statement, _: int) -> bool:
        return rational(premise["squared"], "squared") == 0

    return guarantee(dictionary, evidence, "recovery-by-orthogonality", ("omp",), "mutual-coherence", holds)
