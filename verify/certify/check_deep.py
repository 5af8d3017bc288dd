"""Measure, judge, certify, and have the certificate checked: the whole line for a chain of dictionaries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import certificates

from ..arrays import usable_device
from ..budget import Budget, Effort
from ..dictionaries.deep import DeepDictionary
from ..dictionaries.dictionary import Dictionary
from ..errors import InputError
from ..facts.measure import measure
from ..judge import Judgement, judge
from ..judge_deep import DeepJudgement, judge_deep, tiling
from ..progress import Progress, silent
from ..verdict import DeepQuestion, DeepVerdict, Scaling
from .certificate import Certificate
from .check import CHECK_SECONDS, Unchecked, as_subject, independent_check, member, time_limit_of
from .deep_certificate import certify_deep


@dataclass(frozen=True, slots=True, kw_only=True)
class DeepCheckResult:
    """What `check_deep_dictionary` found.

    `verdicts` are proved by the producer; `answer` is the independent checker's: `Accepted` with the claims it derived
    itself, or `Unchecked` where that would take too long. `stopped` says that a search ended early.
    """

    deep: DeepDictionary
    questions: tuple[DeepQuestion, ...]
    judgement: DeepJudgement
    certificate: Certificate
    answer: certificates.Accepted | Unchecked
    effort: Effort = Effort.quick
    stopped: bool = False

    @property
    def verdicts(self) -> tuple[DeepVerdict, ...]:
        """The verdict of every question asked."""
        return tuple(self.judgement.verdicts[question] for question in self.questions)

    @property
    def unfinished(self) -> tuple[str, ...]:
        """What the searches left out, each once."""
        found = [text for known in self.judgement.blocks.values() for text in known.known.facts.unfinished]
        return tuple(dict.fromkeys(found))


def check_deep_dictionary(
    deep: DeepDictionary,
    *,
    sparsity: Sequence[int],
    questions: Iterable[DeepQuestion | str] = tuple(DeepQuestion),
    scaling: Scaling | str = Scaling.unit,
    effort: Effort | str = Effort.quick,
    time_limit: float | None = None,
    check_seconds: float | None = None,
    device: str = "cpu",
    progress: Progress = silent,
) -> DeepCheckResult:
    """Say what a chain of dictionaries guarantees about its deep sparse codes, and prove it.

    Arguments: the chain, with its tolerances and slopes; the levels lam_j, one for each dictionary; the questions `l0`
    (uniqueness), `l1` (basis pursuit layer by layer) and `stability` (a bound of |x_j - x'_j|_2 for the tolerances);
    the others as for `check_dictionary`, the time limit for all searches together. Products D[i:j] are measured
    where the dictionaries alone do not prove uniqueness.

    Guarantee: every verdict names its theorem, and the certificate was accepted by the independent checker unless
    `answer` is `Unchecked`. Raises InputError for levels that do not fit and unknown questions; LimitError if exact
    numbers are too long; CheckerDisagreementError if the checker rejects what was written.
    """
    levels = deep.checked_levels(sparsity)
    asked = tuple(member(DeepQuestion, question, "question about deep codes") for question in questions)
    chosen, effort = member(Scaling, scaling, "scaling"), member(Effort, effort, "effort")
    limit = time_limit_of(time_limit)
    search = _Search(chosen, effort, None if limit is None else limit / (deep.depth + 1), device, progress)
    blocks = {(at, at + 1): search.judged(dictionary) for at, dictionary in enumerate(deep.dictionaries)}
    remarks: list[str] = []
    if tiling(deep, levels, blocks) is None:
        for start, end in _products(deep):
            if search.stopped or tiling(deep, levels, blocks) is not None:
                break
            try:
                product = deep.product(start, end)
            except InputError as error:
                remarks.append(str(error))
                continue
            blocks[start, end] = search.judged(product)
    judgement = judge_deep(deep, levels, blocks, chosen, remarks)
    certificate = certify_deep(deep, judgement)
    progress("independent check", 0, 1)
    seconds = CHECK_SECONDS[effort] if check_seconds is None else check_seconds
    answer = independent_check(certificate, seconds, dictionary=[as_subject(d) for d in deep.dictionaries])
    progress("independent check", 1, 1)
    return DeepCheckResult(
        deep=deep,
        questions=asked,
        judgement=judgement,
        certificate=certificate,
        answer=answer,
        effort=effort,
        stopped=search.stopped,
    )


def _products(deep: DeepDictionary) -> list[tuple[int, int]]:
    """Return the products that can prove uniqueness, D[J] first."""
    spans = [(i, j) for i in range(deep.depth) for j in range(i + 2, deep.depth + 1) if deep.is_linear_inside(i, j)]
    return sorted(spans, key=lambda span: span[0] - span[1])


@dataclass(slots=True)
class _Search:
    scaling: Scaling
    effort: Effort
    seconds: float | None
    device: str
    progress: Progress
    stopped: bool = False

    def judged(self, dictionary: Dictionary) -> Judgement:
        """Measure and judge one dictionary."""
        m, n = dictionary.shape
        budget = Budget(effort=self.effort, time_limit=self.seconds, entries=m * n)
        budget.device = usable_device(self.device)
        facts = measure(dictionary, self.progress, scaling=self.scaling, budget=budget)
        self.stopped = self.stopped or budget.cut_short
        return judge(facts, self.scaling)
