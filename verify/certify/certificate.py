"""Facts and levels of one dictionary to one certificate: claims first, then steps that refer backwards."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from certificates.format import Draft, FormatError, integers, rational

from ..dictionaries.dictionary import Dictionary
from ..errors import LimitError
from ..facts.measure import Facts
from ..facts.null_vectors import NullVector
from ..files import write_atomically
from ..judge import Judgement, Level
from ..theorems import SPARK_UPPER_THEOREMS, Case, Known, SparkBound
from ..theorems.failure_by_heavy_part import heavy_part
from ..verdict import Question, Scaling
from ..versions import PRODUCER


@dataclass(frozen=True, slots=True)
class Certificate:
    """A sealed certificate: the canonical bytes of certificates/SPEC.md."""

    data: bytes

    def save(self, path: str | Path) -> None:
        """Write the certificate; the file is whole or untouched. Raises InputError if that is impossible."""
        write_atomically(path, self.data)


class _Writer:
    """Writes each fact once, when the first conclusion needs it, and remembers its step."""

    def __init__(self, dictionary: Dictionary, facts: Facts) -> None:
        subject = {"digest": dictionary.digest, "field": dictionary.field, "shape": list(dictionary.shape)}
        self.draft = Draft(subject=subject, loader=dictionary.origin.loader, producer=PRODUCER)
        self.facts = facts
        self._steps: dict[str, int] = {}

    def step(self, name: str) -> int:
        """Return the step that derives this fact or consequence, writing and claiming it first if need be."""
        if name not in self._steps:
            self._steps[name] = _STEPS[name](self)
        return self._steps[name]


def _atom_norms(writer: _Writer) -> int:
    norms = writer.facts.norms
    step = writer.draft.step("atom-norms")
    writer.draft.claim(
        step,
        "atom-norms",
        equal=norms.equal,
        squared_max=rational(norms.squared_max),
        squared_min=rational(norms.squared_min),
    )
    return step


def _welch_bound(writer: _Writer) -> int:
    step = writer.draft.step("welch-bound")
    writer.draft.claim(step, "welch-bound", squared=rational(writer.facts.welch_squared))
    return step


def _mutual_coherence(writer: _Writer) -> int:
    pair = list(writer.facts.coherence.pair)
    step = writer.draft.step("mutual-coherence", pair=pair)
    writer.draft.claim(step, "mutual-coherence", pair=pair, squared=rational(writer.facts.coherence.squared))
    return step


def _babel(writer: _Writer) -> int:
    if writer.facts.babel is None:
        raise ValueError("the Babel function was not measured")
    lower = [rational(value) for value in writer.facts.babel.lower]
    upper = [rational(value) for value in writer.facts.babel.upper]
    step = writer.draft.step("babel", lower=lower, upper=upper)
    writer.draft.claim(step, "babel", lower=lower, upper=upper)
    return step


def _rank(writer: _Writer) -> int:
    rank = writer.facts.rank
    if rank.minor is None:
        raise ValueError("no minor proves the rank")
    minor = rank.minor
    step = writer.draft.step(
        "rank", columns=list(minor.columns), modulus=minor.modulus, root=minor.root, rows=list(minor.rows)
    )
    writer.draft.claim(step, "rank", lower=rank.lower, upper=rank.upper)
    return step


def _null_vector(writer: _Writer) -> int:
    vector: NullVector | None = writer.facts.null_vector
    if vector is None:
        raise ValueError("no null vector was found")
    step = writer.draft.step("null-vector", **_array_fields(vector))
    writer.draft.claim(step, "null-vector", **_array_fields(vector))
    return step


def _array_fields(vector: NullVector) -> dict[str, Any]:
    imaginary = None if vector.imaginary is None else integers(vector.imaginary)
    return {"imaginary": imaginary, "real": integers(vector.real), "support": list(vector.support)}


def _dependent_atoms(writer: _Writer) -> int:
    step = writer.draft.step("dependence-by-dimension")
    writer.draft.claim(step, "dependent-atoms", count=writer.facts.m + 1)
    return step


_STEPS = {
    "atom-norms": _atom_norms,
    "welch-bound": _welch_bound,
    "mutual-coherence": _mutual_coherence,
    "babel": _babel,
    "rank": _rank,
    "null-vector": _null_vector,
    "dependent-atoms": _dependent_atoms,
}

_PREMISE = {
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
    "failure-by-two-codes": "null-vector",
    "failure-by-heavy-part": "null-vector",
    "failure-by-dimension": "dependent-atoms",
}
_NEEDS_EQUAL_NORMS = ("recovery-by-coherence", "recovery-by-babel")


def certify(dictionary: Dictionary, judgement: Judgement) -> Certificate:
    """Return the certificate of everything that was measured and concluded for one dictionary.

    The certificate claims every fact, the bounds of the spark, and the best level of every question; the checker
    re-derives all of it. Raises LimitError if a number is too long to be written.
    """
    try:
        return _certify(dictionary, judgement)
    except FormatError as error:
        raise LimitError(f"the exact entries of this dictionary are too long for a certificate: {error}") from None


def _certify(dictionary: Dictionary, judgement: Judgement) -> Certificate:
    writer = _Writer(dictionary, judgement.known.facts)
    _write_facts(writer)
    spark = _write_spark(writer, judgement.known.spark)
    recovered: dict[Question, int] = {}
    for question in (Question.l1, Question.omp, Question.l0):  # uniqueness may rest on what recovers codes
        level = judgement.levels[question]
        _write_guarantee(writer, level, judgement.known, spark, recovered)
        _write_refutation(writer, level)
    return Certificate(writer.draft.sealed())


def _write_facts(writer: _Writer) -> None:
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


def _write_spark(writer: _Writer, bounds: Iterable[SparkBound]) -> dict[str, int]:
    """Write every bound of the spark; return the step of each theorem that gave one."""
    steps: dict[str, int] = {}
    for bound in bounds:
        evidence = {}
        if bound.theorem == "spark-by-orthogonal-families":
            evidence = {"first": list(writer.facts.orthogonal_family or ())}
        step = writer.draft.step(bound.theorem, [writer.step(_PREMISE[bound.theorem])], **evidence)
        if bound.value is None:
            writer.draft.claim(step, "independent")
        else:
            writer.draft.claim(step, "spark-lower", theorem=bound.theorem, value=bound.value)
        steps[bound.theorem] = step
    upper = [(theorem.upper(writer.facts), theorem.id) for theorem in SPARK_UPPER_THEOREMS]
    proved = [(value, theorem) for value, theorem in upper if value is not None]
    if proved:
        value, theorem = min(proved, key=lambda bound: bound[0])
        step = writer.draft.step(theorem, [writer.step(_PREMISE[theorem])])
        writer.draft.claim(step, "spark-upper", value=value)
    return steps


def _asked(case: Case, level: int) -> dict[str, int | str]:
    return {"level": level, "question": case.question.value, "scaling": case.scaling.value}


def _write_guarantee(
    writer: _Writer, level: Level, known: Known, spark: dict[str, int], recovered: dict[Question, int]
) -> None:
    theorem = level.guaranteed_by
    if theorem is None:
        return
    if theorem == "uniqueness-by-spark" and known.spark_lower is not None:
        uses = [spark[known.spark_lower.theorem]]
    elif theorem == "recovery-by-independence" and known.independent is not None:
        uses = [spark[known.independent.theorem]]
    elif theorem == "uniqueness-by-recovery" and known.recovery is not None:
        uses = [recovered[known.recovery.question]]
    else:
        uses = [writer.step(_PREMISE[theorem])]
    if theorem in _NEEDS_EQUAL_NORMS and level.case.scaling is Scaling.as_given:
        uses.append(writer.step("atom-norms"))
    asked = _asked(level.case, level.guaranteed)
    step = writer.draft.step(theorem, uses, **asked)
    writer.draft.claim(step, "guaranteed", **asked, theorem=theorem)
    recovered[level.case.question] = step


def _write_refutation(writer: _Writer, level: Level) -> None:
    if level.refuted is None or level.refuted_by is None:
        return
    asked = _asked(level.case, level.refuted)
    step = writer.draft.step(level.refuted_by, [writer.step(_PREMISE[level.refuted_by])], **asked)
    vector = writer.facts.null_vector
    if level.refuted_by == "failure-by-heavy-part" and vector is not None:
        part = list(heavy_part(vector, level.case.scaling) or ())
        values = _array_fields(vector)
        writer.draft.claim(step, "refuted", **asked, **values, part=part, theorem=level.refuted_by)
    else:
        writer.draft.claim(step, "refuted", **asked, theorem=level.refuted_by)
