"""Measure filters, judge, certify for signals of every size, and have the certificate checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import certificates
from certificates.format import Draft, FormatError, integers, rational

from ..budget import Budget, Effort
from ..dictionaries.convolutional import ConvolutionalDictionary
from ..errors import InputError, LimitError
from ..facts.convolutional.generalized import ConvolutionalGeneralized
from ..facts.null_vectors import NullVector
from ..judge_convolutional import FilterFacts, FilterLevel, judge_filters, measure_filters
from ..judge_cuts import SupportLevel, judge_cuts
from ..progress import Progress, silent
from ..verdict import Question, Scaling
from ..versions import PRODUCER
from .cards_of_filters import filters_card
from .certificate import Certificate
from .check import CHECK_SECONDS, Unchecked, independent_check, member, time_limit_of
from .cuts_writer import write_cut_weights, write_inside, written_upper, written_weights

SIZES = {"full": "every", "circular": "every period >= 2t-1", "same": "every length >= t"}
"""The sizes of signals that statements from the filters alone hold for, as claims say them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConvolutionalResult:
    """What `check_convolutional` found; `answer` is the independent checker's.

    `inside` are the levels for codes away from the ends, where the boundary `same` cuts atoms; else there are none.
    """

    dictionary: ConvolutionalDictionary
    sparsity: int | None
    scaling: Scaling
    facts: FilterFacts
    levels: tuple[FilterLevel, ...]
    certificate: Certificate
    answer: certificates.Accepted | Unchecked
    stopped: bool = False
    inside: tuple[SupportLevel, ...] = ()

    @property
    def verdicts(self) -> dict[tuple[Question, str], str]:
        """The verdict of every question for stripe and total sparsity, at the level asked; empty if none was."""
        if self.sparsity is None:
            return {}
        return {(level.question, level.sparsity): level.verdict(self.sparsity) for level in self.levels}

    def _repr_html_(self) -> str:
        """Return what a notebook shows."""
        return filters_card(self.dictionary, self.answer, self.sparsity)


def check_convolutional(
    dictionary: ConvolutionalDictionary,
    *,
    sparsity: int | None = None,
    scaling: Scaling | str = Scaling.unit,
    effort: Effort | str = Effort.quick,
    time_limit: float | None = None,
    check_seconds: float | None = None,
    progress: Progress = silent,
) -> ConvolutionalResult:
    """Say what filters guarantee about sparse codes of signals of every size, and prove it.

    `sparsity` is the level asked about, of stripes and in total. Guarantee: every level names its theorem, and the
    certificate was accepted by the independent checker, from the filters alone, unless `answer` is `Unchecked`. Raises
    InputError for a level below 1 and for an atom that a boundary cuts to zero, LimitError for entries too long to be
    written, CheckerDisagreementError if the checker rejects what was written.
    """
    if sparsity is not None and (isinstance(sparsity, bool) or sparsity < 1):
        raise InputError(f"expected a sparsity level of at least 1, got {sparsity!r}")
    chosen, effort = member(Scaling, scaling, "scaling"), member(Effort, effort, "effort")
    subject = filters_subject(dictionary)
    budget = Budget(effort=effort, time_limit=time_limit_of(time_limit), entries=dictionary.filters.size)
    facts = measure_filters(dictionary, budget, progress)
    levels = judge_filters(dictionary, facts, chosen, budget)
    inside = () if facts.cuts is None else judge_cuts(dictionary, facts.cuts, chosen)
    try:
        certificate = Certificate(written_filters(dictionary, facts, (levels, inside), chosen).sealed())
    except FormatError as error:
        raise LimitError(f"the exact entries of these filters are too long for a certificate: {error}") from None
    seconds = CHECK_SECONDS[effort] if check_seconds is None else check_seconds
    return ConvolutionalResult(
        dictionary=dictionary,
        sparsity=sparsity,
        scaling=chosen,
        facts=facts,
        levels=levels,
        certificate=certificate,
        answer=independent_check(certificate, seconds, filters=subject),
        stopped=budget.cut_short,
        inside=inside,
    )


def filters_subject(dictionary: ConvolutionalDictionary) -> certificates.Filters:
    """Return the filters as the checker's own exact type; raise InputError for what it refuses."""
    F = dictionary.filters
    try:
        return certificates.Filters.of(F.ravel().tolist(), F.shape, dictionary.stride, dictionary.boundary.value)
    except certificates.SubjectError as error:
        raise InputError(f"the independent checker does not take these filters: {error}") from None


def written_filters(
    dictionary: ConvolutionalDictionary,
    facts: FilterFacts,
    found: tuple[tuple[FilterLevel, ...], tuple[SupportLevel, ...]],
    scaling: Scaling,
) -> Draft:
    """Return every fact and level of filters, of all codes and of codes on some atoms, as steps and claims."""
    levels, inside = found
    draft = Draft(
        subject={
            "digest": dictionary.digest,
            "field": "real",
            "role": "filters",
            "shape": list(dictionary.filters.shape),
        },
        loader=dictionary.origin.loader,
        producer=PRODUCER,
    )
    sizes = SIZES[dictionary.boundary.value]
    steps = _write_facts(draft, facts, sizes)
    vectors: dict[int, int] = {}
    for level in levels:
        asked: dict[str, str] = {
            "question": level.question.value,
            "scaling": scaling.value,
            "sparsity": level.sparsity,
        }
        if level.guaranteed_by is not None:
            uses = list(steps[level.guaranteed_by])
            if scaling is Scaling.as_given and level.question in (Question.l1, Question.omp):
                uses += steps["norms"]
            fields: dict[str, Any] = {**asked, "level": level.guaranteed}
            step = draft.step(level.guaranteed_by, uses, **fields)
            draft.claim(step, "convolutional-guaranteed", **fields, sizes=sizes, theorem=level.guaranteed_by)
        _write_refutation(draft, level, asked, vectors)
    if facts.cuts is not None:
        write_inside(draft, facts.cuts, inside, scaling, sizes)
    return draft


def _write_facts(draft: Draft, facts: FilterFacts, sizes: str) -> dict[str, tuple[int, ...]]:
    """Write every fact; return its steps, by the theorem that uses them."""
    steps: dict[str, tuple[int, ...]] = {}
    if facts.norms is not None:
        least, greatest = facts.norms
        steps["norms"] = (draft.step("filter-norms"),)
        draft.claim(
            steps["norms"][0],
            "convolutional-norms",
            equal=least == greatest,
            sizes=sizes,
            squared_max=rational(greatest),
            squared_min=rational(least),
        )
    mu = facts.coherence
    first, second = ([c, *place] for c, place in zip(mu.pair, mu.positions, strict=True))
    pair: dict[str, Any] = {"first": first, "lengths": list(mu.code), "second": second}
    step = draft.step("filter-coherence", **pair)
    draft.claim(step, "convolutional-coherence", **pair, sizes=sizes, squared=rational(mu.squared))
    steps["recovery-by-filter-coherence"] = (step,)
    if facts.babel is not None:
        bounds: dict[str, Any] = {
            "lower": [rational(value) for value in facts.babel.lower],
            "upper": [rational(value) for value in facts.babel.upper],
        }
        step = draft.step("filter-babel", **bounds)
        draft.claim(step, "convolutional-babel", **bounds, sizes=sizes)
        steps["recovery-by-filter-babel"] = (step,)
    if facts.generalized is not None and facts.cuts is None:
        steps["recovery-by-filter-weights"] = (_write_weights(draft, facts.generalized, sizes),)
    elif facts.generalized is not None:
        families = sorted(facts.generalized.families, key=lambda family: family.window or ())
        steps["recovery-by-cut-weights"] = tuple(write_cut_weights(draft, one, "all", sizes) for one in families)
    return steps


def _write_weights(draft: Draft, found: ConvolutionalGeneralized, sizes: str) -> int:
    (family,) = found.families
    fields: dict[str, Any] = {"margin": [0] * len(family.start), "upper": written_upper(family)}
    step = draft.step("filter-generalized-coherence", weights=written_weights(family), **fields)
    draft.claim(step, "convolutional-generalized-coherence", sizes=sizes, **fields)
    return step


def _write_refutation(draft: Draft, level: FilterLevel, asked: dict[str, str], vectors: dict[int, int]) -> None:
    witness, theorem = level.witness, level.refuted_by
    if witness is None or theorem is None or level.refuted is None:
        return
    fields: dict[str, Any] = {**asked, "level": level.refuted}
    lengths = list(witness.lengths)
    said: dict[str, Any] = {**fields, "lengths": lengths, "theorem": theorem}
    if witness.vector is None:
        step = draft.step(theorem, lengths=lengths, **fields)
        draft.claim(step, "convolutional-refuted", **said)
        return
    vector = _vector_fields(witness.vector)
    if id(witness.vector) not in vectors:
        at = draft.step("filter-null-vector", lengths=lengths, **vector)
        draft.claim(at, "convolutional-null-vector", lengths=lengths, **vector)
        vectors[id(witness.vector)] = at
    part = list(witness.part)
    step = draft.step(theorem, [vectors[id(witness.vector)]], part=part, **fields)
    more: dict[str, Any] = {**vector, "part": part} if theorem == "failure-by-filter-heavy-part" else {}
    draft.claim(step, "convolutional-refuted", **said, **more)


def _vector_fields(vector: NullVector) -> dict[str, Any]:
    return {"real": integers(vector.real), "support": list(vector.support)}
