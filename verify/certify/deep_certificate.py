"""Verdicts about a chain to one certificate: what each dictionary's own certificate would say, then the deep claims."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from certificates.format import Draft, FormatError, Json, integers, rational

from ..dictionaries.deep import DeepDictionary
from ..dictionaries.dictionary import Dictionary
from ..errors import LimitError
from ..facts.deep_pairs import DeepPair, MissedCode
from ..judge_deep import DeepJudgement, LayerError
from ..verdict import DeepGuaranteed, DeepQuestion, DeepRefuted, Scaling
from ..versions import PRODUCER
from .certificate import Certificate, isometry_step, written


def certify_deep(deep: DeepDictionary, judgement: DeepJudgement) -> Certificate:
    """Return the certificate of a chain: every fact and level of its dictionaries, and the verdicts about deep codes.

    The facts of a product are there if a verdict rests on it. Raises LimitError if a number is too long to be written.
    """
    try:
        return _Writer(deep, judgement).certificate()
    except FormatError as error:
        raise LimitError(f"the exact entries of this chain are too long for a certificate: {error}") from None


def _subject(dictionary: Dictionary) -> dict[str, Json]:
    return {"digest": dictionary.digest, "field": dictionary.field, "shape": list(dictionary.shape)}


def _loader(deep: DeepDictionary) -> str:
    """Return the loaders that the checker does not replace by its own, or one that it does."""
    loaders = dict.fromkeys(d.origin.loader for d in deep.dictionaries)
    return ", ".join(name for name in loaders if name not in ("npy", "json")) or next(iter(loaders))


class _Writer:
    """The draft, and the steps of each product by what they claim."""

    def __init__(self, deep: DeepDictionary, judgement: DeepJudgement) -> None:
        self._deep, self._judgement = deep, judgement
        first, *others = map(_subject, deep.dictionaries)
        self._draft = Draft(subject=first, chain=others, loader=_loader(deep), producer=PRODUCER)
        self._claims: dict[tuple[int, int], list[tuple[int, Mapping[str, Json]]]] = {}

    def certificate(self) -> Certificate:
        verdicts = self._judgement.verdicts
        unique = verdicts[DeepQuestion.l0]
        ends = cast("tuple[int, ...]", unique.evidence) if isinstance(unique, DeepGuaranteed) else ()
        spans = dict.fromkeys((*zip((0, *ends), ends, strict=False), *((at, at + 1) for at in range(self._deep.depth))))
        for span in sorted(spans):
            self._write(span)
        for question, verdict in verdicts.items():
            if isinstance(verdict, DeepRefuted):
                self._refute(question, verdict)
            elif isinstance(verdict, DeepGuaranteed):
                {
                    DeepQuestion.l0: self._unique,
                    DeepQuestion.l1: self._recovered,
                    DeepQuestion.stability: self._stable,
                }[question](verdict)
        return Certificate(self._draft.sealed())

    def _write(self, span: tuple[int, int]) -> None:
        start, end = span
        dictionary = self._deep.product(start, end)
        writer = written(dictionary, self._judgement.blocks[span])
        stable = self._judgement.verdicts[DeepQuestion.stability]
        if isinstance(stable, DeepGuaranteed) and end == start + 1:
            isometry_step(writer, cast("tuple[LayerError, ...]", stable.evidence)[start].isometry)
        if end > start + 1:
            step = writer.draft.step("product")
            writer.draft.claim(step, "product", digest=dictionary.digest, shape=list(dictionary.shape))
        new = self._draft.about(start, end, writer.draft)
        claims = [cast("Mapping[str, Any]", claim) for claim in writer.draft.claims]
        self._claims[span] = [(new[claim["step"]], claim["statement"]) for claim in claims]

    def _step(self, span: tuple[int, int], **wanted: Json) -> int:
        """Return the step of a product whose claim has these fields."""
        return next(
            step for step, statement in self._claims[span] if all(statement.get(k) == v for k, v in wanted.items())
        )

    @property
    def _model(self) -> dict[str, Any]:
        return {"levels": list(self._judgement.levels), "slopes": [rational(slope) for slope in self._deep.slopes]}

    def _unique(self, verdict: DeepGuaranteed) -> None:
        ends = cast("tuple[int, ...]", verdict.evidence)
        uses = [self._step(span, kind="guaranteed", question="l0") for span in zip((0, *ends), ends, strict=False)]
        fields = {**self._model, "scaling": self._judgement.scaling.value}
        step = self._draft.step(verdict.theorem, uses, ends=list(ends), **fields)
        self._draft.claim(step, "deep-guaranteed", **fields, question="l0", theorem=verdict.theorem)

    def _recovered(self, verdict: DeepGuaranteed) -> None:
        uses = [self._step((at, at + 1), kind="guaranteed", question="l1") for at in range(self._deep.depth)]
        fields = {**self._model, "scaling": self._judgement.scaling.value}
        step = self._draft.step(verdict.theorem, uses, **fields)
        self._draft.claim(step, "deep-guaranteed", **fields, question="l1", theorem=verdict.theorem)

    def _stable(self, verdict: DeepGuaranteed) -> None:
        errors = cast("tuple[LayerError, ...]", verdict.evidence)
        uses: list[int] = []
        for at, error in enumerate(errors):
            bound = {"level": error.isometry.level, "upper": rational(error.isometry.upper)}
            uses.append(self._step((at, at + 1), kind="isometry-upper", **bound))
            uses.append(self._step((at, at + 1), kind="atom-norms"))
        fields = {
            **self._model,
            "errors": [rational(error.upper) for error in errors],
            "tolerances": [rational(tolerance) for tolerance in self._deep.tolerances],
        }
        step = self._draft.step(verdict.theorem, uses, **fields)
        self._draft.claim(step, "deep-stability", **fields, theorem=verdict.theorem)

    def _refute(self, question: DeepQuestion, verdict: DeepRefuted) -> None:
        scaling = Scaling.unit if question is DeepQuestion.stability else self._judgement.scaling
        fields: dict[str, Any] = {**self._model, "scaling": scaling.value}
        if isinstance(verdict.witness, DeepPair):
            codes: dict[str, Any] = {name: _code(getattr(verdict.witness, name)) for name in ("first", "second")}
            step = self._draft.step(verdict.theorem, question=question.value, **codes, **fields)
            self._draft.claim(step, "deep-refuted", **codes, **fields, question=question.value, theorem=verdict.theorem)
        elif isinstance(verdict.witness, MissedCode):
            layer, first = verdict.witness.layer, _code(verdict.witness.last)
            uses = [self._step((layer - 1, layer), kind="refuted", question="l1")]
            step = self._draft.step(verdict.theorem, uses, first=first, **fields)
            self._draft.claim(
                step, "deep-refuted", **fields, first=first, layer=layer, question="l1", theorem=verdict.theorem
            )


def _code(code: Mapping[int, int]) -> dict[str, Json]:
    support = sorted(code)
    return {"imaginary": None, "real": integers([code[i] for i in support]), "support": support}
