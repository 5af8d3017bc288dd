"""Solve the problems of some signals, certify what is proved, and have it checked: the whole line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

import certificates

from ..budget import Effort
from ..dictionaries.dictionary import Dictionary
from ..dictionaries.signals import Signals
from ..errors import CheckerDisagreementError, InputError, LimitError
from ..problems.many import solve_all
from ..problems.outcome import Outcome, Status
from ..problems.problem import Problem, SolveOptions
from ..problems.rounding_level import with_rounding_remark
from ..progress import Progress, silent
from .borrowed import read_guarantee
from .cards import solve_card
from .certificate import Certificate
from .check import CHECK_SECONDS, Unchecked, as_subject, independent_check
from .solutions import certify_outcomes


@dataclass(frozen=True, slots=True, kw_only=True)
class SolveResult:
    """What `solve_problems` found.

    `outcomes` are proved by the producer, one for each signal in order; `answer` is the independent checker's:
    `Accepted` with the claims it derived itself, `Unchecked` where that would take too long, None (as `certificate`)
    where nothing is proved.
    """

    dictionary: Dictionary
    signals: Signals
    outcomes: tuple[Outcome, ...]
    certificate: Certificate | None
    answer: certificates.Accepted | Unchecked | None

    @property
    def statuses(self) -> tuple[Status, ...]:
        """What is proved of the problem of every signal."""
        return tuple(outcome.status for outcome in self.outcomes)

    def _repr_html_(self) -> str:
        """Return what a notebook shows."""
        return solve_card(self.dictionary, self.answer, self.statuses)


def solve_problem(problem: Problem, options: SolveOptions | None = None) -> SolveResult:
    """Solve one problem, certify what is proved and have it checked; see `solve_problems`."""
    return solve_problems([problem], options=options)


def solve_problems(
    problems: Sequence[Problem],
    signals: Signals | None = None,
    *,
    options: SolveOptions | None = None,
    check_seconds: float | None = None,
    workers: int | None = 1,
    progress: Progress = silent,
) -> SolveResult:
    """Solve problems of one dictionary, certify everything that is proved, and have the certificate checked.

    Problem j is about signal j of `signals` (None: the problems' own signals; needed for signals made from codes, so
    that the certificate is about the codes). `check_seconds` is the most the independent check may take, estimated
    beforehand (default 120); `workers` as in `verify.problems.many.solve_all`. Ctrl-C keeps what is proved.

    Guarantee: the certificate was accepted by the independent checker unless `answer` is `Unchecked` or None. Raises
    InputError for problems of different dictionaries, for signals that are not theirs, for a guarantee that is not
    about the dictionary or is rejected, and as `Problem.solve` does; LimitError if what is proved does not fit into a
    certificate; CheckerDisagreementError if the checker rejects what was written here.
    """
    if not problems:
        raise InputError("expected at least one problem, got none")
    dictionary = problems[0].dictionary
    if any(problem.dictionary is not dictionary for problem in problems):
        raise InputError("expected problems of one and the same dictionary")
    signals = _stacked(problems) if signals is None else signals
    if len(signals) != len(problems):
        raise InputError(f"expected one problem for each of {len(signals)} signals, got {len(problems)}")
    options = options or SolveOptions()
    if options.guarantee is not None:
        read_guarantee(options.guarantee, dictionary)
    outcomes = tuple(map(with_rounding_remark, solve_all(problems, options, workers=workers, progress=progress)))
    certificate = certify_outcomes(dictionary, signals, outcomes)
    result = SolveResult(
        dictionary=dictionary, signals=signals, outcomes=outcomes, certificate=certificate, answer=None
    )
    if certificate is None:
        return result
    progress("independent check", 0, 1)
    seconds = CHECK_SECONDS[Effort.standard] if check_seconds is None else check_seconds
    answer = _checked(result, certificate, seconds, options)
    progress("independent check", 1, 1)
    return replace(result, answer=answer)


def _checked(
    result: SolveResult, certificate: Certificate, seconds: float, options: SolveOptions
) -> certificates.Accepted | Unchecked:
    dictionary = as_subject(result.dictionary)
    given, role = (result.signals, "signal") if result.signals.codes is None else (result.signals.codes, "code")
    try:
        return independent_check(certificate, seconds, dictionary=dictionary, **{role: signals_as_subject(given, role)})
    except CheckerDisagreementError:
        if options.guarantee is not None:  # was it ours that is wrong, or what was handed in?
            answer = certificates.check(options.guarantee, dictionary=dictionary)
            if isinstance(answer, certificates.Rejected):
                raise InputError(
                    f"the certificate of the dictionary was rejected at {answer.step}: {answer.why}"
                ) from None
        raise


def signals_as_subject(signals: Signals, role: str) -> certificates.Signals:
    """Return signals (role `signal`) or codes (`code`) as the checker's own exact type."""
    imaginary = None if signals.imaginary is None else signals.imaginary.tolist()
    try:
        return certificates.Signals.from_rows(signals.real.tolist(), imaginary, role)
    except certificates.SubjectError as error:
        raise LimitError(f"the independent checker does not take these {role}s: {error}") from None


def _stacked(problems: Sequence[Problem]) -> Signals:
    parts = [[part[:, None] for part in problem.signal.parts] for problem in problems]
    if any(len(of_one) != len(parts[0]) for of_one in parts):
        raise InputError("expected signals that are all real or all complex")
    stacked = [np.concatenate(columns, axis=1) for columns in zip(*parts, strict=True)]
    return Signals.from_parts(stacked[0], stacked[1] if len(stacked) > 1 else None)
