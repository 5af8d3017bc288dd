"""Measure a chain of filters, dictionary by dictionary and product by product, certify, and have it checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import certificates
from certificates.format import Draft, FormatError

from ..budget import Budget, Effort
from ..dictionaries.convolutional import ConvolutionalDictionary
from ..dictionaries.convolutional_chain import ConvolutionalChain, stripe_size
from ..errors import InputError, LimitError
from ..judge_convolutional import FilterFacts, FilterLevel, judge_filters, measure_filters
from ..progress import Progress, silent
from ..verdict import Question, Scaling
from .certificate import Certificate
from .check import CHECK_SECONDS, Unchecked, independent_check, member, time_limit_of
from .check_convolutional import written_filters
from .convolutional_chain import chain_draft, chain_subjects

Span = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainResult:
    """What `check_convolutional_chain` found of every D[i:j]; `answer` is the independent checker's.

    `no_products` says of each other product why it is no convolutional dictionary. Where the levels asked, in stripes
    of each D_j, are guaranteed for `l0` or `l1`, the certificate says so of deep codes.
    """

    chain: ConvolutionalChain
    scaling: Scaling
    facts: dict[Span, FilterFacts]
    levels: dict[Span, tuple[FilterLevel, ...]]
    no_products: dict[Span, str]
    certificate: Certificate
    answer: certificates.Accepted | Unchecked
    stopped: bool = False

    def dictionary(self, span: Span) -> ConvolutionalDictionary:
        """Return D[i:j]."""
        return self.chain.product(*span)


def check_convolutional_chain(
    chain: ConvolutionalChain,
    *,
    sparsity: Sequence[int] | None = None,
    scaling: Scaling | str = Scaling.unit,
    effort: Effort | str = Effort.quick,
    time_limit: float | None = None,
    check_seconds: float | None = None,
    progress: Progress = silent,
) -> ChainResult:
    """Say what every D_j and every product D[i:j] guarantees about codes of every size, and prove it.

    `sparsity` has a level l_j for each D_j. Where l0 is guaranteed for every D_j at l_j in stripes, the deep codes
    x_1 .. x_J with |x_j|^S <= l_j of one signal without model errors are the only ones: x_1 is, then x_2, and so on.
    The time limit is for all together. Guarantee, errors: as `check_convolutional`, and InputError for other levels
    than one of at least 1 for each D_j.
    """
    chosen, effort = member(Scaling, scaling, "scaling"), member(Effort, effort, "effort")
    limit = time_limit_of(time_limit)
    spans, no_products = _spans(chain)
    facts: dict[Span, FilterFacts] = {}
    levels: dict[Span, tuple[FilterLevel, ...]] = {}
    stopped = False
    if sparsity is not None and (len(sparsity) != chain.depth or min(sparsity) < 1):
        raise InputError(
            f"sparsity: expected {chain.depth} levels of at least 1, one for each dictionary, got {list(sparsity)}"
        )
    draft = chain_draft(chain, [])
    steps: dict[Span, list[int]] = {}
    drafts: dict[Span, Draft] = {}
    try:
        for span in spans:
            dictionary = chain.product(*span)
            share = None if limit is None else limit / len(spans)
            budget = Budget(effort=effort, time_limit=share, entries=dictionary.filters.size)
            facts[span] = measure_filters(dictionary, budget, progress)
            levels[span] = judge_filters(dictionary, facts[span], chosen, budget)
            stopped = stopped or budget.cut_short
            one = written_filters(dictionary, facts[span], (levels[span], ()), chosen)
            if span[1] - span[0] > 1:
                fields = {"boundary": dictionary.boundary.value, "digest": dictionary.digest}
                lists = {"shape": list(dictionary.filters.shape), "stride": list(dictionary.stride)}
                one.claim(one.step("filter-product"), "filter-product", **fields, **lists)
            steps[span], drafts[span] = draft.about(*span, one), one
        if sparsity is not None:
            most = [stripe_size(dictionary) for dictionary in chain.dictionaries]  # every code has at most so many
            _deep_claims(draft, (steps, drafts), list(map(min, sparsity, most)), chosen)
        certificate = Certificate(draft.sealed())
    except FormatError as error:
        raise LimitError(f"the exact entries of these filters are too long for a certificate: {error}") from None
    seconds = CHECK_SECONDS[effort] if check_seconds is None else check_seconds
    return ChainResult(
        chain=chain,
        scaling=chosen,
        facts=facts,
        levels=levels,
        no_products=no_products,
        certificate=certificate,
        answer=independent_check(certificate, seconds, filters=chain_subjects(chain)),
        stopped=stopped,
    )


def _deep_claims(
    draft: Draft, written: tuple[dict[Span, list[int]], dict[Span, Draft]], levels: list[int], scaling: Scaling
) -> None:
    """Claim l0 and l1 of deep codes, where every dictionary has a guarantee at its level."""
    steps, drafts = written
    for question in (Question.l0, Question.l1):
        uses: list[int] = []
        for at, level in enumerate(levels):
            for claim in map(_fields, drafts[at, at + 1].claims):
                said = claim["statement"]
                wanted = {"kind": "convolutional-guaranteed", "question": question.value, "sparsity": "stripe"}
                number: int = claim["step"]
                if wanted.items() <= said.items() and said["level"] >= level:
                    uses.append(steps[at, at + 1][number])
        if len(uses) == len(levels):
            fields: dict[str, Any] = {"levels": levels, "question": question.value, "scaling": scaling.value}
            step = draft.step("dsc-filters-by-layers", uses, **fields)
            sizes = [_sizes_of(drafts[at, at + 1]) for at in range(len(levels))]
            draft.claim(step, "convolutional-deep-guaranteed", **fields, sizes=sizes, theorem="dsc-filters-by-layers")


def _fields(value: object) -> dict[str, Any]:
    return cast("dict[str, Any]", value)


def _sizes_of(draft: Draft) -> str:
    """Return the sizes that the facts of one dictionary are about."""
    found = (_fields(claim)["statement"] for claim in draft.claims)
    return next(statement["sizes"] for statement in found if "sizes" in statement)


def _spans(chain: ConvolutionalChain) -> tuple[Sequence[Span], dict[Span, str]]:
    """Return all [i, j] for which there is a D[i:j], dictionaries first, and why there is none for the others."""
    depth = chain.depth
    spans = sorted(((i, j) for i in range(depth) for j in range(i + 1, depth + 1)), key=lambda span: span[1] - span[0])
    reasons = {span: reason for span in spans if (reason := chain.no_product(*span)) is not None}
    return [span for span in spans if span not in reasons], reasons
