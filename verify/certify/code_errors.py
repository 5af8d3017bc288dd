"""Codes that somebody computed: what is guaranteed of their sparsity, and how near they are to every sparse code."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import certificates
from certificates.format import Draft, FormatError, rational

from ..budget import Budget, Effort
from ..dictionaries.dictionary import Dictionary
from ..dictionaries.signals import Signal, Signals
from ..errors import InputError, LimitError
from ..exact import root_enclosure
from ..facts.measure import Facts, measure
from ..judge import Level, judge
from ..problems.proofs import ExactCode
from ..progress import Progress, silent
from ..rounding import rounded_up
from ..verdict import Question, Scaling
from .certificate import Certificate, certify
from .check import CHECK_SECONDS, Unchecked, as_subject, independent_check
from .problem_arrays import code_fields
from .solutions import draft_about
from .solve import signals_as_subject

_ROOT_BITS = 128
COHERENCE, ISOMETRY = "code-error-by-coherence", "code-error-by-isometry"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedCode:
    """One code c: its number of nonzeros, whether the level that the checker accepted covers it, and its error's bound.

    Every x with at most `sparsity` nonzeros and |y - Dx|_2 <= noise has sum |d_i|^2 |x_i - c_i|^2 <= `upper`^2, by the
    rule `theorem`; both are None where nothing is proved. `residual` is at least |y - Dc|_2.
    """

    nonzeros: int
    covered: bool
    sparsity: int
    residual: Fraction
    upper: Fraction | None
    theorem: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedCodes:
    """What `check_codes` found: one `CheckedCode` for each column, the level that covers them, and the certificate.

    `answer` is the independent checker's on the bounds: `Accepted`, `Unchecked` where that would take too long, None
    (as `certificate`) where no bound is proved. The level was accepted too, or `level_answer` is `Unchecked`.
    """

    dictionary: Dictionary
    codes: tuple[CheckedCode, ...]
    question: Question
    level: Level
    level_answer: certificates.Accepted | Unchecked
    certificate: Certificate | None
    answer: certificates.Accepted | Unchecked | None

    @property
    def all_covered(self) -> bool:
        """Whether every code has at most as many nonzeros as are guaranteed."""
        return all(code.covered for code in self.codes)


def check_codes(
    dictionary: Dictionary,
    codes: Signals,
    *,
    signals: Signals | None = None,
    noise: Fraction = Fraction(0),
    sparsity: int | None = None,
    question: Question = Question.l1,
    effort: Effort = Effort.quick,
    progress: Progress = silent,
) -> CheckedCodes:
    """Say which codes a guarantee covers, and bound how far each is from every sparse code of its signal.

    Codes are the columns of an n x p array; `signals` (m x p) are what they explain, default D x_j exactly; `noise` is
    the epsilon of |y - Dx|_2 <= epsilon; `sparsity` the most nonzeros of the codes one compares with, default as many
    as the code has. With p = |c|_0 + k: |x - c| <= (|y - Dc|_2 + epsilon)/sqrt(1 - (p-1) mu), in unit atoms, or with
    1 - delta_p where that is known and better.

    Guarantee: levels and bounds are proved, and the certificates were accepted by the independent checker unless an
    answer is `Unchecked`. Raises InputError for shapes that do not fit, a negative noise or a sparsity outside 1 .. n;
    LimitError if what is proved does not fit into a certificate. Source: theorems a-posteriori-by-coherence and
    a-posteriori-by-singular-value.
    """
    m, n = dictionary.shape
    if noise < 0:
        raise InputError(f"expected a noise of at least 0, got {noise}")
    if sparsity is not None and not 1 <= sparsity <= n:
        raise InputError(f"expected a sparsity from 1 to {n}, the number of atoms, got {sparsity}")
    own = Signals.from_codes(dictionary, codes)
    given = own if signals is None else signals
    if given.shape != (m, len(codes)):
        raise InputError(
            f"expected one signal of length {m} for each of {len(codes)} codes, as columns, got shape {given.shape}"
        )
    if given.field == "complex" and dictionary.field == "real":
        raise InputError("expected real signals for a real dictionary, got complex ones")
    budget = Budget(effort=effort, entries=m * n)
    judgement = judge(measure(dictionary, progress, scaling=Scaling.unit, budget=budget), Scaling.unit)
    level = judgement.levels[question]
    level_answer = independent_check(
        certify(dictionary, judgement), CHECK_SECONDS[effort], dictionary=as_subject(dictionary)
    )
    bounds = _Bounds(judgement.known.facts, noise)
    checked: list[CheckedCode] = []
    for at, (code, image, signal) in enumerate(zip(codes, own, given, strict=True)):
        found = bounds.of(exact_code(code), image, signal, sparsity)
        checked.append(
            CheckedCode(
                nonzeros=found.nonzeros,
                covered=found.nonzeros <= level.guaranteed and not isinstance(level_answer, Unchecked),
                sparsity=found.sparsity,
                residual=found.residual,
                upper=found.upper,
                theorem=found.theorem,
            )
        )
        progress("codes", at + 1, len(codes))
    certificate = _certificate(dictionary, given, codes, checked, judgement.known.facts, noise)
    answer = None
    if certificate is not None:
        role = "signal" if given.codes is None else "code"
        subject = signals_as_subject(given if given.codes is None else given.codes, role)
        answer = independent_check(
            certificate, CHECK_SECONDS[Effort.standard], dictionary=as_subject(dictionary), **{role: subject}
        )
    return CheckedCodes(
        dictionary=dictionary,
        codes=tuple(checked),
        question=question,
        level=level,
        level_answer=level_answer,
        certificate=certificate,
        answer=answer,
    )


def exact_code(code: Signal) -> ExactCode:
    """Return a code with its exact values, over one denominator."""
    real, imaginary = code.fractions
    parts = [real] if imaginary is None else [real, imaginary]
    support = [i for i, entry in enumerate(zip(*parts, strict=True)) if any(entry)]
    common = math.lcm(*(part[i].denominator for part in parts for i in support))
    twos = (common & -common).bit_length() - 1
    values = [tuple(int(part[i] * common) for i in support) for part in parts]
    return ExactCode(
        support=tuple(support),
        real=values[0],
        imaginary=values[1] if len(values) > 1 else None,
        exponent=-twos,
        divisor=common >> twos,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    nonzeros: int
    sparsity: int
    residual: Fraction
    upper: Fraction | None
    theorem: str | None


class _Bounds:
    """Bounds of errors from what is measured of one dictionary."""

    def __init__(self, facts: Facts, noise: Fraction) -> None:
        self.facts, self.noise = facts, noise
        self.mu = root_enclosure(facts.coherence.squared, _ROOT_BITS).upper

    def of(self, code: ExactCode, image: Signal, signal: Signal, sparsity: int | None) -> _Found:
        nonzeros = len(code.support)
        wanted = max(1, nonzeros) if sparsity is None else sparsity
        square = sum((v * v for v in _differences(image, signal)), Fraction(0))
        best = max(self._factors(min(nonzeros + wanted, self.facts.n)), key=lambda pair: pair[0])
        factor, theorem = best
        upper = None
        if factor > 0:
            bits = _ROOT_BITS + max(0, square.denominator.bit_length() - square.numerator.bit_length())
            sides = root_enclosure(square, bits).upper + self.noise
            upper = rounded_up(sides / root_enclosure(factor, _ROOT_BITS).lower) if sides else Fraction(0)
        residual = rounded_up(root_enclosure(square, _ROOT_BITS).upper)
        return _Found(
            nonzeros=nonzeros,
            sparsity=wanted,
            residual=residual,
            upper=upper,
            theorem=None if upper is None else theorem,
        )

    def _factors(self, nonzeros: int) -> Iterator[tuple[Fraction, str]]:
        yield 1 - (nonzeros - 1) * self.mu, COHERENCE
        found = isometry_for(self.facts, nonzeros)
        if found is not None:
            yield 1 - found.upper, ISOMETRY


def isometry_for(facts: Facts, nonzeros: int) -> Any:
    """Return the measured isometry constant that bounds delta_p best for p = `nonzeros`, or None."""
    usable = [found for found in facts.isometries if found.level >= nonzeros]
    return min(usable, key=lambda found: found.upper, default=None)


def _differences(image: Signal, signal: Signal) -> Iterator[Fraction]:
    for ours, theirs in zip(image.fractions, signal.fractions, strict=True):
        if ours is None and theirs is None:
            continue
        length = image.length
        zero = [Fraction(0)] * length
        yield from (a - b for a, b in zip(ours or zero, theirs or zero, strict=True))


def _certificate(
    dictionary: Dictionary, given: Signals, codes: Signals, checked: list[CheckedCode], facts: Facts, noise: Fraction
) -> Certificate | None:
    if all(code.upper is None for code in checked):
        return None
    draft = draft_about(dictionary, given)
    steps: dict[object, int] = {}
    problem = {"epsilon": rational(noise), "name": "bpdn", "nonnegative": False, "scaling": "unit"}
    try:
        for at, (one, code) in enumerate(zip(checked, codes, strict=True)):
            if one.upper is None or one.theorem is None:
                continue
            premise = _premise(draft, steps, facts, one, dictionary.shape[1])
            about: dict[str, Any] = {"problem": problem, "signal": at, "sparsity": one.sparsity}
            about |= {**code_fields(exact_code(code), dictionary.field), "upper": rational(one.upper)}
            step = draft.step(one.theorem, [premise], **about)
            draft.claim(step, "code-error", **about, theorem=one.theorem)
        return Certificate(draft.sealed())
    except FormatError as error:
        raise LimitError(f"what is proved does not fit into a certificate: {error}") from None


def _premise(draft: Draft, steps: dict[object, int], facts: Facts, code: CheckedCode, n: int) -> int:
    if code.theorem == COHERENCE:
        key: object = COHERENCE
        if key not in steps:
            steps[key] = draft.step("mutual-coherence", pair=list(facts.coherence.pair))
        return steps[key]
    found = isometry_for(facts, min(code.nonzeros + code.sparsity, n))
    if found.level not in steps:
        steps[found.level] = draft.step("isometry-by-enumeration", level=found.level, upper=rational(found.upper))
    return steps[found.level]
