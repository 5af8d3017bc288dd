"""Facts and levels of one dictionary to one certificate: claims first, then steps that refer backwards."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from certificates.format import FormatError, integers, rational

from ..dictionaries.dictionary import Dictionary
from ..errors import LimitError
from ..facts.exact_coherence import ExactCoherence
from ..facts.generalized import GeneralizedCoherence
from ..facts.generalized_babel import GeneralizedBabel
from ..facts.heavy_vectors import heaviest
from ..facts.null_space import NullSpaceUpper, best_for_spark
from ..facts.null_vectors import NullVector
from ..files import write_atomically
from ..judge import Judgement, Level
from ..theorems import ITERATION_THEOREMS, SPARK_UPPER_THEOREMS, Case, IsometryBound, Known, SparkBound
from ..verdict import Question, Scaling
from .writer import (
    Writer,
    array_fields,
    write_generalized_exact,
    write_generalized_lower,
    write_isometry_lower,
    write_null_space_lower,
)


@dataclass(frozen=True, slots=True)
class Certificate:
    """A sealed certificate: the canonical bytes of certificates/SPEC.md."""

    data: bytes

    def save(self, path: str | Path) -> None:
        """Write the certificate; the file is whole or untouched. Raises InputError if that is impossible."""
        write_atomically(path, self.data)


PREMISE = {
    "independence-by-rank": "rank",
    "spark-by-coherence": "mutual-coherence",
    "independence-by-coherence": "mutual-coherence",
    "spark-by-babel": "babel",
    "independence-by-babel": "babel",
    "spark-by-orthogonal-families": "mutual-coherence",
    "spark-by-null-vector": "null-vector",
    "spark-by-dimension": "dependent-atoms",
    "recovery-by-coherence": "mutual-coherence",
    "recovery-by-babel": "babel",
    "recovery-by-orthogonality": "mutual-coherence",
    "failure-by-dimension": "dependent-atoms",
}
"""The fact that a theorem uses, where there is only one of its kind."""
_NEEDS_EQUAL_NORMS = (
    "recovery-by-coherence",
    "recovery-by-babel",
    "recovery-by-generalized-coherence",
    "recovery-by-isometry",
)


def certify(
    dictionary: Dictionary, judgement: Judgement, also: Callable[[Writer], None] = lambda _: None
) -> Certificate:
    """Return the certificate of everything that was measured and concluded for one dictionary.

    The certificate claims every fact, the bounds of the spark, and the best level of every question, and what `also`
    writes; the checker re-derives all of it. Raises LimitError if a number is too long to be written.
    """
    try:
        writer = written(dictionary, judgement)
        also(writer)
        return Certificate(writer.draft.sealed())
    except FormatError as error:
        raise LimitError(f"the exact entries of this dictionary are too long for a certificate: {error}") from None


def written(dictionary: Dictionary, judgement: Judgement) -> Writer:
    """Return the draft of the certificate: everything is claimed; raise FormatError for a number that is too long."""
    writer = Writer(dictionary, judgement.known.facts)
    _write_facts(writer)
    _write_deeper_facts(writer)
    spark = _write_spark(writer, judgement.known.spark)
    _write_no_coherence(writer, judgement.known, spark)
    _write_rates(writer, judgement.known)
    recovered: dict[Question, int] = {}
    # Uniqueness comes last: it may rest on what recovers codes.
    for question in (Question.l1, Question.network, Question.omp, Question.l0):
        level = judgement.levels[question]
        _write_guarantee(writer, level, judgement.known, spark, recovered)
        _write_refutation(writer, level)
    return writer


def _write_facts(writer: Writer) -> None:
    for name in ("atom-norms", "welch-bound", "mutual-coherence"):
        writer.step(name)
    if writer.facts.babel is not None:
        writer.step("babel")
    if writer.facts.rank.minor is not None:
        writer.step("rank")
    for name, measured in (
        ("null-vector", writer.facts.null_vector is not None),
        ("dependent-atoms", writer.facts.n > writer.facts.m),
    ):
        if measured:
            writer.step(name)


def _write_deeper_facts(writer: Writer) -> None:
    facts = writer.facts
    if facts.generalized is not None:
        writer.generalized_upper(facts.generalized)
        write_generalized_lower(writer, facts.generalized)
    if isinstance(facts.exact_coherence, ExactCoherence):
        write_generalized_exact(writer, facts.exact_coherence)
    if facts.null_space is not None:
        for upper in facts.null_space.uppers:
            writer.null_space_upper(facts.null_space, upper)
        for lower in facts.null_space.lowers:
            write_null_space_lower(writer, facts.null_space, lower)
    for isometry in facts.isometries:
        writer.isometry_by_enumeration(isometry)
        write_isometry_lower(writer, isometry)


def isometry_step(writer: Writer, bound: IsometryBound) -> int:
    """Return the step of an upper bound of a restricted isometry constant."""
    if bound.theorem == "isometry-by-babel":
        return writer.isometry_by_babel(bound.level, bound.upper)
    found = next(found for found in writer.facts.isometries if found.level == bound.level)
    return writer.isometry_by_enumeration(found)


def _write_rates(writer: Writer, known: Known) -> None:
    for theorem in ITERATION_THEOREMS:
        level = theorem.level(known)
        rate, evidence = theorem.rate(known, level), theorem.evidence(known, level)
        if not level or rate is None:
            continue
        if isinstance(evidence, IsometryBound):
            uses, kind = [isometry_step(writer, evidence)], "hard-thresholding"
        elif isinstance(evidence, GeneralizedBabel):
            uses, kind = [writer.generalized_babel(evidence)], "network-rate"
        else:
            continue
        step = writer.draft.step(theorem.id, uses, level=level)
        writer.draft.claim(step, kind, level=level, rate=rational(rate), theorem=theorem.id)


def _write_spark(writer: Writer, bounds: Iterable[SparkBound]) -> dict[str, int]:
    """Write every bound of the spark; return the step of each theorem that gave one."""
    steps: dict[str, int] = {}
    for bound in bounds:
        uses, evidence = _spark_premise(writer, bound.theorem)
        step = writer.draft.step(bound.theorem, uses, **evidence)
        if bound.value is None:
            writer.draft.claim(step, "independent")
        else:
            writer.draft.claim(step, "spark-lower", theorem=bound.theorem, value=bound.value)
        steps[bound.theorem] = step
    upper = [(theorem.upper(writer.facts), theorem.id) for theorem in SPARK_UPPER_THEOREMS]
    proved = [(value, theorem) for value, theorem in upper if value is not None]
    if proved:
        value, theorem = min(proved, key=lambda bound: bound[0])
        step = writer.draft.step(theorem, [writer.step(PREMISE[theorem])])
        writer.draft.claim(step, "spark-upper", value=value)
    return steps


def _write_no_coherence(writer: Writer, known: Known, spark: dict[str, int]) -> None:
    """Claim mu~ = 0 for independent atoms."""
    if known.independent is not None:
        rule = "generalized-coherence-by-independence"
        step = writer.draft.step(rule, [spark[known.independent.theorem]])
        writer.draft.claim(step, "generalized-coherence-upper", upper=integers([0] * known.facts.n))


def _spark_premise(writer: Writer, theorem: str) -> tuple[list[int], dict[str, Any]]:
    """Return the steps that a bound of the spark uses, and its evidence."""
    facts = writer.facts
    if theorem == "spark-by-enumeration" and facts.enumeration is not None:
        sets = facts.enumeration
        return [], {"modulus": sets.modulus, "point": sets.point, "root": sets.root, "size": sets.size}
    if theorem == "spark-by-generalized-coherence" and facts.generalized is not None:
        return [writer.generalized_upper(facts.generalized)], {}
    if theorem == "spark-by-generalized-babel" and facts.generalized_babel is not None:
        return [writer.generalized_babel(facts.generalized_babel)], {}
    if theorem == "spark-by-null-space" and facts.null_space is not None:
        found = best_for_spark(facts.null_space, facts.n)
        if found is not None:
            return [writer.null_space_upper(facts.null_space, found[1])], {}
    if theorem in ("spark-by-isometry", "independence-by-isometry"):
        greatest = max((found for found in facts.isometries if found.upper < 1), key=lambda found: found.level)
        return [writer.isometry_by_enumeration(greatest)], {}
    families = {"first": list(facts.orthogonal_family or ())} if theorem == "spark-by-orthogonal-families" else {}
    return [writer.step(PREMISE[theorem])], families


def _asked(case: Case, level: int) -> dict[str, int | str]:
    return {"level": level, "question": case.question.value, "scaling": case.scaling.value}


def _write_guarantee(
    writer: Writer, level: Level, known: Known, spark: dict[str, int], recovered: dict[Question, int]
) -> None:
    theorem, facts = level.guaranteed_by, known.facts
    if theorem is None:
        return
    if theorem == "uniqueness-by-spark" and known.spark_lower is not None:
        uses = [spark[known.spark_lower.theorem]]
    elif theorem == "recovery-by-independence" and known.independent is not None:
        uses = [spark[known.independent.theorem]]
    elif theorem == "uniqueness-by-recovery" and known.recovery is not None:
        uses = [recovered[known.recovery.question]]
    elif isinstance(level.evidence, GeneralizedCoherence):
        uses = [writer.generalized_upper(level.evidence)]
    elif isinstance(level.evidence, GeneralizedBabel):
        uses = [writer.generalized_babel(level.evidence)]
    elif isinstance(level.evidence, IsometryBound):
        uses = [isometry_step(writer, level.evidence)]
    elif isinstance(level.evidence, NullSpaceUpper) and facts.null_space is not None:
        uses = [writer.null_space_upper(facts.null_space, level.evidence)]
    else:
        uses = [writer.step(PREMISE[theorem])]
    if theorem in _NEEDS_EQUAL_NORMS and level.case.scaling is Scaling.as_given:
        uses.append(writer.step("atom-norms"))
    asked = _asked(level.case, level.guaranteed)
    step = writer.draft.step(theorem, uses, **asked)
    writer.draft.claim(step, "guaranteed", **asked, theorem=theorem)
    recovered[level.case.question] = step


def _write_refutation(writer: Writer, level: Level) -> None:
    if level.refuted is None or level.refuted_by is None:
        return
    asked = _asked(level.case, level.refuted)
    vector = level.witness
    if not isinstance(vector, NullVector):
        step = writer.draft.step(level.refuted_by, [writer.step(PREMISE[level.refuted_by])], **asked)
        writer.draft.claim(step, "refuted", **asked, theorem=level.refuted_by)
        return
    step = writer.draft.step(level.refuted_by, [writer.null_vector(vector)], **asked)
    if level.refuted_by == "failure-by-heavy-part":
        part = list(heaviest(vector, level.case.scaling, level.refuted))
        writer.draft.claim(step, "refuted", **asked, **array_fields(vector), part=part, theorem=level.refuted_by)
    else:
        writer.draft.claim(step, "refuted", **asked, theorem=level.refuted_by)
