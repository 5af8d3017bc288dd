"""What is measured of a dictionary only where it is asked for: supports, noise, confusable atoms, more facts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from certificates.format import integers, rational

from ..dictionaries.dictionary import Dictionary
from ..errors import InputError
from ..facts.confusable import threshold_of_level
from ..facts.confusable_groups import ConfusableGroups, confusable_groups
from ..facts.exact_recovery import DependentSupport, ExactRecovery, exact_recovery, support_of
from ..facts.frame_bounds import FrameBounds, frame_bounds
from ..facts.quadratic_babel import QuadraticBabel, quadratic_babel
from ..progress import Progress, silent
from ..theorems import Known
from ..verdict import Scaling
from .noise import StabilityBound, stability_bounds, write_stability
from .writer import Writer

Number = Fraction | int | float | str
SUPPORT_QUESTIONS = ("l1", "omp")


@dataclass(frozen=True, slots=True, kw_only=True)
class Also:
    """What else is asked of a dictionary.

    `supports`: for every code on these atoms, do basis pursuit and OMP recover it? `noise`: how far apart are codes of
    one signal that both miss it by at most this (in |.|_2)? `confusable`: which pairs of atoms are at least this
    coherent, and what groups do they form (1/3 by default: at that level 2 is lost)? `more_facts`: mu_2(k), frame
    bounds, and delta_k by the Babel function. Numbers are exact: a text such as "0.1" or "1/3" says what it says, a
    float its binary value.
    """

    supports: Sequence[Sequence[int]] = ()
    noise: Number | None = None
    confusable: Number | bool | None = None
    more_facts: bool = False

    def epsilon(self) -> Fraction | None:
        """Return the noise; raise InputError unless it is a number of at least 0."""
        if self.noise is None:
            return None
        found = _number(self.noise, "noise")
        if found < 0:
            raise InputError(f"expected a noise of at least 0, got {self.noise}")
        return found

    def threshold_squared(self) -> Fraction | None:
        """Return the square of the threshold of coherence; raise InputError unless that is above 0 and at most 1."""
        if self.confusable is None or self.confusable is False:
            return None
        if self.confusable is True:
            return threshold_of_level(2)
        found = _number(self.confusable, "confusable")
        if not 0 < found <= 1:
            raise InputError(f"expected a threshold of coherence above 0 and at most 1, got {self.confusable}")
        return found**2


def _number(value: Number, name: str) -> Fraction:
    try:
        if isinstance(value, bool) or (isinstance(value, float) and not math.isfinite(value)):
            raise ValueError
        return Fraction(value)
    except (ValueError, TypeError, ZeroDivisionError, OverflowError):
        raise InputError(f"{name}: expected a finite number, got {str(value)[:40]!r}") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class MoreFacts:
    """What was measured because it was asked for.

    `supports` and `stability` are claimed in the certificate; `confusable`, `quadratic_babel` and `frame` are proved by
    verify alone. `isometry_levels` are those of the restricted isometry constants bounded by the Babel function.
    """

    supports: tuple[ExactRecovery | DependentSupport, ...] = ()
    noise: Fraction | None = None
    stability: tuple[StabilityBound, ...] = ()
    confusable: ConfusableGroups | None = None
    quadratic_babel: QuadraticBabel | None = None
    frame: FrameBounds | None = None
    isometry_levels: tuple[tuple[int, Fraction], ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked, read and found to be possible."""

    supports: tuple[tuple[int, ...], ...]
    noise: Fraction | None
    threshold_squared: Fraction | None
    more_facts: bool


def wanted_of(also: Also, n: int) -> Wanted:
    """Return what is asked of a dictionary of n atoms; raise InputError for anything that cannot be asked."""
    supports = tuple(dict.fromkeys(support_of(support, n) for support in also.supports))
    return Wanted(supports, also.epsilon(), also.threshold_squared(), also.more_facts)


def measure_more(
    dictionary: Dictionary,
    wanted: Wanted,
    known: Known,
    scaling: Scaling,
    *,
    sparsity: int | None = None,
    progress: Progress = silent,
) -> MoreFacts:
    """Measure what is wanted, beside the facts that are known. Guarantee and errors: those of each fact."""
    supports = tuple(exact_recovery(dictionary, support, scaling) for support in wanted.supports)
    stability: tuple[StabilityBound, ...] = ()
    if wanted.noise is not None:
        stability = stability_bounds(dictionary, known, wanted.noise, sparsity)
    confusable = None
    if wanted.threshold_squared is not None:
        confusable = confusable_groups(dictionary, wanted.threshold_squared, progress)
    more = wanted.more_facts
    return MoreFacts(
        supports=supports,
        noise=wanted.noise,
        stability=stability,
        confusable=confusable,
        quadratic_babel=quadratic_babel(dictionary, progress) if more else None,
        frame=frame_bounds(dictionary, scaling) if more else None,
        isometry_levels=_isometry_levels(known) if more else (),
    )


def _isometry_levels(known: Known) -> tuple[tuple[int, Fraction], ...]:
    """Return delta_k <= mu_1(k-1) for k = 2, 3, .. as long as that is below 1."""
    babel = known.facts.babel
    if babel is None:
        return ()
    return tuple((k, upper) for k, upper in enumerate(babel.upper, 2) if upper < 1)


def write_more(writer: Writer, more: MoreFacts) -> None:
    """Write and claim what the checker can derive again."""
    for found in more.supports:
        _write_support(writer, found)
    if more.noise is not None:
        write_stability(writer, more.noise, more.stability)
    for level, upper in more.isometry_levels:
        writer.isometry_by_babel(level, upper)


def _write_support(writer: Writer, found: ExactRecovery | DependentSupport) -> None:
    if isinstance(found, DependentSupport):
        step, rule = writer.null_vector(found.vector), "failure-by-dependent-support"
        on: dict[str, Any] = {"scaling": found.scaling.value, "support": list(found.support)}
        for question in SUPPORT_QUESTIONS:
            failing = writer.draft.step(rule, [step], question=question, **on)
            writer.draft.claim(failing, "support-refuted", question=question, theorem=rule, **on)
        return
    bounds: dict[str, Any] = {
        "lower": rational(found.lower),
        "scaling": found.scaling.value,
        "support": list(found.support),
        "upper": rational(found.upper),
    }
    coefficient = writer.draft.step(
        "exact-recovery-coefficient",
        divisor=f"{found.divisor:x}",
        imaginary=None if found.imaginary is None else integers(found.imaginary, found.exponent),
        real=integers(found.real, found.exponent),
        **bounds,
    )
    writer.draft.claim(coefficient, "exact-recovery-coefficient", **bounds)
    if found.upper < 1:
        about = {"scaling": found.scaling.value, "support": list(found.support)}
        for question in SUPPORT_QUESTIONS:
            step = writer.draft.step("exact-recovery", [coefficient], question=question)
            writer.draft.claim(step, "support-guaranteed", question=question, theorem="exact-recovery", **about)
