"""Measure, judge, certify, and have the certificate checked: the whole line for one dictionary."""

from __future__ import annotations

import operator
from collections.abc import Iterable
from dataclasses import dataclass
from typing import SupportsIndex, TypeVar

import numpy as np
from numpy.typing import ArrayLike

import certificates
from certificates.checker import WORK_LIMIT, WORK_PER_SECOND

from ..arrays import usable_device
from ..budget import Budget, Effort
from ..dictionaries.dictionary import Dictionary
from ..errors import CheckerDisagreementError, InputError, LimitError
from ..facts.exact_coherence import StaysEnclosed
from ..facts.measure import Facts, measure
from ..judge import Judgement, Levels, judge
from ..progress import Progress, silent
from ..verdict import DeepQuestion, Question, Scaling, Verdict
from .certificate import Certificate, certify
from .more_facts import Also, MoreFacts, measure_more, wanted_of, write_more

CHECK_SECONDS = {Effort.quick: 30.0, Effort.standard: 120.0, Effort.thorough: 600.0}
"""The most seconds that an independent check may take by default."""
_MOST_ENTRIES = 2_000_000


@dataclass(frozen=True, slots=True)
class Unchecked:
    """The independent check was not run, because it needs about `work` units, see `certificates.check`."""

    work: int

    @property
    def seconds(self) -> float:
        """Roughly how long the check takes."""
        return self.work / WORK_PER_SECOND


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """What `check_dictionary` found.

    `levels` and `verdicts` are proved by the producer; `answer` is the independent checker's: `Accepted` with the
    claims it derived itself, or `Unchecked` where that would take too long. `stopped` says that a search ended early,
    by Ctrl-C or for lack of time; `unfinished` names what was left out. `more` is what was asked for besides.
    """

    dictionary: Dictionary
    sparsity: int | None
    questions: tuple[Question, ...]
    judgement: Judgement
    certificate: Certificate
    answer: certificates.Accepted | Unchecked
    effort: Effort = Effort.quick
    stopped: bool = False
    more: MoreFacts | None = None

    @property
    def facts(self) -> Facts:
        """The measured facts."""
        return self.judgement.known.facts

    @property
    def unfinished(self) -> tuple[str, ...]:
        """What the searches left out, each once."""
        return self.facts.unfinished

    @property
    def not_exact(self) -> str | None:
        """Why the generalized coherence stays enclosed, where an exact number was asked for."""
        found = self.facts.exact_coherence
        return found.why if isinstance(found, StaysEnclosed) else None

    @property
    def levels(self) -> Levels:
        """For every question the largest guaranteed and the smallest refuted level."""
        return self.judgement.levels

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """The verdict of every question asked, at the sparsity asked; empty if no sparsity was asked."""
        if self.sparsity is None:
            return ()
        return tuple(self.levels[question].at(self.sparsity) for question in self.questions)


def check_dictionary(
    dictionary: Dictionary | ArrayLike,
    *,
    sparsity: int | None = None,
    questions: Iterable[Question | str] | str = (Question.l1,),
    scaling: Scaling | str = Scaling.unit,
    effort: Effort | str = Effort.quick,
    time_limit: float | None = None,
    check_seconds: float | None = None,
    device: str = "cpu",
    exact: bool = False,
    also: Also | None = None,
    progress: Progress = silent,
) -> CheckResult:
    """Say what a dictionary guarantees about its sparse codes, and prove it.

    Arguments: a `Dictionary` (see `verify.load`) or an m x n array whose columns are the atoms; the sparsity level
    asked about, 1 <= k <= n (None: only the levels); the questions `l0`, `l1`, `network`, `omp`; `unit` or
    `as-given` atoms; how hard to look before a level is left undecided (`quick`, `standard`, `thorough`) and the most
    seconds for that; the most seconds the independent check may take, estimated beforehand (default: 30, 120 and 600 at
    the three efforts); the torch device on which large matrices are factored; whether the
    generalized coherence is solved exactly, where the norms of the atoms allow it; what else is asked (`Also`). Ctrl-C
    during the search ends it and keeps what is proved.

    Guarantee: every fact is exact or enclosed, every level names its theorem, and the certificate was accepted by the
    independent checker unless `answer` is `Unchecked`. Raises InputError for what is not a dictionary, an unknown
    question, or a level outside 1 .. n; LimitError if exact entries are so long that a fact has more than 4000 digits,
    more than a certificate holds; CheckerDisagreementError if the checker rejects what was written.
    """
    if not isinstance(dictionary, Dictionary):
        dictionary = Dictionary.from_array(dictionary)
    questions = (questions,) if isinstance(questions, str) else questions
    asked = tuple(member(Question, question, "question") for question in questions)
    chosen = member(Scaling, scaling, "scaling")
    n = dictionary.shape[1]
    if sparsity is not None:
        sparsity = _level(sparsity, n)
    m, _ = dictionary.shape
    budget = Budget(effort=member(Effort, effort, "effort"), time_limit=time_limit_of(time_limit), entries=m * n)
    budget.device = usable_device(device)
    wanted = None if also is None else wanted_of(also, n)
    judgement = judge(measure(dictionary, progress, scaling=chosen, budget=budget, exact=exact), chosen)
    more = MoreFacts()
    if wanted is not None:
        more = measure_more(dictionary, wanted, judgement.known, chosen, sparsity=sparsity, progress=progress)
    certificate = certify(dictionary, judgement, lambda writer: write_more(writer, more))
    progress("independent check", 0, 1)
    seconds = CHECK_SECONDS[budget.effort] if check_seconds is None else check_seconds
    answer = _independent_check(dictionary, certificate, seconds)
    progress("independent check", 1, 1)
    return CheckResult(
        dictionary=dictionary,
        sparsity=sparsity,
        questions=asked,
        judgement=judgement,
        certificate=certificate,
        answer=answer,
        effort=budget.effort,
        stopped=budget.cut_short,
        more=None if also is None else more,
    )


def _level(sparsity: SupportsIndex, n: int) -> int:
    try:
        level = 0 if isinstance(sparsity, bool) else operator.index(sparsity)
    except TypeError:
        level = 0
    if not 1 <= level <= n:
        raise InputError(f"expected a sparsity level from 1 to {n}, the number of atoms, got {sparsity!r}")
    return level


def time_limit_of(seconds: float | None) -> float | None:
    """Return a time limit; raise InputError unless it is above 0."""
    if seconds is not None and not seconds > 0:
        raise InputError(f"expected a time limit in seconds above 0, got {seconds!r}")
    return seconds


_Member = TypeVar("_Member", Question, DeepQuestion, Scaling, Effort)


def member(kind: type[_Member], value: _Member | str, name: str) -> _Member:
    """Return what is meant by a word; raise InputError for one that means nothing here."""
    try:
        return kind(value)
    except ValueError:
        wanted = ", ".join(member.value for member in kind)
        raise InputError(f"expected a {name} among {wanted}, got {value!r}") from None


def _independent_check(
    dictionary: Dictionary, certificate: Certificate, check_seconds: float
) -> certificates.Accepted | Unchecked:
    m, n = dictionary.shape
    if m * n > _MOST_ENTRIES:
        return Unchecked(_rough_work(dictionary))
    return independent_check(certificate, check_seconds, dictionary=as_subject(dictionary))


def independent_check(
    certificate: Certificate, check_seconds: float, **subjects: object
) -> certificates.Accepted | Unchecked:
    """Have a certificate checked against its subjects, as the checker's own types, unless that takes too long.

    Raises CheckerDisagreementError if it is rejected.
    """
    work = certificates.estimate_work(certificate.data, **subjects)
    if work > check_seconds * WORK_PER_SECOND:
        return Unchecked(work)
    # An estimate of 0 means that it is rejected unread; the check then says why.
    answer = certificates.check(certificate.data, work_limit=work or WORK_LIMIT, **subjects)
    if isinstance(answer, certificates.Rejected):
        raise CheckerDisagreementError(
            f"the independent checker rejected this certificate at {answer.step}: {answer.why}; please report this"
        )
    return answer


def as_subject(dictionary: Dictionary) -> certificates.Dictionary:
    """Return the dictionary as the checker's own exact type."""
    try:
        return certificates.Dictionary.from_rows(*dictionary.to_rows())
    except certificates.SubjectError as error:
        raise LimitError(f"the independent checker does not take this dictionary: {error}") from None


def _rough_work(dictionary: Dictionary) -> int:
    """Estimate the work of an independent check from the shape and the range of the exponents."""
    m, n = dictionary.shape
    parts = len(dictionary.parts)
    bits = 64.0
    if dictionary.real.dtype.kind == "f":
        _, exponents = np.frexp(dictionary.real[:, : min(n, 256)])
        bits = float(exponents.max() - exponents.min() + 8 * dictionary.real.dtype.itemsize)
    digits, row_digits = bits / 30 + 1, n * (2 * bits + m.bit_length()) / 30
    return round(parts**2 * n * m * digits * row_digits)
